"""Energy distance and Cramer-von Mises: the squared gap of two distribution functions, over line or rows."""

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc

from monitor.stats.gaps import Gaps
from monitor.stats.interval import INDEPENDENT, LEVEL, NOTHING, Effects, Floats, Interval, effective
from monitor.stats.noncentral import noncentrality


def energy(gaps: Gaps, widths: Floats, level: float = LEVEL) -> Interval:
    """`sqrt(2 sum_b w_b (F_b - G_b)^2)`: counts' gaps and the points' widths, shape (points,). Range 0..inf.

    Unit: the root of the widths' (of robust deviations: `widths / robust_unit`), as scipy.stats.energy_distance of
    values in that unit. What chance gives is taken off the square. Either side empty: nan.

    Reference: Szekely and Rizzo, Journal of Statistical Planning and Inference 143 (2013), 1249.

    By hand: gaps -.1 and -.1 of width 1: 2 x .02 = .04, less 2 (.1275 + .2475) / 5000 = .00015.

    >>> gaps = Gaps.of([1000, 3000, 6000], [2000, 3000, 5000])
    >>> round(energy(gaps, np.ones(2)).value ** 2, 5)
    0.03985
    """
    return Interval(*(math.sqrt(2 * square) for square in squared_gap(gaps, widths, level)))


def cramer_von_mises(now: ArrayLike, base: ArrayLike, effects: Effects = INDEPENDENT, level: float = LEVEL) -> Interval:
    """`sum_b h_b (F_b - G_b)^2`, h the pooled share around a cell's end: counts, (cells,). Range 0..1.

    Either side empty: nan. Times n_h it is Cramer-von Mises' statistic T at the cells' ends.

    Reference: Anderson, Annals of Mathematical Statistics 33 (1962), 1148.

    >>> round(cramer_von_mises([1000, 0], [0, 1000]).value, 3), cramer_von_mises([5, 5], [50, 50]).value
    (0.5, 0.0)
    """
    return squared_gap(*_over_rows(now, base, effects), level)


def cramer_von_mises_chance(now: ArrayLike, base: ArrayLike, effects: Effects = INDEPENDENT) -> float:
    """The chance of so large a sum where nothing has changed. Range 0..1; either side empty: nan.

    n_h times the sum is a weighted sum of chi-squared numbers, whose first three moments a shifted and scaled one
    shares.

    Reference: Liu, Tang, Zhang, Computational Statistics & Data Analysis 53 (2009), 853, here with three moments
    (Pearson).

    >>> cramer_von_mises_chance([5, 5], [50, 50]), cramer_von_mises_chance([90, 10], [50, 50]) < 0.001
    (1.0, True)
    """
    gaps, weight = _over_rows(now, base, effects)
    if not gaps.rows:
        return math.nan
    matrix = weight[:, None] * gaps.covariance()
    square = _product(matrix, matrix)
    first, second, third = np.trace(matrix), np.trace(square), float((square * matrix.T).sum())
    if not third > 0:
        return 1.0
    freedom = float(second**3 / third**2)
    at = (float((weight * gaps.gap**2).sum()) - float(first)) / math.sqrt(2 * float(second))
    return float(chdtrc(freedom, max(0.0, freedom + at * math.sqrt(2 * freedom))))


def squared_gap(gaps: Gaps, weight: Floats, level: float = LEVEL) -> Interval:
    """`Q = sum_b w_b (F_b - G_b)^2` less what chance gives, `sum_b w_b F_b (1 - F_b) / n_h`; at least 0. Empty: nan.

    Q is like `g chi2'_v(lambda)`, the truth g lambda: near nothing with g = tr(A^2) / tr(A), A = W Sigma, in the
    direction d of the gaps with g = d' W Sigma W d / Q; the larger one, and v = tr(A) / g, give the bounds.

    Reference: Box, Annals of Mathematical Statistics 25 (1954), 290, for the scaled chi-squared law.

    >>> found = squared_gap(Gaps.of([50, 50], [500, 500]), np.ones(1)); found.value, found.low, found.high > 0
    (0.0, 0.0, True)
    """
    if not gaps.rows:
        return NOTHING
    raw = float((weight * gaps.gap**2).sum())
    sigma = gaps.covariance()
    matrix = weight[:, None] * sigma
    chance, second = float(np.trace(matrix)), float((matrix * matrix.T).sum())
    if not second > 0:
        return Interval(raw, raw, raw)
    lean = weight * gaps.gap
    along = float((lean[:, None] * sigma * lean).sum()) / raw if raw > 0 else 0.0
    scale = max(second / chance, along)
    low, high = noncentrality(raw / scale, chance / scale, level)
    value = max(0.0, raw - chance)
    return Interval(value, min(value, scale * low), max(value, scale * high))


def _over_rows(now: ArrayLike, base: ArrayLike, effects: Effects) -> tuple[Gaps, Floats]:
    """The gaps, and as their weights half of the rows in the cells on both sides."""
    q, p = effective(now, base, effects)
    gaps = Gaps.of(now, base, effects)
    rows = (q + p) / max(1e-300, float(q.sum() + p.sum()))
    return gaps, ((rows[:-1] + rows[1:]) / 2)[: len(gaps.gap)]


def _product(a: Floats, b: Floats) -> Floats:
    """The matrix product without BLAS, which starts threads that spin."""
    product: Floats = np.einsum("ij,jk->ik", a, b)
    return product
