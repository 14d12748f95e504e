"""Lines to rows: a quoted line end belongs to the value, a stray quote to nothing."""

import csv
import io

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.decode.csv_lines import Joined, joined
from monitor.payloads.csv_rows import split

FIELDS = st.lists(
    st.sampled_from(["", "x", "1", "a,b", 'say "x"', "two\nlines", "\n\n", '"', "\r\n", "é"]), min_size=2, max_size=2
)


def of(text: str, width: int = 2, *, is_last: bool = True) -> Joined:
    return joined(pa.array(text.split("\n"), pa.string()), width, is_last=is_last)


@settings(max_examples=150)
@given(st.lists(FIELDS, min_size=1, max_size=8))
def test_what_a_writer_wrote_is_a_row_each(rows):
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\r\n").writerows(rows)
    found = of(written.getvalue().removesuffix("\r\n"))
    assert next(iter(csv.reader(io.StringIO(found.rows[0].as_py(), newline="")))) == rows[0]
    assert [row for text in found.rows.to_pylist() for row in csv.reader(io.StringIO(text, newline=""))] == rows
    assert (len(found.broken), len(found.open)) == (0, 0)


@given(
    st.lists(st.sampled_from(["a,b", '"', 'x,"y', 'y",z', '"a",b', 'a"b,c', '"" ,', "", '","']), max_size=12),
    st.booleans(),
)
def test_every_line_is_part_of_a_row_or_broken_or_open(lines, is_last):
    found = joined(pa.array(lines, pa.string()), 2, is_last=is_last)
    inside = sum(text.count("\n") + 1 for text in found.rows.to_pylist())
    assert inside + len(found.broken) + len(found.open) == len(lines)
    assert not (is_last and len(found.open))
    assert sorted({*found.at, *found.broken, *found.open}) == sorted([*found.at, *found.broken, *found.open])


def test_a_quote_that_is_open_at_the_end_waits_for_more_lines_and_is_broken_at_the_last():
    assert of('1,2\n3,"x\ny', is_last=False).open.tolist() == [1, 2]
    assert of('1,2\n3,"x\ny').broken.tolist() == [1]


def test_a_quote_that_would_swallow_whole_rows_was_a_stray_one():
    found = of('1,"x\n2,a\n3,b\n4,c\n5,y"')
    assert found.broken.tolist() == [0]
    assert found.rows.to_pylist() == ["2,a", "3,b", "4,c", '5,y"']
    assert of('1,"x\nnot a row\ny"').rows.to_pylist() == ['1,"x\nnot a row\ny"']


@pytest.mark.parametrize("line", ['x,""', 'x,"' + "y" * 900 + '"'])
def test_a_quote_that_is_never_closed_costs_no_more_than_the_lines_it_may_span(line):
    text = "\n".join(['1,"x', *[line] * 999] * 4)
    found = of(text)
    assert len(found.rows) + len(found.broken) >= 3990


def test_a_return_within_a_line_is_not_taken_for_certain():
    for lines in (["1,2", "3\r4,5"], ["1,2", '"3",4', "5\r6,7"]):
        found = joined(pa.array(lines), 2, is_last=True)
        assert not found.is_certain
        assert split(found.rows, 2, is_certain=found.is_certain).broken.tolist() == [len(lines) - 1]
    assert joined(pa.array(["1,2\r", '"3\r\n4",5\r']), 2, is_last=True).at.tolist() == [0, 1]
