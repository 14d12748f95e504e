"""How far from nothing a chi-squared number is: the non-centrality, with an interval that holds at zero too."""

import math
from typing import Final

from scipy.special import chndtr, chndtrinc, ndtri

from monitor.stats.interval import LEVEL

LARGE: Final = 1e4  # beyond it the root is normal to four digits, and the exact inversion takes milliseconds


def noncentrality(statistic: float, freedom: float, level: float = LEVEL) -> tuple[float, float]:
    """Bounds of the non-centrality lambda of a number that is chi-squared with it. Range 0..inf; nan stays nan.

    The lower bound solves `P(chi2'(lambda) >= X) = level / 2`, the upper `P(chi2'(lambda) <= X) = level / 2`; 0 where
    none does. Unlike the delta method it holds where the truth is 0. For the upper bound X counts as at least
    `freedom`, what chance gives on average: luck must not pass for certainty. Beyond X = 10,000: `(sqrt(X - df + 1)
    -+ z)^2`.

    Reference: Kent and Hainsworth, Communications in Statistics 24 (1995), 2019.

    >>> [round(bound, 2) for bound in noncentrality(20.0, 1.0)], noncentrality(5.0, 9.0)[0]
    ([6.31, 41.37], 0.0)
    """
    if math.isnan(statistic):
        return math.nan, math.nan
    if statistic > LARGE:
        root, reach = math.sqrt(max(0.0, statistic - freedom + 1)), -float(ndtri(level / 2))
        return max(0.0, root - reach) ** 2, (root + reach) ** 2
    is_clear = float(chndtr(statistic, freedom, 0.0)) > 1 - level / 2
    low = float(chndtrinc(statistic, freedom, 1 - level / 2)) if is_clear else 0.0
    return low, float(chndtrinc(max(statistic, freedom), freedom, level / 2))
