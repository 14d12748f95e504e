"""Versions of baselines by the API: which there are, what two of them differ in, and which is to be current."""

from typing import Any

from starlette.responses import Response

from monitor.web.api import API
from monitor.web.bodies import TEXT, form, texts
from monitor.web.changes import changed
from monitor.web.details import Difference, Promoted, Shelf
from monitor.web.envelope import success
from monitor.web.schemas import schema
from monitor.web.table import MONITOR, Asked, Parameter, Route

VERSION: dict[str, Any] = form({"version": TEXT}, {"why": TEXT})
FIRST = Parameter(name="first", about="A version; the beginning of its name will do.")
SECOND = Parameter(name="second", about="Another one.")


def shelf(asked: Asked) -> Response:
    """The versions of a monitor's baseline."""
    return success(asked.daemon.details.shelf(asked.monitor().name), asked.headers)


def difference(asked: Asked) -> Response:
    """What two of them differ in."""
    return success(compared(asked, asked.monitor().name), asked.headers)


def compared(asked: Asked, monitor: str) -> Difference:
    """What the two versions differ in that the query names."""
    first, second = (asked.query.get(name, "") for name in ("first", "second"))
    told = asked.daemon.details.difference(monitor, first, second)
    return Difference(first=first, second=second, told=told)


def promote(asked: Asked) -> Response:
    """Make one the current one."""
    name = asked.monitor().name
    said = texts(asked.body, VERSION, '{"version": "v2", "why": "trained anew"}')
    version, why = said["version"], said.get("why", "")

    def change(by: str) -> Promoted:
        return Promoted(monitor=name, version=asked.daemon.details.promote(name, version, why, by))

    return success(changed(asked, "baseline.promote", f"monitors/{name}", change, version))


ROUTES = (
    Route(
        path=f"{API}/monitors/{{monitor}}/baselines", handler=shelf, about="The versions of its baseline.",
        parameters=(MONITOR,), gives=schema(Shelf), refuses=(404, 422),
    ),
    Route(
        path=f"{API}/monitors/{{monitor}}/baselines/difference", handler=difference,
        about="What the second version has that the first has not.", parameters=(MONITOR, FIRST, SECOND),
        gives=schema(Difference), refuses=(404, 422),
    ),
    Route(
        path=f"{API}/monitors/{{monitor}}/baselines/promote", methods=("POST",), handler=promote,
        about="Make a version the current one, from the next window on.", access="write", parameters=(MONITOR,),
        takes=VERSION, gives=schema(Promoted), refuses=(400, 403, 404, 413, 415, 422),
    ),
)  # fmt: skip
