"""What people say of what was found, kept in order."""

from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from monitor.store import planning
from monitor.store.states import State
from monitor.store.tables import EVIDENCE, MARK, WINDOW
from monitor.store.words import MarkRow


def marks(connection: Connection, monitor: str) -> list[MarkRow]:
    """All that was said of a monitor, in order."""
    c = MARK.c
    rows = connection.execute(select(MARK).where(c.monitor == monitor).order_by(c.place))
    return [
        MarkRow(made_at=row.made_at, after=row.after_at, kind=row.kind, feature=row.feature, who=row.who, why=row.why)
        for row in rows
    ]


def marked(
    connection: Connection, monitor: str, kind: str, feature: str | None, who: str, why: str, now: datetime
) -> MarkRow | None:
    """Keeps a mark; None where no window was judged yet, so that there is nothing to say anything of.

    It holds for windows after the newest that was judged, or is being judged without it.
    """
    planning.locked(connection, monitor)
    newest = connection.execute(select(func.max(EVIDENCE.c.end_at)).where(EVIDENCE.c.monitor == monitor)).scalar()
    if newest is None:
        return None
    c = WINDOW.c
    running = select(func.max(c.end_at)).where(c.monitor == monitor, c.state == State.RUNNING)
    after = max(newest, connection.execute(running).scalar() or newest)
    last = connection.execute(select(func.max(MARK.c.place)).where(MARK.c.monitor == monitor)).scalar()
    connection.execute(
        insert(MARK).values(
            monitor=monitor,
            place=0 if last is None else last + 1,
            made_at=now,
            after_at=after,
            kind=kind,
            feature=feature,
            who=who,
            why=why,
        )
    )
    return MarkRow(made_at=now, after=after, kind=kind, feature=feature, who=who, why=why)
