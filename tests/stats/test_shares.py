"""Shares, their differences, and the largest of many."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats as oracle
from stats.sides import pairs

from monitor.stats.l_infinity import l_infinity
from monitor.stats.shares import newcombe, wilson


@given(st.integers(0, 500), st.integers(1, 500))
def test_wilson_is_scipys(count, total):
    count = min(count, total)
    expected = oracle.binomtest(count, total).proportion_ci(method="wilson")
    assert tuple(wilson(count, total)) == pytest.approx((count / total, expected.low, expected.high), abs=1e-9)


@pytest.mark.parametrize(
    ("now", "base", "low", "high"),
    [((56, 70), (48, 80), 0.0524, 0.3339), ((9, 10), (3, 10), 0.1705, 0.8090), ((10, 10), (0, 20), 0.6791, 1.0)],
)
def test_newcombes_published_intervals(now, base, low, high):
    """Table II of Newcombe (1998), method 10, rows (a), (b), (g)."""
    found = newcombe(wilson(*now), wilson(*base))
    assert (found.low, found.high) == pytest.approx((low, high), abs=6e-5)


def test_repeated_rows_widen_and_no_rows_are_nan():
    assert wilson(500, 1000, effect=10.0)[1:] == pytest.approx(wilson(50, 100)[1:])
    assert all(map(math.isnan, wilson(0, 0)))
    assert all(map(math.isnan, newcombe(wilson(1, 2), wilson(0, 0))))


@given(pairs())
def test_l_infinity_is_the_largest_difference_within_its_bounds(sides):
    now, base = sides
    found = l_infinity(now, base)
    assert found.value == pytest.approx(np.abs(now / now.sum() - base / base.sum()).max())
    assert found == pytest.approx(l_infinity(base, now))
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert l_infinity(now, now).low == 0.0


@pytest.mark.parametrize("moved", [0.0, 0.05, 0.2])
def test_the_bounds_of_l_infinity_hold_the_truth(moved):
    rng = np.random.default_rng(2)
    p = np.array([0.4, 0.3, 0.1, 0.1, 0.05, 0.05])
    q = p + moved * np.array([-1, 0, 0.5, 0.5, 0, 0])
    found = [l_infinity(rng.multinomial(300, q), rng.multinomial(3_000, p)) for _ in range(400)]
    assert sum(one.low > moved for one in found) <= 0.05 * 400
    assert sum(one.high < moved for one in found) <= 0.05 * 400


def test_l_infinity_of_nothing_is_nan():
    assert all(map(math.isnan, l_infinity([0, 0], [1, 2])))
