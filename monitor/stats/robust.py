"""Robust z-scores: how far a number lies from the median, in deviations that outliers do not widen."""

import numpy as np

from monitor.stats.quantiles import Quantiles

NORMAL = 1.4826  # standard deviations of a normal distribution in one median absolute deviation


def fences(values: Quantiles, score: float) -> tuple[float, float]:
    """The two numbers whose robust z-score `|x - median| / (1.4826 MAD)` is `score`; nan where there are no values.

    MAD is the median of the distances from the median. It is 0 where half of the values are equal.

    Reference: Iglewicz and Hoaglin, How to Detect and Handle Outliers (1993), which take 3.5 for the score.

    >>> low, high = fences(Quantiles.of_sorted(np.array([1.0, 2.0, 3.0, 4.0, 100.0])), 3.5)
    >>> round(low, 4), round(high, 4)
    (-2.1891, 8.1891)
    """
    seen, below = values.cdf()
    if not len(seen):
        return float("nan"), float("nan")
    median = values.quantile(0.5)
    distances = np.abs(seen - median)
    order = np.argsort(distances, kind="stable")
    weights = np.diff(below, prepend=0)[order]
    middle = int(np.searchsorted(np.cumsum(weights), values.count / 2))
    reach = score * NORMAL * float(distances[order][middle])
    return median - reach, median + reach


def outside(values: Quantiles, low: float, high: float) -> int:
    """How many of the values lie below `low` or above `high`: exact as far as the summary is.

    >>> outside(Quantiles.of_sorted(np.array([1.0, 2.0, 3.0, 4.0, 100.0])), 2.0, 8.0)
    2
    """
    seen, below = values.cdf()
    ranks = np.concatenate(([0], below))
    first, last = np.searchsorted(seen, low, side="left"), np.searchsorted(seen, high, side="right")
    return int(ranks[first] + values.count - ranks[last])
