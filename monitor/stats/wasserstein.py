"""Wasserstein-1: how far, on average, each row would have to move to make one side of the other."""

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from monitor.stats.gaps import Gaps
from monitor.stats.interval import LEVEL, NOTHING, Floats, Interval

DEVIATIONS: float = 3.29  # between the .05 and the .95 quantile of a normal


def robust_unit(points: ArrayLike, below: ArrayLike) -> float:
    """Deviation of the normal with the same .05 and .95 quantiles: `(q95 - q05) / 3.29`; 0 where they are equal.

    `below` is how many values lie at or below each of the ascending points, the last of them all; quantiles between
    points are interpolated. Unlike the standard deviation one far value does not change it. Empty: nan.

    Reference: Iglewicz, Robust scale estimators, in Hoaglin et al., Understanding Robust and Exploratory Data
    Analysis (1983).

    >>> round(robust_unit([-1.645, 1.645, 9.0], [5, 95, 100]), 4)
    1.0
    """
    points, below = np.asarray(points, dtype=np.float64), np.asarray(below, dtype=np.float64)
    if not len(below) or not below[-1]:
        return math.nan
    low, high = np.interp([0.05, 0.95], below / below[-1], points).tolist()
    return float(high - low) / DEVIATIONS


def wasserstein(gaps: Gaps, widths: Floats, level: float = LEVEL) -> Interval:
    """`W1 = sum_b w_b |F_b - G_b|`, the area between the two distribution functions. Unit: that of the widths.

    `widths`, shape (points,), are those of the points divided by the unit that is wanted (`robust_unit`). Range
    0..inf; either side empty: nan. Chance alone gives `W_0 = sqrt(2 / pi) sum_b w_b sqrt(F_b (1 - F_b) / n_h)`, taken
    off in squares: `sqrt(W1^2 - W_0^2)`. With s the gaps' signs, var = (s w)' Sigma (s w) and z normal, the lower
    bound is `W1 - W_0 - z sd`, at least 0, the upper `W1 + z sd`.

    Reference: del Barrio, Gine, Matran, Annals of Probability 27 (1999), 1009.

    By hand: gaps -.1 and -.1 of width 1: .2; W_0 = .7979 (sqrt(.1275) + sqrt(.2475)) / sqrt(5000) = .0096.

    >>> gaps = Gaps.of([1000, 3000, 6000], [2000, 3000, 5000])
    >>> round(wasserstein(gaps, np.ones(2)).value, 4)
    0.1998
    """
    if not gaps.rows:
        return NOTHING
    raw = float((widths * np.abs(gaps.gap)).sum())
    chance = math.sqrt(2 / math.pi / gaps.rows) * float((widths * np.sqrt(gaps.share * (1 - gaps.share))).sum())
    signed = widths * np.sign(gaps.gap)
    reach = -float(ndtri(level / 2)) * math.sqrt(float((signed[:, None] * gaps.covariance() * signed).sum()))
    return Interval(math.sqrt(max(0.0, raw - chance) * (raw + chance)), max(0.0, raw - chance - reach), raw + reach)
