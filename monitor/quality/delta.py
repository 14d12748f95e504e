"""The delta method on a table of what came true by what was said: metrics that are smooth functions of its shares."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.model_quality import Whole
from monitor.quality.intervals import holding, reach
from monitor.stats.interval import NOTHING, Interval
from monitor.stats.shares import wilson

Floats = NDArray[np.float64]
ADDED = 2.0  # rows, spread over all cells: half a one to each of four


def weighted_f(cells: Whole, right: Whole, beta: float) -> Interval:
    """Each class's F by its share of what came true: `sum s F`, `F = (1 + b^2) t / (b^2 s + q)`; b = 0: precision.

    s, q and t are shares of all rows that came out as a class, were said to be it, and both; `right` are the rows t. A
    class that was never said has F = 0. The bounds are Wilson's of as many rows as the variance is worth.
    """
    n = int(cells.sum())
    if not n:
        return NOTHING
    true, said, both = cells.sum(axis=1) / n, cells.sum(axis=0) / n, right / n
    weight = beta * beta
    below = weight * true + said
    with np.errstate(divide="ignore", invalid="ignore"):
        each = np.where(below > 0, (1 + weight) * both / below, 0.0)
        for_right = np.where(below > 0, (1 + weight) * true / below, 0.0)
        for_said = np.where(below > 0, -true * each / below, 0.0)
    value = min(1.0, float((true * each).sum()))
    variance = _variance(cells, right, for_right, each + weight * for_said, for_said)
    return of_share(value, variance, n)


def of_share(value: float, variance: float, n: float) -> Interval:
    """Wilson's bounds of a number within 0..1 with this variance: those of `p (1 - p) / variance` rows, n where it does
    not vary."""
    worth = value * (1 - value) / variance if variance > 0 and 0 < value < 1 else n
    return wilson(value * worth, worth)


def mcc(cells: Whole, right: Whole) -> Interval:
    """Matthews' correlation of what was said and what came true, -1..1; nan where either does not vary.

    `(t - sum s q) / sqrt((1 - sum s^2) (1 - sum q^2))`, with t the share that was rightly said. The bounds are the
    delta method's on atanh, with two more rows spread over all cells. Reference: Gorodkin, Computational Biology and
    Chemistry 28 (2004), 367.
    """
    n = int(cells.sum())
    value = _correlation(cells, right)
    if math.isnan(value):
        return NOTHING
    more = cells + ADDED / cells.size
    agreed = right + ADDED / cells.size
    centre = _correlation(more, agreed)
    total = float(more.sum())
    true, said = more.sum(axis=1) / total, more.sum(axis=0) / total
    of_true, of_said = 1 - float((true**2).sum()), 1 - float((said**2).sum())
    unit = 1 / math.sqrt(of_true * of_said)
    rows = centre * true / of_true - said * unit
    columns = centre * said / of_said - true * unit
    variance = _variance(more, agreed, np.full(len(true), unit), rows, columns) * total / n
    middle, by = math.atanh(centre), reach() * math.sqrt(variance) / (1 - centre**2)
    return holding(value, math.tanh(middle - by), math.tanh(middle + by))


def _correlation(cells: NDArray[Any], right: NDArray[Any]) -> float:
    total = float(cells.sum())
    if not total:
        return math.nan
    true, said = cells.sum(axis=1) / total, cells.sum(axis=0) / total
    varies = (1 - (true**2).sum()) * (1 - (said**2).sum())
    agreed = right.sum() / total - (true * said).sum()
    return float(agreed / math.sqrt(varies)) if (true < 1).all() and (said < 1).all() and varies > 0 else math.nan


def _variance(cells: NDArray[Any], right: NDArray[Any], diagonal: Floats, rows: Floats, columns: Floats) -> float:
    """`(sum p g^2 - (sum p g)^2) / n`, g the derivative by each cell's share p: that of its row, of its column and,
    for what was rightly said, of the diagonal."""
    n = float(cells.sum())
    beside = rows[:, None] + columns[None, :]
    agreed = beside.diagonal() + diagonal
    wrong = cells - np.diag(right)
    first = float((wrong * beside).sum() + (right * agreed).sum()) / n
    second = float((wrong * beside**2).sum() + (right * agreed**2).sum()) / n
    return max(0.0, second - first**2) / n
