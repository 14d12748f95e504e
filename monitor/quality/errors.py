"""Metrics of a problem of numbers."""

import math
from collections.abc import Iterator

from monitor.model_quality import Regression
from monitor.quality.intervals import mean, mean_of_losses, reach
from monitor.quality.metric import Metric, metric
from monitor.stats.interval import NOTHING, Interval
from monitor.stats.moments import Moments
from monitor.stats.quantiles import Quantiles

QUANTILES = {"error_q05": 0.05, "error_q50": 0.5, "error_q95": 0.95}


def of_errors(found: Regression) -> Iterator[Metric]:
    """All that errors tell: what was said less what came true."""
    n = found.errors.count
    squared = mean_square(found.errors)
    on_log = "mean, interval on the log scale"
    yield metric("mae", mean_of_losses(found.absolute), n, better="lower", method=on_log)
    yield metric("mse", squared, n, better="lower", method=on_log)
    yield metric("rmse", root(squared), n, better="lower", method="root of the interval of mse")
    yield metric("r2", determination(found), n, method="delta method on the logarithm of 1 - r2")
    yield metric("mean_error", mean(found.errors), n, better=None, method="mean")
    relative, logarithmic = found.relative, found.logarithmic
    yield metric("mape", mean_of_losses(relative), relative.count, better="lower", method=on_log)
    yield metric("rmsle", root(mean_of_losses(logarithmic)), logarithmic.count, better="lower", method=on_log)
    for name, share in QUANTILES.items():
        yield metric(name, quantile(found.distribution, share), n, better=None, method="ranks, normal interval")


def mean_square(errors: Moments) -> Interval:
    """Mean of squares, with the variance of squares from the fourth moment: `var(e^2) = E e^4 - (E e^2)^2`."""
    return mean_of_losses(squares_of(errors))


def squares_of(values: Moments) -> Moments:
    """Count, mean and m2 of the squares of these values, about nought."""
    n = values.count
    if not n:
        return Moments()
    centre = values.mean
    total = values.m2 + n * centre**2
    fourth = values.m4 + 4 * centre * values.m3 + 6 * centre**2 * values.m2 + n * centre**4
    return Moments(count=n, total=total, mean=total / n, m2=max(0.0, fourth - total**2 / n))


def root(found: Interval) -> Interval:
    """Of each number; a root of less than nothing is nan."""
    value, low, high = (math.sqrt(number) if number >= 0 else math.nan for number in found)
    return Interval(value, low, high)


def determination(found: Regression) -> Interval:
    """`1 - A / B`, A the mean squared error and B the variance of what came true; nan where that does not vary.

    `log(A / B)` has the variance `(var u / A^2 + var v / B^2 - 2 cov(u, v) / (A B)) / n`, u squared errors and v
    squared distances of what came true from its mean.
    """
    truth, n = found.truth, found.truth.count
    if n < 2 or not truth.m2 > 0:
        return NOTHING
    errors, variance = squares_of(found.errors), truth.m2 / n
    value = 1 - found.squares / truth.m2
    if not errors.mean > 0 or not math.isfinite(found.squares):
        return Interval(value, math.nan, math.nan)
    spread = errors.m2 / n / errors.mean**2 + (truth.m4 / n - variance**2) / variance**2
    spread -= 2 * (found.leaning[1] / n - errors.mean * variance) / (errors.mean * variance)
    by = min(700.0, reach() * math.sqrt(max(0.0, spread) / n))
    return Interval(value, 1 - (1 - value) * math.exp(by), 1 - (1 - value) * math.exp(-by))


def quantile(values: Quantiles, share: float) -> Interval:
    """The quantile, between those whose ranks chance could have given it: `share -+ z sqrt(share (1 - share) / n)`."""
    if not values.count:
        return NOTHING
    by = reach() * math.sqrt(share * (1 - share) / values.count)
    low, high = max(0.0, share - by), min(1.0, share + by)
    return Interval(values.quantile(share), values.quantile(low), values.quantile(high))
