"""The largest shift over cells: where it is seen, how large, and in what words."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.distance import METHOD, largest_shift, moved, rows_at
from monitor.feature import Categorical, Numeric
from monitor.stats.angle import angle, observed_angle
from monitor.testing import categorical, numeric


def test_the_largest_shift_by_hand() -> None:
    """At or below 1: 50 % before, 20 % after; at or below 2: 90 % and 70 %. The first gap is larger on the angle."""
    base = numeric([1] * 50 + [2] * 40 + [3] * 10)
    shift = largest_shift(numeric([1] * 20 + [2] * 50 + [3] * 30, base), base)
    assert shift is not None
    gap = float(observed_angle(50, 100) - observed_angle(20, 100))
    assert shift.cell == "above 1"
    assert (shift.estimate.value, shift.estimate.centre) == (pytest.approx(0.3), pytest.approx(gap))
    assert (shift.estimate.looks, shift.estimate.n_now, shift.estimate.n_base) == (4, 100, 100)
    assert shift.estimate.method == METHOD


def test_a_shift_in_the_tail_counts_for_more_than_as_many_rows_at_the_median() -> None:
    base = numeric([1] * 50 + [2] * 49 + [3] * 1)
    shift = largest_shift(numeric([1] * 44 + [2] * 49 + [3] * 7, base), base)
    assert shift is not None
    assert shift.cell == "above 2"
    assert moved(numeric([1], base), base, shift) == "rows above 2: 1 % -> 7 %"


def test_a_share_that_fell_is_told_as_the_rest_which_rose() -> None:
    base = categorical(["a"] * 60 + ["b"] * 40)
    shift = largest_shift(categorical(["a"] * 20 + ["b"] * 40 + ["c"] * 0, base), base)
    assert shift is not None
    assert shift.cell in ("with 'b'", "with anything but 'a'")
    assert shift.estimate.value == pytest.approx(60 / 100 - 20 / 60)


def test_never_seen_values_have_a_cell_of_their_own() -> None:
    base = categorical(["a"] * 60 + ["b"] * 40)
    shift = largest_shift(categorical(["a"] * 60 + ["b"] * 40 + ["new"] * 20, base), base)
    assert shift is not None
    assert shift.cell == "with values never seen before"


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10_000))
def test_fresh_rows_of_many_rare_values_are_no_shift(seed: int) -> None:
    """2,000 rows of 300 values: some values are new in any fresh rows, as many as stood in the baseline once."""
    rng = np.random.default_rng(seed)
    weights = 1 / np.arange(1, 301)
    values = rng.choice(300, 4000, p=weights / weights.sum())
    base = categorical([f"v{i}" for i in values[:2000]])
    now = categorical([f"v{i}" for i in values[2000:]], base)
    assert now.unseen_share.value == pytest.approx(base.fresh_share.value, abs=0.025)
    shift = largest_shift(now, base)
    assert shift is not None
    assert abs(shift.estimate.centre) / shift.estimate.error < 5


def test_a_column_where_every_value_is_new_every_time_has_not_moved() -> None:
    base = categorical([f"id {i}" for i in range(500)])
    shift = largest_shift(categorical([f"id {i}" for i in range(1000, 1400)], base), base)
    assert shift is not None
    assert shift.estimate.chance_beyond(0.01, above=True) > 0.05


def test_nothing_can_be_said_without_a_baseline_or_of_another_kind() -> None:
    filled, text = numeric([1, 2, 3, 4]), categorical(["a", "b"])
    assert largest_shift(filled, text) is None
    assert largest_shift(text, filled) is None
    assert largest_shift(filled, Numeric(name="x", cells=np.zeros(4, dtype=np.int64))) is None
    assert largest_shift(text, Categorical(name="x", cells=np.zeros(3, dtype=np.int64))) is None


@pytest.mark.parametrize(
    ("value", "told"),
    [(6, "rows above 5: 0 % -> 100 %"), (4, "rows below 5: 0 % -> 100 %")],
)
def test_a_constant_that_became_another_has_moved(value: int, told: str) -> None:
    base = numeric([5] * 300)
    now = numeric([value] * 300, base)
    shift = largest_shift(now, base)
    assert shift is not None
    assert moved(now, base, shift) == told
    same = largest_shift(numeric([5] * 300, base), base)
    assert same is not None
    assert (same.estimate.value, same.estimate.looks) == (0.0, 4)


def test_an_empty_window_has_no_shift_and_says_so() -> None:
    base = numeric(range(100))
    shift = largest_shift(numeric([], base), base)
    assert shift is not None
    assert shift.estimate.n_now == 0
    assert math.isnan(shift.estimate.value)
    assert moved(numeric([], base), base, shift) == "no value was read"


def test_the_tolerance_is_the_same_angle_everywhere_and_fewer_rows_in_the_tails() -> None:
    """The figures of the reference: 2.5 % at the median, 2.0 at .2, 1.5 at .1, 1.1 at .05, .5 at .01, .2 at .001."""
    shown = [100 * rows_at(0.025, float(angle(share))) for share in (0.5, 0.2, 0.1, 0.05, 0.01, 0.001)]
    assert shown == pytest.approx([2.5, 2.0, 1.5, 1.1, 0.5, 0.2], abs=0.07)


@given(st.floats(0.0, 0.9), st.floats(0.001, 0.2))
def test_a_tolerance_is_positive_and_grows(origin_share: float, tolerance: float) -> None:
    origin = float(angle(origin_share))
    assert 0 < rows_at(tolerance, origin) < rows_at(2 * tolerance, origin)


def test_the_median_is_told_with_its_change_and_interval() -> None:
    base = numeric(range(1, 1002))
    now = numeric([value * 1.2 for value in range(1, 1002)], base)
    shift = largest_shift(now, base)
    assert shift is not None
    assert moved(now, base, shift) == "median 501 -> 601.2, +20 % [+13, +27]; rows above 991: 1 % -> 17.6 %"
