"""Actions by the API, asked for by hand; and who did what."""

from typing import Any

from starlette.responses import Response

from monitor.web.api import API, PAGED, paged
from monitor.web.bodies import TEXT, form, texts
from monitor.web.changes import changed
from monitor.web.details import AuditRow, Requested
from monitor.web.envelope import success
from monitor.web.schemas import listed, schema
from monitor.web.table import MONITOR, Asked, Route

ACTION: dict[str, Any] = form({"action": TEXT}, {"incident": TEXT, "why": TEXT})


def act(asked: Asked) -> Response:
    """Ask for an action now."""
    name = asked.monitor().name
    said = texts(asked.body, ACTION, '{"action": "retrain", "why": "the shop has new customers"}')
    action, incident, why = said["action"], said.get("incident"), said.get("why", "")

    def change(by: str) -> Requested:
        return asked.daemon.details.act(name, action, incident, why, by)

    answer = success(changed(asked, "action.ask", f"monitors/{name}", change, action))
    answer.status_code = 202
    return answer


def audit(asked: Asked) -> Response:
    """Who did what, the latest first."""
    return paged(asked.daemon.details.audit(*asked.rows()), asked)


ROUTES = (
    Route(
        path=f"{API}/monitors/{{monitor}}/actions", methods=("POST",), handler=act,
        about="Ask for one of its actions now; never done while data are broken.", access="write",
        parameters=(MONITOR,), takes=ACTION, gives=schema(Requested), code=202, refuses=(400, 403, 404, 413, 415, 422),
    ),
    Route(
        path=f"{API}/audit", handler=audit, about="Who did what, the latest first.", parameters=PAGED,
        gives=listed(schema(AuditRow)), refuses=(400, 422),
    ),
)  # fmt: skip
