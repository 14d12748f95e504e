"""All metrics of a problem."""

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np

from monitor.model_quality import Binary, ModelQuality, Multiclass, Regression, Whole
from monitor.problem import Kind, Problem
from monitor.quality.cells import of_cells
from monitor.quality.classes import of_classes
from monitor.quality.constant import of_constant
from monitor.quality.errors import of_errors
from monitor.quality.intervals import mean
from monitor.quality.metric import Metric, metric
from monitor.quality.scored import of_scores
from monitor.stats.moments import Moments

CHIEF: Final[Mapping[Kind, tuple[str, ...]]] = {
    "binary": ("accuracy", "precision", "recall", "f1", "auc", "log_loss"),
    "multiclass": ("accuracy", "weighted_f1"),
    "regression": ("mae", "rmse", "r2"),
}
"""Those that are judged where nobody says which."""


def metrics_of(quality: ModelQuality) -> dict[str, Metric]:
    """By name, in reading order; one whose question has no answer is nan, and one that does not apply is not there."""
    return {found.name: found for found in _all(quality)}


def _all(quality: ModelQuality) -> Iterator[Metric]:
    outcome = quality.outcome
    if isinstance(outcome, Regression):
        yield from of_errors(outcome)
        return
    if isinstance(outcome, Binary):
        yield from of_cells(outcome.cells)
        yield from of_scores(outcome.scores)
    else:
        yield from of_classes(outcome)
    if quality.problem.costs:
        yield cost(outcome, quality.problem)
    yield from of_constant(outcome)


def cost(outcome: Binary | Multiclass, problem: Problem) -> Metric:
    """What a row costs on average, by what came true and what was said."""
    names = [outcome.negative, problem.positive] if isinstance(outcome, Binary) else list(outcome.classes)
    prices = np.array([[problem.costs.get(true, {}).get(said, 0.0) for said in names] for true in names])
    priced: Whole = outcome.cells[: len(names), : len(names)]
    n, total = int(outcome.cells.sum()), float((priced * prices).sum())
    if not n:
        return metric("cost", None, 0, better="lower", method="mean")
    squares = float((priced * prices**2).sum())
    costs = Moments(count=n, total=total, mean=total / n, m2=max(0.0, squares - total**2 / n))
    return metric("cost", mean(costs), n, better="lower", method="mean")
