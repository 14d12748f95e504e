"""CSV payload rows: fields come back, and no row shifts another."""

import csv
import io

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.payloads.csv_rows import one_by_one, split, usual_width

FIELDS = st.one_of(
    st.sampled_from(
        ["", "007", " a ", 'say "x"', "a,b", "two\nlines", "cr\rhere", "NA", "null", "\ufeffx", "é€", "\x00", "'"]
    ),
    st.text(st.characters(blacklist_categories=("Cs",)), max_size=5),
)
RAGGED = st.text(alphabet='ab1,"\n\r \ufeff', max_size=8)


def written(fields: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(fields)
    return text.getvalue().removesuffix("\r\n")


@settings(max_examples=300, deadline=None)
@given(st.data(), st.integers(1, 5))
def test_fields_written_by_a_csv_writer_come_back(data, width):
    table = data.draw(st.lists(st.lists(FIELDS, min_size=width, max_size=width), max_size=12))
    before = data.draw(st.integers(0, 3))
    rows = pa.array([written(row) for row in table], pa.string())[before:]
    found = split(rows, width)
    table = table[before:]
    assert sorted(found.taken.tolist()) == list(range(len(table)))
    assert (found.widths, found.broken.tolist()) == ({}, [])
    columns = [column.to_pylist() for column in found.columns]
    for at, index in enumerate(found.taken.tolist()):
        assert [column[at] for column in columns] == [field or None for field in table[index]]
    assert not table or usual_width(rows) == width


@settings(max_examples=400, deadline=None)
@given(st.lists(RAGGED, max_size=12), st.integers(1, 4))
def test_every_row_is_taken_or_counted_and_stands_where_it_stood(texts, width):
    found = split(pa.array(texts, pa.string()), width)
    assert len(found.taken) + sum(found.widths.values()) + len(found.broken) == len(texts)
    assert len(found.columns) == width
    for at, index in enumerate(found.taken.tolist()):
        alone = split(pa.array([texts[index]]), width)
        assert [c[at].as_py() for c in found.columns] == [c[0].as_py() for c in alone.columns]


def test_a_stray_quote_swallows_no_other_row():
    found = split(pa.array(["1,2", '"3,4', "5,6", '7,8"', "9,10"]), 2)
    taken = dict(zip(found.taken.tolist(), zip(*(c.to_pylist() for c in found.columns), strict=True), strict=True))
    assert taken[0] == ("1", "2")
    assert taken[2] == ("5", "6")
    assert taken[4] == ("9", "10")
    assert found.broken.tolist() == [1]


def test_stray_line_ends_are_broken_and_shift_nothing():
    found = split(pa.array(["1,2", "3\n,4", "5\r,6", "7,8"]), 2)
    assert (found.taken.tolist(), found.broken.tolist()) == ([0, 3], [1, 2])
    assert found.columns[0].to_pylist() == ["1", "7"]


def test_wrong_widths_are_counted_by_width():
    found = split(pa.array(["1,2", "3", "4,5,6", '"a,b",c,d', "7,8,9"]), 2)
    assert (found.widths, found.taken.tolist()) == ({"1": 1, "3": 3}, [0])


def test_an_empty_field_is_missing_and_spaces_and_zeros_stay():
    found = split(pa.array([",007, x ", '"",NA,nan']), 3)
    assert [c.to_pylist() for c in found.columns] == [[None, None], ["007", "NA"], [" x ", "nan"]]


def test_one_column_of_empty_rows_keeps_its_rows():
    assert split(pa.array(["", "1", ""]), 1).columns[0].to_pylist() == [None, "1", None]


def test_the_usual_width_counts_commas_in_quotes_as_text():
    assert usual_width(pa.array(['"a,b",1', '"c,d",2', "e,3"])) == 2
    assert usual_width(pa.array(["1,2", "1"])) == 1
    assert usual_width(pa.array(['"', '"x'])) == 1
    assert usual_width(pa.array([], pa.string())) == 0


@settings(max_examples=200)
@given(st.lists(st.lists(FIELDS, min_size=1, max_size=4), max_size=12), st.integers(1, 4))
def test_rows_read_one_by_one_are_those_that_are_read_at_once(table, width):
    rows = pa.array([written(row) for row in table], pa.string())
    columns, kept, others = one_by_one(rows, width)
    found = split(rows, width)
    assert np.flatnonzero(kept).tolist() == found.taken.tolist()
    assert [column.to_pylist() for column in columns] == [column.to_pylist() for column in found.columns]
    assert {str(other): others.count(other) for other in others} == found.widths
