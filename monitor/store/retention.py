"""What is old goes: results, runs, inputs, events, incidents, evidence of windows closed long ago, a few at a time; and
what was told of the world in that time.

Kept in any case are open windows, of each monitor the newest result, by which it is shown, and the evidence that the
policy's verdicts to come rest on.
"""

from datetime import datetime

from sqlalchemy import Connection, delete, func, select, tuple_, update

from monitor.store import evidence
from monitor.store.after import AWAITED, DELIVERY, INCIDENT, LABELS, OCCASION
from monitor.store.database import Database
from monitor.store.states import OPEN
from monitor.store.tables import INPUT, OBJECT, OUTBOX, RESULT, RUN, VIOLATION, WINDOW
from monitor.store.trail import NOBODY
from monitor.window import Window

AT_ONCE = 100
"""Windows in one transaction: a claim must not wait long for it."""


def forget(database: Database, monitor: str, before: datetime) -> int:
    """Remove what is known of some closed windows that end before a time, oldest first; how many windows.

    Capture objects in folders dated before it are forgotten too: they are not listed any more.
    """
    with database.read() as connection:
        windows = old(connection, monitor, before)
    if not windows:
        return 0
    keys = [(window.start, window.end) for window in windows]
    with database.write() as connection:
        c = OUTBOX.c
        told = select(c.id).where(c.monitor == monitor, tuple_(c.start_at, c.end_at).in_(keys))
        connection.execute(delete(DELIVERY).where(DELIVERY.c.event.in_(told)))
        for table in (VIOLATION, INPUT, OUTBOX, RESULT, RUN, AWAITED, WINDOW):
            c = table.c
            which = tuple_(c.start_at, c.end_at).in_(keys)
            connection.execute(delete(table).where(c.monitor == monitor, which))
        over = INCIDENT.c.resolved_at < before
        connection.execute(delete(INCIDENT).where(INCIDENT.c.monitor == monitor, over))
        evidence.forgotten(connection, monitor, windows[-1])
        connection.execute(delete(OBJECT).where(OBJECT.c.monitor == monitor, OBJECT.c.dated_to < before))
    return len(windows)


def forget_told(database: Database, before: datetime) -> int:
    """Remove what belongs to no window and was over before a time: occasions, and reloads; how many."""
    old = {
        OCCASION: func.coalesce(OCCASION.c.end_at, OCCASION.c.start_at) < before,
        OUTBOX: (OUTBOX.c.monitor == NOBODY) & (OUTBOX.c.made_at < before),
    }
    with database.read() as connection:
        counts = [select(func.count()).select_from(table).where(which) for table, which in old.items()]
        count = sum(connection.execute(one).scalar_one() for one in counts)
    if count:
        with database.write() as connection:
            for table, which in old.items():
                connection.execute(delete(table).where(which))
    return count


def let_go_of(database: Database, monitor: str) -> None:
    """The labels of a monitor have expired, whatever they have found, and none of its windows waits for any."""
    with database.write() as connection:
        connection.execute(delete(AWAITED).where(AWAITED.c.monitor == monitor))
        connection.execute(update(LABELS).where(LABELS.c.monitor == monitor).values(expired=1, segments="[]"))


def old(connection: Connection, monitor: str, before: datetime, limit: int = AT_ONCE) -> list[Window]:
    """Closed windows that end before a time, oldest first; never one as new as the newest result."""
    c = WINDOW.c
    newest = select(func.max(RESULT.c.end_at)).where(RESULT.c.monitor == monitor).scalar_subquery()
    rows = connection.execute(
        select(c.start_at, c.end_at)
        .where(c.monitor == monitor, c.end_at < before, c.end_at < newest, c.state.not_in(OPEN))
        .order_by(c.end_at, c.start_at)
        .limit(limit)
    )
    return [Window(start=row.start_at, end=row.end_at) for row in rows]
