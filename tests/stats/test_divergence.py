"""PSI, Jensen-Shannon and Hellinger: by hand, against scipy, and the faults of others that these do not have."""

import math

import numpy as np
import pytest
from hypothesis import given
from scipy import stats as oracle
from scipy.spatial.distance import jensenshannon
from stats.sides import normal, pairs

from monitor.stats.divergence import hellinger, jensen_shannon, psi
from monitor.stats.noncentral import noncentrality

ALL = (psi, jensen_shannon, hellinger)


def uncorrected(measure, now, base):
    """The value of so many rows that chance takes nothing off."""
    return measure(np.asarray(now) * 10**9, np.asarray(base) * 10**9).value


def test_values_worked_by_hand():
    # (.6 - .5) ln(.6/.5) + (.4 - .5) ln(.4/.5) = .1 ln 1.5
    assert uncorrected(psi, [6, 4], [5, 5]) == pytest.approx(0.1 * math.log(1.5), rel=1e-6)
    # 1 - (sqrt .3 + sqrt .2) = .00505
    assert uncorrected(hellinger, [6, 4], [5, 5]) ** 2 == pytest.approx(1 - math.sqrt(0.3) - math.sqrt(0.2), rel=1e-6)


@given(pairs())
def test_the_distances_of_many_rows_are_those_of_published_formulas(sides):
    now, base = (side + 1 for side in sides)
    q, p = now / now.sum(), base / base.sum()
    assert uncorrected(jensen_shannon, now, base) == pytest.approx(jensenshannon(q, p, base=2), abs=1e-4)
    assert uncorrected(psi, now, base) == pytest.approx(oracle.entropy(q, p) + oracle.entropy(p, q), abs=1e-6)


@pytest.mark.parametrize("measure", ALL)
@given(sides=pairs())
def test_symmetric_bounded_and_none_where_nothing_differs(measure, sides):
    now, base = sides
    found = measure(now, base)
    assert found == pytest.approx(measure(base, now), rel=1e-6, abs=1e-9)
    assert 0 <= found.low <= found.high
    assert found.low <= found.value <= found.high
    assert found.high <= (math.inf if measure is psi else 1)
    same = measure(now, now)
    assert same.value == same.low == 0.0


@pytest.mark.parametrize("measure", ALL)
def test_a_cell_that_neither_side_has_changes_nothing(measure):
    assert measure([60, 40, 0], [50, 50, 0]) == measure([60, 40], [50, 50])


def test_one_empty_cell_is_not_the_whole_of_the_index():
    """Peers clip an empty share at 1e-4: a cell of a tenth that 90 rows do not have is PSI .69 by itself.

    Here half a row is added: (.1 - .5/95) ln(.1 / (.5/95)) = .28, and nine cells that have a little more.
    """
    now, base = np.append(np.full(9, 10), 0), np.full(10, 10_000)
    clipped = (0.1 - 1e-4) * math.log(0.1 / 1e-4)
    half = (0.1 - 0.5 / 95) * math.log(0.1 / (0.5 / 95)) + (0.9 - 94.5 / 95) * math.log(0.1 / (10.5 / 95))
    rows = 1 / (1 / 90 + 1 / 100_000)
    assert clipped > 0.69
    assert psi(now, base).value == pytest.approx(half - 9 / rows, rel=1e-4)
    assert psi(now, base).value < clipped / 3


@pytest.mark.parametrize("measure", ALL)
def test_nothing_measured_is_nan_not_none(measure):
    assert all(map(math.isnan, measure([0, 0], [5, 5])))
    assert all(map(math.isnan, measure([5, 5], [0, 0])))


@pytest.mark.parametrize("measure", ALL)
def test_rows_that_repeat_each_other_count_once(measure):
    now, base = np.array([60, 40]), np.array([500, 500])
    assert measure(5 * now, base, (5.0, 1.0)) == pytest.approx(measure(now, base))
    assert measure(5 * now, base).low > 0 == measure(5 * now, base, (5.0, 1.0)).low


@pytest.mark.parametrize("measure", ALL)
def test_the_noise_of_few_rows_is_taken_off(measure):
    """One raw index of ten cells and 100 rows is .097 on average where nothing has changed; here the median is 0."""
    rng = np.random.default_rng(7)
    values = [measure(rng.multinomial(100, [0.1] * 10), rng.multinomial(10_000, [0.1] * 10)).value for _ in range(200)]
    assert np.median(values) < {psi: 0.004, jensen_shannon: 0.03, hellinger: 0.03}[measure]


def test_a_shift_of_half_a_deviation_is_told_as_the_table_says():
    rng = np.random.default_rng(3)
    _, _, now, base, _ = normal(rng, 200_000, 200_000, 0.5)
    assert psi(now, base).value == pytest.approx(0.25, rel=0.06)
    assert jensen_shannon(now, base).value == pytest.approx(0.209, rel=0.03)
    assert hellinger(now, base).value == pytest.approx(0.175, rel=0.03)


@pytest.mark.parametrize(("statistic", "freedom"), [(0.5, 3), (9.0, 11), (30.0, 11), (800.0, 11), (9_000.0, 50)])
def test_the_noncentrality_solves_its_equations(statistic, freedom):
    low, high = noncentrality(statistic, freedom)
    assert oracle.ncx2.cdf(max(statistic, freedom), freedom, high) == pytest.approx(0.025, rel=1e-6)
    if low:
        assert oracle.ncx2.sf(statistic, freedom, low) == pytest.approx(0.025, rel=1e-6)
    else:
        assert oracle.chi2.sf(statistic, freedom) >= 0.025


def test_the_noncentrality_is_whole_across_the_change_of_method():
    exact, rooted = noncentrality(9_999.9, 11), noncentrality(10_000.1, 11)
    assert rooted == pytest.approx(exact, rel=1e-4)
    assert all(map(math.isnan, noncentrality(math.nan, 3)))


def test_luck_does_not_pass_for_certainty():
    assert noncentrality(0.0, 11) == (0.0, noncentrality(11.0, 11)[1])
    assert noncentrality(0.0, 11)[1] > 5
