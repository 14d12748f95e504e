"""Places: each row is counted once in its stretch of time and of reading order, whatever the order of times."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from monitor.measures.places import places

ROWS = st.lists(
    st.tuples(st.one_of(st.integers(0, 5), st.integers(-(2**40), 2**40)), st.booleans(), st.integers(0, 2)),
    min_size=1,
    max_size=80,
)


@given(ROWS, st.sampled_from([0, 7, 2**33]))
def test_counts_by_stretch_are_those_of_each_row(rows, first_row):
    seconds, timed, cells = (np.array(column) for column in zip(*rows, strict=True))
    found = places(first_row, len(rows), seconds, timed)
    counts = found.counts(cells.astype(np.uint8), 3)
    assert counts.sum(axis=0).tolist() == np.bincount(cells, minlength=3).tolist()
    for place, ticks, chosen in (
        (found.order, np.arange(first_row, first_row + len(rows)), np.ones(len(rows), bool)),
        (found.time, seconds, timed),
    ):
        if not chosen.any():
            assert place is None
            continue
        slices = place.slices(counts)
        assert slices.counts.sum() == chosen.sum()
        for i, stretch in enumerate(slices.counts.tolist()):
            is_here = chosen & (ticks >> slices.level == slices.first + i)
            assert stretch == np.bincount(cells[is_here], minlength=3).tolist()


def test_rows_without_times_have_places_in_reading_order_only():
    found = places(31, 3, None, None)
    assert found.time is None
    slices = found.order.slices(found.counts(np.array([0, 1, 1]), 2))
    assert (slices.level, slices.first, slices.counts.tolist()) == (0, 31, [[1, 0], [0, 1], [0, 1]])


def test_of_rows_that_have_no_time_none_is_in_a_stretch():
    found = places(0, 2, np.array([10, 10]), np.array([False, True]))
    slices = found.time.slices(found.counts(np.array([0, 1]), 2))
    assert (slices.level, slices.first, slices.counts.tolist()) == (0, 10, [[0, 1]])
