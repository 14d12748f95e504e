"""Windows into the ledger: of each monitor, those that have become due since it was last looked at."""

import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.catchup import Plan, planned
from monitor.daemon.watched import Watched
from monitor.logs import logger
from monitor.metrics.registry import Metrics
from monitor.schedule import Once
from monitor.store.ledger import Ledger
from monitor.window import Window

LOOK_AGAIN = timedelta(minutes=1)
"""How long to wait before a place that could not be looked at is looked at again."""
UPCOMING = timedelta(days=370)

log = logger("planner")


@dataclass(frozen=True, slots=True)
class Look:
    """What is known of a monitor without history: its first event, None where there is no capture; and as of when."""

    first: datetime | None
    at: datetime | None = None


class Planner:
    """Plans are cheap and may be made at any time; a monitor's next one is made when its next window is due."""

    def __init__(self, ledger: Ledger, metrics: Metrics) -> None:
        self._ledger = ledger
        self._metrics = metrics
        self._next: dict[str, datetime] = {}
        self._planned_to: dict[str, datetime] = {}
        self._looks: dict[str, Look] = {}
        self._wait: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def forget(self) -> None:
        """The configuration has changed: every monitor is looked at again."""
        with self._lock:
            self._next.clear()
            self._wait.clear()

    def unknown(self, watched: Collection[Watched], now: datetime) -> list[Watched]:
        """Monitors whose history has no beginning yet, and that are to be looked at now."""
        return [
            one
            for one in watched
            if one.monitor.schedule.start is None
            and one.name not in self._looks
            and self._wait.get(one.name, now) <= now
            and self._to(one.name) is None
        ]

    def looked(self, name: str, first: datetime | None, at: datetime | None = None) -> None:
        """A look was taken: here is the first event, if there is one."""
        with self._lock:
            self._looks[name] = Look(first, at)

    def put_off(self, name: str, now: datetime) -> None:
        """A look could not be taken; another one later."""
        with self._lock:
            self._wait[name] = now + LOOK_AGAIN

    def plan(self, watched: Collection[Watched], now: datetime) -> list[Watched]:
        """Plan what has become due, in one transaction; the monitors that were planned."""
        plans: dict[str, Plan] = {}
        dues: dict[str, Callable[[Window], datetime]] = {}
        for one in watched:
            if self._next.get(one.name, now) > now:
                continue
            plan = self._planned(one, now)
            if plan is not None and plan.planned_to is not None:
                plans[one.name], dues[one.name] = plan, one.schedule.due
        if plans:
            self._ledger.plan_all(plans, now, dues)
        changed = [one for one in watched if one.name in plans]
        for one in changed:
            self._settled(one, plans[one.name], now)
        return changed

    def _planned(self, one: Watched, now: datetime) -> Plan | None:
        """What is to be planned; None for a monitor that has to be looked at first."""
        done_to = self._to(one.name)
        first = None
        if done_to is None and one.schedule.start is None:
            if one.name not in self._looks:
                return None
            look = self._looks[one.name]
            first = look.first
            if first is None and look.at is not None and not isinstance(one.schedule.ends, Once):
                first = one.schedule.ended(look.at)  # however late the plan is, what came since the look is in it
        return planned(one.schedule, one.catchup, done_to, first, now)

    def _settled(self, one: Watched, plan: Plan, now: datetime) -> None:
        """A plan stands in the ledger: tell what it left out, and when the next one is to be made."""
        assert plan.planned_to is not None
        self._planned_to[one.name] = plan.planned_to
        if plan.left_out:
            self._metrics.windows_skipped(one.name, "expired", plan.left_out)
        if plan.warning:
            log.warning(plan.warning, extra={"about": {"monitor": one.name}})
        upcoming = next(one.schedule.windows(plan.planned_to, now + UPCOMING), None)
        due = one.schedule.due(upcoming) if upcoming is not None else now + UPCOMING
        self._next[one.name] = due if due > now else now + LOOK_AGAIN

    def _to(self, name: str) -> datetime | None:
        if name not in self._planned_to:
            known = self._ledger.planned_to(name)
            if known is None:
                return None
            self._planned_to[name] = known
        return self._planned_to[name]

    def planned_to(self, name: str) -> datetime | None:
        """Up to where a monitor's windows are planned; None before its first plan."""
        return self._to(name)
