"""The standard deviation in Model Monitor's statistics.json, to the last digit.

That product takes it from Spark, which adds a value at a time (CentralMomentAgg of apache/spark); sums of squares taken
together, as `monitor.stats.moments` takes them, differ in the last place. Ours is as right as theirs: this one is for
files that are to be equal. Rows that Spark splits over partitions are added in another order, so that nobody can equal
the last digit of large files: beyond 65,536 values this is not computed, which would be a loop over all of them.
"""

import math

import numpy as np
from numpy.typing import NDArray

MOST_VALUES = 65_536


class Deviation:
    """The population standard deviation of values in their order.

    Reference: Welford, Note on a method for calculating corrected sums of squares and products, Technometrics 4 (1962).
    """

    def __init__(self) -> None:
        self.count = 0
        self._mean = 0.0
        self._m2 = 0.0

    def extend(self, values: NDArray[np.float64]) -> None:
        """Add finite values, shape (n,), in their order; beyond the limit they are only counted."""
        if self.count + len(values) > MOST_VALUES:
            self.count += len(values)
            return
        count, mean, m2 = self.count, self._mean, self._m2
        for value in values.tolist():
            count += 1
            gap = value - mean
            step = gap / count
            mean += step
            m2 += gap * (gap - step)
        self.count, self._mean, self._m2 = count, mean, m2

    @property
    def value(self) -> float:
        """nan when empty, and beyond the limit.

        >>> deviation = Deviation()
        >>> deviation.extend(np.array([1.0, 3.0]))
        >>> deviation.value
        1.0
        """
        return math.sqrt(self._m2 / self.count) if 0 < self.count <= MOST_VALUES else math.nan
