"""Tails: how much further than a normal's the furthest of many distances lies."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from monitor.policy.look import Floats

NOTEWORTHY = 0.95  # the quantile of a normal's largest distance up to which a largest distance is chance
SURE = 0.9999  # beyond this quantile over all features it was no normal law, nor a rare count's, which is skewed
CLEARLY = 3.5  # standard errors of a kurtosis beyond a normal's


def largest(quantile: float, number: int) -> float:
    """The quantile of the largest of `number` independent |N(0, 1)|.

    >>> round(largest(0.5, 1), 4), round(largest(0.95, 1000), 2)
    (0.6745, 4.05)
    """
    return -float(ndtri((1 - quantile ** (1 / max(number, 1))) / 2))


def inflation(furthest: Floats, number: int) -> Floats:
    """1 unless a largest distance is beyond the 95 % point of a normal's; then its ratio to the normal's median one."""
    return np.where(furthest > largest(NOTEWORTHY, number), furthest / largest(0.5, number), 1.0)


def heavy_in(sizes: Floats, first: NDArray[np.int64], middle: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Features in which distances lie that no normal law brings, (features,); `sizes` (windows, cells) are in standard
    deviations, `first` the first share of each feature, `middle` the middle one of those where it is common enough.

    All features, where the mean kurtosis of the middle shares is no normal law's: each shows few of the shocks that it
    will have. The window that lies furthest out is left aside there, for one bad hour is no law. The kurtosis of n
    normal numbers has the standard error sqrt(24 / n).
    """
    among = sizes[:, middle]
    among = among[among.max(axis=1, initial=0.0).argsort()[:-1]]
    squares = (among**2).mean(axis=0)
    kurtosis = (among[:, squares > 0] ** 4).mean(axis=0) / squares[squares > 0] ** 2
    if kurtosis.size and kurtosis.mean() - 3 > CLEARLY * np.sqrt(24 / (len(among) * kurtosis.size)):
        return np.ones(len(first), dtype=bool)
    furthest = np.maximum.reduceat(sizes.max(axis=0, initial=0.0), first)
    found: NDArray[np.bool_] = furthest > largest(SURE, 4 * len(sizes) * len(first))
    return found
