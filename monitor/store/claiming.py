"""A window becomes one daemon's to judge, for as long as its lease runs."""

import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, insert, select, update

from monitor.store import planning
from monitor.store.states import RunState, State
from monitor.store.tables import MONITOR, RUN, WINDOW
from monitor.store.words import Claim
from monitor.window import Window


def claimed(
    connection: Connection, owner: str, monitors: Collection[str], lease: timedelta, now: datetime
) -> Claim | None:
    """The first open window of the monitor that has waited longest, among those that have none running."""
    _expire(connection, now)
    monitor = connection.execute(
        select(MONITOR.c.name)
        .where(MONITOR.c.ready_at <= now, MONITOR.c.name.in_(sorted(monitors)))
        .order_by(MONITOR.c.ready_at, MONITOR.c.name)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).scalar()
    if monitor is None:
        return None
    c = WINDOW.c
    head = connection.execute(
        select(c.start_at, c.end_at, c.revision, c.attempt, c.failures, c.reason)
        .where(c.state == State.PENDING, c.monitor == monitor)
        .order_by(c.end_at, c.start_at)
        .limit(1)
    ).one()
    window = Window(start=head.start_at, end=head.end_at)
    claim = Claim(
        monitor=monitor,
        window=window,
        revision=head.revision + 1,
        attempt=head.attempt + 1,
        failures=head.failures,
        run_id=run_id(monitor, window, head.attempt + 1),
        reason=head.reason,
    )
    _take(connection, claim, owner, now + lease, now)
    return claim


def _take(connection: Connection, claim: Claim, owner: str, until: datetime, now: datetime) -> None:
    connection.execute(
        update(WINDOW)
        .where(planning.at(claim.monitor, claim.window))
        .values(
            state=State.RUNNING,
            owner=owner,
            lease_until=until,
            attempt=claim.attempt,
            not_before=None,
            run_id=claim.run_id,
        )
    )
    connection.execute(
        insert(RUN).values(
            run_id=claim.run_id,
            monitor=claim.monitor,
            start_at=claim.window.start,
            end_at=claim.window.end,
            revision=claim.revision,
            attempt=claim.attempt,
            owner=owner,
            state=RunState.RUNNING,
            started_at=now,
            reason="",
            why="",
        )
    )
    planning.settle(connection, claim.monitor)


def run_id(monitor: str, window: Window, attempt: int) -> str:
    """The name of an attempt: the same for the same one, another for every other."""
    told = f"{monitor}|{window.start.isoformat()}|{window.end.isoformat()}|{attempt}"
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def held(claim: Claim, owner: str) -> ColumnElement[bool]:
    """The claimed window, if it still is this owner's in this attempt."""
    c = WINDOW.c
    return and_(
        planning.at(claim.monitor, claim.window),
        c.state == State.RUNNING,
        c.owner == owner,
        c.attempt == claim.attempt,
    )


def renewed(connection: Connection, owner: str, until: datetime) -> int:
    """All that this owner runs is its own for longer."""
    mine = and_(WINDOW.c.state == State.RUNNING, WINDOW.c.owner == owner)
    change = update(WINDOW).where(mine).values(lease_until=until)
    monitors = _monitors(connection, mine)
    return sum(connection.execute(change.where(WINDOW.c.monitor == monitor)).rowcount for monitor in monitors)


def interrupted(connection: Connection, which: ColumnElement[bool], why: str, now: datetime) -> int:
    """Running windows that are no longer anyone's: pending at once, not counted as a failure."""
    running = and_(WINDOW.c.state == State.RUNNING, which)
    count = 0
    for monitor in _monitors(connection, running):
        planning.locked(connection, monitor)
        cut_off = select(WINDOW.c.run_id).where(running, WINDOW.c.monitor == monitor)
        connection.execute(
            update(RUN)
            .where(RUN.c.run_id.in_(cut_off))
            .values(state=RunState.INTERRUPTED, finished_at=now, reason="interrupted", why=why)
        )
        count += planning.handed_back(connection, monitor, which)
    return count


def _monitors(connection: Connection, which: ColumnElement[bool]) -> list[str]:
    """Whose windows these are, in the one order in which they are locked: so nobody waits in a ring."""
    return sorted(set(connection.execute(select(WINDOW.c.monitor).where(which)).scalars()))


def _expire(connection: Connection, now: datetime) -> None:
    interrupted(connection, WINDOW.c.lease_until <= now, "its lease ran out", now)
