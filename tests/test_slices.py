"""Slices: a sum that neither order nor grouping changes."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from monitor.slices import MOST, Slices, stretches_of

TICKS = st.lists(st.one_of(st.integers(-5, 200), st.integers(-(2**40), 2**40)), min_size=1, max_size=30)


def slices(ticks: list[int]) -> Slices:
    stretches, level, first = stretches_of(np.array(ticks))
    counts = np.zeros((stretches.max() + 1, 3), dtype=np.int64)
    np.add.at(counts, (stretches, np.array(ticks) % 3), 1)
    return Slices(level=level, first=first, counts=counts)


def same(a: Slices, b: Slices) -> bool:
    return a.to_document() == b.to_document()


@given(TICKS, TICKS)
def test_the_sum_is_that_of_all_rows_in_either_order(a, b):
    together = slices(a + b)
    assert same(slices(a) + slices(b), together)
    assert same(slices(b) + slices(a), together)


@given(TICKS, TICKS, TICKS)
def test_grouping_does_not_matter(a, b, c):
    assert same((slices(a) + slices(b)) + slices(c), slices(a) + (slices(b) + slices(c)))


@given(TICKS, TICKS)
def test_stretches_are_few_the_level_is_the_least_and_no_row_is_lost(a, b):
    found, ticks = slices(a) + slices(b), a + b
    assert len(found.counts) <= MOST
    assert found.counts.sum() == len(ticks)
    assert found.counts.sum(axis=0).tolist() == [sum(t % 3 == cell for t in ticks) for cell in range(3)]
    if found.level:
        below = found.level - 1
        assert (max(ticks) >> below) - (min(ticks) >> below) >= MOST
    for tick in ticks:
        assert found.counts[(tick >> found.level) - found.first, tick % 3]
    assert found.counts[0].any()
    assert found.counts[-1].any()


@given(TICKS)
def test_slices_come_back_from_a_document(ticks):
    found = slices(ticks)
    back = Slices.from_document(found.to_document())
    assert same(back, found)
    assert back.counts.dtype == np.int64
