"""What people do on pages: each form says to the API what it says, and leads back to the page that it came from."""

from collections.abc import Callable
from dataclasses import replace

from starlette.responses import Response

from monitor.web import changes, deeds, incidents, shelves
from monitor.web.envelope import Refused
from monitor.web.pages import forms, moments, places
from monitor.web.pages.incident import FOR
from monitor.web.table import MONITOR, Asked, Parameter, Route


def acknowledge(asked: Asked) -> Response:
    """Say what an incident was."""
    incidents.acknowledge(asked)
    return forms.led_to(asked, places.incident(asked.path["incident"]))


def mute(asked: Asked) -> Response:
    """Hear nothing of an incident for a while."""
    said = dict(asked.body)
    long = FOR.get(said.pop("for", ""))
    if long is None:
        raise Refused(400, f"for: one of {', '.join(FOR)} would be right")
    incidents.mute(replace(asked, body={**said, "until": moments.iso(asked.now + long)}))
    return forms.led_to(asked, places.incident(asked.path["incident"]))


def mark(asked: Asked) -> Response:
    """Say of what moved that it is how things are, noise, or known."""
    said = dict(asked.body)
    incident = said.pop("incident", "")
    changes.mark(replace(asked, body=said))
    return forms.led_to(asked, _back(asked, incident))


def act(asked: Asked) -> Response:
    """Ask for an action."""
    deeds.act(asked)
    return forms.led_to(asked, _back(asked, asked.body.get("incident", "")))


def promote(asked: Asked) -> Response:
    """Make a version of a baseline the current one."""
    shelves.promote(asked)
    return forms.led_to(asked, places.queried("baselines", monitor=asked.path["monitor"]))


def _back(asked: Asked, incident: str) -> str:
    return places.incident(incident) if incident else places.monitor(asked.path["monitor"])


def _route(path: str, handler: Callable[[Asked], Response], about: str, *parameters: Parameter) -> Route:
    return Route(
        path=path, methods=("POST",), handler=handler, about=about, access="write", parameters=parameters,
        takes_form=True, media=("text/html",), code=303, refuses=(400, 403, 404, 422),
    )  # fmt: skip


ROUTES = (
    _route("/incidents/{incident}/acknowledge", acknowledge, "Say what it was.", incidents.INCIDENT),
    _route("/incidents/{incident}/mute", mute, "Hear nothing of it for a while.", incidents.INCIDENT),
    _route("/monitors/{monitor}/marks", mark, "Say of what moved what it was.", MONITOR),
    _route("/monitors/{monitor}/actions", act, "Ask for an action.", MONITOR),
    _route("/monitors/{monitor}/baselines/promote", promote, "Make a version the current one.", MONITOR),
)
