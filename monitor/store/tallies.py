"""How many incidents a monitor has and had, and how often people called them what."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, or_, select

from monitor.store import upserts
from monitor.store.after import INCIDENT, OPENED

RESOLVED = "resolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tallied:
    """Open incidents by severity, muted or not; those `opened` since ever, by the cause that they opened with; what
    was `said` lately, by verdict; and how many that began within the year somebody has called `false`."""

    open: Mapping[str, int] = field(default_factory=dict)
    opened: Mapping[str, int] = field(default_factory=dict)
    said: Mapping[str, int] = field(default_factory=dict)
    false: int = 0


def tallied(connection: Connection, monitor: str, lately: datetime, year: datetime) -> Tallied:
    """As they stand; `lately` and `year` are when those stretches begin."""
    c = INCIDENT.c
    asked = or_(c.state != RESOLVED, c.said_at >= lately, c.first_at >= year)
    columns = select(c.state, c.severity, c.verdict, c.said_at, c.first_at)
    rows = connection.execute(columns.where(c.monitor == monitor, asked)).all()
    return Tallied(
        open=Counter(row.severity for row in rows if row.state != RESOLVED),
        opened=_opened(connection, monitor),
        said=Counter(row.verdict for row in rows if row.said_at is not None and row.said_at >= lately),
        false=sum(row.verdict == "false" and row.first_at >= year for row in rows),
    )


def count(connection: Connection, monitor: str, causes: Iterable[str]) -> None:
    """Incidents opened; whoever counts holds the monitor's row."""
    new = Counter(causes)
    if new:
        before = _opened(connection, monitor)
        rows = [
            {"monitor": monitor, "cause": cause, "count": before.get(cause, 0) + more} for cause, more in new.items()
        ]
        upserts.put(connection, OPENED, rows, ["count"])


def _opened(connection: Connection, monitor: str) -> dict[str, int]:
    c = OPENED.c
    return {
        row.cause: row.number
        for row in connection.execute(select(c.cause, c["count"].label("number")).where(c.monitor == monitor))
    }
