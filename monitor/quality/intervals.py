"""Intervals that several metrics share."""

import math
from collections.abc import Sequence

from scipy.special import expit, ndtri

from monitor.stats.interval import LEVEL, NOTHING, Interval
from monitor.stats.moments import Moments


def reach(level: float = LEVEL) -> float:
    """Standard errors from the middle of an interval to its ends.

    >>> round(reach(), 2)
    1.96
    """
    return -float(ndtri(level / 2))


def mean(values: Moments, level: float = LEVEL) -> Interval:
    """Mean of the values, by the central limit theorem: `mean -+ z sd / sqrt(n)`; no row: nan, of one no bounds.

    >>> import numpy as np; [round(x, 2) for x in mean(Moments.of(np.array([1.0, 3.0] * 50)))]
    [2.0, 1.8, 2.2]
    """
    if not values.count:
        return NOTHING
    if values.count < 2:
        return Interval(values.mean, math.nan, math.nan)
    by = reach(level) * math.sqrt(values.m2 / (values.count - 1) / values.count)
    return Interval(values.mean, values.mean - by, values.mean + by)


def mean_of_losses(values: Moments, level: float = LEVEL) -> Interval:
    """The same of values that are never negative, from the logarithm of the mean: `mean exp(-+ z se / mean)`.

    No end is below 0, and the long tail of losses is on the side where it belongs.
    """
    value, low, high = mean(values, level)
    if not value > 0 or not math.isfinite(high):
        return Interval(value, low, high)
    by = min(700.0, (high - value) / value)
    return Interval(value, value * math.exp(-by), value * math.exp(by))


def odds(value: float, favourable: float, against: float, variance: float, level: float = LEVEL) -> Interval:
    """Of a share whose odds are `favourable / against`, with the variance of the logarithm of these odds.

    The value itself may lie at 0 or 1.
    """
    centre, by = math.log(favourable / against), reach(level) * math.sqrt(variance)
    return holding(value, float(expit(centre - by)), float(expit(centre + by)))


def holding(value: float, low: float, high: float) -> Interval:
    """Bounds widened to hold the value itself, where a correction has moved them past it; nan stays nan."""
    if math.isnan(low) or math.isnan(high):
        return Interval(value, math.nan, math.nan)
    return Interval(value, min(low, value), max(high, value))


def mean_of(found: Sequence[Interval]) -> Interval:
    """Mean of k independent numbers from their own intervals (MOVER); of none: nan.

    `m - sqrt(sum of (value - low)^2) / k`, likewise above. Reference: Donner and Zou, Statistical Methods in Medical
    Research 21 (2012), 347.
    """
    if not found:
        return NOTHING
    size = len(found)
    middle = sum(one.value for one in found) / size
    down = math.hypot(*(one.value - one.low for one in found)) / size
    return Interval(middle, middle - down, middle + math.hypot(*(one.high - one.value for one in found)) / size)
