"""Tails: how much further than a normal's the furthest of many distances lies."""

import numpy as np
from scipy.special import ndtri

from monitor.policy.look import Floats

NOTEWORTHY = 0.95  # the quantile of a normal's largest distance up to which a largest distance is chance
SURE = 0.99  # beyond this quantile of a normal's largest distance over all features, it was no normal law


def largest(quantile: float, number: int) -> float:
    """The quantile of the largest of `number` independent |N(0, 1)|.

    >>> round(largest(0.5, 1), 4), round(largest(0.95, 1000), 2)
    (0.6745, 4.05)
    """
    return -float(ndtri((1 - quantile ** (1 / max(number, 1))) / 2))


def inflation(furthest: Floats, number: int) -> Floats:
    """1 unless a largest distance is beyond the 95 % point of a normal's; then its ratio to the normal's median one."""
    return np.where(furthest > largest(NOTEWORTHY, number), furthest / largest(0.5, number), 1.0)
