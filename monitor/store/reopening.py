"""A closed window is to be judged again: with records that came late, or because somebody asks."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, update

from monitor.store import planning
from monitor.store.states import State
from monitor.store.tables import WINDOW
from monitor.store.words import LABELLED
from monitor.window import Window

CLOSED = (State.DONE, State.SKIPPED, State.DEAD)


def reopened(
    connection: Connection,
    monitor: str,
    windows: Collection[Window],
    reason: str,
    now: datetime,
    *,
    replay: bool = False,
) -> int:
    """Opens windows for another revision; unknown ones are added. One that runs is judged once more when it is done.

    `replay`: also every later window that is done, for verdicts that depend on earlier ones.
    """
    planning.known(connection, monitor)
    planning.locked(connection, monitor)
    count = planning.added(connection, monitor, windows, reason, now)
    for window in windows:
        count += opened(connection, planning.at(monitor, window), reason, now)
    if replay and windows:
        later = (WINDOW.c.monitor == monitor) & (WINDOW.c.end_at > min(window.end for window in windows))
        count += opened(connection, later & (WINDOW.c.state == State.DONE), reason, now)
    planning.settle(connection, monitor)
    return count


def opened(connection: Connection, which: ColumnElement[bool], reason: str, now: datetime) -> int:
    """How many of these windows were closed or running, and will be judged again; also those that would have been for
    their labels alone."""
    running = update(WINDOW).where(which, WINDOW.c.state == State.RUNNING, WINDOW.c.again == 0)
    labelled = update(WINDOW).where(which, WINDOW.c.state == State.PENDING, WINDOW.c.reason == LABELLED)
    closed = update(WINDOW).where(which, WINDOW.c.state.in_(CLOSED))
    anew = {
        "state": State.PENDING,
        "failures": 0,
        "opened_at": now,
        "not_before": None,
        "closed_at": None,
        "reason": reason,
        "why": "",
    }
    more = connection.execute(labelled.values(reason=reason)).rowcount if reason != LABELLED else 0
    again = connection.execute(running.values(again=1)).rowcount
    return more + again + connection.execute(closed.values(**anew)).rowcount


def seen_late(
    connection: Connection, monitor: str, windows: Collection[Window], horizon: datetime | None, now: datetime
) -> tuple[Window, ...]:
    """Reopens those of the windows that are done and end after the horizon (None: none of them)."""
    found = []
    for window in sorted(windows, key=lambda each: each.end):
        if horizon is None or window.end < horizon:
            continue
        is_judged = (WINDOW.c.state == State.DONE) | (WINDOW.c.reason == LABELLED)
        if opened(connection, planning.at(monitor, window) & is_judged, "late", now):
            found.append(window)
    return tuple(found)
