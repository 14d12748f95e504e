"""Capture lines, good and bad side by side."""

import json

import pyarrow as pa
import pytest
import shop
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.batch import Block
from monitor.decode.envelope import envelopes

BOM = b"\xef\xbb\xbf"
DEEP = b"[" * 100_000
META = '"eventMetadata":{"eventId":"e","inferenceTime":"2026-01-05T00:00:00Z"}'
GOOD = shop.capture("1,2", "0.5", 1).encode()
ODD_BUT_GOOD = {  # each of them is one record
    "any key order": ("{" + META + ',"captureData":{"endpointOutput":{"encoding":"CSV","data":"1"}}}').encode(),
    "nothing in it": b"{}",
    "null parts": b'{"captureData":null,"eventMetadata":null}',
    "null side": b'{"captureData":{"endpointInput":null,"endpointOutput":{"data":null}}}',
    "duplicate keys": b'{"captureData":{},"captureData":{"endpointInput":{"data":"1","encoding":"CSV"}}}',
    "a number in data": GOOD.replace(b'"1,2"', b"12"),
    "an object in data": GOOD.replace(b'"1,2"', b'{"a":1}'),
    "a number for an id": b'{"captureData":{},"eventMetadata":{"eventId":5}}',
    "attributes that are no texts": b'{"eventMetadata":{"customAttributes":["a",1,{"b":2}]}}',
    "a number of any length": b'{"captureData":{},"n":' + b"9" * 5000 + b"}",
    "escapes": json.dumps({"captureData": {"endpointInput": {"data": 'é\n"\ud83d\ude00', "encoding": "CSV"}}}).encode(),
    "spaces around": b"  " + GOOD + b" \t",
    "carriage return": GOOD + b"\r",
}
BAD = {
    "garbage": (b"garbage", "not_json"),
    "truncated": (GOOD[:100], "not_json"),
    "invalid utf-8": (GOOD.replace(b"id-1", b"id-\xff"), "not_utf8"),
    "a list for a side": (b'{"captureData":{"endpointInput":[]}}', "not_a_capture"),
    "zero for a side": (b'{"captureData":{"endpointInput":0}}', "not_a_capture"),
    "text for all": (b'{"captureData":"x"}', "not_a_capture"),
    "half a surrogate pair": (GOOD.replace(b"1,2", b"\\ud800"), "not_json"),
    "half a surrogate pair elsewhere": (GOOD.replace(b'"0"', b'"\\udc00"'), "not_json"),
    "a list": (b"[]", "not_a_capture"),
    "a text": (b'"x"', "not_a_capture"),
    "a number": (b"3", "not_a_capture"),
    "null": (b"null", "not_a_capture"),
    "deep and open": (b'{"captureData":' + DEEP, "too_deep"),
    "deep": (b'{"x":' + DEEP + b"]" * 100_000 + b"}", "too_deep"),
    "deep objects": (b'{"x":' * 100_000 + b"1" + b"}" * 100_000, "too_deep"),
}


def block(*lines: bytes, ending: bytes = b"\n", line: int = 1, is_first: bool = True) -> Block:
    return Block(data=ending.join(lines) + ending, path="f", line=line, is_first=is_first)


def told(found) -> list[tuple]:
    columns = (found.input, found.input_encoding, found.output, found.output_encoding, found.id, found.time)
    return list(zip(*(column.to_pylist() for column in columns), strict=True))


ALONE = told(envelopes(block(GOOD)))[0]


@pytest.mark.parametrize("name", BAD)
def test_a_bad_line_is_rejected_with_its_number_and_its_neighbours_survive(name):
    text, reason = BAD[name]
    found = envelopes(block(GOOD, b"", text, GOOD, line=10))
    assert told(found) == [ALONE, ALONE]
    assert found.line.tolist() == [10, 13]
    assert [(s.line, s.reason) for s in found.rejects] == [(12, reason)]
    last = envelopes(Block(data=GOOD + b"\n" + text, path="f", line=1))
    assert (told(last), [(s.line, s.reason) for s in last.rejects]) == ([ALONE], [(2, reason)])


