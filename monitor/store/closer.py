"""What pages ask of one window, one feature or one incident: all that is known of it, in few statements."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, select

from monitor.store import trail
from monitor.store.after import OCCASION
from monitor.store.glances import NOT_JUDGED
from monitor.store.occasions import Occasion
from monitor.store.queries import result, windows
from monitor.store.rows import ResultRow, RunRow
from monitor.store.tables import MARK, OUTBOX, RESULT, RUN, WINDOW
from monitor.window import Window

PEOPLE = (
    "incident.acknowledged",
    "incident.muted",
    "action.requested",
    "action.refused",
    "action.done",
    "action.failed",
    *trail.KINDS,
)
"""Events that tell what somebody did, or what driftd did in their name."""
MARKED = "mark"
"""What a mark is among the deeds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """With which baseline and configuration a window was judged, and when."""

    window: Window
    judged_at: datetime
    baseline: str
    config_digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Something that was done, by its event or its mark; `body` is JSON, read."""

    at: datetime
    kind: str
    monitor: str
    body: dict[str, Any]


def attempts(connection: Connection, monitor: str, window: Window) -> list[RunRow]:
    """Every attempt at a window, the newest first."""
    c = RUN.c
    of_it = and_(c.monitor == monitor, c.start_at == window.start, c.end_at == window.end)
    rows = connection.execute(select(RUN).where(of_it).order_by(c.started_at.desc(), c.run_id.desc()))
    found = []
    for row in rows:
        values = dict(row._mapping)
        del values["start_at"], values["end_at"]
        found.append(RunRow(window=window, **values))
    return found


def revisions(connection: Connection, monitor: str, window: Window) -> list[ResultRow]:
    """Every revision of a window that was judged, the newest first."""
    c = RESULT.c
    of_it = and_(c.monitor == monitor, c.start_at == window.start, c.end_at == window.end)
    numbers = connection.execute(select(c.revision).where(of_it).order_by(c.revision.desc())).scalars().all()
    found = (result(connection, monitor, window, number) for number in numbers)
    return [one for one in found if one is not None]


def neighbours(connection: Connection, monitor: str, window: Window) -> tuple[Window | None, Window | None]:
    """The window before one, and the one after it."""
    c = WINDOW.c
    before = windows(connection, monitor, before=window.end, limit=1)
    query = select(c.start_at, c.end_at).where(c.monitor == monitor, c.end_at > window.end).order_by(c.end_at).limit(1)
    after = connection.execute(query).first()
    earlier = before[0].window if before else None
    return earlier, None if after is None else Window(start=after.start_at, end=after.end_at)


def figures(
    connection: Connection, monitor: str, until: datetime, count: int
) -> list[tuple[Window, str, dict[str, Any]]]:
    """Status and figures of so many judged windows that end by a time, in order, each in its latest revision."""
    c = RESULT.c
    ends = select(WINDOW.c.start_at, WINDOW.c.end_at, WINDOW.c.revision)
    ends = ends.where(WINDOW.c.monitor == monitor, WINDOW.c.revision > 0, WINDOW.c.end_at <= until)
    chosen = ends.order_by(WINDOW.c.end_at.desc()).limit(count).subquery()
    same = (getattr(c, name) == getattr(chosen.c, name) for name in ("start_at", "end_at", "revision"))
    of_it = and_(c.monitor == monitor, *same)
    query = select(c.start_at, c.end_at, c.status, c.figures).join(chosen, of_it).order_by(c.end_at, c.start_at)
    return [
        (Window(start=row.start_at, end=row.end_at), row.status, json.loads(row.figures))
        for row in connection.execute(query)
    ]


def versions(connection: Connection, monitor: str, after: datetime, until: datetime) -> list[Versions]:
    """With what the windows that end in (after, until] were judged, in order."""
    c = RESULT.c
    query = select(c.start_at, c.end_at, c.judged_at, c.baseline, c.config_digest)
    query = query.where(c.monitor == monitor, c.end_at > after, c.end_at <= until)
    return [
        Versions(
            window=Window(start=row.start_at, end=row.end_at),
            judged_at=row.judged_at,
            baseline=row.baseline,
            config_digest=row.config_digest,
        )
        for row in connection.execute(query.order_by(c.end_at, c.start_at, c.revision))
    ]


def deeds(connection: Connection, most: int) -> list[Deed]:
    """What people said and had done, the latest of each: words on incidents and actions, and marks."""
    c = OUTBOX.c
    events = select(OUTBOX).where(NOT_JUDGED, c.kind.in_(PEOPLE)).order_by(c.made_at.desc(), c.id).limit(most)
    found = [
        Deed(at=row.made_at, kind=row.kind, monitor=row.monitor, body=json.loads(row.body))
        for row in connection.execute(events)
    ]
    marked = select(MARK).order_by(MARK.c.made_at.desc(), MARK.c.monitor, MARK.c.place.desc()).limit(most)
    for row in connection.execute(marked):
        body = {"kind": row.kind, "feature": row.feature, "who": row.who, "why": row.why}
        found.append(Deed(at=row.made_at, kind=MARKED, monitor=row.monitor, body=body))
    return found


def told(connection: Connection, most: int) -> list[tuple[datetime, Occasion]]:
    """Occasions with when they were told, the latest first."""
    c = OCCASION.c
    rows = connection.execute(select(OCCASION).order_by(c.made_at.desc(), c.id).limit(most))
    return [
        (
            row.made_at,
            Occasion(
                id=row.id,
                kind=row.kind,
                start=row.start_at,
                end=row.end_at,
                monitor=row.monitor,
                why=row.why,
                who=row.who,
            ),
        )
        for row in rows
    ]
