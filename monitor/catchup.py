"""Catch-up: which windows are due and are to be judged, and which are left out because there are too many.

What is left out is planned too, as skipped: every moment since the first lies in a window that is one or the other.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Literal

from monitor.schedule import Once, Schedule
from monitor.window import Window

BACK = timedelta(hours=1)
"""A clock that went back further than this is told; it is not believed in either case."""
PROMPT = timedelta(minutes=15)
"""With `none`, what became due so recently was not missed: a restart or a late tick is no downtime."""
RECORDED = 1000
"""Windows left out that are named one by one; older ones are one stretch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catchup:
    """How many windows of the past are judged: `all` up to `max_windows`, only the `latest`, or `none`."""

    mode: Literal["all", "latest", "none"] = "all"
    max_windows: int = 168

    def __post_init__(self) -> None:
        if self.max_windows < 1:
            raise ValueError(f"max_windows {self.max_windows}: must be 1 or more")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Windows to judge and windows left out, in order. Together they reach from the last plan to `planned_to`."""

    windows: tuple[Window, ...] = ()
    skipped: tuple[Window, ...] = ()
    planned_to: datetime | None
    """None: nothing could be planned yet, and there is nothing to store."""
    more_skipped: int = 0
    """Where it is not 0, the first of `skipped` stands for so many windows in a row."""
    warning: str = ""

    @property
    def left_out(self) -> int:
        """How many windows are left out in all."""
        return len(self.skipped) + max(0, self.more_skipped - 1)


def planned(
    schedule: Schedule, catchup: Catchup, planned_to: datetime | None, first: datetime | None, now: datetime
) -> Plan:
    """What is due by now and was not planned before.

    `planned_to` is None for a monitor that was never planned; `first` is then its oldest capture, or None where there
    are no captures yet: it begins with the window that is not due yet. `schedule.start` goes before `first`.
    """
    if planned_to is not None and now < planned_to - BACK:
        why = f"the clock says {now:%Y-%m-%dT%H:%M:%SZ}, and windows are planned to {planned_to:%Y-%m-%dT%H:%M:%SZ}"
        return Plan(planned_to=planned_to, warning=f"{why}; nothing is planned until it has come there again")
    if isinstance(schedule.ends, Once):
        return _once(schedule, planned_to, first, now)
    since = planned_to if planned_to is not None else _begin(schedule, first, now)
    most = _most(schedule, catchup, planned_to, now)
    ends = tuple(islice(schedule.newest_ends(schedule.clipped(since), schedule.ended(now)), most + RECORDED + 1))
    return _bounded(schedule, schedule.clipped(since), ends, most, Plan(planned_to=since), is_first=planned_to is None)


def _most(schedule: Schedule, catchup: Catchup, planned_to: datetime | None, now: datetime) -> int:
    if catchup.mode == "all":
        return catchup.max_windows
    if catchup.mode == "latest":
        return 1
    newest = schedule.last_end(schedule.ended(now))
    return int(planned_to is not None and newest is not None and newest >= schedule.ended(now) - PROMPT)


def _begin(schedule: Schedule, first: datetime | None, now: datetime) -> datetime:
    """Where windows begin at the first plan; never later than now."""
    at = schedule.start or first
    begin = schedule.begin(at) if at is not None else None
    if begin is None or begin > now:
        newest = schedule.last_end(schedule.ended(now))
        return newest if newest is not None else schedule.ended(now)
    return begin


def _bounded(
    schedule: Schedule, since: datetime, ends: tuple[datetime, ...], most: int, plan: Plan, *, is_first: bool
) -> Plan:
    """The newest `most` windows, and those before them left out. `ends` are the newest first, and all but too many."""
    if not ends:
        return plan
    found, last, more = [], since, 0
    for number, end in enumerate(reversed(ends)):
        if number == 0 and len(ends) > most + RECORDED:
            oldest = next(schedule.windows(since, end))
            found.append(Window(start=oldest.start, end=end))
            more = schedule.count(since, end)
        else:
            found.append(schedule.window(last, end))
        last = end
    kept = max(0, len(found) - most)
    done = Plan(windows=tuple(found[kept:]), skipped=tuple(found[:kept]), planned_to=last, more_skipped=more)
    if is_first or not done.skipped:
        return done
    stretch = f"{done.skipped[0].start:%Y-%m-%dT%H:%M:%SZ} to {done.skipped[-1].end:%Y-%m-%dT%H:%M:%SZ}"
    return Plan(
        windows=done.windows, skipped=done.skipped, planned_to=last, more_skipped=more,
        warning=f"{done.left_out} windows from {stretch} are left out: catch-up takes {most}",
    )  # fmt: skip


def _once(schedule: Schedule, planned_to: datetime | None, first: datetime | None, now: datetime) -> Plan:
    """One window up to now, if there was none before; later, where there is nothing to begin with."""
    end = (now - schedule.offset).replace(microsecond=0)
    at = schedule.start or first
    begin = end - schedule.length if schedule.length is not None else at.replace(microsecond=0) if at else end
    if planned_to is not None or schedule.clipped(begin) >= end:
        return Plan(planned_to=planned_to)
    return Plan(windows=(Window(start=schedule.clipped(begin), end=end),), planned_to=end)
