"""Samples: bounded, evenly spread, and the same again from their document."""

import json

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.sample import MOST_SAMPLE_ROWS, Sample, rows_document, rows_of


@given(st.lists(st.integers(1, 9000), min_size=1, max_size=8), st.sampled_from([MOST_SAMPLE_ROWS, 100, 1]))
def test_a_sample_is_bounded_and_evenly_spread_however_rows_arrive(sizes: list[int], most: int) -> None:
    sample, start = Sample(most), 0
    for size in sizes:
        sample.take(pa.record_batch({"x": np.arange(start, start + size)}))
        start += size
    kept = sample.table["x"].to_numpy()
    assert sample.seen == start
    assert len(kept) <= most
    assert kept.tolist() == list(range(0, start, sample.stride))
    assert sample.stride == 1 or start > most * sample.stride // 2


def test_rows_come_back_from_their_document_with_their_types() -> None:
    rows = pa.table(
        {
            "text": ["a", None, "é"],
            "count": pa.array([1, None, 2**62], pa.int64()),
            "share": [0.5, None, 1e300],
            "flag": [True, None, False],
            "nothing": pa.nulls(3, pa.string()),
        }
    )
    assert rows_of(json.loads(json.dumps(rows_document(rows), allow_nan=False))).equals(rows)


def test_numbers_that_json_has_no_word_for_are_missing() -> None:
    document = rows_document(pa.table({"x": [1.0, float("nan"), float("inf")]}))
    assert rows_of(document)["x"].to_pylist() == [1.0, None, None]


@pytest.mark.parametrize(
    "document", [{}, {"columns": [{"name": "a"}]}, {"columns": [{"name": "a", "type": "x", "values": []}]}]
)
def test_another_document_is_refused(document: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        rows_of(document)
