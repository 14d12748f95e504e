"""Chi-squared and G of two samples against scipy, and the two faults of peers that these do not have."""

import math

import numpy as np
import pytest
from hypothesis import given
from scipy import stats as oracle
from stats.sides import pairs

from monitor.stats.chi_squared import chi_squared, g_test


@pytest.mark.parametrize(("test", "power"), [(chi_squared, 1.0), (g_test, 0.0)])
@given(sides=pairs())
def test_statistic_and_chance_are_scipys(test, power, sides):
    now, base = (side + 500 for side in sides)  # no cell is rare
    expected = oracle.chi2_contingency([now, base], correction=False, lambda_=power)
    found = test(now, base)
    assert found.statistic == pytest.approx(expected.statistic, rel=1e-9, abs=1e-9)
    assert (found.freedom, found.chance) == (expected.dof, pytest.approx(expected.pvalue, rel=1e-9, abs=1e-5))


@pytest.mark.parametrize("test", [chi_squared, g_test])
@given(sides=pairs())
def test_symmetric_not_negative_and_none_where_nothing_differs(test, sides):
    now, base = sides
    found, turned = test(now, base), test(base, now)
    assert found.statistic == pytest.approx(turned.statistic, abs=1e-9)
    assert found.statistic >= -1e-9
    assert 0 <= found.chance <= 1
    assert found.size.low <= found.size.value <= found.size.high
    assert test(now, now).statistic == pytest.approx(0.0, abs=1e-9)
    assert test(now, now).chance == pytest.approx(1.0, abs=1e-5)  # a root of what rounding leaves


@pytest.mark.parametrize("test", [chi_squared, g_test])
def test_the_reference_is_not_taken_for_the_truth(test):
    """Ten categories, 1,000 rows on either side: 51 % false alarms in a peer, 5 % here."""
    rng = np.random.default_rng(1)
    now, base = (rng.multinomial(1_000, [0.1] * 10, 1_000) for _ in range(2))
    naive = [oracle.chisquare(a, b).pvalue <= 0.05 for a, b in zip(now, base, strict=True)]
    ours = [test(a, b).chance <= 0.05 for a, b in zip(now, base, strict=True)]
    assert np.mean(naive) > 0.4
    assert 0.03 < np.mean(ours) < 0.07


def test_observed_and_expected_counts_of_g_have_one_total():
    """A peer passes the reference's own counts as expected ones: of a tenth of the rows its statistic is negative."""
    now, base = np.array([30, 30, 40]), np.array([300, 300, 400])
    assert 2 * (now * np.log(now / base)).sum() < -400
    assert g_test(now, base).statistic == pytest.approx(0.0, abs=1e-9)


def test_rare_cells_are_put_together():
    found = chi_squared([50, 46, 1, 1, 1, 1], [500, 460, 10, 10, 10, 10])
    joined = chi_squared([50, 46, 4], [500, 460, 40])
    assert (
        (found.freedom, found.statistic) == (joined.freedom, pytest.approx(joined.statistic)) == (1, pytest.approx(0))
    )
    assert found.freedom == 1  # four of them still expect fewer than five rows: the next rarest joins
    assert chi_squared([3, 0], [1, 2]).chance == 1.0


def test_rows_that_repeat_each_other_count_once():
    now, base = np.array([60, 40]), np.array([500, 500])
    assert chi_squared(5 * now, base, (5.0, 1.0)).statistic == pytest.approx(chi_squared(now, base).statistic)


def test_the_size_does_not_grow_with_the_rows():
    few, many = (chi_squared(n * np.array([6, 4]), n * np.array([5, 5])) for n in (100, 10_000))
    assert many.statistic > 50 * few.statistic
    assert many.size.value == pytest.approx(0.0404, rel=0.01) == pytest.approx(few.size.value, rel=0.1)


def test_nothing_measured_is_nan():
    found = chi_squared([0, 0], [5, 5])
    assert math.isnan(found.statistic)
    assert math.isnan(found.chance)
    assert math.isnan(found.size.value)
