"""Incidents by the API: which there are, and what people say of them."""

from typing import Any

from starlette.responses import Response

from monitor.incident import Verdict
from monitor.web.api import API, ONE, PAGED, named, paged
from monitor.web.bodies import TEXT, TIME, form, texts
from monitor.web.changes import changed
from monitor.web.envelope import Refused, success
from monitor.web.people import IncidentPage, IncidentRow
from monitor.web.schemas import listed, schema
from monitor.web.table import Asked, Parameter, Route, moment

STATES = ("open", "all")
STATE = Parameter(
    name="state",
    about="Whether those that are over are left out.",
    schema={"type": "string", "enum": [*STATES], "default": "open"},
)
INCIDENT = Parameter(name="incident", about="The id of an incident.", place="path")
ACKNOWLEDGE: dict[str, Any] = form({"verdict": {"type": "string", "enum": [*Verdict]}}, {"why": TEXT})
MUTE: dict[str, Any] = form({"until": TIME, "why": TEXT})


def incidents(asked: Asked) -> Response:
    """Incidents of one monitor or all."""
    state = asked.query.get("state", "open")
    if state not in STATES:
        raise Refused(400, f"state {state[:20]!r}: open or all would be right")
    return paged(asked.daemon.people.incidents(named(asked), state == "open", *asked.rows()), asked)


def incident(asked: Asked) -> Response:
    """One of them in full."""
    return success(found(asked), asked.headers)


def acknowledge(asked: Asked) -> Response:
    """Say what it was."""
    key = found(asked).incident.id
    said = texts(asked.body, ACKNOWLEDGE, '{"verdict": "false", "why": "a campaign"}')
    verdict, why = said["verdict"], said.get("why", "")

    def change(by: str) -> IncidentPage:
        return asked.daemon.people.acknowledge(key, verdict, why, by)

    return success(changed(asked, "incident.acknowledge", f"incidents/{key}", change, verdict))


def mute(asked: Asked) -> Response:
    """Tell nothing of it until then."""
    key = found(asked).incident.id
    said = texts(asked.body, MUTE, '{"until": "2026-01-01T08:00:00Z", "why": "is being mended"}')
    until = moment(said["until"], "until")

    def change(by: str) -> IncidentPage:
        return asked.daemon.people.mute(key, until, said["why"], by)

    return success(changed(asked, "incident.mute", f"incidents/{key}", change, f"until {said['until']}"))


def found(asked: Asked) -> IncidentPage:
    """The incident that the path names. Raises Refused where there is none."""
    key = asked.path["incident"]
    page = asked.daemon.people.incident(key)
    if page is None:
        raise Refused(404, f"incident {key[:200]!r}: there is none of this id; {API}/incidents?state=all lists them")
    return page


ROUTES = (
    Route(
        path=f"{API}/incidents", handler=incidents, about="Incidents, newest first.", parameters=(ONE, STATE, *PAGED),
        gives=listed(schema(IncidentRow)), refuses=(400, 404),
    ),
    Route(
        path=f"{API}/incidents/{{incident}}", handler=incident, about="An incident in full.", parameters=(INCIDENT,),
        gives=schema(IncidentPage), refuses=(404,),
    ),
    Route(
        path=f"{API}/incidents/{{incident}}/acknowledge", methods=("POST",), handler=acknowledge,
        about="Say what it was: a fault, a false alarm, or expected.", access="write", parameters=(INCIDENT,),
        takes=ACKNOWLEDGE, gives=schema(IncidentPage), refuses=(400, 403, 404, 413, 415),
    ),
    Route(
        path=f"{API}/incidents/{{incident}}/mute", methods=("POST",), handler=mute,
        about="Tell nothing of it until then, unless it grows worse.", access="write", parameters=(INCIDENT,),
        takes=MUTE, gives=schema(IncidentPage), refuses=(400, 403, 404, 413, 415),
    ),
)  # fmt: skip
