"""Lines that are read by where their quotes stand: the same as a parser reads them, or left to it."""

import json
from dataclasses import fields

import numpy as np
import pyarrow as pa
import pytest
import shop
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.batch import Block
from monitor.decode.alike import FEWEST, MOST_SIGNS, alike, unescaped
from monitor.decode.envelope import COLUMNS, Envelopes, envelopes

GOOD = [shop.capture(f"{n},{n / 7}", f"0.{n}", n).replace('": ', '":').encode() for n in range(2 * FEWEST)]
SIGNS = b'"\\{}[]:, \t\r\0\x1f\x7f\xc3\xa9\xff0a\nnu/'


def told(found: Envelopes) -> list[tuple]:
    columns = [getattr(found, name).to_pylist() for name in COLUMNS]
    return list(zip(*columns, found.seconds.tolist(), found.timed.tolist(), found.line.tolist(), strict=True))


def read(lines: list[bytes]) -> Envelopes:
    return envelopes(Block(data=b"\n".join(lines) + b"\n", path="f", line=1))


def one_by_one(lines: list[bytes]) -> tuple[list[tuple], list[tuple]]:
    """Records and rejects of each line by itself, which are too few to be alike."""
    records, rejects = [], []
    for number, line in enumerate(lines, 1):
        found = envelopes(Block(data=line + b"\n", path="f", line=number))
        records += told(found)
        rejects += [(s.line, s.reason, s.shape) for s in found.rejects]
    return records, rejects


def is_same(lines: list[bytes]) -> None:
    found = read(lines)
    for field in fields(found):
        column = getattr(found, field.name)
        if isinstance(column, pa.Array):
            column.validate(full=True)
    assert (told(found), [(s.line, s.reason, s.shape) for s in found.rejects]) == one_by_one(lines)


def test_lines_of_one_make_need_no_parser():
    found = alike(b"\n".join(GOOD) + b"\n")
    assert found is not None
    assert found.at.tolist() == list(range(len(GOOD)))
    assert found.others.tolist() == []
    is_same(GOOD)


def test_lines_of_another_make_are_left_between_them():
    lines = [*GOOD[:40], b"", b"{}", GOOD[40].replace(b'"data"', b'"Data"'), *GOOD[41:]]
    found = alike(b"\n".join(lines))
    assert found is not None
    assert found.others.tolist() == [40, 41, 42, len(lines) - 1]  # the last one has no line end
    is_same(lines)


def test_a_first_line_of_another_make_leaves_the_others_alike():
    found = alike(b"\n".join([GOOD[0].replace(b"mode", b"Mode"), *GOOD[1:]]) + b"\n")
    assert found is not None
    assert found.others.tolist() == [0]


@pytest.mark.parametrize("count", [FEWEST - 1, FEWEST])
def test_a_few_lines_are_left_to_the_parser(count):
    assert (alike(b"\n".join(GOOD[:count]) + b"\n") is None) == (count < FEWEST)
    is_same(GOOD[:count])