@pytest.mark.parametrize("name", ODD_BUT_GOOD)
def test_an_odd_line_reads_the_same_alone_beside_good_ones_and_beside_bad_ones(name):
    text = ODD_BUT_GOOD[name]
    (alone,) = told(envelopes(block(text)))
    assert told(envelopes(block(GOOD, text, GOOD))) == [ALONE, alone, ALONE]
    found = envelopes(block(b"garbage", text, GOOD))
    assert told(found) == [alone, ALONE]
    assert (found.line.tolist(), len(found.rejects)) == ([2, 3], 1)


@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b"\n\n", b"\r\n \t\r\n"])
def test_line_ends_and_blank_lines_of_any_kind(ending):
    found = envelopes(block(GOOD, GOOD, GOOD, ending=ending))
    assert told(found) == [ALONE] * 3
    step = ending.count(b"\n")
    assert found.line.tolist() == [1, 1 + step, 1 + 2 * step]
    assert found.rejects == ()


@pytest.mark.parametrize("beside", [GOOD, b"garbage"])
def test_the_mark_of_utf8_is_no_part_of_the_first_line(beside):
    found = envelopes(block(BOM + GOOD, beside))
    assert told(found)[0] == ALONE
    assert len(found) + len(found.rejects) == 2


@pytest.mark.parametrize("beside", [[], [b"garbage"]])
def test_records_on_one_line_are_each_read(beside):
    found = envelopes(block(GOOD, GOOD + GOOD, GOOD + b" " + GOOD, *beside))
    assert told(found) == [ALONE] * 5
    assert found.line.tolist() == [1, 2, 2, 3, 3]
    assert len(found.rejects) == len(beside)


def test_a_record_over_several_lines_is_no_record_on_any_of_them():
    found = envelopes(block(GOOD, *json.dumps(json.loads(GOOD), indent=1).encode().split(b"\n")))
    assert told(found) == [ALONE]
    assert {s.reason for s in found.rejects} <= {"not_json", "not_a_capture"}


def test_many_brackets_in_a_payload_are_no_depth():
    text = shop.capture({"a": "[" * 5000}, "1", 1).encode()
    found = envelopes(block(GOOD, text))
    assert (len(found), found.rejects) == (2, ())


def test_an_empty_block_has_no_records():
    found = envelopes(Block(data=b"\n \n", path="f", line=1))
    assert (len(found), found.rejects, found.input.type) == (0, (), pa.string())


LINES = [*ODD_BUT_GOOD.values(), *(text for text, _ in BAD.values() if len(text) < 10_000), GOOD, b"", b" "]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=12), st.integers(1, 99), st.booleans())
def test_every_line_that_is_not_blank_is_a_row_or_a_reject_under_its_number(lines, line, ends):
    found = envelopes(Block(data=b"\n".join(lines) + b"\n" * ends, path="f", line=line))
    numbers = [line + i for i, text in enumerate(lines) if text.strip()]
    assert sorted([*found.line.tolist(), *(s.line for s in found.rejects)]) == numbers
    for at, record in zip(found.line.tolist(), told(found), strict=True):
        assert record == told(envelopes(block(lines[at - line])))[0]


@pytest.mark.parametrize("count", [100_000, 100_001])
def test_records_on_a_line_have_an_end(count):
    found = envelopes(block(GOOD, b'{"x":1}' + b"{}" * (count - 1), GOOD))
    if count == 100_000:
        assert (len(found), found.rejects) == (100_002, ())
    else:
        (sample,) = found.rejects
        assert (len(found), sample.line, sample.reason) == (2, 2, "too_many_values")
        assert sample.why == "more than 100000 values one behind the other"
