"""Differences of means, variances and quantiles, from sums of powers and from summaries of quantiles."""

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri, stdtrit

from monitor.stats.interval import INDEPENDENT, LEVEL, NOTHING, Effects, Interval
from monitor.stats.moments import Moments
from monitor.stats.quantiles import Quantiles
from monitor.stats.shares import newcombe

RANK_ERROR = 0.003  # of a summary that no longer holds every value


def mean_difference(now: Moments, base: Moments, effects: Effects = INDEPENDENT, level: float = LEVEL) -> Interval:
    """Mean now less mean of base, in the base's standard deviations: `d = (x - x_0) / s_0`.

    Welch's interval: `d -+ t sqrt(s^2 / n + s_0^2 / N) / s_0`, freedom by Satterthwaite. nan where the base is
    constant, or a side has fewer than two values.

    Reference: Welch, Biometrika 34 (1947), 28.

    >>> values = np.tile([-1.0, 1.0], 50); a, b = Moments.of(values + 0.5), Moments.of(values)
    >>> [round(number, 3) for number in mean_difference(a, b)]
    [0.5, 0.221, 0.779]
    """
    if min(now.count, base.count) < 2 or not base.variance > 0:
        return NOTHING
    n, m = now.count / max(1.0, effects[0]), base.count / max(1.0, effects[1])
    if min(n, m) <= 1:
        return NOTHING
    mine, theirs = now.variance / n, base.variance / m
    part = mine / (mine + theirs)
    freedom = 1 / (part * part / (n - 1) + (1 - part) * (1 - part) / (m - 1))
    reach = -float(stdtrit(freedom, level / 2)) * math.sqrt(mine + theirs) / base.deviation
    value = (now.mean - base.mean) / base.deviation
    return Interval(value, value - reach, value + reach)


def variance_ratio(now: Moments, base: Moments, effects: Effects = INDEPENDENT, level: float = LEVEL) -> Interval:
    """Variance now over variance of base. Range 0..inf. Empty or constant on either side: nan.

    Normal on the logarithm with variance `(k - 1) / n + (k_0 - 1) / N`, k the kurtosis (3 for the normal).

    Reference: Layard, JASA 68 (1973), 195.

    By hand: values of +-1 have kurtosis 1 and no doubt about their variance; twice as far out it is four times as
    large.

    >>> values = np.tile([-1.0, 1.0], 50); tuple(variance_ratio(Moments.of(2 * values), Moments.of(values)))
    (4.0, 4.0, 4.0)
    """
    if not (now.variance > 0 and base.variance > 0):
        return NOTHING
    value = now.variance / base.variance
    doubt = sum(
        max(0.0, side.kurtosis - 1) * max(1.0, effect) / side.count
        for side, effect in zip((now, base), effects, strict=True)
    )
    reach = -float(ndtri(level / 2)) * math.sqrt(doubt)
    return Interval(value, value * math.exp(-reach), value * math.exp(reach))


def quantile(values: Quantiles, share: float, effect: float = 1.0, level: float = LEVEL) -> Interval:
    """The quantile at a share, 0..1, in the values' unit. Empty: nan.

    By ranks: from `Q(u - e)` to `Q(u + e)`, e = z sqrt(u (1 - u) / n) and the rank error of a summary that is not
    exact.

    Reference: Serfling, Approximation Theorems of Mathematical Statistics (1980), section 2.6.

    By hand: of 1 to 100 the ranks 50 -+ 9.8.

    >>> tuple(quantile(Quantiles.of_sorted(np.arange(1.0, 101.0)), 0.5))
    (50.0, 41.0, 60.0)
    """
    if not values.count:
        return NOTHING
    e = -float(ndtri(level / 2)) * math.sqrt(share * (1 - share) * max(1.0, effect) / values.count)
    e += 0.0 if values.is_exact else RANK_ERROR
    at = values.quantile(np.clip(np.array([share, share - e, share + e]), 0.0, 1.0))
    return Interval(*at.tolist())


def quantile_difference(
    now: Quantiles, base: Quantiles, share: float, effects: Effects = INDEPENDENT, level: float = LEVEL
) -> Interval:
    """Quantile now less quantile of base, in their unit; the interval is Newcombe's of the two. Empty: nan.

    >>> a = Quantiles.of_sorted(np.arange(11.0, 111.0)); b = Quantiles.of_sorted(np.arange(1.0, 101.0))
    >>> [round(number, 1) for number in quantile_difference(a, b, 0.5)]
    [10.0, -3.5, 23.5]
    """
    return newcombe(quantile(now, share, effects[0], level), quantile(base, share, effects[1], level))


def winsorised(values: Quantiles, low: float, high: float) -> Moments:
    """Moments of the values with what lies below `low` or above `high` moved there: no single value decides the mean.

    From the summary's items by their weights. The bounds are the baseline's .5 % and 99.5 % quantiles where tails are
    heavy.

    Reference: Tukey and McLaughlin, Sankhya A 25 (1963), 331.

    >>> found = winsorised(Quantiles.of_sorted(np.array([1.0, 2.0, 3.0, 1000.0])), 1.0, 4.0); found.mean, found.count
    (2.5, 4)
    """
    points, below = values.cdf()
    return _weighted(np.clip(points, low, high), np.diff(below, prepend=0))


def _weighted(points: ArrayLike, weights: ArrayLike) -> Moments:
    points, weights = np.asarray(points, dtype=np.float64), np.asarray(weights, dtype=np.int64)
    count = int(weights.sum())
    if not count:
        return Moments()
    total = float((points * weights).sum())
    off = points - total / count
    square = off * off
    return Moments(
        count=count,
        total=total,
        mean=total / count,
        m2=float((square * weights).sum()),
        m3=float((square * off * weights).sum()),
        m4=float((square * square * weights).sum()),
        minimum=float(points.min()),
        maximum=float(points.max()),
        negatives=int(weights[points < 0].sum()),
    )
