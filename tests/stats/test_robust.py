"""Robust z-scores, against the numbers themselves."""

import math

import numpy as np
import pytest
from scipy.stats import median_abs_deviation

from monitor.stats.quantiles import Quantiles
from monitor.stats.robust import fences, outside


@pytest.mark.parametrize("count", [1, 2, 10, 999, 2000])
def test_fences_are_the_median_and_so_many_deviations(count: int) -> None:
    values = np.sort(np.random.default_rng(count).gamma(2, 3, count))
    low, high = fences(Quantiles.of_sorted(values), 3.5)
    median = np.quantile(values, 0.5, method="inverted_cdf")
    reach = 3.5 * 1.4826 * np.quantile(np.abs(values - median), 0.5, method="inverted_cdf")
    assert (low, high) == (pytest.approx(median - reach), pytest.approx(median + reach))


def test_fences_of_many_values_are_those_of_the_whole_within_a_per_cent() -> None:
    values = np.random.default_rng(1).normal(5, 2, 100_000)
    parts = [Quantiles.of_sorted(np.sort(part)) for part in np.split(values, 100)]
    low, high = fences(sum(parts, Quantiles.empty()), 3.5)
    deviation = median_abs_deviation(values, scale="normal")
    assert (low, high) == (pytest.approx(5 - 3.5 * deviation, abs=0.05), pytest.approx(5 + 3.5 * deviation, abs=0.05))


def test_fences_of_equal_values_are_that_value_and_of_none_no_number() -> None:
    assert fences(Quantiles.of_sorted(np.array([0.0, 3.0, 3.0, 3.0, 9.0])), 3.5) == (3.0, 3.0)
    assert all(math.isnan(fence) for fence in fences(Quantiles.empty(), 3.5))


@pytest.mark.parametrize(
    ("low", "high", "count"), [(0, 9, 0), (2, 2, 3), (1.5, 2.5, 3), (3, 9, 3), (9, 9, 5), (1, 3, 1)]
)
def test_outside_counts_what_lies_strictly_beyond(low: float, high: float, count: int) -> None:
    assert outside(Quantiles.of_sorted(np.array([1.0, 2.0, 2.0, 3.0, 4.0])), low, high) == count


def test_outside_of_nothing_is_nothing() -> None:
    assert outside(Quantiles.empty(), 0.0, 1.0) == 0


@pytest.mark.parametrize("batch", [1000, 65_536])
def test_outside_of_a_million_values_is_right_within_one_in_a_thousand(batch: int) -> None:
    values = np.random.default_rng(2).lognormal(size=1_000_000)
    parts = [Quantiles.of_sorted(np.sort(values[at : at + batch])) for at in range(0, len(values), batch)]
    summary = sum(parts, Quantiles.empty())
    for beyond in (0.0005, 0.001, 0.01, 0.05):
        low, high = np.quantile(values, [beyond, 1 - beyond])
        exact = np.count_nonzero((values < low) | (values > high))
        assert outside(summary, low, high) == pytest.approx(exact, abs=1000)
