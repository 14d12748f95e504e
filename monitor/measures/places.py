"""Where in the window each row stands: its stretch of time, and of reading order."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.slices import Slices, stretches_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Stretches of the rows at `rows` (None: all), as `Slices.of` takes them."""

    stretches: NDArray[np.int64]
    level: int
    first: int
    rows: NDArray[np.int64] | None = None

    def slices(self, cells: NDArray[np.int64], width: int) -> Slices:
        chosen = cells if self.rows is None else cells[self.rows]
        return Slices.of(self.stretches, self.level, self.first, chosen, width)


def by_order(first_row: int, count: int) -> Place | None:
    """Places in reading order; None without rows."""
    if count == 0:
        return None
    stretches, level, first = stretches_of(np.arange(first_row, first_row + count))
    return Place(stretches=stretches, level=level, first=first)


def by_time(seconds: NDArray[np.int64] | None, timed: NDArray[np.bool_] | None) -> Place | None:
    """Places in time, of the rows that have one; None where none has."""
    if seconds is None or timed is None or not timed.any():
        return None
    rows = None if timed.all() else np.flatnonzero(timed)
    stretches, level, first = stretches_of(seconds if rows is None else seconds[rows])
    return Place(stretches=stretches, level=level, first=first, rows=rows)
