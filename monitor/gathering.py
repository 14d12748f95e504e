"""Gathering: events that come at the same time are told as one, each of them in exactly one telling.

An upstream fault opens incidents in forty monitors within a minute: that is one letter, not forty.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar

from monitor.document import to_document
from monitor.event import SEVERITIES, Event, Severity, Standing
from monitor.wording import count, counted

GROUPED: Final = "events.grouped"
SEVERAL: Final = "driftd"
"""The monitor that an event names which is of several."""
MOST_LISTED, MOST_NAMED, MOST_FINDINGS, LONGEST = 50, 5, 3, 300

T = TypeVar("T")


def going(waiting: Sequence[tuple[datetime, T]], now: datetime) -> list[T]:
    """All that waits, in its order, once the wait of one is over; nothing before. Each comes with the end of its wait.

    >>> waiting = [(datetime(2026, 1, 1, 7, 30), "a"), (datetime(2026, 1, 1, 7, 50), "b")]
    >>> going(waiting, datetime(2026, 1, 1, 7, 29)), going(waiting, datetime(2026, 1, 1, 7, 30))
    ([], ['a', 'b'])
    """
    is_over = any(until <= now for until, _ in waiting)
    return [one for _, one in waiting] if is_over else []


def grouped(events: Sequence[Event], receiver: str, now: datetime) -> Event:
    """Several events as one for this receiver. Its id is made of theirs, so that the same ones have the same."""
    monitors = tuple(dict.fromkeys(event.monitor for event in events))
    runbooks = {event.runbook for event in events}
    return Event(
        id=identity("group", receiver, *sorted(event.id for event in events)),
        kind=GROUPED,
        time=now,
        monitor=monitors[0] if len(monitors) == 1 else SEVERAL,
        severity=worst(events),
        summary=_summary(events, monitors),
        status=standing(events),
        since=min(event.since for event in events),
        data={"count": len(events), **listed("events", events)},
        labels=_shared(events),
        runbook=runbooks.pop() if len(runbooks) == 1 else "",
    )


def identity(*parts: str) -> str:
    """An id that is the same whenever it is made of the same parts."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def worst(events: Iterable[Event]) -> Severity:
    """The severity of the worst."""
    return max((event.severity for event in events), key=SEVERITIES.index)


def standing(events: Iterable[Event]) -> Standing:
    """Whether any of what they tell still fires: of an incident the last word holds."""
    last = {event.data.get("incident") or event.id: event.status for event in events}
    return "firing" if "firing" in last.values() else "resolved"


def listed(name: str, events: Sequence[Event]) -> dict[str, Any]:
    """The events in their order under this name; where they are too many, the worst, and how many more there are."""
    places = sorted(range(len(events)), key=lambda place: -SEVERITIES.index(events[place].severity))
    shown = [_item(events[place]) for place in sorted(places[:MOST_LISTED])]
    return {name: shown, f"{name}_more": len(events) - len(shown)}


def _item(event: Event) -> dict[str, Any]:
    """What a list says of an event: not all, but enough to know whether to look at it now."""
    names = ("id", "kind", "monitor", "severity", "status", "summary", "since", "runbook", "link")
    findings = event.data.get("findings") or ()
    return {
        **{name: to_document(getattr(event, name)) for name in names},
        "incident": event.data.get("incident") or "",
        "findings": [dict(finding) for finding in findings[:MOST_FINDINGS]],
    }


def _summary(events: Sequence[Event], monitors: Sequence[str]) -> str:
    if len(monitors) > 1:
        more = len(monitors) - MOST_NAMED
        names = ", ".join(monitors[:MOST_NAMED]) + (f" and {count(more)} more" if more > 0 else "")
        return f"{counted(len(events), 'event')} of {counted(len(monitors), 'monitor')}: {names}"
    first = max(events, key=lambda event: SEVERITIES.index(event.severity)).summary
    return f"{counted(len(events), 'event')}: {first[:LONGEST]} and {count(len(events) - 1)} more"


def _shared(events: Sequence[Event]) -> dict[str, str]:
    """The labels that all of them have."""
    first, *others = (event.labels for event in events)
    return {name: text for name, text in first.items() if all(other.get(name) == text for other in others)}
