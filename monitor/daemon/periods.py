"""A period as the store has it: windows, what was found, incidents, what people did, what never arrived. Read only."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime

from sqlalchemy import Connection

from monitor.collecting import Collecting, used
from monitor.daemon.aftermath import incident_of
from monitor.period import Deed, Due, Lost, Period
from monitor.store import incidents, marks, occasions, outgoing, queries, trail
from monitor.store.columns import MICROSECOND
from monitor.store.rows import WindowRow

EVENTS = ("incident.acknowledged", "incident.muted", "action.%", *trail.KINDS)
"""What was done, as the events tell it: each time that somebody said something, not the last word alone."""


def newest(connection: Connection, monitor: str) -> datetime | None:
    """The end of a monitor's newest window; None where it has none."""
    rows = queries.windows(connection, monitor, limit=1)
    return rows[0].window.end if rows else None


def period(
    connection: Connection,
    monitor: str,
    start: datetime,
    end: datetime,
    steps: Callable[[int], Callable[[], None] | None] | None = None,
) -> Period:
    """All of a monitor's windows that end in (start, end]. A report at a time is in memory.

    `steps` gives what to call after each of so many windows.
    """
    rows = queries.windows(connection, monitor, after=start, before=end + MICROSECOND, limit=None)[::-1]
    seen = Collecting()
    tell = steps(len(rows)) if steps is not None else None
    for row in rows:
        found = queries.report(connection, monitor, row.window) if row.revision else None
        seen.add(_due(connection, row), None if found is None else json.loads(found))
        if tell is not None:
            tell()
    return Period(
        monitor=monitor,
        start=start,
        end=end,
        due=seen.due,
        features=seen.features,
        violations=seen.violations,
        unanswered=seen.unanswered,
        rules=seen.rules,
        metrics=seen.metrics,
        baselines=used(seen.due, "baseline"),
        configs=used(seen.due, "config"),
        incidents=[incident_of(one) for one in incidents.between(connection, monitor, start, end)],
        deeds=sorted(_deeds(connection, monitor, start, end), key=lambda deed: deed.at),
        lost=[_lost(one) for one in outgoing.lost(connection, monitor, start, end)],
        policy=seen.policy,
    )


def _due(connection: Connection, row: WindowRow) -> Due:
    judged = queries.result(connection, row.monitor, row.window) if row.revision else None
    return Due(
        window=row.window,
        state=row.state,
        reason=row.reason,
        why=row.why,
        revision=row.revision,
        judged_at=None if judged is None else judged.judged_at,
        late=row.late,
    )


def _deeds(connection: Connection, monitor: str, start: datetime, end: datetime) -> Iterator[Deed]:
    own = outgoing.told(connection, monitor, EVENTS, start, end)
    for told in (*own, *outgoing.told(connection, trail.NOBODY, EVENTS, start, end)):
        body = json.loads(told.body)
        data = body.get("data", {})
        said = [text for text in (data.get("verdict"), data.get("why")) if text]
        yield Deed(
            at=told.made_at,
            until=datetime.fromisoformat(data["until"]) if "until" in data else None,
            kind=told.kind,
            about=data.get("incident") or body.get("subject", ""),
            who=data.get("who", ""),
            why=": ".join(said) if "who" in data else body.get("summary", ""),
        )
    for mark in marks.marks(connection, monitor):
        if start < mark.made_at <= end:
            about = "all that was open" if mark.feature is None else mark.feature
            yield Deed(at=mark.made_at, kind=f"marked as {mark.kind}", about=about, who=mark.who, why=mark.why)
    for one in occasions.between(connection, start, end, monitor):
        about = "all monitors" if one.monitor is None else one.monitor
        yield Deed(at=one.start, until=one.end, kind=one.kind, about=about, who=one.who, why=one.why)


def _lost(one: outgoing.Delivery) -> Lost:
    return Lost(
        at=one.ended_at or one.made_at,
        receiver=one.receiver,
        kind=one.event.kind,
        attempts=one.attempts,
        why=one.why,
    )
