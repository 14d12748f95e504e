"""Rows without quotes, cut at their commas."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.payloads.csv_cells import MOST_BYTES, cells

CELL = st.text(st.characters(exclude_characters=',"\r\n', exclude_categories=["Cs"]), max_size=4)


@given(st.integers(1, 5).flatmap(lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1)))
def test_each_cell_stands_in_its_column_and_an_empty_one_is_missing(rows):
    texts = pa.array(["before", *(",".join(row) for row in rows)])[1:]
    found = cells(texts, len(rows[0]))
    assert found is not None
    for column in found:
        column.validate(full=True)
    assert [column.to_pylist() for column in found] == [
        [row[place] or None for row in rows] for place in range(len(rows[0]))
    ]


@pytest.mark.parametrize("rows", [["a,b", "c"], ["a,b", "c,d,e"], ["a", "b,c,d"], ["a,b,c", "d"], ["a", "b"]])
def test_rows_of_another_width_are_none_of_its_business(rows):
    assert cells(pa.array(rows), 2) is None
    assert cells(pa.array(rows), 0) is None


def test_no_rows_are_as_many_empty_columns():
    assert cells(pa.array([], pa.string()), 3) == [pa.array([], pa.string())] * 3


def test_many_bytes_are_cut_a_part_at_a_time():
    texts = pa.array([f"{'x' * (MOST_BYTES // 3)},{n}" for n in range(5)])
    found = cells(texts, 2)
    assert found is not None
    assert [len(found[0]), found[1].to_pylist()] == [5, ["0", "1", "2", "3", "4"]]
    assert cells(pa.concat_arrays([texts, pa.array(["a"])]), 2) is None
