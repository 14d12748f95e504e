"""Wasserstein, energy and Cramer-von Mises at cuts, against scipy on the values themselves."""

import math

import numpy as np
import pytest
from hypothesis import given
from scipy import stats as oracle
from stats.sides import normal, pairs

from monitor.stats.energy import cramer_von_mises, cramer_von_mises_chance, energy, squared_gap
from monitor.stats.gaps import Gaps, widths
from monitor.stats.wasserstein import robust_unit, wasserstein


@given(pairs())
def test_where_cells_are_whole_numbers_they_are_scipys(sides):
    now, base = sides
    cells = np.arange(len(now), dtype=float)
    wide = widths(cells[:-1], is_discrete=True)
    wide[-1] = 1.0  # to the last number
    many = Gaps.of(now * 10**8, base * 10**8)
    values = cells, cells, now, base
    assert wasserstein(many, wide).value == pytest.approx(oracle.wasserstein_distance(*values), abs=2e-4)
    assert energy(many, wide).value == pytest.approx(oracle.energy_distance(*values), abs=2e-3)


@pytest.mark.parametrize(("shift", "scale"), [(0.5, 1.0), (1.0, 1.0), (0.3, 0.8)])
def test_eleven_cuts_are_enough(shift, scale):
    now, base, counted, held, ends = normal(np.random.default_rng(2), 100_000, 100_000, shift, scale)
    gaps = Gaps.of(counted, held)
    wide = widths(ends)
    assert wasserstein(gaps, wide).value == pytest.approx(oracle.wasserstein_distance(now, base), rel=0.08)
    assert energy(gaps, wide).value == pytest.approx(oracle.energy_distance(now, base), rel=0.04)


def test_cramer_von_mises_is_scipys():
    now, base, counted, held, _ = normal(np.random.default_rng(3), 5_000, 1_000, 0.1)
    expected = oracle.cramervonmises_2samp(now, base)
    rows = 1 / (1 / 5_000 + 1 / 1_000)
    gaps = Gaps.of(counted, held)
    seen = cramer_von_mises(counted, held)
    raw = seen.value * rows + float((_weights(counted, held) * gaps.share * (1 - gaps.share)).sum())
    assert raw == pytest.approx(expected.statistic, rel=0.1)
    assert cramer_von_mises_chance(counted, held) == pytest.approx(expected.pvalue, rel=0.3)


def _weights(now, base):
    both = (now + base) / (now + base).sum()
    return (both[:-1] + both[1:]) / 2


def test_the_chance_of_cramer_von_mises_is_a_chance():
    rng = np.random.default_rng(4)
    shares = np.full(12, 1 / 12)
    seen = [cramer_von_mises_chance(rng.multinomial(300, shares), rng.multinomial(3_000, shares)) for _ in range(1_000)]
    assert np.mean(np.array(seen) <= 0.05) == pytest.approx(0.05, abs=0.02)
    assert np.mean(np.array(seen) <= 0.5) == pytest.approx(0.5, abs=0.05)


@given(pairs())
def test_symmetric_and_none_where_nothing_differs(sides):
    now, base = sides
    wide = np.linspace(0.5, 2, len(now) - 1)
    for measure in (wasserstein, energy, squared_gap):
        found, turned = (measure(Gaps.of(*both), wide) for both in ((now, base), (base, now)))
        assert tuple(found) == pytest.approx(tuple(turned))
        assert 0 <= found.low <= found.value + 1e-12
        assert found.value <= found.high + 1e-12
        assert measure(Gaps.of(now, now), wide).value == 0.0


@pytest.mark.parametrize("shift", [0.0, 0.1, 0.5])
def test_the_intervals_hold_the_truth(shift):
    """Each side misses 2.5 % where it is right; 300 windows may miss 5.5 % by chance."""
    rng, missed, far = np.random.default_rng(6), np.zeros((3, 2)), np.linspace(-6, 6, 4001)
    gap = oracle.norm.cdf(far) - oracle.norm.cdf(far - shift)
    truth = (np.trapezoid(np.abs(gap), far), math.sqrt(2 * np.trapezoid(gap**2, far)), None)
    for _ in range(300):
        _, _, now, base, ends = normal(rng, 5_000, 500, shift)
        gaps, wide = Gaps.of(now, base), widths(ends)
        true_gap = oracle.norm.cdf(ends) - oracle.norm.cdf(ends - shift)
        squared = float((_weights(now, base) * true_gap**2).sum())
        all_of_them = (wasserstein(gaps, wide), energy(gaps, wide), cramer_von_mises(now, base))
        for at, (found, true) in enumerate(zip(all_of_them, (*truth[:2], squared), strict=True)):
            missed[at] += found.low > true + 1e-12, found.high < true - 1e-12
    assert (missed <= 0.055 * 300).all(), missed


def test_one_far_value_does_not_change_the_unit():
    points, below = np.array([-1.645, 0.0, 1.645, 1e9]), np.array([5, 50, 95, 100])
    assert robust_unit(points, below) == pytest.approx(1.0)
    assert robust_unit([3.0, 3.0], [0, 10]) == 0.0
    assert math.isnan(robust_unit([0.0, 1.0], [0, 0]))


def test_nothing_measured_is_nan():
    nothing = Gaps.of([0, 0, 0], [1, 2, 3])
    for measure in (wasserstein, energy, squared_gap):
        assert all(map(math.isnan, measure(nothing, np.zeros(0))))
    assert math.isnan(cramer_von_mises([0, 0], [1, 2]).value)
    assert math.isnan(cramer_von_mises_chance([0, 0], [1, 2]))


def test_rows_that_repeat_each_other_count_once():
    now, base = np.array([50, 30, 20]), np.array([400, 300, 300])
    one, five = Gaps.of(now, base), Gaps.of(5 * now, base, (5.0, 1.0))
    assert tuple(wasserstein(five, np.ones(2))) == pytest.approx(tuple(wasserstein(one, np.ones(2))))
    assert tuple(cramer_von_mises(5 * now, base, (5.0, 1.0))) == pytest.approx(tuple(cramer_von_mises(now, base)))
