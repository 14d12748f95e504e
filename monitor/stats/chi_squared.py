"""Chi-squared and G of two samples: neither side is taken for the truth."""

import math
from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc, xlogy

from monitor.stats.interval import INDEPENDENT, LEVEL, NOTHING, Effects, Floats, Interval, effective, together
from monitor.stats.noncentral import noncentrality

LEAST_EXPECTED: Final = 5.0  # Cochran, Biometrics 10 (1954), 417


Term = Callable[[Floats, Floats], Floats]


class Tested(NamedTuple):
    """A statistic and what it says.

    `chance` is that of a `statistic` so large at its degrees of `freedom` where nothing has changed, `size` that of
    the move with its interval: (statistic - freedom) / n_h, which does not grow with the rows.
    """

    statistic: float
    freedom: int
    chance: float
    size: Interval


def chi_squared(now: ArrayLike, base: ArrayLike, effects: Effects = INDEPENDENT, level: float = LEVEL) -> Tested:
    """`sum (O - E)^2 / E` over the cells of both sides, E from their pooled shares: counts of shape (cells,). 0..inf.

    Cells of fewer than five expected rows on either side are put together. Fewer than two left: chance 1, either side
    empty: nan. (Peers that take the reference for the truth find drift in 32 to 97 % of unchanged windows.)

    Reference: Pearson, Biometrika 8 (1911), 250.

    By hand: E = 55 and 45 on either side; 2 x 25/55 + 2 x 25/45 = 2.0202.

    >>> found = chi_squared([60, 40], [50, 50]); round(found.statistic, 4), found.freedom, round(found.chance, 4)
    (2.0202, 1, 0.1552)
    """
    return _tested(now, base, effects, level, lambda seen, expected: (seen - expected) ** 2 / expected)


def g_test(now: ArrayLike, base: ArrayLike, effects: Effects = INDEPENDENT, level: float = LEVEL) -> Tested:
    """`2 sum O ln(O / E)` over the cells of both sides, E as in `chi_squared`. 0..inf.

    O and E have the same total on either side (of a peer's they have not, and its statistic may be negative).

    Reference: Woolf, Annals of Human Genetics 21 (1957), 397.

    By hand: 2 (60 ln(60/55) + 40 ln(40/45) + 50 ln(50/55) + 50 ln(50/45)) = 2.0238.

    >>> round(g_test([60, 40], [50, 50]).statistic, 4)
    2.0238
    """
    return _tested(now, base, effects, level, lambda seen, expected: 2 * xlogy(seen, seen / expected))


def _tested(now: ArrayLike, base: ArrayLike, effects: Effects, level: float, term: Term) -> Tested:
    q, p = effective(now, base, effects)
    n, m = float(q.sum()), float(p.sum())
    rows = together(n, m)
    if not rows:
        return Tested(math.nan, 0, math.nan, NOTHING)
    group = _groups((q + p) / (n + m) * min(n, m))
    q, p = (np.bincount(group, side).astype(np.float64) for side in (q, p))
    pooled = (q + p) / (n + m)
    statistic = max(0.0, float(term(q, n * pooled).sum() + term(p, m * pooled).sum()))  # below it by rounding only
    freedom = len(pooled) - 1
    low, high = (bound / rows for bound in noncentrality(statistic, max(1, freedom), level))
    size = Interval(max(0.0, statistic - freedom) / rows, low, high)
    return Tested(statistic, freedom, float(chdtrc(freedom, statistic)) if freedom else 1.0, size)


def _groups(expected: Floats) -> NDArray[np.int64]:
    """Which group each cell is in, from 0: the rarest are put together until none expects fewer than five rows.

    >>> _groups(np.array([20.0, 1.0, 3.0, 30.0])).tolist(), _groups(np.array([20.0, 30.0])).tolist()
    ([0, 0, 0, 1], [0, 1])
    """
    order = np.argsort(expected, kind="stable")
    total = np.cumsum(expected[order])
    few = int((expected < LEAST_EXPECTED).sum())
    while few and few < len(order) and total[few - 1] < LEAST_EXPECTED:
        few += 1
    group = np.empty(len(order), dtype=np.int64)
    group[order[:few]] = 0
    rest = np.sort(order[few:])
    group[rest] = np.arange(len(rest)) + bool(few)
    return group
