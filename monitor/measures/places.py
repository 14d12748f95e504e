"""Where in the window the rows of a batch stand: their stretches of time, and of reading order."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.feature import Counts
from monitor.measures.counted import Cells, Counted
from monitor.slices import Slices, stretches_of

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Which stretch each of some groups of rows lies in, as `Slices` counts them.

    `sorted` are the groups that lie in any, by stretch; of these the ones from `starts[i]` on lie in `stretches[i]`.
    """

    sorted: Numbers
    starts: Numbers
    stretches: Numbers
    level: int
    first: int

    @classmethod
    def of(cls, stretches: Numbers, level: int, first: int) -> "Place":
        """Of the stretch of each group, -1 where it lies in none; some lie in one."""
        order = np.argsort(stretches, kind="stable")[np.count_nonzero(stretches < 0) :]
        different, starts = np.unique(stretches[order], return_index=True)
        return cls(sorted=order, starts=starts, stretches=different, level=level, first=first)

    def slices(self, counts: Counts) -> Slices:
        """Counts by stretch, from those by group, shape (groups, width)."""
        found = np.zeros((int(self.stretches[-1]) + 1, counts.shape[1]), dtype=np.int64)
        found[self.stretches] = np.add.reduceat(counts[self.sorted], self.starts)
        return Slices(level=self.level, first=self.first, counts=found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Rows that lie in the same stretches are a group, so that cells are counted once for time and order.

    `groups`, shape (n,), is the group of each row, from 0 to `size` - 1.
    """

    groups: Numbers
    size: int
    order: Place
    time: Place | None

    def counted(self, cells: Sequence[Cells], widths: Sequence[int]) -> Counted:
        """Rows by stretch and cell of some columns, one beside the other, each with as many cells as it is wide."""
        counts = np.concatenate([self.counts(*column) for column in zip(cells, widths, strict=True)], axis=1)
        return Counted(order=self.order.slices(counts), time=self.time.slices(counts) if self.time else None)

    def counts(self, cells: Cells, width: int) -> Counts:
        """Rows by group and cell, shape (size, width); `cells`, shape (n,), in 0..width-1."""
        found = np.bincount(self.groups * width + cells, minlength=self.size * width)
        return found.reshape(self.size, width)


def places(first_row: int, count: int, seconds: Numbers | None, timed: NDArray[np.bool_] | None) -> Places:
    """The places of a batch of some rows whose first is the `first_row`-th of the window."""
    order, *span = stretches_of(np.arange(first_row, first_row + count))
    if seconds is None or timed is None or not timed.any():
        return Places(groups=order, size=int(order[-1]) + 1, order=Place.of(np.unique(order), *span), time=None)
    time = np.full(count, -1, dtype=np.int64)
    time[timed], *time_span = stretches_of(seconds[timed])
    height = int(time.max()) + 2
    both = order * height + time + 1
    used = np.flatnonzero(np.bincount(both))
    groups = np.searchsorted(used, both)
    return Places(
        groups=groups,
        size=len(used),
        order=Place.of(used // height, *span),
        time=Place.of(used % height - 1, *time_span),
    )
