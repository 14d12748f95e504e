"""Kolmogorov-Smirnov: the largest gap between two distribution functions, seen at cuts that the baseline fixed."""

import math
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from monitor.stats.interval import INDEPENDENT, LEVEL, NOTHING, Effects, Floats, Interval, effective, together

NODES: Final = 64  # of the integral over where the bridge stands at a cut


def kolmogorov(
    now: ArrayLike,
    base: ArrayLike,
    effects: Effects = INDEPENDENT,
    level: float = LEVEL,
    *,
    between: float | None = None,
) -> Interval:
    """Largest gap `D = max_k |F(k) - G(k)|` at the ends of ordered cells, counts of shape (cells,). Range 0..1.

    The bounds are `D -+ sqrt(ln(2 / level) / 2) sqrt(1/n + 1/N)` (Dvoretzky, Kiefer, Wolfowitz; both sides of it hold
    at once), and the upper one goes up by what may hide `between` the ends: how much larger the largest gap of the
    full distribution functions is, where that is known (0: the cells are the values themselves). By default the most
    that the counts allow: inside a cell the gap is at most `max(F(k) - G(k-1), G(k) - F(k-1))`. Cells of equal rank
    on both sides; missing values are in none of them. Either side empty: nan.

    Reference: Massart, Annals of Probability 18 (1990), 1269; Wei and Dudley, Statistics & Probability Letters 82
    (2012), 636, for two samples. The delta method at the largest gap misses 5-19 % at a nominal 5 %, as the gap was
    chosen. Measured: the lower bound misses under 2 % at a nominal 2.5 %.

    By hand: gaps .1 and .2 - 0 at the ends; 1.3581 sqrt(1/100 + 1/100) = 0.1921.

    >>> found = kolmogorov([40, 40, 20], [50, 50, 0], between=0.0)
    >>> round(found.value, 4), round(found.low, 4), round(found.high, 4)
    (0.2, 0.0079, 0.3921)
    """
    n, m, gaps = _gaps(now, base, effects)
    if not together(n, m):
        return NOTHING
    value = float(np.abs(gaps).max(initial=0.0))
    reach = math.sqrt(math.log(2 / level) / 2 / together(n, m))
    hidden = _hidden(now, base) - value if between is None else between
    return Interval(value, max(0.0, value - reach), min(1.0, value + reach + max(0.0, hidden)))


def kolmogorov_chance(now: ArrayLike, base: ArrayLike, effects: Effects = INDEPENDENT) -> float:
    """The chance of so large a gap at the ends of the cells where nothing has changed. Range 0..1; empty: nan.

    `sqrt(n_h) (F - G)` at the ends is a Brownian bridge at the pooled shares t_k; the chance that it stays within
    `sqrt(n_h) D` at all of them is integrated from cut to cut. Unlike the law for every x it is right for few cells,
    ties and whole numbers too, where that one is too large.

    Reference: Doob, Annals of Mathematical Statistics 20 (1949), 393; ties: Conover, JASA 67 (1972), 591.

    By hand: of two cells the gap is normal with variance .55 x .45 / 50; 0.1 is 1.4213 deviations.

    >>> round(kolmogorov_chance([60, 40], [50, 50]), 4), kolmogorov_chance([5, 5], [7, 7])
    (0.1552, 1.0)
    """
    n, m, gaps = _gaps(now, base, effects)
    rows = together(n, m)
    if not rows:
        return math.nan
    at = np.sort(np.cumsum(sum(effective(now, base, effects)))[:-1]) / (n + m)
    reach = math.sqrt(rows) * float(np.abs(gaps).max(initial=0.0))
    return _crossing(at, reach) if reach > 0 else 1.0


def _crossing(at: Floats, reach: float) -> float:
    """The chance that a Brownian bridge is at or beyond -+reach at one of the times, ascending, 0..1."""
    places, weights = (reach * side for side in _quadrature())
    density, passed = None, 0.0
    for time in at.tolist():
        step = time - passed
        # Two cuts with hardly a row between them are one: the quadrature could not tell them apart.
        if step < (2 * reach / NODES) ** 2 or 1 - time < (2 * reach / NODES) ** 2:
            continue
        if density is None:
            density = _normal(places, step)
        else:
            # Not `@`: BLAS starts threads, which spin.
            density = ((density * weights)[:, None] * _normal(places[:, None] - places[None, :], step)).sum(axis=0)
        passed = time
    if density is None:
        return 1.0
    stays = float((density * weights * _normal(places, 1 - passed)).sum()) / float(_normal(np.zeros(1), 1.0)[0])
    return min(1.0, max(0.0, 1.0 - stays))


@cache
def _quadrature() -> tuple[Floats, Floats]:
    """Places and weights of Gauss and Legendre's rule on -1..1."""
    places, weights = np.polynomial.legendre.leggauss(NODES)
    return places, weights


def _normal(x: Floats, variance: float) -> Floats:
    return np.exp(-(x**2) / (2 * variance)) / math.sqrt(2 * math.pi * variance)


def _gaps(now: ArrayLike, base: ArrayLike, effects: Effects) -> tuple[float, float, Floats]:
    """Rows of both sides, and the gaps at the end of every cell but the last."""
    q, p = effective(now, base, effects)
    n, m = float(q.sum()), float(p.sum())
    if not (n and m):
        return n, m, np.zeros(0)
    return n, m, (np.cumsum(q) / n - np.cumsum(p) / m)[:-1]


def _hidden(now: ArrayLike, base: ArrayLike) -> float:
    """The largest gap that the counts allow anywhere."""
    q, p = effective(now, base)
    f, g = (np.concatenate(([0.0], np.cumsum(side) / side.sum())) for side in (q, p))
    return float(max((f[1:] - g[:-1]).max(), (g[1:] - f[:-1]).max()))