def test_very_many_quotes_or_backslashes_are_left_to_the_parser():
    line = b'{"a":"' + b'","b":"' * (MOST_SIGNS // FEWEST // 4 - 1) + b'"}\n'
    assert alike(line * FEWEST) is not None
    assert alike(line * FEWEST + b'""\n') is None
    assert alike(b'{"a":"x"}\n' * FEWEST + b"\\" * MOST_SIGNS) is not None
    assert alike(b'{"a":"x"}\n' * FEWEST + b"\\" * (MOST_SIGNS + 1)) is None


@pytest.mark.parametrize("text", ['"', "\n", "a\\b", "\t", "/", "é", "\x01", "\U0001f600", '\\"', "\\\\", "{", "@@0@@"])
@pytest.mark.parametrize("ascii", [True, False])
def test_escapes_mean_what_they_mean_to_a_parser(text, ascii):
    records = [json.loads(line) for line in GOOD]
    for record in records:
        record["captureData"]["endpointInput"]["data"] += text
    lines = [json.dumps(record, ensure_ascii=ascii).encode() for record in records]
    is_same(lines)
    is_same([*GOOD, lines[0], *GOOD])
    assert read(lines).input[3].as_py() == records[3]["captureData"]["endpointInput"]["data"]


@pytest.mark.parametrize(
    "sign", [b"\x00", b"\x01", b"\t", b"\r", b"\x1f", b"\x7f", b"\xff", b"\xc3\xa9", b"\\", b"\\u", b'"']
)
@pytest.mark.parametrize("place", [b"text/csv", b"INPUT", b"id-", b"CSV", b"captureData", b":{"])
def test_a_sign_that_does_not_belong_there_is_left_to_the_parser(sign, place):
    strange = [line.replace(place, place + sign, 1) for line in GOOD]
    is_same([*GOOD[:9], strange[9], *GOOD[10:]])
    is_same(strange)


@pytest.mark.parametrize(
    "change",
    [
        (b'"captureData":', b'"captureData":null,"captureData":'),
        (b'"encoding":', b'"encoding":"x","encoding":'),
        (b'"eventId":"', b'"eventId":["'),
        (b'"eventMetadata":{', b'"eventMetadata":{"customAttributes":["a","b"],'),
        (b'"eventMetadata":{', b'"eventMetadata":{"customAttributes":["a"],'),
        (b'"eventMetadata":{', b'"eventMetadata":{"customAttributes":[1,{"a":"b"}],'),
        (b'"eventMetadata":{', b'"eventMetadata":{"@@1@@":5,"inferenceId":7,'),
        (b'"eventMetadata":{', b'"eventMetadata":{"inferenceId":{"@@1@@":"@@2@@"},'),
        (b'"eventMetadata":{', b'"eventMetadata":{"inferenceId":01,'),
        (b'"eventMetadata":{', b'"eventMetadata":{"inferenceId":1e400,'),
        (b'"eventMetadata":{', b'"eventMetadata":{"inferenceId":NaN,'),
        (b'"eventMetadata":{', b'"eventMetadata":{"\\ud800":"",'),
        (b'"eventMetadata":{', b'"eventMetadata":{"a\\"b":"",'),
        (b'"eventMetadata":{', b'"eventMetadata":' + b"[" * 101 + b"],"),
        (b"}\n", b"}}\n"),
        (b"}\n", b"}{}\n"),
        (b"}\n", b"} \r\n"),
        (b"}\n", b'}"a"\n'),
        (b'{"', b'  {\t"'),
        (b'{"', b'"",{"'),
    ],
)
def test_whatever_all_lines_have_in_common_is_read_as_a_parser_reads_it(change):
    whole = b"\n".join(GOOD) + b"\n"
    assert change[0] in whole
    is_same(whole.replace(*change).split(b"\n")[:-1])


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 400), st.sampled_from(SIGNS), st.booleans())),
    st.lists(st.text(st.sampled_from('a1,."\\/\n\té{}'), max_size=8), max_size=9),
)
def test_lines_with_bytes_changed_read_the_same_beside_others_as_alone(flips, texts):
    lines = [bytearray(line) for line in GOOD]
    for number, text in enumerate(texts):
        lines[number * 3] = bytearray(shop.capture(text, text, number).encode())
    for number, at, sign, is_more in flips:
        at %= len(lines[number])
        lines[number][at : at + (not is_more)] = bytes([sign])
    is_same(b"\n".join(map(bytes, lines)).split(b"\n"))


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 400), st.sampled_from(SIGNS), st.booleans())
def test_lines_that_all_have_the_same_byte_changed_read_the_same_as_alone(at, sign, is_more):
    lines = [bytearray(line) for line in GOOD]
    for line in lines:
        line[at % len(line) : at % len(line) + (not is_more)] = bytes([sign])
    is_same(b"\n".join(map(bytes, lines)).split(b"\n"))


@given(st.lists(st.text(st.sampled_from('ab"\\/\b\f\n\r\té😀'))))
def test_texts_are_unescaped(texts):
    simple = [json.dumps(text, ensure_ascii=False)[1:-1] for text in texts if "\\" not in text]
    found = unescaped(pa.array(["x", *simple], pa.string())[1:])
    found.validate(full=True)
    assert found.to_pylist() == [text for text in texts if "\\" not in text]


def test_columns_of_lines_with_constants_are_constant():
    lines = [line.replace(b'"eventMetadata":{', b'"eventMetadata":{"inferenceId":5,') for line in GOOD]
    found = alike(b"\n".join(lines) + b"\n")
    assert found is not None
    assert read(lines).inference_id.to_pylist() == ["5"] * len(lines)
    assert np.array_equal(found.at, np.arange(len(lines)))
