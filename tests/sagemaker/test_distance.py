import math
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from monitor.sagemaker.distance import categorical_distance, chi_squared, cumulated, numeric_distance, weighted

# Inputs and expected values of Deequ's KLLDistanceTest.scala; the window stands first.
FIVE = {"a": 10, "b": 20, "c": 25, "d": 10, "e": 5}
SIX = {"a": 207, "b": 20, "c": 25, "d": 14, "e": 25, "g": 13}


def points(values, weights=None):
    values = np.array(values, float)
    return values, np.ones(len(values), np.int64) if weights is None else np.array(weights)


def test_deequs_own_numeric_values():
    now, base = points([1, 2, 3, 4]), points([2, 3, 4, 5])
    assert numeric_distance(now, base, "Simple") == 0.25
    assert numeric_distance(now, base, "Robust") == 0.0


def test_deequs_own_largest_gaps_between_categories():
    near = {"a": 11, "b": 20, "c": 25, "d": 10, "e": 10}
    other = {"f": 11, "a": 20, "c": 25, "d": 10, "e": 10}
    assert categorical_distance(FIVE, near, "Simple") == 0.06015037593984962
    assert categorical_distance(FIVE, near) == 0.0
    assert categorical_distance(FIVE, other, "Simple") == 0.2857142857142857
    assert categorical_distance(FIVE, other) == 0.0


@pytest.mark.parametrize(("alpha", "expected"), [(0.003, 0.2726338046550349), (0.1, 0.33774199396969184)])
def test_deequs_robust_distance_at_other_constants_is_ours_at_ours(alpha, expected):
    base = {"a": 22, "b": 20, "c": 25, "d": 12, "e": 13, "f": 15}
    theirs = math.sqrt(-math.log(alpha / 2) / 2)
    n, m = sum(SIX.values()), sum(base.values())
    ours = categorical_distance(SIX, base) + (1.8 - theirs) * math.sqrt((n + m) / (n * m))
    assert ours == pytest.approx(expected, abs=1e-15)


@pytest.mark.parametrize(
    ("now", "base", "method", "expected"),
    [
        (SIX, {"a": 223, "b": 20, "c": 25, "d": 12, "e": 13, "f": 15}, "Simple", 28.175042782458068),
        (SIX, {"a": 223, "b": 20, "c": 25, "d": 12, "e": 13, "f": 15}, "Robust", 3.3640191298478506e-5),
        (
            {"a": 207, "b": 20, "c": 25, "d": 14, "e": 25},
            {"a": 223, "b": 20, "c": 25, "d": 12, "e": 13},
            "Robust",
            0.013227994814265176,
        ),
        (
            {"a": 100, "b": 20, "c": 25, "d": 10, "e": 5, "f": 2},
            {"a": 100, "b": 22, "c": 25, "d": 5, "e": 13, "f": 2},
            "Simple",
            8.789790456457125,
        ),
        ({"a": 100, "b": 40, "c": 30, "d": 10}, {"a": 100, "b": 40, "c": 30, "e": 4}, "Simple", 0.38754325259515626),
        ({"a": 100, "b": 4, "c": 3, "d": 27}, {"a": 100, "b": 4, "c": 3, "d": 34}, "Simple", 1.1507901668129925),
        (
            {"a": 100, "b": 4, "c": 3, "d": 27, "e": 20, "f": 20, "g": 20, "h": 20},
            {"a": 100, "b": 2, "c": 1, "d": 34, "e": 20, "f": 20, "g": 20, "h": 20},
            "Simple",
            6.827423492761593,
        ),
    ],
)
def test_deequs_own_chi_squared_values(now, base, method, expected):
    assert chi_squared(now, base, method) == pytest.approx(expected, rel=1e-12)


def test_chi_squared_of_fewer_than_two_categories_is_no_number():
    three = {"a": 100, "b": 4, "c": 3}
    assert math.isnan(chi_squared(three, three, "Simple"))
    assert math.isnan(chi_squared({"new": 50}, {"a": 50, "b": 50}))
    assert math.isnan(chi_squared({"a": 5}, {}))


def test_the_weights_of_repeated_values_are_added():
    # Deequ itself gives 0 here: its rank map holds each value once.
    mostly_zeros, mostly_ones = points([0] * 90 + [1] * 10), points([0] * 10 + [1] * 90)
    assert numeric_distance(mostly_zeros, mostly_ones, "Simple") == pytest.approx(0.8)
    assert numeric_distance(points([0, 1], [90, 10]), mostly_ones, "Simple") == pytest.approx(0.8)


def test_the_robust_correction_is_that_of_both_totals():
    now, base = points(np.arange(400.0)), points(np.arange(400.0) + 1000, [2] * 400)
    assert numeric_distance(now, base) == pytest.approx(1 - 1.8 * math.sqrt((400 + 800) / (400 * 800)))


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=60), st.lists(st.integers(-5, 5), min_size=1, max_size=60))
def test_the_simple_distance_is_that_of_kolmogorov_and_smirnov(now, base):
    with warnings.catch_warnings():  # its p-value, which is not asked for, may fail
        warnings.simplefilter("ignore")
        expected = stats.ks_2samp(now, base).statistic
    assert numeric_distance(points(now), points(base), "Simple") == pytest.approx(expected, abs=1e-12)


def test_levels_stand_for_powers_of_two():
    values, weights = weighted([np.array([5.0, 1.0]), np.zeros(0), np.array([1.0])])
    assert (values.tolist(), weights.tolist()) == ([5, 1, 1], [1, 1, 4])
    values, below = cumulated((values, weights))
    assert (values.tolist(), below.tolist()) == ([1, 5], [5, 6])


def test_an_empty_side_has_no_distance():
    assert math.isnan(numeric_distance(points([]), points([1])))
    assert math.isnan(numeric_distance(points([1]), points([])))
    assert math.isnan(categorical_distance({}, {"a": 1}))
    assert math.isnan(categorical_distance({"a": 1}, {}))


def test_values_that_are_not_named_count_in_the_total():
    assert categorical_distance({"a": 10}, {"a": 10}, "Simple", total=40) == 0.75
