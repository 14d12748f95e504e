"""The distances between a window and its baseline that Model Monitor compares with its thresholds.

That product takes them from Deequ (Distance.scala of awslabs/deequ), with one difference here. Deequ's rank map is
keyed by item, so that a repeated value counts once, with the weight it had last: for columns of few values its numeric
distance says nothing of the rates (all zeros against all but one: 0), for skewed whole numbers it fires without a
cause. Here the weights of repeated values are added, which makes it the Kolmogorov-Smirnov distance it is meant to be.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

Method = Literal["Simple", "Robust"]
# Values and the weight of each, shapes (n,), (n,); any order, repeated or not.
Weighted = tuple[NDArray[np.float64], NDArray[np.int64]]

# Two-sample Kolmogorov-Smirnov at about 0.3 %: Knuth, The Art of Computer Programming 2 (1998), 3.3.1, as Deequ has it.
C_ALPHA: Final = 1.8
# Yates, Moore, McCabe, The Practice of Statistics (1999), p. 734: at most 20 % of expected counts below 5;
# Cochran, The chi-squared test of goodness of fit (1952): with two categories, none below 10.
LEAST_OF_MANY: Final = 5
LEAST_OF_TWO: Final = 10
FEW: Final = 0.2


def weighted(levels: Sequence[NDArray[np.float64]]) -> Weighted:
    """The items of a sketch: those of level h stand for 2**h values."""
    sizes = [len(level) for level in levels]
    weights = np.repeat(np.int64(1) << np.arange(len(sizes), dtype=np.int64), sizes)
    return np.concatenate((*levels, np.zeros(0))), weights


def cumulated(points: Weighted) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Each value once, ascending, and the weight at or below it.

    >>> values, below = cumulated((np.array([2.0, 1.0, 2.0]), np.array([1, 1, 4])))
    >>> values.tolist(), below.tolist()
    ([1.0, 2.0], [1, 6])
    """
    order = np.argsort(points[0], kind="stable")
    values, below = points[0][order], np.cumsum(points[1][order])
    is_last = np.ones(len(values), np.bool_)
    is_last[:-1] = values[1:] != values[:-1]
    return values[is_last], below[is_last]


def numeric_distance(now: Weighted, base: Weighted, method: Method = "Robust") -> float:
    """The largest gap between two distribution functions, `D = max_x |F_now(x) - F_base(x)|`. Range 0..1.

    x runs over the values of both. Robust: `max(0, D - 1.8 sqrt((n + m) / (n m)))` with the two total weights. Either
    side empty: nan.

    >>> a, b = np.arange(1.0, 5.0), np.arange(2.0, 6.0)
    >>> ones = np.ones(4, np.int64)
    >>> numeric_distance((a, ones), (b, ones), "Simple"), numeric_distance((a, ones), (b, ones))
    (0.25, 0.0)
    """
    if not len(now[0]) or not len(base[0]):
        return math.nan
    at = np.union1d(now[0], base[0])
    shares, totals = [], []
    for values, below in (cumulated(now), cumulated(base)):
        ranks = np.concatenate((np.zeros(1, np.int64), below))[np.searchsorted(values, at, side="right")]
        shares.append(ranks / below[-1])
        totals.append(int(below[-1]))
    return _corrected(float(np.abs(shares[0] - shares[1]).max()), totals[0], totals[1], method)


def categorical_distance(
    now: Mapping[str, int], base: Mapping[str, int], method: Method = "Robust", *, total: int | None = None
) -> float:
    """The largest gap between the shares of a value, `D = max_k |p_k - q_k|`. Range 0..1.

    Robust as for numbers. `total` is how many values the window had, where `now` does not name all of them. Either
    side empty: nan.

    >>> round(categorical_distance({"a": 1, "b": 3}, {"a": 2, "c": 2}, "Simple"), 2)
    0.75
    """
    n, m = sum(now.values()) if total is None else total, sum(base.values())
    if not n or not m:
        return math.nan
    gap = max(abs(now.get(value, 0) / n - base.get(value, 0) / m) for value in {**now, **base})
    return _corrected(gap, n, m, method)


def chi_squared(now: Mapping[str, int], base: Mapping[str, int], method: Method = "Robust") -> float:
    """Pearson's chi-squared over the baseline's values: its p-value (Robust, 0..1) or the statistic (Simple, 0..inf).

    Expected counts are the baseline's, scaled to the window's total over values that both have; values that only the
    window has do not count. While too many expected counts are too small (over 20 % below 5; with two values, any below
    10) the smallest is put to the second smallest. Fewer than two left: nan. Of equal counts the first in the order of
    texts is the smallest; Deequ takes whichever its hash table gives.

    Mind that a p-value falls with drift while the statistic rises. How Model Monitor holds the p-value against its
    threshold is not known; `monitor.sagemaker.violations` takes a small p-value for drift.

    >>> chi_squared({"a": 60, "b": 40}, {"a": 50, "b": 50}, "Simple")
    4.0
    """
    shared = sum(count for value, count in now.items() if value in base)
    m = sum(base.values())
    expected = {value: count / m * shared for value, count in sorted(base.items()) if count}
    observed = {value: float(now.get(value, 0)) for value in expected}
    while _is_too_sparse(expected):
        least = min(expected, key=expected.__getitem__)
        count, seen = expected.pop(least), observed.pop(least)
        second = min(expected, key=expected.__getitem__)
        expected[second] += count
        observed[second] += seen
    if len(expected) < 2:
        return math.nan
    statistic = sum((observed[value] - count) ** 2 / count for value, count in expected.items())
    return statistic if method == "Simple" else float(chdtrc(len(expected) - 1, statistic))


def _is_too_sparse(expected: Mapping[str, float]) -> bool:
    if len(expected) < 2:
        return False
    least, allowed = (LEAST_OF_TWO, 0) if len(expected) == 2 else (LEAST_OF_MANY, int(FEW * len(expected)))
    return sum(count < least for count in expected.values()) > allowed


def _corrected(distance: float, n: int, m: int, method: Method) -> float:
    return distance if method == "Simple" else max(0.0, distance - C_ALPHA * math.sqrt((n + m) / (n * m)))
