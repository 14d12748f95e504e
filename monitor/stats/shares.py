"""A share of rows and the difference of two, with intervals that hold near 0 and 1."""

import math

from scipy.special import ndtri

from monitor.stats.interval import LEVEL, NOTHING, Interval


def wilson(count: float, total: float, effect: float = 1.0, level: float = LEVEL) -> Interval:
    """Share of `count` rows in `total`, 0..1. No rows: nan. `effect` is their design effect.

    `(p + z^2/2n -+ z sqrt(p (1 - p)/n + z^2/4n^2)) / (1 + z^2/n)`, n = total / effect.

    Reference: Wilson, JASA 22 (1927), 209. The example is Newcombe's (Statistics in Medicine 17 (1998), 857), 81 of
    263.

    >>> [round(number, 4) for number in wilson(81, 263)]
    [0.308, 0.2553, 0.3662]
    """
    if not total > 0:
        return NOTHING
    n, p, z = total / max(1.0, effect), count / total, -float(ndtri(level / 2))
    middle, reach = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low, high = (middle - reach) / (1 + z * z / n), (middle + reach) / (1 + z * z / n)
    return Interval(p, max(0.0, min(p, low)), min(1.0, max(p, high)))


def newcombe(now: Interval, base: Interval) -> Interval:
    """Difference now less base of two independent numbers from their own intervals (MOVER). Range of shares: -1..1.

    `d - sqrt((a - low_a)^2 + (high_b - b)^2)` to `d + sqrt((high_a - a)^2 + (b - low_b)^2)`. nan stays nan.

    Reference: Newcombe, Statistics in Medicine 17 (1998), 873, method 10, whose example (a) is 56/70 less 48/80;
    Donner and Zou, Statistical Methods in Medical Research 21 (2012), 347, for any numbers.

    >>> [round(number, 4) for number in newcombe(wilson(56, 70), wilson(48, 80))]
    [0.2, 0.0524, 0.3339]
    """
    apart = now.value - base.value
    down = math.hypot(now.value - now.low, base.high - base.value)
    return Interval(apart, apart - down, apart + math.hypot(now.high - now.value, base.value - base.low))
