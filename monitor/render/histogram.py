"""Equal bins on the axis of a feature's own numbers, the same for both sides, from their quantile summaries."""

from dataclasses import dataclass

import numpy as np

from monitor.feature import Numeric
from monitor.render.axis import Floats, multiples, round_step
from monitor.stats.quantiles import Quantiles

MOST_BINS = 24
ENDS = (0.005, 0.995)  # quantiles between which bins lie at least; what lies beyond is one bar at either end
REACHES = (0.005, 0.05, 0.25, 0.5, 0.75, 0.95, 0.995)  # quantiles of now that are drawn where they are not far away
MOST_IN_ONE = 0.5  # of the baseline's numbers in one bin; beyond, equal bins show next to nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    """Shares of all rows. `edges` has one more than bins; `now` and `base` one more bin at either end.

    A bin holds its lower edge and not its upper one; `shift` is how far it lies below the number it is named by.
    """

    edges: Floats
    now: Floats
    base: Floats
    shift: float = 0.0


def histogram(now: Numeric, base: Numeric) -> Histogram | None:
    """Both sides on the same bins; None where equal bins would not show the baseline's spread."""
    if base.is_discrete or not base.quantiles.count:
        return None
    whole = base.type == "Integral"
    low, high = _ends(now, base)
    step = round_step(high - low, MOST_BINS, whole=whole)
    edges = multiples(low, high, step)
    if len(edges) < 4:
        return None
    shift = 0.5 if whole else 0.0  # each bin then holds the same number of whole numbers
    edges = edges - shift
    shares = _shares(base, edges)
    if shares.max() > MOST_IN_ONE * base.count / max(1, base.rows):
        return None
    return Histogram(edges=edges, shift=shift, now=_shares(now, edges), base=shares)


def _ends(now: Numeric, base: Numeric) -> tuple[float, float]:
    """The baseline without far tails, and as much of now as lies up to that width to either side."""
    low, high = base.quantiles.quantile(np.array(ENDS)).tolist()
    width = high - low
    if not width > 0:
        return low, low
    low = base.low if base.low >= low - width / 4 else low
    high = base.high if base.high <= high + width / 4 else high
    if not now.quantiles.count:
        return low, high
    inside = now.quantiles.quantile(np.array(REACHES))
    inside = inside[(inside >= low - width) & (inside <= high + width)]
    return min([low, *inside.tolist()]), max([high, *inside.tolist()])


def _shares(feature: Numeric, edges: Floats) -> Floats:
    below = np.array([*_below(feature.quantiles, edges), feature.quantiles.count])
    return np.diff(below, prepend=0) / max(1, feature.rows)


def _below(quantiles: Quantiles, edges: Floats) -> list[int]:
    """How many values lie below each edge."""
    values, weights = quantiles.cdf()
    found: list[int] = np.concatenate(([0], weights))[np.searchsorted(values, edges, side="left")].tolist()
    return found
