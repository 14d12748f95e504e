"""Kolmogorov-Smirnov at cuts: by hand, against scipy on the values themselves, and its chance under the null."""

import math

import numpy as np
import pytest
from hypothesis import given
from scipy import stats as oracle
from stats.sides import normal, pairs

from monitor.stats.kolmogorov import kolmogorov, kolmogorov_chance


def test_a_gap_worked_by_hand():
    found = kolmogorov([40, 40, 20], [50, 50, 0], between=0.0)
    reach = math.sqrt(math.log(40) / 2) * math.sqrt(2 / 100)
    assert tuple(found) == pytest.approx((0.2, 0.2 - reach, 0.2 + reach))


@given(pairs())
def test_where_cells_are_the_values_it_is_scipys(sides):
    now, base = sides
    cells = np.arange(len(now))
    expected = oracle.ks_2samp(np.repeat(cells, now), np.repeat(cells, base)).statistic
    assert kolmogorov(now, base).value == pytest.approx(expected, abs=1e-12)


@given(pairs())
def test_symmetric_bounded_and_none_where_nothing_differs(sides):
    now, base = sides
    found = kolmogorov(now, base)
    assert found == pytest.approx(kolmogorov(base, now))
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert kolmogorov(now, now).value == 0.0
    assert kolmogorov_chance(now, now) == 1.0


@pytest.mark.parametrize("seed", range(20))
def test_the_upper_bound_allows_for_what_the_cuts_hide(seed):
    """Whatever the values do inside of the cells, the largest gap of all of them lies below."""
    rng = np.random.default_rng(seed)
    now, base, counted, held, _ = normal(rng, 500, 300, *rng.uniform((-1, 0.3), (1, 2)))
    whole = oracle.ks_2samp(now, base).statistic
    found = kolmogorov(counted, held)
    assert found.value <= whole + 1e-12
    reach = found.value - kolmogorov(counted, held, level=2 * math.exp(-2e-9)).low
    assert whole <= kolmogorov(counted, held, level=2 * math.exp(-2e-9)).high + reach + 1e-12


def test_rows_that_repeat_each_other_count_once():
    now, base = np.array([60, 40]), np.array([500, 500])
    assert kolmogorov(5 * now, base, (5.0, 1.0)) == pytest.approx(kolmogorov(now, base))
    assert kolmogorov_chance(5 * now, base, (5.0, 1.0)) == pytest.approx(kolmogorov_chance(now, base))


def test_nothing_measured_is_nan():
    assert all(map(math.isnan, kolmogorov([0, 0], [5, 5])))
    assert math.isnan(kolmogorov_chance([5, 5], [0, 0]))


def test_the_chance_at_many_cuts_is_kolmogorovs():
    rng = np.random.default_rng(1)
    base, now = rng.standard_normal(20_000), rng.standard_normal(5_000) + 0.03
    ends = np.quantile(base, np.arange(1, 200) / 200)
    counts = [np.bincount(np.searchsorted(ends, side), minlength=200) for side in (now, base)]
    rows = 1 / (1 / 20_000 + 1 / 5_000)
    # A walk looked at 200 times misses .5826 / sqrt(200) of the bridge's height on average (Chernoff, 1965).
    expected = oracle.kstwobign.sf(kolmogorov(*counts).value * math.sqrt(rows) + 0.5826 / math.sqrt(200))
    assert 0.0001 < expected < 0.2
    assert kolmogorov_chance(*counts) == pytest.approx(expected, rel=0.03)


def test_the_chance_of_two_cells_is_that_of_one_normal_number():
    pooled = 110 / 200
    at = 0.1 / math.sqrt(pooled * (1 - pooled) / 50)
    assert kolmogorov_chance([60, 40], [50, 50]) == pytest.approx(2 * oracle.norm.sf(at), rel=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_the_chance_agrees_with_redraws_also_for_ties(seed):
    """Where the law of Kolmogorov is far too large: five values, one of them with half of the rows."""
    rng = np.random.default_rng(seed)
    shares = np.array([0.5, 0.2, 0.15, 0.1, 0.05])
    now, base = rng.multinomial(400, shares), rng.multinomial(4_000, shares)
    pooled = (now + base) / 4_400
    seen = kolmogorov(now, base).value
    redrawn = np.cumsum(
        rng.multinomial(400, pooled, 4_000) / 400 - rng.multinomial(4_000, pooled, 4_000) / 4_000, axis=1
    )
    often = (np.abs(redrawn).max(axis=1) >= seen - 1e-9).mean()
    assert kolmogorov_chance(now, base) == pytest.approx(often, abs=0.04)
