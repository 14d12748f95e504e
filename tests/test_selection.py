"""Which records a window takes: each in exactly one window of a row, and counted for those that are closed."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.selection import Selection
from monitor.window import Window

T0 = datetime(2026, 1, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
S0 = int(T0.timestamp())


def window(start: float, end: float) -> Window:
    """A window of hours after midnight."""
    return Window(start=T0 + start * HOUR, end=T0 + end * HOUR)


def begun(chosen: Window | None, *closed: Window, own: datetime = T0) -> Selection:
    selection = Selection(chosen, closed)
    selection.begin("f", own)
    return selection


def taken(selection: Selection, *at: float | None) -> list[bool]:
    """Which records at these seconds after midnight are taken; None: without a time."""
    seconds = np.array([0 if second is None else S0 + second for second in at], np.int64)
    timed = np.array([second is not None for second in at], dtype=bool)
    return list(selection.chosen("f", seconds, timed).tolist())


def test_a_record_at_the_end_belongs_to_the_next_window() -> None:
    assert taken(begun(window(0, 1)), -1, 0, 3599, 3600) == [False, True, True, False]
    assert taken(begun(window(1, 2)), 3599, 3600, 7199, 7200) == [False, True, True, False]


def test_edges_between_two_seconds_still_part_the_records() -> None:
    edge = T0 + timedelta(seconds=10, milliseconds=500)
    before, after = Window(start=T0, end=edge), Window(start=edge, end=T0 + HOUR)
    assert taken(begun(before), 9, 10, 11) == [True, True, False]
    assert taken(begun(after), 9, 10, 11) == [False, False, True]


def test_what_has_no_time_goes_with_what_stood_before_it_then_with_the_block_then_with_the_file() -> None:
    selection = begun(window(1, 2), own=T0 + 1.5 * HOUR)
    assert taken(selection, None, None) == [True, True]  # the file's
    assert selection.takes_untimed("f")
    assert taken(selection, None, 10, None, 3600, None) == [False, False, False, True, True]
    assert taken(selection, None) == [True]  # as the last one of the block before
    assert selection.takes_untimed("f")
    assert taken(selection, 0) == [False]
    assert not selection.takes_untimed("f")
    seen = selection.seen["f"]
    assert (seen.first, seen.last, seen.rows, seen.outside) == (T0, T0 + 1.5 * HOUR, 7, 5)


def test_lines_that_hold_no_record_go_by_the_records_around_them() -> None:
    selection = begun(window(1, 2))
    line, seconds = np.array([3, 5, 8]), np.array([S0, 0, S0 + 3600])
    when, beside = selection.times("f", line, seconds, np.array([True, False, True]), np.array([1, 4, 7, 9]))
    assert selection.takes(when).tolist() == [False, False, True]
    assert selection.takes(beside).tolist() == [False, False, False, True]


def test_without_a_window_all_is_taken_and_counted_all_the_same() -> None:
    selection = begun(None, window(0, 1))
    assert taken(selection, 0, 4000, None) == [True, True, True]
    seen = selection.seen["f"]
    assert (seen.rows, seen.outside, dict(seen.elsewhere)) == (3, 0, {window(0, 1): 1})


def test_slack_reaches_on_both_sides() -> None:
    selection = Selection(window(1, 2), slack=timedelta(seconds=60))
    at = np.array([S0 + 3539, S0 + 3540, S0 + 7259, S0 + 7260])
    assert selection.is_near(at).tolist() == [False, True, True, False]


def test_a_file_that_is_begun_again_is_counted_again() -> None:
    selection = begun(window(0, 1))
    taken(selection, 1, 2)
    selection.begin("f", T0)
    taken(selection, 1)
    assert selection.seen["f"].rows == 1
    selection.restart()
    assert selection.seen == {}


windows = st.tuples(st.integers(-40, 40), st.integers(1, 30)).map(
    lambda given: Window(
        start=T0 + timedelta(seconds=given[0], milliseconds=500 * (given[1] % 2)),
        end=T0 + timedelta(seconds=given[0] + given[1], milliseconds=500 * (given[1] % 2)),
    )
)


@settings(deadline=None, max_examples=300)
@given(
    chosen=st.one_of(st.none(), windows),
    closed=st.lists(windows, max_size=6, unique=True),
    blocks=st.lists(st.lists(st.integers(-60, 60), min_size=1, max_size=20), max_size=3),
)
def test_counts_are_those_of_counting_one_by_one(
    chosen: Window | None, closed: list[Window], blocks: list[list[int]]
) -> None:
    selection = begun(chosen, *closed)
    masks = [taken(selection, *block) for block in blocks]
    at = [T0 + timedelta(seconds=second) for block in blocks for second in block]
    is_in = [chosen is None or time in chosen for time in at]
    assert [mask for block in masks for mask in block] == is_in
    seen = selection.seen["f"]
    assert seen.rows == sum(is_in)
    assert seen.elsewhere == {w: n for w in closed if (n := sum(time in w for time in at))}
    outside = [not here and not any(time in w for w in closed) for time, here in zip(at, is_in, strict=True)]
    assert seen.outside == sum(outside)
    assert (seen.first, seen.last) == (min(at, default=None), max(at, default=None))


@settings(deadline=None, max_examples=200)
@given(
    edges=st.lists(st.integers(-50, 50), min_size=2, max_size=6, unique=True).map(sorted),
    blocks=st.lists(st.lists(st.one_of(st.none(), st.integers(-50, 49)), max_size=12), max_size=4),
    own=st.integers(-50, 49),
)
def test_contiguous_windows_take_everything_once(edges: list[int], blocks: list[list[int | None]], own: int) -> None:
    whole = [-50, *(edge for edge in edges if -50 < edge < 50), 50]
    row = [Window(start=T0 + timedelta(seconds=a), end=T0 + timedelta(seconds=b)) for a, b in pairwise(whole)]
    selections = [begun(one, own=T0 + timedelta(seconds=own)) for one in row]
    for block in blocks:
        masks = np.array([taken(selection, *block) for selection in selections])
        assert (masks.sum(axis=0) == 1).all()
        assert sum(selection.takes_untimed("f") for selection in selections) == 1
