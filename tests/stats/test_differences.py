"""Differences of means, variances and quantiles against scipy and by redraws."""

import math

import numpy as np
import pytest
from scipy import stats as oracle

from monitor.stats.differences import (
    mean_difference,
    quantile,
    quantile_difference,
    variance_ratio,
    winsorised,
)
from monitor.stats.moments import Moments
from monitor.stats.quantiles import Quantiles


def quantiles(values):
    return Quantiles.of_sorted(np.sort(values))


def test_the_mean_has_welchs_interval():
    rng = np.random.default_rng(1)
    a, b = rng.normal(0.4, 2, 60), rng.normal(0, 1, 90)
    welch = oracle.ttest_ind(a, b, equal_var=False).confidence_interval()
    found = mean_difference(Moments.of(a), Moments.of(b))
    assert found.value == pytest.approx((a.mean() - b.mean()) / b.std())
    # Population variances here, sample variances there.
    assert found[1:] == pytest.approx((welch.low / b.std(), welch.high / b.std()), rel=0.02, abs=0.005)


def test_a_mean_of_repeated_rows_is_as_doubtful_as_that_of_single_ones():
    values, base = np.arange(40.0), Moments.of(np.arange(100.0))
    once = mean_difference(Moments.of(values), base)
    five = mean_difference(Moments.of(np.repeat(values, 5)), base, (5.0, 1.0))
    assert tuple(five) == pytest.approx(tuple(once))


@pytest.mark.parametrize("law", ["normal", "exponential", "uniform"])
def test_the_ratio_of_variances_holds_the_truth(law):
    rng = np.random.default_rng(2)
    draw = getattr(rng, law)
    found = [variance_ratio(Moments.of(1.3 * draw(size=1_000)), Moments.of(draw(size=5_000))) for _ in range(300)]
    missed = [sum(one.low > 1.69 for one in found), sum(one.high < 1.69 for one in found)]
    assert max(missed) <= 0.07 * 300


@pytest.mark.parametrize("share", [0.05, 0.5, 0.95])
def test_the_difference_of_quantiles_holds_the_truth(share):
    rng = np.random.default_rng(3)
    found = [
        quantile_difference(quantiles(rng.normal(0.5, 1, 400)), quantiles(rng.normal(0, 1, 2_000)), share)
        for _ in range(300)
    ]
    missed = [sum(one.low > 0.5 for one in found), sum(one.high < 0.5 for one in found)]
    assert max(missed) <= 0.055 * 300


def test_a_summary_that_is_not_exact_widens_by_its_rank_error():
    values = np.arange(100_000.0)
    found = quantile(quantiles(values), 0.5)
    reach = 1.96 * math.sqrt(0.25 / 100_000) + 0.003
    assert (found.high - found.low) / 2 == pytest.approx(reach * 100_000, rel=0.02)


def test_one_far_value_does_not_decide_a_winsorised_mean():
    values = np.append(np.arange(100.0), 1e9)
    found = winsorised(quantiles(values), 0.0, 99.0)
    assert (found.mean, found.maximum, found.count) == (pytest.approx((4950 + 99) / 101), 99.0, 101)
    assert winsorised(Quantiles.empty(), 0.0, 1.0).count == 0
    plain = Moments.of(np.arange(100.0))
    same = winsorised(quantiles(np.arange(100.0)), -1.0, 200.0)
    assert (same.m2, same.m3, same.m4) == pytest.approx((plain.m2, plain.m3, plain.m4))


def test_what_cannot_be_told_is_nan():
    none, constant, some = Moments(), Moments.of(np.ones(5)), Moments.of(np.arange(5.0))
    for found in (
        mean_difference(none, some),
        mean_difference(some, constant),
        mean_difference(Moments.of(np.ones(1)), some),
        mean_difference(some, some, (100.0, 1.0)),
        variance_ratio(constant, some),
        variance_ratio(some, none),
        quantile(Quantiles.empty(), 0.5),
        quantile_difference(Quantiles.empty(), quantiles(np.arange(5.0)), 0.5),
    ):
        assert all(map(math.isnan, found))
