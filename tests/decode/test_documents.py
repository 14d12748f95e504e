"""Files that are one JSON document, to a record a line."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.batch import Block
from monitor.decode import documents
from monitor.decode.documents import lines

VALUES = st.recursive(
    st.none() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
)


def blocks(data: bytes, size: int) -> list[Block]:
    parts = [data[at : at + size] for at in range(0, len(data), size)]
    return [Block(data=part, path="f", line=1, is_first=number == 0) for number, part in enumerate(parts)]


def read(data: bytes | str, size: int = 1 << 20) -> list[bytes]:
    data = data.encode() if isinstance(data, str) else data
    return b"".join(block.data for block in lines(iter(blocks(data, size)))).splitlines()


@settings(max_examples=80)
@given(
    st.lists(st.dictionaries(st.text(max_size=3), VALUES, max_size=3)),
    st.sampled_from([None, 1, 4]),
    st.booleans(),
    st.integers(8, 99),
)
def test_a_list_of_records_is_a_record_a_line(values, indent, ascii, size):
    text = json.dumps(values, indent=indent, ensure_ascii=ascii)
    assert [
        json.loads(line) for line in b"\n".join(read("\ufeff " + text + "\n ", size)).split(b"\n") if line
    ] == values


def test_an_object_over_many_lines_is_one_record():
    assert read(json.dumps({"a": [1, {"b": 2}]}, indent=2)) == [b'{   "a": [     1,     {       "b": 2     }   ] }']


def test_numbers_stay_as_they_are_written():
    assert read('[{"a": 1.50},\n {"a": ' + "9" * 5000 + "}]")[0] == b'{"a": 1.50}'


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1}\n{"a":2}\n',
        '[{"a":1},\n{"a":2',
        '[{"a":1}\n{"a":2}]',
        '[{"a":1}]\n[{"a":2}]',
        "a,b\n1,2\n",
        '{"a":\n',
        "[",
    ],
)
@pytest.mark.parametrize("size", [3, 1000])
def test_what_is_no_document_passes_as_it_is(text, size):
    assert b"".join(block.data for block in lines(iter(blocks(text.encode(), size)))) == text.encode()


def test_an_empty_list_has_no_records():
    assert read("[ \n ]") == []


def test_a_document_too_large_to_be_held_passes_as_it_is(monkeypatch):
    monkeypatch.setattr(documents, "LARGEST_BYTES", 50)
    text = json.dumps([{"a": number} for number in range(99)], indent=1).encode()
    assert b"".join(block.data for block in lines(iter(blocks(text, 20)))) == text


def test_a_file_that_cannot_be_read_on_passes_as_it_is():
    given = [*blocks(b'[{"a":1},', 100), Block(data=b"", path="f", line=2, trouble="torn")]
    assert list(lines(iter(given))) == given
    assert list(lines(iter([]))) == []


@pytest.mark.parametrize("between", ["", " ", "\n"])
def test_records_that_nothing_divides_are_a_record_a_line(between):
    records = [json.dumps({"a": number, "b": "}{"}) for number in range(5)]
    assert read(f"{between}".join(records) + "{}{}") == [record.encode() for record in records] + [b"{}", b"{}"]


def test_a_broken_record_among_others_on_a_line_is_alone():
    data = b'{"a":1}\n{"a":2}{"a":}{"a":3}{"b":"\xff"}\n\n{"a":4}'
    (block,) = lines(iter(blocks(data, 1000)))
    assert block.data == data.replace(b"}{", b"}\n{") + b"\n"
    assert (block.line, block.is_first) == (1, True)


def test_a_record_with_more_behind_it_is_broken_as_a_whole():
    assert read('{"a":1}{"a":2}x}{"a":3} ') == [b'{"a":1}', b'{"a":2}x}', b'{"a":3}']


def test_lines_are_counted_as_they_come_out():
    given = [Block(data=b'{"a":1}{"a":2}\n', path="f", line=1, is_first=True), Block(data=b"{}\n", path="f", line=2)]
    assert [(b.line, b.is_first) for b in lines(iter(given))] == [(1, True), (3, False)]


def test_a_line_that_only_looks_like_several_records_is_left_as_it_is():
    data = b'{"data":"{}{}"}\n{"a":1}\n'
    assert list(lines(iter(blocks(data, 1000)))) == blocks(data, 1000)


def test_many_records_come_in_blocks_and_many_faults_end_in_one(monkeypatch):
    monkeypatch.setattr(documents, "BLOCK_BYTES", 20)
    found = list(lines(iter(blocks(b'{"a":1}' * 10, 1000))))
    assert [block.line for block in found] == [1, 4, 7, 10]
    assert read(b'{"a"}' * 500)[-1] == b'{"a"}' * 401
