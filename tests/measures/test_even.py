"""Even batches: how rows were spread over blocks leaves no trace."""

from itertools import pairwise

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from monitor.batch import NO_ROWS, Batch, Sample
from monitor.measures.even import BATCH_ROWS, MOST_PIECES, even
from monitor.profile import Volume


def batch(values: list[int], *, name: str = "a", timed: bool = True) -> Batch:
    return Batch(
        rows=pa.RecordBatch.from_arrays([pa.array(values, pa.int64())], names=[name]),
        volume=Volume(records=len(values) + 1, rows=len(values), rejected={"not_json": 1}),
        seconds=np.array(values, np.int64) if timed else None,
        timed=np.array([v % 2 == 0 for v in values], bool) if timed else None,
        rejects=(Sample(path="p", line=1, reason="not_json"),),
    )


def parts(sizes: list[int]) -> list[Batch]:
    starts = np.cumsum([0, *sizes])
    return [batch(list(range(a, b))) for a, b in pairwise(starts)]


@given(st.lists(st.integers(0, 40), max_size=12), st.integers(1, 25))
def test_the_same_rows_in_the_same_order_whatever_the_sizes(sizes, size):
    found = list(even(parts(sizes), size))
    rows = [b for b in found if b.rows.num_rows]
    total = sum(sizes)
    assert [b.rows.num_rows for b in rows] == [size] * (total // size) + [total % size] * (total % size > 0)
    assert [v for b in rows for v in b.rows["a"].to_pylist()] == list(range(total))
    assert [int(s) for b in rows for s in b.seconds] == list(range(total))
    assert [bool(t) for b in rows for t in b.timed] == [v % 2 == 0 for v in range(total)]


@given(st.lists(st.integers(0, 40), max_size=12), st.integers(1, 25))
def test_what_was_read_is_told_once_and_rows_are_left_to_the_measures(sizes, size):
    found = list(even(parts(sizes), size))
    volume = sum((b.volume for b in found), Volume())
    assert (volume.records, volume.rows) == (sum(sizes) + len(sizes), 0)
    assert volume.rejected == ({"not_json": len(sizes)} if sizes else {})
    assert sum(len(b.rejects) for b in found) == len(sizes)


def test_other_columns_or_times_end_a_batch():
    given_batches = [
        batch([1, 2]),
        batch([3], name="b"),
        batch([4], name="b", timed=False),
        batch([5], name="b", timed=False),
    ]
    rows = [b for b in even(given_batches) if b.rows.num_rows]
    assert [(b.rows.schema.names, b.rows.num_rows) for b in rows] == [(["a"], 2), (["b"], 1), (["b"], 2)]


def test_batches_are_of_32768_rows():
    sizes = [b.rows.num_rows for b in even([batch(list(range(BATCH_ROWS + 3)))]) if b.rows.num_rows]
    assert sizes == [32768, 3]


def test_a_batch_without_rows_is_only_told():
    (told,) = even([Batch(rows=NO_ROWS, volume=Volume(records=2))])
    assert (told.rows.num_rows, told.volume.records) == (0, 2)


def test_thousands_of_small_batches_are_put_together_before_they_are_many() -> None:
    parts = [batch([number]) for number in range(1000)]
    (whole,) = [one for one in even(parts) if one.rows.num_rows]
    assert whole.rows["a"].num_chunks <= 2 * MOST_PIECES
    assert whole.rows["a"].to_pylist() == [*range(1000)]
