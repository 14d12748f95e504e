"""Total variation: by hand, seeded, and its bounds."""

import math

import numpy as np
import pytest
from hypothesis import given
from stats.sides import pairs

from monitor.stats.total_variation import total_variation


def measured(now, base, seed=1, **others):
    return total_variation(now, base, np.random.default_rng(seed), **others)


def test_of_many_rows_it_is_half_of_the_sum():
    assert measured([6 * 10**8, 3 * 10**8, 10**8], [5 * 10**8, 3 * 10**8, 2 * 10**8]).value == pytest.approx(0.1)


def test_chance_is_taken_off_in_squares():
    pooled = 110 / 200
    chance = 2 * math.sqrt(pooled * (1 - pooled) / 50) / math.sqrt(2 * math.pi)
    assert measured([60, 40], [50, 50]).value == pytest.approx(math.sqrt(0.1**2 - chance**2))


@given(pairs())
def test_symmetric_bounded_and_none_where_nothing_differs(sides):
    now, base = sides
    found = measured(now, base)
    assert found.value == pytest.approx(measured(base, now).value)
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert measured(now, now).value == measured(now, now).low == 0.0


def test_the_same_generator_gives_the_same_bounds_and_another_one_nearly():
    sides = [300, 200, 100, 50], [2_000, 2_000, 1_500, 700]
    assert measured(*sides) == measured(*sides)
    assert measured(*sides).low == pytest.approx(measured(*sides, seed=2).low, abs=0.01)


@pytest.mark.parametrize(("n_base", "n_now"), [(10_000, 1_000), (2_000, 200)])
@pytest.mark.parametrize("moved", [0.0, 0.1, 0.3])
def test_the_interval_holds_the_truth(n_base, n_now, moved):
    rng = np.random.default_rng(5)
    p = np.full(10, 0.1)
    q = p + moved / 5 * np.repeat([1, -1], 5) * np.array([1, 1, 1, 1, 1] * 2) / 2
    truth = float(np.abs(q - p).sum()) / 2
    found = [total_variation(rng.multinomial(n_now, q), rng.multinomial(n_base, p), rng) for _ in range(300)]
    assert sum(one.low > truth + 1e-9 for one in found) <= 0.055 * 300
    assert sum(one.high < truth - 1e-9 for one in found) <= 0.075 * 300


def test_rows_that_repeat_each_other_count_once():
    now, base = np.array([60, 40]), np.array([500, 500])
    assert measured(5 * now, base, effects=(5.0, 1.0)) == pytest.approx(measured(now, base))


def test_nothing_measured_is_nan():
    assert all(map(math.isnan, measured([0, 0], [5, 5])))
