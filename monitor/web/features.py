"""A feature over windows by the API, as the page of it shows it."""

from starlette.responses import Response

from monitor.web.api import API
from monitor.web.details import Course, FeatureDetail
from monitor.web.envelope import Refused, success
from monitor.web.schemas import schema
from monitor.web.table import MONITOR, Asked, Parameter, Route, moment

MOST_POINTS, SOME_POINTS = 1000, 168
NAME = Parameter(name="name", about="The name of a feature.")
UNTIL = Parameter(
    name="until", about="The newest window that ends by then.", schema={"type": "string", "format": "date-time"}
)
COUNT = Parameter(
    name="count",
    about="So many windows at most.",
    schema={"type": "integer", "minimum": 1, "maximum": MOST_POINTS, "default": SOME_POINTS},
)


def feature(asked: Asked) -> Response:
    """A feature in each of the last windows."""
    return success(found(asked).course, asked.headers)


def found(asked: Asked) -> FeatureDetail:
    """The feature that the query names. Raises Refused where there is none."""
    monitor, name, until = asked.monitor().name, asked.query.get("name", ""), asked.query.get("until")
    count = asked.query.get("count", str(SOME_POINTS))
    if not count.isdecimal() or not 1 <= int(count[:9]) <= MOST_POINTS:
        raise Refused(400, f"count {count[:20]!r}: 1 to {MOST_POINTS} would be right")
    detail = asked.daemon.details.feature(monitor, name, None if until is None else moment(until, "until"), int(count))
    if detail is None:
        raise Refused(404, f"feature {name[:200]!r}: monitor {monitor!r} has judged no window with it")
    return detail


ROUTES = (
    Route(
        path=f"{API}/monitors/{{monitor}}/feature", handler=feature, about="A feature over its last windows.",
        parameters=(MONITOR, NAME, UNTIL, COUNT), gives=schema(Course), refuses=(400, 404),
    ),
)  # fmt: skip
