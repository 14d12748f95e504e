"""Windows come into the ledger; and what a monitor's row says of them is kept right after every change."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, or_, select, update

from monitor.store import upserts
from monitor.store.states import OPEN, State
from monitor.store.tables import MONITOR, WINDOW
from monitor.store.words import Planned
from monitor.window import Window

Due = Callable[[Window], datetime]


def planned(connection: Connection, monitor: str, plan: Planned, due: Due, now: datetime) -> int:
    """Adds a plan's windows; planning the same again changes nothing. How many were new and are to be judged."""
    known(connection, monitor)
    row = connection.execute(select(MONITOR.c.planned_to).where(MONITOR.c.name == monitor).with_for_update()).one()
    upserts.added(connection, WINDOW, [_row(monitor, w, w.end, State.SKIPPED, "expired", now) for w in plan.skipped])
    new = upserts.added(connection, WINDOW, [_row(monitor, w, due(w), State.PENDING, "", now) for w in plan.windows])
    if plan.planned_to is not None and (row.planned_to is None or row.planned_to < plan.planned_to):
        more = MONITOR.c.more_skipped + max(0, plan.more_skipped - 1)  # one of them has its row
        _set(connection, monitor, planned_to=plan.planned_to, more_skipped=more)
    settle(connection, monitor)
    return new


def known(connection: Connection, monitor: str) -> None:
    """The monitor has its row."""
    upserts.added(connection, MONITOR, [{"name": monitor, "more_skipped": 0}])


def locked(connection: Connection, monitor: str) -> None:
    """Holds the monitor's row until the transaction ends: always before its windows, so that nobody waits in a ring."""
    connection.execute(select(MONITOR.c.name).where(MONITOR.c.name == monitor).with_for_update())


def added(connection: Connection, monitor: str, windows: Iterable[Window], reason: str, now: datetime) -> int:
    """Windows that no plan has named, to be judged."""
    return upserts.added(connection, WINDOW, [_row(monitor, w, w.end, State.PENDING, reason, now) for w in windows])


def at(monitor: str, window: Window) -> ColumnElement[bool]:
    """The row of this window."""
    c = WINDOW.c
    return and_(c.monitor == monitor, c.start_at == window.start, c.end_at == window.end)


def settle(connection: Connection, monitor: str) -> None:
    """Works out when the monitor's next window may be claimed, and up to where all are closed (never back)."""
    state = connection.execute(select(MONITOR.c.turn_at, MONITOR.c.watermark).where(MONITOR.c.name == monitor)).one()
    c = WINDOW.c
    running = select(c.end_at).where(c.state == State.RUNNING, c.monitor == monitor).order_by(c.end_at).limit(1)
    first_running = connection.execute(running).scalar()
    head = connection.execute(
        select(c.end_at, c.due_at, c.not_before)
        .where(c.state == State.PENDING, c.monitor == monitor)
        .order_by(c.end_at, c.start_at)
        .limit(1)
    ).one_or_none()
    ready = None
    if head is not None and first_running is None:
        ready = max(moment for moment in (head.due_at, head.not_before, state.turn_at) if moment is not None)
    open_from = min((end for end in (first_running, head and head.end_at) if end is not None), default=None)
    _set(
        connection, monitor, ready_at=ready, watermark=_later(state.watermark, _closed(connection, monitor, open_from))
    )


def _closed(connection: Connection, monitor: str, open_from: datetime | None) -> datetime | None:
    """The end of the last window before the first open one."""
    c = WINDOW.c
    before = [] if open_from is None else [c.end_at < open_from]
    return connection.execute(
        select(c.end_at).where(c.monitor == monitor, *before).order_by(c.end_at.desc()).limit(1)
    ).scalar()


def handed_back(connection: Connection, monitor: str, which: ColumnElement[bool]) -> int:
    """Running windows are pending again, as if they had never been claimed."""
    change = update(WINDOW).where(WINDOW.c.monitor == monitor, WINDOW.c.state == State.RUNNING, which)
    count = connection.execute(change.values(state=State.PENDING, owner=None, lease_until=None, again=0)).rowcount
    settle(connection, monitor)
    return count


def is_open() -> ColumnElement[bool]:
    return or_(*(WINDOW.c.state == state for state in OPEN))


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((at for at in (one, other) if at is not None), default=None)


def _set(connection: Connection, monitor: str, **values: Any) -> None:
    connection.execute(update(MONITOR).where(MONITOR.c.name == monitor).values(**values))


def _row(monitor: str, window: Window, due: datetime, state: State, reason: str, now: datetime) -> dict[str, Any]:
    return {
        "monitor": monitor,
        "start_at": window.start,
        "end_at": window.end,
        "state": state.value,
        "revision": 0,
        "again": 0,
        "attempt": 0,
        "failures": 0,
        "opened_at": now,
        "due_at": due,
        "reason": reason,
        "why": "",
        "late": 0,
    }
