"""Slices: cell counts by stretch of time (or of row order), as a state that adds up."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST = 32  # stretches kept; between 17 and 32 are in use once the span has passed 32 ticks


@dataclass(frozen=True, slots=True, kw_only=True)
class Slices:
    """Counts of shape (stretches, cells); stretch i holds the ticks t with `t >> level == first + i`.

    A tick is a second of UTC time, or a row's place in reading order. The level is the smallest at which all ticks
    seen fit into 32 stretches, so neither splits nor order change the result, and no window need be known before.
    """

    level: int
    first: int
    counts: NDArray[np.int64]

    def __add__(self, other: "Slices") -> "Slices":
        level = max(self.level, other.level)
        low = min(self.first >> (level - self.level), other.first >> (level - other.level))
        high = max(self._last >> (level - self.level), other._last >> (level - other.level))
        while (high - low) >= MOST:
            level, low, high = level + 1, low >> 1, high >> 1
        counts = np.zeros((high - low + 1, self.counts.shape[1]), dtype=np.int64)
        for part in (self, other):
            first, kept = part._coarser(level)
            counts[first - low : first - low + len(kept)] += kept
        return Slices(level=level, first=low, counts=counts)

    def _coarser(self, level: int) -> tuple[int, NDArray[np.int64]]:
        """The first stretch and the counts at a level of at least this one."""
        shift = level - self.level
        if not shift:
            return self.first, self.counts
        stretches = np.arange(self.first >> shift, (self._last >> shift) + 1)
        starts = np.maximum((stretches << shift) - self.first, 0)
        return self.first >> shift, np.add.reduceat(self.counts, starts)

    def moved(self, ticks: int) -> "Slices":
        """The same so many ticks later, each stretch as a whole: to within half a stretch.

        >>> Slices(level=2, first=0, counts=np.array([[3], [1]])).moved(10).first
        3
        """
        return Slices(
            level=self.level, first=self.first + (ticks + (1 << self.level >> 1) >> self.level), counts=self.counts
        )

    @property
    def _last(self) -> int:
        return self.first + len(self.counts) - 1

    def to_document(self) -> dict[str, Any]:
        return {"level": self.level, "first": self.first, "counts": self.counts.tolist()}

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> "Slices":
        return cls(**{**document, "counts": np.array(document["counts"], dtype=np.int64)})


def stretches_of(ticks: NDArray[np.int64]) -> tuple[NDArray[np.int64], int, int]:
    """Stretch of each tick counted from the first, the level and the first stretch; ticks must not be empty.

    >>> stretches_of(np.array([100, 101, 164]))
    (array([ 0,  0, 16]), 2, 25)
    """
    low, high = int(ticks.min()), int(ticks.max())
    level = 0
    while (high >> level) - (low >> level) >= MOST:
        level += 1
    first = low >> level
    return (ticks >> level) - first, level, first
