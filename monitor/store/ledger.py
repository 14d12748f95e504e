"""The ledger: which windows are due, running, done. Each method is one transaction; none reads a clock."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, select

from monitor.store import claiming, finishing, labels, marks, planning, reopening, trail
from monitor.store.database import Database
from monitor.store.tables import MONITOR, WINDOW
from monitor.store.words import Awaited, Claim, Done, Finished, MarkRow, Planned, Received, Retries
from monitor.window import Window


class Ledger:
    """One daemon's hand on the ledger; `owner` is a name that no other daemon has, nor had before.

    Within a monitor windows are judged in order, one at a time: one that waits after a failure holds back the later
    ones until it is done or dead. Across monitors the one that has waited longest comes first.
    """

    def __init__(self, database: Database, owner: str, retries: Retries | None = None) -> None:
        self._database = database
        self._owner = owner
        self._retries = retries or Retries()

    def planned_to(self, monitor: str) -> datetime | None:
        """Up to where this monitor's windows are in the ledger; None before its first plan."""
        return self._of(monitor, "planned_to")

    def watermark(self, monitor: str) -> datetime | None:
        """Up to where all of this monitor's windows are closed; it never moves back, not for late records either."""
        return self._of(monitor, "watermark")

    def plan(self, monitor: str, plan: Planned, now: datetime, due: planning.Due | None = None) -> int:
        """Adds a monitor's windows; see `plan_all`."""
        return self.plan_all({monitor: plan}, now, {monitor: due} if due else {})

    def plan_all(
        self, plans: Mapping[str, Planned], now: datetime, due: Mapping[str, planning.Due] | None = None
    ) -> int:
        """Adds the windows of many monitors in one transaction; how many are new and to be judged.

        The same plan again changes nothing, and `planned_to` never moves back. `due` says by monitor when a window
        may be judged (its `schedule.due`); without it, when it ends.
        """
        with self._database.read() as connection:
            rows = connection.execute(select(MONITOR.c.name, MONITOR.c.planned_to))
            before = {row.name: row.planned_to for row in rows}
        new = {name: plan for name, plan in plans.items() if _says_more(plan, before.get(name))}
        if not new:
            return 0
        with self._database.write() as connection:
            return sum(
                planning.planned(connection, name, plan, (due or {}).get(name, _end), now)
                for name, plan in sorted(new.items())
            )

    def claim(self, monitors: Collection[str], lease: timedelta, now: datetime) -> Claim | None:
        """The next window to judge among these monitors' due ones; None when there is none."""
        with self._database.write() as connection:
            return claiming.claimed(connection, self._owner, monitors, lease, now)

    def renew(self, lease: timedelta, now: datetime) -> int:
        """Keeps all windows that this daemon runs; how many they are."""
        with self._database.write() as connection:
            return claiming.renewed(connection, self._owner, now + lease)

    def finish(self, claim: Claim, done: Done, now: datetime, *, reprocess: timedelta | None = None) -> Finished | None:
        """Writes a judged window down; None when it was no longer this daemon's: then nothing is written.

        `reprocess`: closed windows that got late records are opened again if they end at most this long before the
        judged one; None counts them only.
        """
        rows = finishing.rows_of(claim, done, now)
        with self._database.write() as connection:
            return finishing.finished(connection, self._owner, claim, done, rows, now, reprocess)

    def fail(self, claim: Claim, reason: str, why: str, now: datetime, *, is_counted: bool = True) -> str:
        """Writes down that judging failed: `pending` after a wait, or `dead`; empty when it was not ours any more.

        `is_counted`: whether it brings the window nearer to being dead.
        """
        failures = claim.failures + int(is_counted)
        with self._database.write() as connection:
            return finishing.failed(connection, self._owner, claim, reason, why, now, self._retries, failures)

    def release(self, claim: Claim, now: datetime) -> None:
        """Hands a window back that this daemon could not finish: pending at once, not counted."""
        with self._database.write() as connection:
            which = claiming.held(claim, self._owner)
            claiming.interrupted(connection, which, "the daemon stopped", now)

    def take_over(self, now: datetime) -> int:
        """Windows that other daemons left running are pending at once, not counted; only for who has the lead."""
        with self._database.write() as connection:
            return claiming.interrupted(connection, WINDOW.c.owner != self._owner, "its daemon is gone", now)

    def reopen(
        self, monitor: str, windows: Collection[Window], reason: str, now: datetime, *, replay: bool = False
    ) -> int:
        """Windows are judged again, for their next revision, or for the first time; how many.

        One that is running is judged once more when it is done. `replay`: every later window that is done, too.
        """
        with self._database.write() as connection:
            return reopening.reopened(connection, monitor, windows, reason, now, replay=replay)

    def backfill(self, monitor: str, windows: Collection[Window], stretch: Window, who: str, now: datetime) -> int:
        """Windows of a stretch are judged again because somebody asks, and that is kept; how many."""
        with self._database.write() as connection:
            count = reopening.reopened(connection, monitor, windows, "backfill", now)
            if count:
                trail.backfilled(connection, monitor, max(windows, key=_end), stretch, count, who, now)
            return count

    def receive(self, monitor: str, found: Received, now: datetime) -> int:
        """Writes down what was found where labels come; how many windows are judged again for it."""
        with self._database.write() as connection:
            return labels.received(connection, monitor, found, now)

    def call(self, monitor: str, max_delay: timedelta, now: datetime) -> tuple[int, int]:
        """How many windows are judged again whose labels are due, and how many labels have expired."""
        with self._database.write() as connection:
            return labels.called(connection, monitor, now), labels.let_go(connection, monitor, now, max_delay)

    def leave(self, claim: Claim, awaited: Awaited, now: datetime) -> bool:
        """New labels change nothing: the window is done, in its revision as before. False when it was not ours."""
        with self._database.write() as connection:
            return labels.unchanged(connection, self._owner, claim, awaited, now)

    def mark(
        self, monitor: str, kind: str, feature: str | None, *, who: str, why: str, now: datetime
    ) -> MarkRow | None:
        """Keeps what somebody says of what was found; None where no window was judged under the policy yet."""
        with self._database.write() as connection:
            return marks.marked(connection, monitor, kind, feature, who, why, now)

    def pending(self) -> Mapping[str, int]:
        """How many windows are due and not closed, by monitor that has been planned."""
        with self._database.read() as connection:
            known = dict.fromkeys(connection.execute(select(MONITOR.c.name)).scalars(), 0)
            count = select(WINDOW.c.monitor, func.count()).where(planning.is_open()).group_by(WINDOW.c.monitor)
            return known | {name: number for name, number in connection.execute(count)}  # noqa: C416  rows are no pairs to mypy

    def _of(self, monitor: str, column: str) -> datetime | None:
        with self._database.read() as connection:
            found: datetime | None = connection.execute(
                select(MONITOR.c[column]).where(MONITOR.c.name == monitor)
            ).scalar()
            return found


def _says_more(plan: Planned, planned_to: datetime | None) -> bool:
    if plan.planned_to is None:  # there is nothing to begin with yet
        return False
    return planned_to is None or bool(plan.windows or plan.skipped) or plan.planned_to > planned_to


def _end(window: Window) -> datetime:
    return window.end
