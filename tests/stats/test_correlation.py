"""Normal scores and Fisher's z against known answers and simulation."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.stats import norm, truncnorm

from monitor.stats.correlation import fisher, normal_scores


def test_a_score_is_the_mean_of_its_stretch_of_the_normal():
    shares = np.array([1.0, 4.0, 10.0, 5.0])
    ends = norm.ppf(np.cumsum([0, *shares / 20]).clip(0, 1))
    expected = [truncnorm.mean(a, b) for a, b in pairwise(ends)]
    np.testing.assert_allclose(normal_scores(shares), expected, atol=1e-9)


def test_scores_of_all_rows_have_mean_zero():
    shares = np.array([3.0, 0.0, 7.0, 2.0])
    assert float((normal_scores(shares) * shares).sum()) == pytest.approx(0, abs=1e-12)


def test_empty_cells_lie_at_their_end_and_nothing_at_all_has_no_score():
    assert normal_scores(np.array([0.0, 1.0, 0.0, 1.0, 0.0])).round(3).tolist() == [-np.inf, -0.798, 0.0, 0.798, np.inf]
    assert np.isnan(normal_scores(np.zeros(3))).all()


@pytest.mark.parametrize("rho", [0.0, 0.5, -0.9])
def test_fishers_z_has_no_bias_and_the_variance_that_it_says(rho):
    rng = np.random.default_rng(1)
    count, rows = 20_000, 30
    a = rng.normal(size=(count, rows))
    b = rho * a + np.sqrt(1 - rho**2) * rng.normal(size=(count, rows))
    a, b = a - a.mean(axis=1, keepdims=True), b - b.mean(axis=1, keepdims=True)
    r = (a * b).sum(axis=1) / np.sqrt((a**2).sum(axis=1) * (b**2).sum(axis=1))
    z = fisher(r, rows)
    assert z.mean() == pytest.approx(np.arctanh(rho), abs=0.005)
    assert z.var() * (rows - 3) == pytest.approx(1, abs=0.06)


def test_a_perfect_correlation_is_a_large_number_and_few_rows_are_nan():
    assert np.isfinite(fisher([1.0, -1.0], 50)).all()
    assert np.isnan(fisher([0.3, np.nan], [3, 100])).all()
