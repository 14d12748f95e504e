"""Enough: from how many rows on a threshold means anything."""

import math
from collections.abc import Mapping
from typing import Final

from scipy.special import chdtri, ndtri

from monitor.stats.rosetta import MEASURES, from_deviations, in_deviations

# What chance makes of a divergence D is chi-squared in `factor x n_h x D`; a distance is its root, in the unit given.
_DIVERGENCES: Final[Mapping[str, tuple[float, float, float]]] = {
    "psi": (1.0, 1.0, 1.0),
    "js": (8.0, 2.0, math.log(2)),
    "js_e": (8.0, 2.0, 1.0),
    "hellinger": (8.0, 2.0, 1.0),
}
# Noise of these is not that of a mean alone; measured on normal windows of 150 rows at 1, 5 and 10 % (1.03 to 1.13 and
# 1.09 to 1.19 times as much). Cramer-von Mises' is `sqrt(.461 / (.0919 x 1.96^2))` by its own law at 5 %.
_WIDER: Final[Mapping[str, float]] = {"w1": 1.1, "energy": 1.15, "cvm": 1.15}


def rows_for(threshold: float, measure: str, cells: int, n_base: float, alpha: float = 0.05) -> int | None:
    """Rows of a window from which on chance alone stays below the threshold, but for a share `alpha` of windows.

    n is the least with `1/n + 1/n_base <= 1/n_h`. Divergences t of K cells: `n_h >= chi2inv(1 - alpha, K - 1) / (c
    t)`, c = 1 for PSI, 8 for Jensen-Shannon and Hellinger (of the squared distance, in nats). KS and L-infinity:
    `ln(2 / alpha) / (2 t^2)`. TV: `(sqrt(K - 1) / sqrt(2 pi) + z sqrt((1 - 2/pi) / 4))^2 / t^2`, cells of equal share.
    AUC: `z^2 / (12 (t - 1/2)^2)`, one sided. All others: `(z / t)^2`, t as the angle or the standard deviations that
    it equals (1.1 times z for W1, 1.15 for energy and Cramer-von Mises). None: no number would do against so small a
    baseline. ValueError for a threshold that is none.

    Reference: Yurdakul (2018) for PSI; Massart (1990) for KS; Hanley and McNeil, Radiology 143 (1982), 29, for AUC.

    By hand: chi2inv(.95, 9) = 16.92; PSI .1 needs n_h = 169.2, which is 173 rows against 10,000.

    >>> rows_for(0.1, "psi", 10, 10_000), rows_for(0.1, "ks", 12, 10_000), rows_for(0.1, "psi", 10, 100)
    (173, 188, None)
    """
    in_deviations(threshold, measure)
    if not threshold > MEASURES[measure].rest:
        return None
    needed = _together_for(threshold, measure, max(2, cells), alpha)
    spare = 1 / needed - (1 / n_base if n_base > 0 else math.inf)
    return math.ceil(1 / spare - 1e-9) if spare > 0 else None


def _together_for(threshold: float, measure: str, cells: int, alpha: float) -> float:
    """n_h, the rows that both sides are to be worth."""
    if measure in _DIVERGENCES:
        factor, power, unit = _DIVERGENCES[measure]
        return float(chdtri(cells - 1, alpha) / (factor * unit * threshold**power))
    if measure in ("ks", "linf"):
        return math.log(2 / alpha) / (2 * threshold**2)
    either, one = -float(ndtri(alpha / 2)), -float(ndtri(alpha))
    if measure == "tv":
        chance = math.sqrt((cells - 1) / (2 * math.pi)) + one * math.sqrt((1 - 2 / math.pi) / 4)
        return (chance / threshold) ** 2
    if measure == "auc":
        return one**2 / (12 * (threshold - 0.5) ** 2)
    if measure in ("rows", "angle"):
        threshold = from_deviations(in_deviations(threshold, measure), "angle")
    elif measure in ("energy", "cvm"):
        threshold = in_deviations(threshold, measure)
    return (_WIDER.get(measure, 1.0) * either / threshold) ** 2
