"""Incidents: which there are, and one in full: what moved, since when, what was changed then, and what to do now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.responses import Response

from monitor.incident import Verdict
from monitor.web import incidents
from monitor.web.api import ONE
from monitor.web.details import IncidentDetail
from monitor.web.pages import layout, moments, places
from monitor.web.people import IncidentPage
from monitor.web.table import CURSOR, Asked, Parameter, Route

FEW = 50
CAUSES: Mapping[str, tuple[str, str]] = {
    "no_data": ("no data", "Captures stopped, or nearly so. Look at the endpoint and at what writes captures."),
    "pipeline": (
        "something upstream broke",
        "Values or rows were lost, or many features moved at once: look at what feeds the model.",
    ),
    "schema": (
        "the form of the data changed",
        "Columns are gone, new, or of another type: look at the last release upstream.",
    ),
    "unit_or_scale": (
        "a unit or scale changed",
        "Numbers look as if measured in another unit: mend it where it arose.",
    ),
    "category": ("categories changed", "Categories are spelt otherwise or are new: look at who writes them."),
    "shape": ("the data themselves changed", "The values themselves have moved: accept it, or train the model anew."),
    "concept": ("the model fits less well", "Answers are wrong more often: train the model anew."),
}
STATES: Mapping[str, str] = {
    "opened": "open, nobody was told yet",
    "notified": "open, nobody has looked yet",
    "acknowledged": "open, somebody has looked",
    "muted": "open, muted",
    "resolved": "over",
}
VERDICTS: Mapping[str, str] = {
    Verdict.TRUE: "a fault",
    Verdict.FALSE: "a false alarm",
    Verdict.EXPECTED: "expected",
}
FOR: Mapping[str, timedelta] = {
    "an hour": timedelta(hours=1),
    "eight hours": timedelta(hours=8),
    "a day": timedelta(days=1),
    "a week": timedelta(weeks=1),
}
"""How long an incident is muted, as the form offers it."""
MARKS: Mapping[str, str] = {
    "expected": "it is the new normal: learn it anew",
    "noise": "it is noise: widen its band",
    "accepted": "it is known to differ from training",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """Something in the life of an incident."""

    at: datetime
    what: str
    who: str = ""
    why: str = ""


def every(asked: Asked) -> Response:
    """Incidents of one monitor or all: those that are open, or all."""
    name = asked.query.get("monitor")
    monitor = None if not name else asked.known(name).name
    state = "all" if asked.query.get("state") == "all" else "open"
    found = asked.daemon.people.incidents(monitor, state == "open", FEW, asked.query.get("cursor", ""))
    path = "incidents"
    return layout.page(
        asked,
        "incidents.html.j2",
        title="Incidents",
        twin=places.queried(f"{places.API}/incidents", monitor=monitor, state=state),
        rows=found.items,
        with_over=state == "all",
        monitor=monitor,
        now=asked.now,
        causes=CAUSES,
        states=STATES,
        verdicts=VERDICTS,
        other=places.queried(path, monitor=monitor, state="" if state == "all" else "all"),
        following=places.queried(path, monitor=monitor, state=state, cursor=found.cursor) if found.cursor else "",
    )


def incident(asked: Asked) -> Response:
    """One of them."""
    found = incidents.found(asked)
    row = found.incident
    behind = asked.daemon.details.incident(row.id)
    assert behind is not None  # it was there a moment ago
    return layout.page(
        asked,
        "incident.html.j2",
        title=f"Incident of {row.monitor}",
        crumbs=[("Incidents", "incidents"), (row.monitor, places.monitor(row.monitor))],
        twin=f"{places.API}/{places.incident(row.id)}",
        found=found,
        row=row,
        behind=behind,
        now=asked.now,
        cause=CAUSES.get(row.cause, (row.cause, "")),
        states=STATES,
        verdicts=VERDICTS,
        own=[one for one in found.parts if not one.explained_by],
        explained=[one for one in found.parts if one.explained_by],
        life=sorted(_life(found), key=lambda one: one.at),
        around=sorted(_around(found, behind), key=lambda one: one.at),
        long=list(FOR),
        marks=MARKS,
        has_tokens=bool(asked.options.tokens),
        drift_features=[one.feature for one in behind.drivers if one.rule in ("drift", "skew")],
    )


def _life(found: IncidentPage) -> Iterator[Happened]:
    """From its first window to its end."""
    row = found.incident
    yield Happened(at=row.since, what="its first window begins")
    for told in found.told:
        kind = told.kind.rpartition(".")[2]
        to = f" ({told.receiver}: {told.state})" if told.receiver else " (no route takes it)"
        yield Happened(at=told.at, what=f"told: {kind}{to}", why=told.why)
    if found.acknowledged is not None:
        said = found.acknowledged
        yield Happened(at=said.at, what=f"called {VERDICTS.get(said.verdict or '', '')}", who=said.who, why=said.why)
    if found.mute is not None:
        until = f" until {moments.moment(found.mute.until)}" if found.mute.until is not None else ""
        yield Happened(at=found.mute.at, what=f"muted{until}", who=found.mute.who, why=found.mute.why)
    if row.resolved is not None:
        yield Happened(at=row.resolved, what="over")


def _around(found: IncidentPage, behind: IncidentDetail) -> Iterator[Happened]:
    """What was told of the world, and what of the set-up was another one, from a day before it on."""
    for one in found.occasions:
        until = f" until {moments.moment(one.end)}" if one.end is not None else ""
        yield Happened(at=one.start, what=f"{one.kind}{until}", who=one.who, why=one.why)
    for change in behind.changes:
        yield Happened(at=change.at, what=f"{change.what}: {change.before or 'none'} → {change.after or 'none'}")


STATE = Parameter(name="state", about="`all`: those that are over, too.")
ROUTES = (
    Route(
        path="/incidents", handler=every, about="Incidents, the newest first.", parameters=(ONE, STATE, CURSOR),
        media=("text/html",), refuses=(404,),
    ),
    Route(
        path="/incidents/{incident}", handler=incident, about="An incident, and what to do about it.",
        parameters=(incidents.INCIDENT,), media=("text/html",), refuses=(404,),
    ),
)  # fmt: skip
