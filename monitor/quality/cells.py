"""Metrics of the four cells of a binary problem."""

import math
from collections.abc import Iterator

from monitor.model_quality import Whole
from monitor.quality.delta import mcc
from monitor.quality.intervals import mean_of, odds
from monitor.quality.metric import Metric, metric
from monitor.stats.interval import NOTHING, Interval
from monitor.stats.shares import wilson

BETAS = {"f0_5": 0.5, "f1": 1.0, "f2": 2.0}


def of_cells(cells: Whole) -> Iterator[Metric]:
    """All that [[TN, FP], [FN, TP]] tell. A ratio of nothing to nothing is nan, but for precision, which is 0 where
    positives came true and none was said, and F with it."""
    (tn, fp), (fn, tp) = cells.tolist()
    n, positives, negatives = tn + fp + fn + tp, fn + tp, tn + fp
    recall, specificity = wilson(tp, positives), wilson(tn, negatives)
    yield metric("recall", recall, positives)
    yield metric("precision", precision(cells), tp + fp)
    yield metric("accuracy", wilson(tn + tp, n), n)
    yield metric("true_positive_rate", recall, positives)
    yield metric("true_negative_rate", specificity, negatives)
    yield metric("false_positive_rate", wilson(fp, negatives), negatives, better="lower")
    yield metric("false_negative_rate", wilson(fn, positives), positives, better="lower")
    for name, beta in BETAS.items():
        method = "Wilson interval of TP / (TP + FP + FN)" if beta == 1 else "delta method on log odds"
        yield metric(name, f_beta(cells, beta), tp + fp + fn, method=method)
    yield metric("balanced_accuracy", mean_of((recall, specificity)), n, method="MOVER of two Wilson intervals")
    yield metric("mcc", mcc(cells, cells.diagonal()), n, method="delta method on Fisher's z")


def precision(cells: Whole) -> Interval:
    """`TP / (TP + FP)`; 0 without bounds where nothing was said to be positive and something was."""
    (_, fp), (fn, tp) = cells.tolist()
    if tp + fp == 0 and fn > 0:
        return Interval(0.0, math.nan, math.nan)
    return wilson(tp, tp + fp)


def f_beta(cells: Whole, beta: float) -> Interval:
    """`(1 + b^2) TP / ((1 + b^2) TP + b^2 FN + FP)`; nan where no row is positive either way.

    F1 is `2J / (1 + J)` of `J = TP / (TP + FP + FN)`, a share, and so are its bounds. The odds of the others are
    `(1 + b^2) TP / (b^2 FN + FP)`, whose logarithm has variance `1 / TP + (b^4 FN + FP) / (b^2 FN + FP)^2`, half a row
    added to each cell.
    """
    (_, fp), (fn, tp) = cells.tolist()
    if tp + fp + fn == 0:
        return NOTHING
    if beta == 1:
        value, low, high = (2 * share / (1 + share) for share in wilson(tp, tp + fp + fn))
        return Interval(value, low, high)
    weight = beta * beta
    value = (1 + weight) * tp / ((1 + weight) * tp + weight * fn + fp)
    tp, fp, fn = tp + 0.5, fp + 0.5, fn + 0.5
    against = weight * fn + fp
    return odds(value, (1 + weight) * tp, against, 1 / tp + (weight * weight * fn + fp) / against**2)
