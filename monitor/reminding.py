"""Reminding: what was too quiet to be told at once is told once a day, and what nobody acknowledged is told again."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from monitor.event import LONGEST, Event
from monitor.gathering import SEVERAL, identity, listed, standing
from monitor.wording import counted

Digest = Literal["daily", "weekly", "never"]
DIGEST: Final = "events.digest"
REPEATED: Final = "incident.repeated"
AT: Final = timedelta(hours=8)
"""When digests are made: at 08:00 UTC, the weekly ones of a Monday."""


def digest_time(every: Digest, now: datetime) -> datetime:
    """When the last digest was due, now or before.

    >>> digest_time("daily", datetime(2026, 3, 4, 7, 59, tzinfo=UTC)).isoformat()
    '2026-03-03T08:00:00+00:00'
    >>> digest_time("weekly", datetime(2026, 3, 4, 8, tzinfo=UTC)).isoformat()
    '2026-03-02T08:00:00+00:00'
    """
    day = (now - AT).astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day - timedelta(days=day.weekday() if every == "weekly" else 0) + AT


def digest(
    quiet: Sequence[Event], unanswered: Sequence[Event], route: str, due: datetime, now: datetime
) -> Event | None:
    """The digest of a route that was due then: what was too quiet, and the incidents that nobody has answered; None
    where there is neither. There is one id for each route and day."""
    everything = (*quiet, *unanswered)
    if not everything:
        return None
    monitors = {event.monitor for event in everything}
    told = [counted(len(quiet), "event") + " too quiet to be told at once"] if quiet else []
    if unanswered:
        told.append(counted(len(unanswered), "open incident") + " that nobody has acknowledged")
    return Event(
        id=identity("digest", route, f"{due:%Y-%m-%d}"),
        kind=DIGEST,
        time=now,
        monitor=monitors.pop() if len(monitors) == 1 else SEVERAL,
        severity="info",
        summary=f"digest: {', '.join(told)}",
        status=standing(everything),
        since=min(event.since for event in everything),
        data={
            "count": len(quiet),
            **listed("events", quiet),
            "open_count": len(unanswered),
            **listed("open", unanswered),
        },
    )


def repetition(told: datetime, every: timedelta, now: datetime) -> int:
    """Which repetition is due by now of what was told then; 0 before the first. One that was missed is passed over."""
    return max(0, (now - told) // every)


def repeated(event: Event, route: str, number: int, now: datetime) -> Event:
    """What was told, told again by this route: each repetition has one id, whenever it is made."""
    return replace(
        event,
        id=identity("repeat", route, event.id, str(number)),
        kind=REPEATED,
        time=now,
        summary=f"still: {event.summary}"[:LONGEST],
        data={**event.data, "times": number},
    )
