"""Where in the window each row stands: its stretch of time, and of reading order."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.feature import Counts
from monitor.slices import Slices, stretches_of

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The stretch of each row, shape (n,), as `Slices` counts them; the one before the first is that of no place."""

    stretches: Numbers
    level: int
    first: int

    def of(self, chosen: Numbers) -> "Place":
        """The places of some rows."""
        return Place(stretches=self.stretches[chosen], level=self.level, first=self.first)

    def slices(self, counts: Counts) -> Slices:
        """Counts by stretch, from those of the rows that stand here, shape (n, width)."""
        height = int(self.stretches.max()) + 1
        found = np.zeros((height + 1, counts.shape[1]), dtype=np.int64)
        np.add.at(found, self.stretches, counts)
        return Slices(level=self.level, first=self.first, counts=found[:height])


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Groups of the rows of a batch that stand in the same stretches, so that cells are counted once for both.

    `groups`, shape (n,), is the group of each row, from 0; `time` and `order` are the places of the groups.
    """

    groups: Numbers
    time: Place | None
    order: Place | None

    def counts(self, cells: NDArray[np.integer], width: int) -> Counts:
        """Rows by group and cell; `cells`, shape (n,), in 0..width-1."""
        size = width * (int(self.groups.max(initial=-1)) + 1)
        return np.bincount(self.groups * width + cells, minlength=size).reshape(-1, width)


def places(first_row: int, count: int, seconds: Numbers | None, timed: NDArray[np.bool_] | None) -> Places:
    """The places of a batch whose first row is the `first_row`-th of the window."""
    order, time = by_order(first_row, count), by_time(seconds, timed)
    known = [place for place in (order, time) if place is not None]
    both = np.zeros(count, dtype=np.int64)
    for place in known:
        both = both * (int(place.stretches.max()) + 2) + place.stretches + 1
    is_used = np.bincount(both) > 0
    number_of = np.cumsum(is_used) - 1
    groups = number_of[both]
    some = np.zeros(np.count_nonzero(is_used), dtype=np.int64)  # a row of each group
    some[groups] = np.arange(count)
    return Places(
        groups=groups,
        time=time.of(some) if time is not None else None,
        order=order.of(some) if order is not None else None,
    )


def by_order(first_row: int, count: int) -> Place | None:
    """Places in reading order; None without rows."""
    if count == 0:
        return None
    stretches, level, first = stretches_of(np.arange(first_row, first_row + count))
    return Place(stretches=stretches, level=level, first=first)


def by_time(seconds: Numbers | None, timed: NDArray[np.bool_] | None) -> Place | None:
    """Places in time, -1 of the rows that have none; None where no row has one."""
    if seconds is None or timed is None or not timed.any():
        return None
    stretches = np.full(len(seconds), -1, dtype=np.int64)
    stretches[timed], level, first = stretches_of(seconds[timed])
    return Place(stretches=stretches, level=level, first=first)
