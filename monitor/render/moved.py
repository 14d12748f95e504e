"""What a feature of numbers did, in the unit it has: its median now and in the baseline, and how far apart they are."""

import math

from monitor.feature import Feature, Numeric
from monitor.stats.differences import quantile_difference
from monitor.wording import number, percent

MIDDLE = 0.5


def median(now: Feature | None, base: Feature | None) -> str:
    """The medians of both sides with the interval of their difference; empty where one of them has no numbers.

    In per cent of the baseline's, where that is not 0.
    """
    if not (isinstance(now, Numeric) and isinstance(base, Numeric) and now.quantiles.count and base.quantiles.count):
        return ""
    before, after = base.median, now.median
    effects = (now.design_effect, base.design_effect)
    value, low, high = quantile_difference(now.quantiles, base.quantiles, MIDDLE, effects)
    if not all(map(math.isfinite, (before, after, value, low, high))):
        return ""
    told = f"median {number(before)} in the baseline, {number(after)} now"
    by_chance = ", so that it may be chance" if low <= 0 <= high else ""
    texts = [percent(one / before, sign=True) if before > 0 else _signed(one) for one in (value, low, high)]
    return f"{told}: {texts[0]} (95 % sure of {texts[1]} to {texts[2]}{by_chance})"


def _signed(value: float) -> str:
    return f"{'+' if value > 0 else ''}{number(value)}"
