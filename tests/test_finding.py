"""A finding's status: what the interval says, and what the window could not have shown."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.estimate import share, share_difference
from monitor.feature import Share
from monitor.finding import Finding, Reason, Status, at_least, at_most, decided, failed, skip, unknown


def rows(count: int, total: int) -> Share:
    return Share(count=count, total=total)


def test_a_number_is_an_exact_fact() -> None:
    found = at_most(3, 2, why="three of them")
    assert (found.status, found.value, found.threshold, found.direction) == (Status.VIOLATED, 3.0, 2.0, "at_most")
    assert (found.method, found.why, found.low, found.n_now) == ("exact", "three of them", None, None)


@given(st.floats(-10, 10), st.floats(-10, 10))
def test_the_limit_itself_is_allowed_either_way(value: float, limit: float) -> None:
    assert (at_most(value, limit).status is Status.OK) == (value <= limit)
    assert (at_least(value, limit).status is Status.OK) == (value >= limit)


def test_whole_and_numpy_numbers_are_numbers_too() -> None:
    assert at_most(np.float64(0.5), 1).value == 0.5
    assert at_most(np.int64(2), 1).status is Status.VIOLATED
    assert at_most(math.inf, 1).status is Status.VIOLATED


@pytest.mark.parametrize("ask", [at_most, at_least])
def test_nan_is_unknown_not_ok(ask: object) -> None:
    found = ask(math.nan, 1)  # type: ignore[operator]
    assert (found.status, found.reason, found.value) == (Status.UNKNOWN, Reason.NO_DATA, None)


def test_an_empty_window_is_unknown_not_ok() -> None:
    for estimate in (share(rows(0, 0)), share_difference(rows(0, 0), rows(0, 0))):
        found = at_most(estimate, 0.01)
        assert (found.status, found.reason, found.value) == (Status.UNKNOWN, Reason.NO_DATA, None)


def test_without_a_baseline_there_is_nothing_to_compare_with() -> None:
    found = at_most(share_difference(rows(3, 100), rows(0, 0)), 0.01)
    assert (found.status, found.reason) == (Status.UNKNOWN, Reason.NO_BASELINE)


def test_violated_when_the_interval_lies_beyond_the_threshold() -> None:
    found = at_most(share(rows(100, 1000)), 0.05)
    assert found.status is Status.VIOLATED
    assert found.low is not None
    assert found.low > 0.05
    assert (found.n_now, found.n_base, found.reason) == (1000, None, None)


def test_a_value_beyond_the_threshold_by_chance_is_no_violation() -> None:
    found = at_most(share(rows(55, 1000)), 0.05)
    assert found.status is Status.OK
    assert found.low is not None
    assert found.low < 0.05 < 0.055


def test_at_least_looks_the_other_way() -> None:
    assert at_least(share(rows(400, 1000)), 0.5).status is Status.VIOLATED
    assert at_least(share(rows(600, 1000)), 0.5).status is Status.OK
    assert at_most(share(rows(400, 1000)), 0.5).status is Status.OK


def test_too_few_rows_are_unknown_and_say_how_many_would_do() -> None:
    few = at_most(share_difference(rows(3, 30), rows(200, 2000)), 0.01)
    assert (few.status, few.reason) == (Status.UNKNOWN, Reason.TOO_FEW_ROWS)
    needed = few.rows_needed
    assert needed is not None
    enough = at_most(share_difference(rows(needed // 10, needed), rows(200, 2000)), 0.01)
    assert (enough.status, enough.rows_needed) == (Status.OK, None)
    short = at_most(share_difference(rows(needed // 10, needed - 1), rows(200, 2000)), 0.01)
    assert short.status is Status.UNKNOWN


def test_a_small_baseline_is_unknown_and_no_number_of_rows_would_do() -> None:
    found = at_most(share_difference(rows(1000, 10_000), rows(2, 20)), 0.01)
    assert (found.status, found.reason, found.rows_needed) == (Status.UNKNOWN, Reason.BASELINE_TOO_SMALL, None)


def test_few_rows_are_enough_for_a_violation_that_is_plain() -> None:
    assert at_most(share(rows(20, 20)), 0.01).status is Status.VIOLATED


@given(st.integers(1, 3000), st.floats(0, 1), st.floats(0.005, 0.5))
def test_ok_only_when_half_a_deviation_could_have_been_seen(total: int, part: float, threshold: float) -> None:
    found = at_most(share_difference(rows(round(part * total), total), rows(300, 3000)), threshold)
    estimate = found.estimate
    assert estimate is not None
    matters = max(0.5, estimate.in_deviations(threshold) + 0.25)
    could = estimate.noticeable(threshold, 0.05, above=True) <= matters
    assert (found.status is Status.OK) <= could
    assert (found.status is Status.UNKNOWN) <= (not could)
    assert found.status is not Status.VIOLATED or estimate.interval()[0] > threshold


def test_what_must_be_noticed_may_be_set() -> None:
    found = at_most(share(rows(5, 500)), 0.02)
    assert decided(found, must_notice=0.5).status is Status.OK
    assert decided(found, must_notice=0.05).reason == Reason.TOO_FEW_ROWS


def test_a_verdict_over_many_overrules_the_single_one() -> None:
    found = at_most(share(rows(70, 1000)), 0.05)
    assert found.status is Status.VIOLATED
    assert decided(found, 0.0001, rejected=False).status in (Status.OK, Status.UNKNOWN)


def test_the_other_answers_say_why() -> None:
    assert skip("no refunds") == Finding(status=Status.SKIPPED, why="no refunds")
    assert unknown(Reason.NO_DATA, "none") == Finding(status=Status.UNKNOWN, reason="no_data", why="none")
    assert unknown("my_own").reason == "my_own"
    assert failed("broke") == Finding(status=Status.FAILED, reason="raised", why="broke")
    assert decided(skip("no refunds")) == skip("no refunds")
