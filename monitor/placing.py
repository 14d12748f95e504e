"""Placing: the incident that each thing goes to which fires for the first time, however much it is.

1. What something else explains goes where that is.
2. A rule on a feature that already fires on the same rung goes there too: one thing seen twice.
3. All the rest is one group with one cause. It takes over the latest open incident whose firings it explains, unless
   somebody has acknowledged that; else it joins an open incident of the same cause, unless that was called no fault or
   nothing has joined it for long; else it is a new incident.

On drift a group joins whatever the cause of an incident there is, where it comes at most two windows after its first:
one fault is seen in some features sooner than in others. And outputs alone join what inputs do, from which they follow.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from monitor.cause import Explanation
from monitor.incident import Incident, Terms
from monitor.ladder import Firing, Key, Ladder, Rung
from monitor.persistence import WINDOWS
from monitor.window import Window

Explain: TypeAlias = Callable[[Sequence[Firing]], Explanation]
Added: TypeAlias = Mapping[str, Sequence[Firing]]


def placed(
    incidents: Sequence[Incident], ladder: Ladder, window: Window, explain: Explain, terms: Terms, monitor: str
) -> tuple[Added, Sequence[Incident]]:
    """What fires for the first time, by the incident that it goes to; and the incident that it opens, if it does."""
    open_ones = [incident for incident in incidents if incident.is_open]
    homes = {part.firing.key: incident.id for incident in open_ones for part in incident.parts}
    added: dict[str, list[Firing]] = {}

    def place(firing: Firing, home: str) -> None:
        homes[firing.key] = home
        added.setdefault(home, []).append(firing)

    group, opened = [], []
    seen = _seen(open_ones)
    for firing in ladder.left:
        if firing.key in homes:
            continue
        if (firing.feature, firing.rung) in seen:
            place(firing, seen[firing.feature, firing.rung])
        else:
            group.append(firing)
    if group:
        cause = explain(group)
        home = (
            _taken_over(group, ladder, open_ones, homes)
            or _followed(group, ladder, open_ones, window)
            or _joined(cause, open_ones, window, terms)
        )
        if home is None:
            home = _new(incidents, cause, group, window, monitor, terms)
            opened.append(home)
        for firing in group:
            place(firing, home.id)
    for one in sorted(ladder.inhibited, key=lambda one: one.firing.rung.height):  # what explains it has its place
        if one.firing.key not in homes:
            place(one.firing, homes[one.by.key])
    return added, opened


def _seen(incidents: Sequence[Incident]) -> Mapping[tuple[str | None, Rung], str]:
    """The incident in which a feature fires on a rung; the first, where it does in several."""
    found: dict[tuple[str | None, Rung], str] = {}
    for incident in incidents:
        for part in incident.live:
            if part.firing.feature is not None:
                found.setdefault((part.firing.feature, part.firing.rung), incident.id)
    return found


def _taken_over(
    group: Sequence[Firing], ladder: Ladder, incidents: Sequence[Incident], homes: Mapping[Key, str]
) -> Incident | None:
    keys = {firing.key for firing in group}
    explained = {homes.get(one.firing.key) for one in ladder.inhibited if one.by.key in keys}
    return _latest(one for one in incidents if one.id in explained and one.acknowledged is None)


def _followed(
    group: Sequence[Firing], ladder: Ladder, incidents: Iterable[Incident], window: Window
) -> Incident | None:
    """The incident on drift that a group on drift belongs to, whatever its cause."""
    if lowest(group) is not Rung.DRIFT:
        return None
    inputs = {firing.key for firing in ladder.left if firing.rung is Rung.DRIFT and not firing.is_output}
    follows = all(firing.is_output for firing in group)
    return _latest(
        one
        for one in incidents
        if one.rung is Rung.DRIFT
        and not one.is_no_fault
        and (is_young(one, window) or (follows and any(part.firing.key in inputs for part in one.parts)))
    )


def is_young(incident: Incident, window: Window) -> bool:
    """Whether an incident began so lately that what comes now may be as old."""
    return window.end - incident.first.end < WINDOWS * window.length


def _joined(cause: Explanation, incidents: Iterable[Incident], window: Window, terms: Terms) -> Incident | None:
    return _latest(
        one
        for one in incidents
        if one.cause is cause.cause and not one.is_no_fault and window.start - one.grown.end <= terms.joins
    )


def _latest(incidents: Iterable[Incident]) -> Incident | None:
    return max(incidents, key=lambda one: (one.first.end, one.id), default=None)


def _new(
    incidents: Sequence[Incident],
    cause: Explanation,
    group: Sequence[Firing],
    window: Window,
    monitor: str,
    terms: Terms,
) -> Incident:
    number = 1 + sum(one.first.end == window.end for one in incidents)
    return Incident(
        id=f"{monitor}:{stamp(window.end)}:{number}",
        monitor=monitor,
        owner=terms.owner,
        cause=cause.cause,
        rung=lowest(group),
        why=cause.why,
        evidence=cause.evidence,
        first=window,
        last=window,
        looked=window,
        grown=window,
    )


def lowest(firings: Iterable[Firing]) -> Rung:
    """The lowest rung that one of them stands on; ValueError without any."""
    return min((firing.rung for firing in firings), key=lambda rung: rung.height)


def stamp(at: datetime) -> str:
    """A time as ids have it.

    >>> stamp(datetime.fromisoformat("2026-03-02T09:30+00:00"))
    '20260302T093000Z'
    """
    return f"{at:%Y%m%dT%H%M%SZ}"
