"""Occasions by the API: a deploy, a holiday, an outage, as people and pipelines tell them."""

from typing import Any

from starlette.responses import Response

from monitor.web.api import API, ONE, PAGED, named, paged
from monitor.web.bodies import TEXT, TIME, form, texts
from monitor.web.changes import changed
from monitor.web.envelope import Refused, success
from monitor.web.people import OccasionRow
from monitor.web.rows import Withdrawn
from monitor.web.schemas import listed, schema
from monitor.web.table import Asked, Parameter, Route, moment

SINCE = Parameter(name="since", about="Without what was over before.", schema={"type": "string", "format": "date-time"})
OCCASION = Parameter(name="occasion", about="The id of an occasion.", place="path")
TOLD: dict[str, Any] = form({"kind": TEXT}, {"start": TIME, "end": TIME, "monitor": TEXT, "why": TEXT, "id": TEXT})


def occasions(asked: Asked) -> Response:
    """Occasions of one monitor or all."""
    text = asked.query.get("since")
    since = None if text is None else moment(text, "since")
    return paged(asked.daemon.people.occasions(named(asked), since, *asked.rows()), asked)


def tell(asked: Asked) -> Response:
    """Keep one."""
    said = texts(asked.body, TOLD, '{"kind": "deploy", "monitor": "churn", "why": "version 8"}')
    start, end = (moment(said[name], name) if name in said else None for name in ("start", "end"))
    kind, monitor, key, why = said["kind"], said.get("monitor"), said.get("id"), said.get("why", "")

    def change(by: str) -> OccasionRow:
        return asked.daemon.people.tell(kind, monitor=monitor, start=start, end=end, why=why, key=key, by=by)

    answer = success(changed(asked, "occasion.tell", f"occasions/{kind[:40]}", change))
    answer.status_code = 201
    return answer


def withdraw(asked: Asked) -> Response:
    """Forget one."""
    key, by = asked.path["occasion"], str(asked.asker)
    was_there = asked.daemon.people.withdraw(key)
    asked.daemon.audit("occasion.withdraw", by, f"occasions/{key[:200]}", "done" if was_there else "unknown")
    if not was_there:
        raise Refused(404, f"occasion {key[:200]!r}: there is none of this id; {API}/occasions lists them")
    return success(Withdrawn(id=key))


ROUTES = (
    Route(
        path=f"{API}/occasions", handler=occasions, about="Deploys, holidays, outages, latest first.",
        parameters=(ONE, SINCE, *PAGED), gives=listed(schema(OccasionRow)), refuses=(400, 404),
    ),
    Route(
        path=f"{API}/occasions", methods=("POST",), handler=tell, access="write", takes=TOLD,
        about="Tell one; without a start it is now, without an end a moment. The same id again replaces it.",
        gives=schema(OccasionRow), code=201, refuses=(400, 403, 413, 415),
    ),
    Route(
        path=f"{API}/occasions/{{occasion}}", methods=("DELETE",), handler=withdraw, access="write",
        about="Withdraw one.", parameters=(OCCASION,), gives=schema(Withdrawn), refuses=(403, 404),
    ),
)  # fmt: skip
