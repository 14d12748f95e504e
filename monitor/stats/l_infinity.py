"""L-infinity: the largest difference of a single share, as for categories."""

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from monitor.stats.angle import observed_angle
from monitor.stats.interval import INDEPENDENT, LEVEL, NOTHING, Effects, Interval, effective, together


def l_infinity(now: ArrayLike, base: ArrayLike, effects: Effects = INDEPENDENT, level: float = LEVEL) -> Interval:
    """`max_k |q_k - p_k|`, q now and p base: counts of shape (cells,). Range 0..1. Either side empty: nan.

    On the angle scale, a = 2 asin sqrt(share), every difference has variance 1 / n_h. The bounds of `|a_q - a_p|` at
    `z_(1 - level / 4K) / sqrt(n_h)` hold for all K cells with rows at once, also where nothing has changed. Back
    as shares, `sin((a_q + a_p) / 2) sin(|a_q - a_p| / 2)`, the largest lower and the largest upper one bound the whole.

    Reference: Cohen, Statistical Power Analysis (1988), chapter 6; Bonferroni over cells.

    By hand: angles differ by .2014 at .6 and .5; 2.4977 sqrt(1/10000 + 1/10000) = .0353 each way.

    >>> [round(number, 3) for number in l_infinity([6000, 4000], [5000, 5000])]
    [0.1, 0.082, 0.117]
    """
    q, p = effective(now, base, effects)
    n, m = float(q.sum()), float(p.sum())
    rows = together(n, m)
    if not rows:
        return NOTHING
    q, p = q[(q > 0) | (p > 0)], p[(q > 0) | (p > 0)]
    value = float(np.abs(q / n - p / m).max())
    first, second = observed_angle(q, n), observed_angle(p, m)
    apart, middle = np.abs(first - second), (first + second) / 2
    reach = -float(ndtri(level / 4 / len(apart))) / math.sqrt(rows)
    low, high = (np.sin(middle) * np.sin(np.clip(apart + side, 0.0, math.pi) / 2) for side in (-reach, reach))
    return Interval(value, min(value, float(low.max())), max(value, float(high.max())))
