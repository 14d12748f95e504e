"""Distance: how far a feature's distribution has moved, judged at the baseline's cells."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.estimate import Estimate, freedom_of
from monitor.feature import Categorical, Counts, Feature, Numeric
from monitor.stats.angle import angle, observed_angle, share_at
from monitor.wording import number, percent

METHOD = "largest shift over cells, angle interval, design effect from slices"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """The largest shift of a share of rows, the cell it was seen at, and the share `before`."""

    estimate: Estimate
    cell: str
    before: float


def largest_shift(now: Feature, base: Feature) -> Shift | None:
    """The cell whose share moved furthest on the angle scale; None where the baseline has nothing to compare.

    Numeric: the shares at or below each cut (the largest gap between two distribution functions at the cuts, as
    Kolmogorov-Smirnov's). Categorical: the share of each category, of the other known ones and of the never seen
    (the L-infinity distance); fresh rows bring new values, so that cell is held against what the baseline lets expect.
    A share that fell is told as the share of the rest, which rose.
    """
    if isinstance(now, Numeric) and isinstance(base, Numeric):
        counts, base_counts, total, base_total = _below(now), _below(base), now.count, base.count
    elif isinstance(now, Categorical) and isinstance(base, Categorical):
        counts, base_counts, total, base_total = now.cells[:-1], expected_counts(base), now.present, base.present
    else:
        return None
    if len(counts) == 0 or base_total == 0:
        return None
    before = _angles(base_counts, base_total, base.design_effect)
    gaps = _angles(counts, total, now.design_effect) - before
    at = int(np.argmax(np.abs(np.nan_to_num(gaps))))
    rose = not gaps[at] < 0
    origin = float(before[at]) if rose else np.pi - float(before[at])
    share = float(base_counts[at]) / base_total
    return Shift(
        estimate=Estimate(
            value=abs(float(counts[at]) / total - share) if total else float("nan"),
            centre=abs(float(gaps[at])),
            spread=now.design_effect,
            fixed=base.design_effect / base_total,
            scale="angle",
            origin=origin,
            freedom=freedom_of(now),
            looks=2 * len(counts),
            n_now=int(total),
            n_base=int(base_total),
            method=METHOD,
        ),
        cell=_places(base)[0 if rose else 1][at],
        before=share if rose else 1 - share,
    )


def _angles(counts: Counts, total: int, design_effect: float) -> NDArray[np.float64]:
    """In rows that are worth one each: a count of none among rows that repeat each other says less."""
    return observed_angle(counts / design_effect, total / design_effect)


def _below(feature: Numeric) -> Counts:
    """Rows at or below each cut; of a constant baseline, which has none, rows below its number and at or below it."""
    return feature.below_cuts if len(feature.cuts) else np.cumsum(feature.cells)[:2]


def _places(base: Numeric | Categorical) -> tuple[list[str], list[str]]:
    """Each cell in words, and what is not in it."""
    if isinstance(base, Categorical):
        cells = [*map(repr, base.values), "other known values", "values never seen before"]
        return [f"with {cell}" for cell in cells], [f"with anything but {cell}" for cell in cells]
    if not len(base.cuts):
        return (
            [f"below {base.low:.6g}", f"at or below {base.high:.6g}"],
            [f"at or above {base.low:.6g}", f"above {base.high:.6g}"],
        )
    return [f"at or below {cut:.6g}" for cut in base.cuts], [f"above {cut:.6g}" for cut in base.cuts]


def expected_counts(base: Categorical) -> Counts:
    """What as many fresh rows would count: some never seen, at the cost of the rare known ones."""
    counts = base.cells[:-1].copy()
    counts[-1] = base.once
    counts[-2] = max(0, counts[-2] - base.once)
    return counts


def rows_at(tolerance: float, origin: float) -> float:
    """A tolerance given in rows at the median, in rows at a share whose angle is `origin`.

    2.5 % of rows at the median are 0.05 on the angle scale at every cut: fewer rows in the tails, where a shift of
    as many would be a larger one.

    >>> round(rows_at(0.025, float(angle(0.5))), 4), round(rows_at(0.025, float(angle(0.05))), 4)
    (0.025, 0.0115)
    """
    reach = float(angle(0.5 + tolerance) - angle(0.5))
    return float(share_at(origin + reach) - share_at(origin))


def moved(now: Feature, base: Feature, shift: Shift) -> str:
    """The shift in words: how the median moved where there is one, and the rows that changed sides."""
    if not shift.estimate.n_now:
        return "no value was read"
    told = f"rows {shift.cell}: {percent(shift.before)} -> {percent(shift.before + shift.estimate.value)}"
    if not (isinstance(now, Numeric) and isinstance(base, Numeric)) or base.is_discrete:
        return told
    middle, spread = base.median, now.design_effect * 0.25 / now.count
    reach = 1.96 * math.sqrt(spread)
    low, high = now.quantiles.quantile(np.array([max(0.0, 0.5 - reach), min(1.0, 0.5 + reach)])).tolist()
    median = f"median {number(middle)} -> {number(now.median)}"
    if middle:
        change, least, most = (f"{(value - middle) / abs(middle) * 100:+.2g}" for value in (now.median, low, high))
        median += f", {change} % [{least}, {most}]"
    return f"{median}; {told}"
