"""What people and pipelines tell of the world outside: a deploy, a holiday, an outage."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, func, or_, select

from monitor.store import upserts
from monitor.store.after import OCCASION
from monitor.store.columns import EPOCH, MICROSECOND, microseconds
from monitor.window import Window

SHORTEST = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """Something that was told. `monitor` None: of all; `end` None: a moment. `id` is the teller's, or the daemon's."""

    id: str
    kind: str
    start: datetime
    end: datetime | None = None
    monitor: str | None = None
    why: str = ""
    who: str = ""

    @property
    def period(self) -> Window:
        """The stretch that it takes; a moment is as short as one can be."""
        return Window(start=self.start, end=max(self.end or self.start, self.start + SHORTEST))

    @property
    def cursor(self) -> str:
        """Its place among all, the latest first."""
        return f"{microseconds(self.start)}-{self.id}"


def told(connection: Connection, one: Occasion, now: datetime) -> None:
    """Keeps it; told once more under the same id, the later word counts."""
    row = {
        "id": one.id,
        "monitor": one.monitor,
        "kind": one.kind,
        "start_at": one.start,
        "end_at": one.end,
        "why": one.why,
        "who": one.who,
        "made_at": now,
    }
    upserts.put(connection, OCCASION, [row], ["monitor", "kind", "start_at", "end_at", "why", "who"])


def withdrawn(connection: Connection, key: str) -> bool:
    """Forgets one; whether it was there."""
    return connection.execute(delete(OCCASION).where(OCCASION.c.id == key)).rowcount == 1


def between(connection: Connection, start: datetime, end: datetime, monitor: str | None = None) -> Sequence[Occasion]:
    """What touches the stretch [start, end), in order; with a monitor, what is told of it or of all."""
    c = OCCASION.c
    which = select(OCCASION).where(c.start_at < end, _last() >= start).order_by(c.start_at, c.id)
    return _occasions(connection, which, monitor)


def page(
    connection: Connection, monitor: str | None = None, *, since: datetime | None = None, limit: int, cursor: str = ""
) -> list[Occasion]:
    """What was told and is not over before a moment, the latest first, from behind a cursor on; ValueError for a cursor
    that is none."""
    c = OCCASION.c
    which = select(OCCASION).order_by(c.start_at.desc(), c.id.desc()).limit(limit)
    if since is not None:
        which = which.where(_last() >= since)
    if cursor:
        text, _, key = cursor.partition("-")
        at = EPOCH + int(text) * MICROSECOND
        which = which.where(or_(c.start_at < at, and_(c.start_at == at, c.id < key)))
    return _occasions(connection, which, monitor)


def _last() -> ColumnElement[datetime]:
    return func.coalesce(OCCASION.c.end_at, OCCASION.c.start_at)


def _occasions(connection: Connection, which: Select[Any], monitor: str | None) -> list[Occasion]:
    c = OCCASION.c
    if monitor is not None:
        which = which.where(or_(c.monitor == monitor, c.monitor.is_(None)))
    return [
        Occasion(
            id=row.id,
            kind=row.kind,
            start=row.start_at,
            end=row.end_at,
            monitor=row.monitor,
            why=row.why,
            who=row.who,
        )
        for row in connection.execute(which)
    ]
