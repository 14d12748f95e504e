"""Season: the rhythm of hours and weekdays, as a profile around the centre whose mean is zero."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from monitor.policy.look import Floats
from monitor.policy.plan import DAY, WEEK, Plan

CYCLES = 3  # of its own period, before a rhythm is told from chance
HOURS, DAYS = 24, 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """What hours (24, cells) and weekdays (7, cells) add to an angle; shape (0, cells) for a rhythm not learned."""

    hours: Floats
    days: Floats

    @classmethod
    def none(cls, cells: int) -> "Season":
        return cls(hours=np.zeros((0, cells)), days=np.zeros((0, cells)))

    def at(self, slot: tuple[int, int]) -> Floats:
        """The sum for an hour and a weekday, (cells,)."""
        found: Floats = np.zeros(self.hours.shape[1])
        if len(self.hours):
            found = found + self.hours[slot[0]]
        return found + self.days[slot[1]] if len(self.days) else found

    def of(self, slots: NDArray[np.int64]) -> Floats:
        """The sums for slots (windows, 2), (windows, cells)."""
        found = np.zeros((len(slots), self.hours.shape[1]))
        if len(self.hours):
            found += self.hours[slots[:, 0]]
        if len(self.days):
            found += self.days[slots[:, 1]]
        return found

    def beside(self, other: "Season", cells: NDArray[np.bool_]) -> "Season":
        """The same with the rhythms of another for these cells; what one of them has not learned is none."""
        pairs = ((self.hours, other.hours), (self.days, other.days))
        hours, days = (np.where(cells, _like(theirs, mine), _like(mine, theirs)) for mine, theirs in pairs)
        return Season(hours=hours, days=days)

    @property
    def names(self) -> tuple[str, ...]:
        return (("day",) if len(self.hours) else ()) + (("week",) if len(self.days) else ())


def _like(rhythm: Floats, other: Floats) -> Floats:
    return rhythm if len(rhythm) else np.zeros_like(other)


def slot_of(start: datetime, timezone: str) -> tuple[int, int]:
    """The hour and the weekday in which a window begins, where its schedule is at home."""
    local = start if timezone == "UTC" else start.astimezone(ZoneInfo(timezone))
    return local.hour, local.weekday()


def fitted(angles: Floats, slots: NDArray[np.int64], plan: Plan) -> Season:
    """The additive profile of angles (windows, cells), nan where there was nothing to see.

    A rhythm is fitted where the windows hold three of its cycles and are shorter than half of it: that of the day
    needs three days, that of the week three weeks. Means of what is there, hours first, each with the mean zero.
    """
    cells = angles.shape[1]
    span = len(angles) * plan.interval
    rest = angles - mean_of(angles)
    hours, days = np.zeros((0, cells)), np.zeros((0, cells))
    if plan.interval * 2 <= DAY and span >= CYCLES * DAY:
        hours = _profile(rest, slots[:, 0], HOURS)
        rest = rest - hours[slots[:, 0]]
    if plan.interval * 2 <= WEEK and span >= CYCLES * WEEK:
        days = _profile(rest, slots[:, 1], DAYS)
    return Season(hours=hours, days=days)


def lost(season: Season, scale: int, blocks: int, plan: Plan) -> float:
    """Numbers fitted for a block of this many windows' sake, as a share of the blocks: what the fit has taken away."""
    taken = 0.0
    if len(season.hours) and scale < plan.day:
        taken += min(HOURS, plan.day)
    if len(season.days) and scale * plan.interval < WEEK:
        taken += DAYS
    return min(0.5, taken / blocks)


def _profile(rest: Floats, slot: NDArray[np.int64], size: int) -> Floats:
    sums, counts = np.zeros((size, rest.shape[1])), np.zeros((size, rest.shape[1]))
    np.add.at(sums, slot, np.nan_to_num(rest))
    np.add.at(counts, slot, np.isfinite(rest))
    profile = np.divide(sums, counts, out=np.zeros_like(sums), where=counts > 0)
    weights = counts / np.maximum(counts.sum(axis=0), 1)
    return np.where(counts > 0, profile - (profile * weights).sum(axis=0), 0.0)


def mean_of(values: Floats) -> Floats:
    """Of each column what is there, not nan; 0 where nothing is."""
    counts = np.isfinite(values).sum(axis=0)
    found: Floats = np.divide(
        np.nan_to_num(values).sum(axis=0), counts, out=np.zeros(values.shape[1]), where=counts > 0
    )
    return found
