"""The stretches of time that a history counts rows by: hours, days, or the windows of a schedule."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from monitor.batch import Batch
from monitor.feature import Counts
from monitor.schedule import EPOCH, Once, Schedule

HOUR, DAY = 3600, 86400
MOST = 4096  # stretches: 24 weeks of hours, or two of five minutes
MOST_COUNTS = 1 << 24  # all features' cells in all stretches: 64 MB while they are counted
MOST_HOURS = 1 << 17  # 15 years of them
FEWEST_ROWS = 30  # most hours must have so many, or days are counted


class Hours:
    """Rows by hour of UTC time; by day or longer where they lie in more than 131,072 hours."""

    def __init__(self) -> None:
        self.unit = HOUR
        self.at = np.zeros(0, np.int64)
        self.rows = np.zeros(0, np.int64)

    def watching(self, batches: Iterable[Batch]) -> Iterator[Batch]:
        """The same batches; their rows are counted as they pass."""
        for batch in batches:
            if batch.seconds is not None and batch.timed is not None:
                self.see(batch.seconds if batch.timed.all() else batch.seconds[batch.timed])
            yield batch

    def see(self, seconds: NDArray[np.int64]) -> None:
        """Count rows by their times."""
        self._add(*np.unique(seconds // self.unit, return_counts=True))
        while len(self.at) > MOST_HOURS:
            at, rows, self.at, self.rows = self.at // 24, self.rows, self.at[:0], self.rows[:0]
            self.unit *= 24
            self._add(at, rows)

    def _add(self, at: NDArray[np.int64], rows: NDArray[np.int64]) -> None:
        self.at, which = np.unique(np.concatenate([self.at, at]), return_inverse=True)
        both = np.concatenate([self.rows, rows])
        self.rows = np.zeros(len(self.at), np.int64)
        np.add.at(self.rows, which, both)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretches:
    """From `starts` to `ends`, seconds of UTC time, in order, none overlapping. `older` of them are coarser."""

    starts: Counts
    ends: Counts
    unit: str
    older: int = 0


def stretches(hours: Hours, cells: int, schedule: Schedule | None = None) -> Stretches:
    """The stretches in which there may be rows, at most 4,096 of one kind, and fewer where there are many `cells`.

    Hours, or days where most hours have few rows; the windows of a schedule, where there is one. Of more than that
    the newest are kept, and before them days. All of it begins and ends with the first and last hour that has rows.
    """
    most = max(1, min(MOST, MOST_COUNTS // max(1, cells)))
    fine = _by_clock(hours) if schedule is None or isinstance(schedule.ends, Once) else _windows(hours, schedule, most)
    if len(fine.starts) > most:
        fine = _shortened(hours, fine, most)
    starts, ends = fine.starts.copy(), fine.ends.copy()
    starts[0] = max(starts[0], hours.at[0] * hours.unit)
    ends[-1] = min(ends[-1], (hours.at[-1] + 1) * hours.unit)
    return replace(fine, starts=starts, ends=ends)


def _shortened(hours: Hours, fine: Stretches, most: int) -> Stretches:
    starts, ends = fine.starts[-most:], fine.ends[-most:]
    days = np.unique(hours.at * hours.unit // DAY)
    days = days[(days + 1) * DAY <= starts[0]][-most:]
    return Stretches(
        starts=np.concatenate([days * DAY, starts]),
        ends=np.concatenate([(days + 1) * DAY, ends]),
        unit=fine.unit,
        older=len(days),
    )


def _by_clock(hours: Hours) -> Stretches:
    unit, at = hours.unit, hours.at
    if unit == HOUR and np.median(hours.rows) < FEWEST_ROWS:
        unit, at = DAY, np.unique(at // 24)
    return Stretches(starts=at * unit, ends=(at + 1) * unit, unit={HOUR: "hour", DAY: "day"}.get(unit, "stretch"))


def _windows(hours: Hours, schedule: Schedule, most: int) -> Stretches:
    """The pieces that the edges of windows cut time into, as far as they lie in hours that have rows, newest first.

    Where windows follow one another these are the windows; where they overlap, what each is put together from.
    """
    schedule = replace(schedule, start=None)
    found: list[tuple[int, int]] = []
    for at in hours.at[::-1].tolist():
        low, high = at * hours.unit, (at + 1) * hours.unit
        if found:
            high = min(high, found[-1][0])
        if low >= high:
            continue
        pieces = [(a, b) for a, b in pairwise(_edges(schedule, low, high)) if b > low and a < high]
        found.extend(reversed(pieces))
        if len(found) > most:
            break
    starts, ends = np.array(found[::-1], dtype=np.int64).reshape(-1, 2).T
    return Stretches(starts=starts, ends=ends, unit="window")


def _edges(schedule: Schedule, low: int, high: int) -> list[int]:
    """The edges of windows from the last one up to `low` to the first from `high` on."""
    length = schedule.length or timedelta(0)
    found = {_second(end) for end in _ends(schedule, low, high)}
    if length:
        ahead = length // timedelta(seconds=1)
        found |= {_second(end - length) for end in _ends(schedule, low + ahead, high + ahead)}
    before = max((edge for edge in found if edge <= low), default=low)
    behind = min((edge for edge in found if edge >= high), default=high)
    return sorted({edge for edge in found if before <= edge <= behind} | {before, behind})


def _ends(schedule: Schedule, low: int, high: int) -> Iterator[datetime]:
    end = schedule.last_end(_moment(low))
    if end is None:
        end = schedule.next_end(_moment(low))
    while end is not None:
        yield end
        if _second(end) >= high:
            return
        end = schedule.next_end(end)


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _second(at: datetime) -> int:
    return (at - EPOCH) // timedelta(seconds=1)
