"""Units: whether a column holds the same quantity as before, told in another unit or on another scale.

It does where one transformation, times a factor and plus an offset, carries the baseline's whole distribution onto the
window's, and a mere shift does not. Transformations that people are known to make are tried, and a factor of any size
that all quantiles agree on.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from monitor.feature import Numeric
from monitor.wording import number

Floats = NDArray[np.float64]
CHANGES: Final = (
    (1000.0, 0.0, "thousands", "ones"),
    (100.0, 0.0, "shares", "per cent"),
    (10.0, 0.0, "tens", "ones"),
    (1e6, 0.0, "millions", "ones"),
    (1e9, 0.0, "billions", "ones"),
    (1e4, 0.0, "shares", "basis points"),
    (1.8, 32.0, "degrees Celsius", "degrees Fahrenheit"),
    (1.0, 273.15, "degrees Celsius", "kelvin"),
    (5 / 9, 459.67 * 5 / 9, "degrees Fahrenheit", "kelvin"),
    (2.54, 0.0, "inches", "centimetres"),
    (25.4, 0.0, "inches", "millimetres"),
    (0.3048, 0.0, "feet", "metres"),
    (30.48, 0.0, "feet", "centimetres"),
    (12.0, 0.0, "years", "months"),
    (1.609344, 0.0, "miles", "kilometres"),
    (1609.344, 0.0, "miles", "metres"),
    (0.45359237, 0.0, "pounds", "kilograms"),
    (28.349523, 0.0, "ounces", "grams"),
    (3.785411784, 0.0, "gallons", "litres"),
    (3.6, 0.0, "metres a second", "kilometres an hour"),
    (60.0, 0.0, "minutes", "seconds"),
    (3600.0, 0.0, "hours", "seconds"),
    (24.0, 0.0, "days", "hours"),
    (1440.0, 0.0, "days", "minutes"),
    (86400.0, 0.0, "days", "seconds"),
    (7.0, 0.0, "weeks", "days"),
    (365.25, 0.0, "years", "days"),
    (1024.0, 0.0, "kibibytes", "bytes"),
    (180 / math.pi, 0.0, "radians", "degrees"),
)
"""Factor, offset, from, to; each holds the other way round too. Lengths, weights and temperatures are exact by
definition (NIST Special Publication 811, appendix B)."""
LARGE: Final = 2.0
"""From this factor on (or down from one over it) a change of scale is told though no unit is known that it fits."""
WIDEST_GAP: Final = 0.2
"""Rows too few to tell distributions apart that differ by so much say nothing about units."""
ALIKE: Final = 0.03
"""Largest gap of the two distribution functions that is allowed for besides chance: nothing repeats exactly."""
HUGE: Final = 10.0
"""The same of numbers on both sides of 0, of which a smaller factor may as well be a wider spread."""
EXACT: Final = 0.03
"""A factor that lies so near to a known one, as a part of it, may be that."""
SHARES: Final = np.arange(0.05, 0.96, 0.05)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitChange:
    """Now is about `factor` times what it was, plus `offset`. `known` are the two units that this fits, if any do."""

    factor: float
    offset: float = 0.0
    known: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """In words, without a full stop."""
        plus = f" {'plus' if self.offset > 0 else 'minus'} {number(abs(self.offset))}" if self.offset else ""
        told = f"the whole distribution is {number(self.factor)} times what it was{plus}"
        return f"{told}, as if {self.known[0]} were now told in {self.known[1]}" if self.known else told


def unit_change(now: Numeric, base: Numeric) -> UnitChange | None:
    """The change of unit that the two sides show; None where there is none, or too few rows to tell.

    Only numbers that all changed are found: where some rows are still told in the old unit, the two do not fit.
    """
    if not (now.quantiles.count and base.quantiles.count):
        return None
    room = ALIKE + _chance(now, base)
    seen, held = _points(now), _points(base)
    if room > WIDEST_GAP or _gap(seen, held) <= room:
        return None
    tried = [(_gap(seen, _moved(held, change)), change) for change in _candidates(now, base)]
    least = min((gap for gap, _ in tried), default=1.0)
    if least > room:
        return None
    gap, best = next((gap, change) for gap, change in tried if gap <= least + room / 2)
    shifted = UnitChange(factor=1.0, offset=now.median - base.median)
    if best.factor != 1.0 and gap > _gap(seen, _moved(held, shifted)) / 2:
        return None
    return best


def _candidates(now: Numeric, base: Numeric) -> Iterator[UnitChange]:
    """Known ones in both directions, the commonest first; then the factor that the quantiles have, if it is large."""
    ratio, error = _ratio(now, base)
    size = max(ratio, 1 / ratio) if ratio > 0 else math.nan
    is_one_sided = base.moments.minimum >= 0 or base.moments.maximum <= 0
    is_likely = size >= (LARGE if is_one_sided else HUGE)
    for factor, offset, before, after in CHANGES:
        for change in (
            UnitChange(factor=factor, offset=offset, known=(before, after)),
            UnitChange(factor=1 / factor, offset=-offset / factor, known=(after, before)),
        ):
            is_near = abs(ratio / change.factor - 1) <= (error if is_likely else EXACT)
            if change.offset or (is_near and (is_likely or is_one_sided)):
                yield change
    if is_likely and is_one_sided:
        yield UnitChange(factor=ratio)


def _ratio(now: Numeric, base: Numeric) -> tuple[float, float]:
    """Of the middle quantiles of the numbers that are not 0, which no factor moves, and how far it may be off, as a
    part of it; nan without any."""
    mine, theirs = _middle(now), _middle(base)
    if not (len(mine) and len(theirs)):
        return math.nan, math.nan
    ratios = mine / theirs
    ratio = float(np.median(ratios))  # so that the few quantiles around 0 do not decide
    apart = float(np.median(np.abs(ratios - ratio)))
    return ratio, max(EXACT, 3 * apart / abs(ratio)) if ratio else math.nan


def _middle(feature: Numeric) -> Floats:
    """From the 5 % quantile to that of 95 %, without zeros: shape (19,), or (0,) where there is nothing else."""
    values, below = feature.quantiles.cdf()
    weights = np.diff(below, prepend=0)[values != 0]
    if not len(weights):
        return np.zeros(0)
    at = np.searchsorted(np.cumsum(weights), SHARES * weights.sum())
    return np.asarray(values[values != 0][at])


def _chance(now: Numeric, base: Numeric) -> float:
    """Largest gap of two samples of one distribution: the 95 % quantile of Kolmogorov's law."""
    spread = now.design_effect / now.count + base.design_effect / base.count
    return 1.36 * math.sqrt(spread)


Points = tuple[Floats, Floats]
"""Values, ascending, and the share of numbers at or below each."""


def _points(feature: Numeric) -> Points:
    values, below = feature.quantiles.coarse().cdf()
    return values, below / below[-1]


def _moved(points: Points, change: UnitChange) -> Points:
    return points[0] * change.factor + change.offset, points[1]


def _gap(now: Points, base: Points) -> float:
    """Largest gap of the two distribution functions. Values that rounding pulled apart count as one."""
    reach = 1e-6 * max(float(np.abs(now[0]).max()), float(np.abs(base[0]).max()))
    at = np.concatenate((now[0], base[0])) + reach
    shares = [
        np.concatenate(([0.0], below))[np.searchsorted(values, at, side="right")] for values, below in (now, base)
    ]
    return float(np.abs(shares[0] - shares[1]).max())
