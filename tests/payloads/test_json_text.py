"""JSON texts to nested arrays: what fits is read at once, what does not is set aside, nothing is lost between."""

import json

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.decode.envelope import SCHEMA
from monitor.payloads import json_text
from monitor.payloads.json_text import parse
from monitor.sizes import STANDARD

DEPTH = STANDARD.depth
LINES = [
    '{"a":1}', '{"a":2.5}', '{"a":"x"}', '{"b":[1,2]}', '{"b":[]}', "[1,2]", '["x"]', "[[1],[2,3]]", "3", '"x"', "true",
    "null", "{}", "", "x", '{"a":1}{"a":2}', '{"a":1,"a":2}', '{"a":1', '{"a":\n1}', '{"a":"\n"}', " 7 ", "[null,1]",
    "[" * 200,
]  # fmt: skip


def texts_of(texts) -> pa.Array:
    return pa.array(texts, pa.string())


def told(texts, **given) -> dict[int, object]:
    """The value of each text that fits, by its number."""
    found = parse(texts_of(texts), DEPTH, **given)
    values = {
        at: value
        for piece in found.pieces
        for at, value in zip(piece.at.tolist(), piece.values.to_pylist(), strict=True)
    }
    assert sum(len(piece.at) for piece in found.pieces) == len(values)
    assert sorted([*values, *found.odd.tolist(), *found.too_deep.tolist()]) == list(range(len(texts)))
    return values


def meant(value: object) -> object:
    """What stands in a JSON value, without the keys that are missing."""
    if isinstance(value, dict):
        return {name: meant(item) for name, item in value.items() if item is not None}
    return [meant(item) for item in value] if isinstance(value, list) else value


@settings(max_examples=80)
@given(st.lists(st.sampled_from(LINES), max_size=20), st.sampled_from([1, 2, 1024]))
def test_every_text_is_read_as_it_is_or_set_aside_once(texts, at_once):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_text, "SLICE_TEXTS", at_once)
        for number, value in told(texts).items():
            assert meant(value) == meant(json.loads(texts[number]))


def test_few_odd_texts_among_many_are_read_apart_or_set_aside_alone():
    texts = [f'{{"a":{i},"b":"x"}}' for i in range(3000)]
    odd = {7: '{"a":"x","b":"x"}', 8: '{"a":1', 1500: '{"a":1,"a":2}', 2999: '{"a":{"c":1}}'}
    for number, text in odd.items():
        texts[number] = text
    found = told(texts)
    assert sorted(set(range(3000)) - set(found)) == [8, 1500]
    assert [meant(found[number]) for number in (7, 9, 2999)] == [json.loads(texts[number]) for number in (7, 9, 2999)]


def test_where_most_are_odd_the_reader_is_not_started_for_each(monkeypatch):
    calls = []
    read = json_text._json
    monkeypatch.setattr(json_text, "_json", lambda *given: calls.append(1) or read(*given))
    told([f'{{"a":{i},"a":2}}' for i in range(1000)])
    assert len(calls) < 100


@pytest.mark.parametrize("at_once", [1, 1024])
def test_whole_numbers_of_any_size_may_stand_beside_fractions(monkeypatch, at_once):
    monkeypatch.setattr(json_text, "SLICE_TEXTS", at_once)
    assert told(['{"a":9007199254740993}', '{"a":0.5}']) == {0: {"a": 2.0**53}, 1: {"a": 0.5}}


@pytest.mark.parametrize(
    "first", ["[null,1]", "[null,null]", '[null,"x"]', "[[null,2]]", '[{"a":[null,2]}]', '[null,{"a":1}]']
)
def test_nulls_at_the_head_of_a_list_are_kept(first):
    assert told([first, "[]"])[0] == json.loads(first)


def test_a_line_end_inside_a_string_is_no_space():
    assert told(['{"\na":1}', '{\n"a":1}']) == {1: {"a": 1}}


def test_texts_that_look_like_times_stay_texts():
    texts = ['{"a":"2026-01-05","b":[["2026-01-05T10:00:00Z"]]}'] * 2
    assert told(texts)[1] == json.loads(texts[0])


def test_with_a_schema_other_keys_are_passed_over_and_an_odd_one_costs_nothing_else():
    line = '{"captureData":{"endpointInput":{"data":"1","encoding":"CSV"}},"x":[%d]}'
    texts = [line % i for i in range(200)]
    texts[5] = texts[5].replace('"CSV"', "7")
    found = told(texts, schema=SCHEMA)
    assert sorted(found) == [i for i in range(200) if i != 5]
    assert found[199]["captureData"]["endpointInput"]["data"] == "1"


def test_texts_that_bring_too_many_columns_are_set_aside_and_the_common_ones_are_not():
    texts = ['{"a":1}'] * 10 + ["{" + ",".join(f'"k{i}":1' for i in range(30)) + "}"]
    assert sorted(told(texts, columns=20)) == list(range(10))
    assert told([f'{{"k{i}":1}}' for i in range(50)], columns=20) == {}


def test_a_slice_of_a_column_is_read_from_its_own_rows():
    found = parse(texts_of(["x", '{"a":1}', '{"a":2}', "x"])[1:3], DEPTH)
    assert found.pieces[0].values.to_pylist() == [{"a": 1}, {"a": 2}]
    np.testing.assert_array_equal(found.pieces[0].at, [0, 1])
