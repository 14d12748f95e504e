"""Incidents from window to window: what is told of them, and what ends them.

An incident is told when it opens, and again only when it grows worse: severity or route rises, or it stands on a rung
that was not told. It is over when windows have answered that nothing of it fires: one of what is damped, two in a row
of what is not, so that a rule on its limit does not open and close it all the time. A window that could not answer,
because no row came or the rule broke, ends nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from monitor.incident import Incident, Part, Terms, Told
from monitor.ladder import BROKEN, SEVERITIES, Fired, Firing, Key, Ladder, Rung, laddered
from monitor.persistence import echoes
from monitor.placing import Explain, is_young, lowest, placed, stamp
from monitor.routing import Route
from monitor.window import Window

What = Literal["opened", "changed", "grew", "resolved"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a window did to an incident, which is given as it then is.

    `tells`: somebody is to hear of it, by `route`. `key` is the same however often the window is replayed.
    """

    what: What
    incident: Incident
    window: Window
    tells: bool
    route: Route

    @property
    def key(self) -> str:
        return f"{self.incident.id}:{self.what}:{stamp(self.window.end)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """All incidents that were given, as they now are, and those that opened; and what has changed."""

    incidents: tuple[Incident, ...] = ()
    changes: tuple[Change, ...] = ()


def stepped(
    incidents: Sequence[Incident],
    seen: Fired,
    window: Window,
    *,
    monitor: str,
    now: datetime,
    explain: Explain,
    terms: Terms | None = None,
) -> Step:
    """The incidents of one monitor after a window; `explain` tells the cause of firings that nothing else explains.

    Windows come in order. The newest may come again, judged anew: what fires now is added, and nothing that fired
    before is taken to be over for it. An older one changes nothing. Resolved incidents may be given, and stay as they
    are; those that opened in this window must be, so that no number is given twice.
    """
    terms = terms or Terms()
    open_ones = [incident for incident in incidents if incident.is_open]
    if any(window.end < incident.looked.end for incident in open_ones):
        return Step(incidents=tuple(incidents))
    ladder = laddered(seen.firings, _excused(open_ones))
    added, opened = placed(incidents, ladder, window, explain, terms, monitor)
    found: list[Incident] = []
    changes: list[Change] = []
    for before in (*incidents, *opened):
        after = before
        if before.is_open:
            after = _asked(before, added.get(before.id, ()), ladder, seen, window)
            after = _caused(after, window, explain)
            after, change = _told(before, after, window, now)
            changes += [change] if change is not None else []
        found.append(after)
    return Step(incidents=tuple(found), changes=tuple(changes))


def _excused(incidents: Iterable[Incident]) -> frozenset[Key]:
    return frozenset(part.firing.key for one in incidents if one.is_no_fault for part in one.parts)


def _asked(before: Incident, added: Sequence[Firing], ladder: Ladder, seen: Fired, window: Window) -> Incident:
    """The incident with what this window says of its parts, and what is added to them."""
    by: dict[Key, Key | None] = {firing.key: None for firing in ladder.left}
    by |= {one.firing.key: one.by.key for one in ladder.inhibited}
    now = {firing.key: firing for firing in seen.firings}
    is_new = window.end > before.looked.end
    echoing = {} if before.is_no_fault else _echoing(before, window)
    parts = []
    for part in before.parts:
        key = part.firing.key
        if key in now:
            parts.append(replace(part, firing=now[key], last=window, by=by[key] or echoing.get(key), quiet=0))
        else:
            parts.append(replace(part, quiet=part.quiet + (is_new and seen.is_over(key))))
    parts += [Part(firing=firing, first=window, last=window, by=by[firing.key]) for firing in added]
    fires = any(part.last == window for part in parts)
    return replace(
        before,
        parts=tuple(parts),
        last=window if fires else before.last,
        looked=window,
        grown=window if added else before.grown,
    )


def _echoing(incident: Incident, window: Window) -> dict[Key, Key]:
    """What was explained and may only remember that, by its key, and what explained it."""
    parts = {part.firing.key: part for part in incident.parts}
    explained = [(part, parts[part.by]) for part in incident.parts if part.by in parts]
    return {part.firing.key: lower.firing.key for part, lower in explained if echoes(part, lower, window)}


def _caused(incident: Incident, window: Window, explain: Explain) -> Incident:
    """The cause is that of the lowest rung which fires: told anew where another one now is that, in this window, and
    where something joined that may have been there from the beginning."""
    own = [part for part in incident.live if part.by is None]
    broken = {(part.firing.rung, part.first, part.last): part for part in incident.parts if part.firing.rung in BROKEN}
    fresh = [part for part in own if not any(echoes(part, lower, window) for lower in broken.values())]
    firing = [part.firing for part in fresh if part.last == window]
    if not firing or lowest(part.firing for part in own) is not lowest(firing):
        return incident
    has_joined = incident.grown == window != incident.first and is_young(incident, window)
    if lowest(firing) is incident.rung and not (has_joined and incident.rung is Rung.DRIFT):
        return incident
    cause = explain(firing)
    return replace(incident, cause=cause.cause, rung=lowest(firing), why=cause.why, evidence=cause.evidence)


def _told(before: Incident, after: Incident, window: Window, now: datetime) -> tuple[Incident, Change | None]:
    """The incident as it is told, or is over; and the change, if there is one."""
    if all(part.is_over for part in after.parts):
        over = replace(after, resolved=now)
        route = before.told.route if before.told is not None else before.route
        tells = before.notified is not None and not before.is_muted(now)
        return over, Change(what="resolved", incident=over, window=window, tells=tells, route=route)
    stands = any(part.by is None and part.last == window for part in after.parts)
    fires = replace(after, parts=tuple(part for part in after.parts if not part.quiet))
    if stands and _is_worse(fires):  # what is quiet, and may come again, makes nothing else more urgent
        told = replace(after, told=_telling(fires), notified=after.notified or now)
        what: What = "opened" if before.told is None else "changed"
        return told, Change(what=what, incident=told, window=window, tells=True, route=fires.route)
    if len(after.parts) > len(before.parts):
        return after, Change(what="grew", incident=after, window=window, tells=False, route=after.route)
    return after, None


def _is_worse(incident: Incident) -> bool:
    """Than what was told of it, if anything was."""
    told = incident.told
    if told is None:
        return True
    is_graver = SEVERITIES.index(incident.severity) > SEVERITIES.index(told.severity)
    return is_graver or incident.route.urgency > told.route.urgency or bool(set(incident.rungs) - set(told.rungs))


def _telling(incident: Incident) -> Told:
    """What is told now, and what was: neither severity nor route falls, so that going up and down is told once."""
    before = incident.told
    if before is None:
        return Told(severity=incident.severity, route=incident.route, rungs=incident.rungs)
    return Told(
        severity=max(incident.severity, before.severity, key=SEVERITIES.index),
        route=max(incident.route, before.route, key=lambda route: route.urgency),
        rungs=tuple(rung for rung in Rung if rung in {*incident.rungs, *before.rungs}),
    )
