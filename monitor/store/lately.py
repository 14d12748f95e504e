"""What incidents ask of the windows before: what was violated in the last ones, and how many rows are usual."""

from datetime import datetime

from sqlalchemy import Connection, func, select

from monitor.ladder import Key
from monitor.store.tables import RESULT, VIOLATION
from monitor.window import Window


def violated(connection: Connection, monitor: str, before: datetime, count: int) -> list[frozenset[Key]]:
    """Rules and features that were violated in so many judged windows, the newest that end before a time, in order."""
    c, v = RESULT.c, VIOLATION.c
    judged = select(c.start_at, c.end_at, func.max(c.revision).label("revision"))
    judged = judged.where(c.monitor == monitor, c.end_at < before).group_by(c.start_at, c.end_at)
    found = []
    for row in connection.execute(judged.order_by(c.end_at.desc(), c.start_at.desc()).limit(count)):
        of_it = select(v.rule, v.feature).where(
            v.monitor == monitor,
            v.start_at == row.start_at,
            v.end_at == row.end_at,
            v.revision == row.revision,
        )
        found.append(frozenset((one.rule, one.feature) for one in connection.execute(of_it)))
    return found[::-1]


def rows(connection: Connection, monitor: str, after: datetime, before: datetime) -> list[tuple[Window, int]]:
    """How many rows each judged window had in its latest revision, in order, of those that end between two times; of
    windows that end together, the last. Nothing else of them is read."""
    c = RESULT.c
    which = select(c.start_at, c.end_at, c.rows).where(c.monitor == monitor, c.end_at > after, c.end_at < before)
    by_end = {row.end_at: row for row in connection.execute(which.order_by(c.end_at, c.start_at, c.revision))}
    return [(Window(start=row.start_at, end=row.end_at), row.rows) for row in by_end.values()]
