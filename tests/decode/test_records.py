"""The records of a block, whatever it holds: counted once each, with their places."""

import json
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.batch import Block, Expected
from monitor.decode.records import Records, plain, records

LINES = ['{"a":1}', '{"a":"x"}', '{"a":1}{"a":2}', '{"a":1,"a":2}', "[1]", "3", "x", '{"a":', "", " ", '{"a":[null,1]}']


def of(*lines: str | bytes, texts=()) -> Records:
    data = b"\n".join(line.encode() if isinstance(line, str) else line for line in lines)
    return records(Block(data=data, path="f", line=10), Expected(texts=frozenset(texts)))


def values(found: Records) -> dict[int, object]:
    odd = dict(found.odd)
    return odd | {at: v for p in found.pieces for at, v in zip(p.at.tolist(), p.values.to_pylist(), strict=True)}


@given(st.lists(st.sampled_from(LINES), max_size=12))
def test_every_line_gives_its_records_or_a_reject_under_its_number(lines):
    found = of(*lines)
    numbers = [10 + i for i, line in enumerate(lines) if line.strip()]
    assert sorted({*found.line.tolist(), *(r.line for r in found.rejects)}) == numbers
    assert sorted(values(found)) == list(range(found.count))
    assert (
        found.count
        == len(found.line)
        == sum(1 + (line == LINES[2]) for line in lines if line[:1] == "{" and line != LINES[7])
    )
    assert (sorted(found.line) == found.line).all()


def test_bytes_that_are_no_utf8_are_one_reject_with_the_shape_of_the_line():
    found = of('{"a":1}', b'{"b":"\xff"}', '{"a":2}')
    assert (found.count, [(r.line, r.reason) for r in found.rejects]) == (2, [(11, "not_utf8")])
    assert found.rejects[0].shape.startswith('{"a":')


def test_numbers_that_count_as_text_keep_their_digits():
    found = of('{"id":12345678901234567890123}', '{"id":7}', '{"id":0.50}', texts=["id"])
    assert {at: str(value["id"]) for at, value in values(found).items()} == {
        0: "12345678901234567890123",
        1: "7.0",
        2: "0.50",
    }
    assert not of('{"id":12345678901234567890123}', '{"id":7}').odd


def test_a_million_records_on_a_line_do_not_hold_the_line_a_million_times():
    found = of('{"a":1}' * 20_000)
    assert (found.count, len(found.texts)) == (20_000, 1)
    assert found.shape(19_999).startswith('{"a":0}{"a"')


COLUMNS = [
    (pa.array([1, None], pa.int8()), [1, None]),
    (pa.array([2**63, 1], pa.uint64()), [2.0**63, 1.0]),
    (pa.array([1500, 2**62 + 1, None], pa.duration("ms")), [1.5, 2.0**62 / 1000, None]),
    (pa.array([2**53 + 1, 2**63 + 1], pa.uint64()), [2.0**53, 2.0**63]),
    (pa.array([1.5, None], pa.float32()), [1.5, None]),
    (pa.array([Decimal("1.50"), None]), [1.5, None]),
    (pa.array(["x", None, "x"]).dictionary_encode(), ["x", None, "x"]),
    (pa.array(["x"], pa.large_string()), ["x"]),
    (pa.array([b"x", b"y"]), ["x", "y"]),
    (pa.array([b"\xff", None]), ["ff", None]),
    (pa.array([1_767_571_200_123], pa.timestamp("ms", "Asia/Tokyo")), ["2026-01-05T00:00:00.123000Z"]),
    (pa.array([1_767_571_200_123_456_789], pa.timestamp("ns")), ["2026-01-05T00:00:00.123456"]),
    (pa.array([2**62, None], pa.timestamp("s")), [str(2**62), None]),
    (pa.array([[1, None], None, []], pa.large_list(pa.int8())), [[1, None], None, []]),
    (pa.array([{"a": b"x"}, None]), [{"a": "x"}, None]),
    (pa.array([None, None]), [None, None]),
]


@pytest.mark.parametrize(("column", "wanted"), COLUMNS, ids=lambda given: str(getattr(given, "type", "")))
def test_columns_of_any_type_become_what_batches_hold(column, wanted):
    padded = pa.concat_arrays([column.slice(0, 1), column]) if not pa.types.is_dictionary(column.type) else column
    found = plain(padded.slice(len(padded) - len(column)))
    found.validate(full=True)
    assert found.to_pylist() == wanted


def test_rows_of_a_columnar_file_are_records():
    rows = pa.RecordBatch.from_pylist([{"a": 1}, {"a": 2}])
    found = records(Block(data=b"", path="f", line=5, rows=rows), Expected())
    assert (found.count, found.line.tolist(), values(found)) == (2, [5, 6], {0: {"a": 1}, 1: {"a": 2}})
    assert json.dumps(found.shape(0)) == '""'


def test_some_of_the_records_are_numbered_anew_and_stand_where_they_stood():
    text = '{"a": 1}\n{"a": 2} {"a": 3}\n{"a": "x"}\n[]\n{"a": 4}\n'
    whole = records(Block(data=text.encode(), path="f", line=1), Expected())
    found = whole.only(np.array([False, False, True, True, True]))
    assert (found.count, found.line.tolist(), values(found)) == (
        3,
        [2, 3, 5],
        {0: {"a": "3"}, 1: {"a": "x"}, 2: {"a": "4"}},
    )
    assert [found.shape(number) for number in range(3)] == [whole.shape(number) for number in (2, 3, 4)]
    assert found.rejects == whole.rejects
