"""Metrics of the probabilities that a binary model gives."""

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from monitor.quality.curves import Curve
from monitor.quality.intervals import holding, mean_of_losses, odds, reach
from monitor.quality.metric import Metric, metric
from monitor.scores import Scores
from monitor.stats.auc import LEAST_OF_A_CLASS, auc_of_counts
from monitor.stats.interval import NOTHING, Interval

Floats = NDArray[np.float64]


def of_scores(scores: Scores) -> Iterator[Metric]:
    """Nothing where the model gives none."""
    n = scores.count
    if not n:
        return
    area = auc_of_counts(scores.counts[1], scores.counts[0])
    yield metric("auc", holding(area.value, *area.interval()), n, method="DeLong's interval on the logit scale")
    yield metric("au_prc", average_precision(scores), n, method="logit interval, positives as the sample")
    yield metric("log_loss", mean_of_losses(scores.losses), n, better="lower", method="mean, interval on the log scale")
    yield metric("brier", mean_of_losses(scores.squares), n, better="lower", method="mean, interval on the log scale")
    method = "ten bins of equal width; bounds allow for what chance adds"
    yield metric("expected_calibration_error", calibration_error(scores.calibration), n, better="lower", method=method)


def average_precision(scores: Scores) -> Interval:
    """Precision over the thresholds, weighted by what each adds to recall; nan without a positive.

    The standard error of its log odds is `1 / sqrt(m AP (1 - AP))`, m positives. Reference: Boyd, Eng and Page, Area
    under the precision-recall curve (ECML PKDD 2013). No bounds below 15 positives.
    """
    positives, negatives = (int(total) for total in scores.counts[::-1].sum(axis=1))
    if not positives:
        return NOTHING
    curve = Curve.of(scores)
    value = float((np.diff(curve.recalls, prepend=0.0) * curve.precisions).sum())
    if positives < LEAST_OF_A_CLASS or negatives < LEAST_OF_A_CLASS:
        return Interval(value, math.nan, math.nan)
    inner = min(max(value, 0.5 / positives), 1 - 0.5 / positives)
    return odds(value, inner, 1 - inner, 1 / (positives * inner * (1 - inner)))


def calibration_error(bins: Floats) -> Interval:
    """Mean over rows of how far, in each bin, the share of positives is from the mean score. Shape: (3, bins).

    Chance alone makes this more than nothing: `E|N(d, s)| = s sqrt(2 / pi) exp(-d^2 / 2 s^2) + d (1 - 2 Phi(-d / s))`
    in a bin d off, whose share of positives has the standard error s. The lower bound is lower by that excess.
    Reference: Guo, Pleiss, Sun and Weinberger, On calibration of modern neural networks (ICML 2017).
    """
    rows, positives, totals = bins[:, bins[0] > 0]
    if not len(rows):
        return NOTHING
    weights = rows / rows.sum()
    off = np.abs(positives - totals) / rows
    shares = (positives + 0.5) / (rows + 1)
    errors = np.sqrt(shares * (1 - shares) / rows)
    expected = errors * math.sqrt(2 / math.pi) * np.exp(-(off**2) / (2 * errors**2)) + off * (
        1 - 2 * ndtr(-off / errors)
    )
    value, excess = float((weights * off).sum()), float((weights * (expected - off)).sum())
    by = reach() * math.sqrt(float((weights**2 * errors**2).sum()))
    return Interval(value, max(0.0, value - excess - by), min(1.0, value + by))
