"""The quantile sketch inside Model Monitor's statistics.json, item for item.

That product computes it with Deequ, whose order of operations is the specification here (QuantileNonSample.scala and
NonSampleCompactor.scala of awslabs/deequ). Deequ's coin is switched off, so the sketch is a function of the values in
their order, as long as one partition holds them all. Our own quantiles live in `monitor.stats.quantiles`.
"""

from math import ceil
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

SKETCH_SIZE: Final = 2048
SHRINKING_FACTOR: Final = 0.64
BUCKETS: Final = 10

_NONE: Final = np.zeros(0, np.float64)


class Kll:
    """Levels of items: an item of level h stands for 2**h values.

    Values join level 0 in the order of arrival. When the items of all levels together exceed the sum of the levels'
    capacities, the lowest level that is at its capacity is compacted: half of it goes one level up.
    """

    def __init__(self, k: int = SKETCH_SIZE, c: float = SHRINKING_FACTOR) -> None:
        self.k = k
        self.c = c
        self._levels: list[NDArray[np.float64]] = [_NONE]
        self._compactions = [0]

    def extend(self, values: NDArray[np.float64]) -> None:
        """Add values, shape (n,), in their order; the same as adding them one by one."""
        place = 0
        while place < len(values):
            # The value that exceeds the capacity belongs to the compaction that it causes.
            room = self._capacity_in_all() - self._held() + 1
            self._levels[0] = np.concatenate((self._levels[0], values[place : place + room]))
            place += room
            if self._held() > self._capacity_in_all():
                self._condense()

    @property
    def count(self) -> int:
        """How many values were added, exactly."""
        return sum(len(level) << height for height, level in enumerate(self._levels))

    @property
    def data(self) -> list[list[float]]:
        """The items, level 0 first, each level in its own order: `sketch.data` of the file."""
        return [level.tolist() for level in self._levels]

    def buckets(self, minimum: float, maximum: float, number: int = BUCKETS) -> list[tuple[float, float, int]]:
        """Equal-width ranges between the extremes: (lower, upper, the weight that the sketch has in between).

        A lower edge is inclusive, an upper one exclusive but the last. Edges are
        `minimum + (maximum - minimum) * i / number`, in this order of operations. Counts are approximate once the
        sketch has compacted. A constant column has equal edges, and all its weight in the last range.

        >>> sketch = Kll()
        >>> sketch.extend(np.array([1.0, 2.0, 2.0, 3.0]))
        >>> sketch.buckets(1.0, 3.0, 2)
        [(1.0, 2.0, 1), (2.0, 3.0, 3)]
        """
        edges = [minimum + (maximum - minimum) * i / number for i in range(number + 1)]
        below = self._ranks(edges, "left")
        below[-1] = self._ranks(edges[-1:], "right")[0]
        counts = np.diff(below).tolist()
        return list(zip(edges[:-1], edges[1:], counts, strict=True))

    def _ranks(self, edges: list[float], side: Literal["left", "right"]) -> NDArray[np.int64]:
        ranks = np.zeros(len(edges), np.int64)
        for height, level in enumerate(self._levels):
            ranks += np.searchsorted(np.sort(level), edges, side=side) << height
        return ranks

    def _held(self) -> int:
        return sum(map(len, self._levels))

    def _capacity(self, height: int) -> int:
        return 2 * (ceil(self.k * self.c**height / 2) + 1)

    def _capacity_in_all(self) -> int:
        return sum(map(self._capacity, range(len(self._levels))))

    def _condense(self) -> None:
        # Exceeding the sum, at least one level is at its own capacity.
        height = next(h for h, level in enumerate(self._levels) if len(level) >= self._capacity(h))
        if height + 1 == len(self._levels):
            self._levels.append(_NONE)
            self._compactions.append(0)
        self._levels[height + 1] = np.concatenate((self._levels[height + 1], self._compacted(height)))

    def _compacted(self, height: int) -> NDArray[np.float64]:
        """Every second one of the level's items, sorted; an odd last one, as it arrived, stays behind."""
        items = self._levels[height]
        paired = len(items) - len(items) % 2
        # The offset flips at every second compaction of a level: 0, 1, 1, 0, 0, 1, 1, ...
        offset = (self._compactions[height] + 1) // 2 % 2
        self._compactions[height] += 1
        self._levels[height] = items[paired:]
        return _sorted_as_java(items[:paired])[offset::2]


def _sorted_as_java(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ascending, -0.0 before 0.0: numpy takes them for equal and would leave them as they came."""
    result = np.sort(values)
    zeros = np.flatnonzero(result == 0)
    # Signs are those of what came in: some processors' sorting gives two zeros one sign.
    result[zeros] = np.where(np.sort(np.signbit(values[values == 0]))[::-1], -0.0, 0.0)
    return result
