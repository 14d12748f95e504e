"""Mapped logs: what stands at the paths of a layout, in lines that fit together and in those read one by one."""

import json

import pyarrow as pa
import pytest

from monitor.batch import Batch, Block, Expected
from monitor.decode.heads import has_record
from monitor.decode.layout import layout_of
from monitor.decode.mapped import decode
from monitor.decode.paths import path_of, pruned, pruned_value
from monitor.profile import Volume

NOTHING = Expected()


def read(records: list, layout: dict, expected: Expected = NOTHING) -> list[Batch]:
    data = "".join(f"{r if isinstance(r, str) else json.dumps(r)}\n" for r in records).encode()
    return list(decode(iter([Block(data=data, path="f", line=1)]), expected, layout_of({"jsonl": layout})))


def rows(batches: list[Batch]) -> list[dict]:
    """Without missing values, and without the key that makes a line odd."""
    every = [row for batch in batches for row in batch.rows.to_pylist()]
    return [{k: v for k, v in row.items() if v is not None and k != "twice"} for row in every]


def volume(batches: list[Batch]) -> Volume:
    return sum((batch.volume for batch in batches), Volume())


def both_ways(record: dict, layout: dict, expected: Expected = NOTHING) -> tuple[list[dict], Volume]:
    """The rows of a record; the same where its line must be read one by one, for a key that it has twice."""
    text = json.dumps(record)
    fast, slow = (read([line], layout, expected) for line in (text, text[:-1] + ', "twice": 1, "twice": 2}'))
    assert rows(fast) == rows(slow)
    assert volume(fast).rejected == volume(slow).rejected
    return rows(fast), volume(fast)


def test_a_path_leads_into_a_text_of_json():
    layout = {"id": "$.id", "inputs": "$.in.body.rows", "outputs": "$.out.predictions"}
    record = {"id": "1", "in": {"body": '{"rows": [{"a": 1}, {"a": 2}]}'}, "out": '{"predictions": [0.1, 0.2]}'}
    assert both_ways(record, layout)[0] == [{"output_0": 0.1, "a": 1}, {"output_0": 0.2, "a": 2}]


def test_a_path_into_a_text_that_is_none_or_lacks_the_key():
    layout = {"inputs": "$.in", "outputs": "$.out.predictions"}
    for out, rejected in (("{", {"not_json": 1}), ("words", {"not_json": 1}), ('{"error": 1}', {}), ("[1]", {})):
        found, told = both_ways({"in": {"a": 1}, "out": out}, layout)
        assert (told.rejected, len(found)) == (rejected, 0 if rejected else 1)
    deep = Expected(sizes=type(NOTHING.sizes)(depth=5))
    assert both_ways({"in": {"a": 1}, "out": "[" * 9 + "]" * 9}, layout, deep)[1].rejected == {"too_deep": 1}


def test_a_list_at_the_end_of_a_path_is_what_its_key_says():
    layout = {"inputs": "$.request.instances", "outputs": "$.response.predictions"}
    record = {"request": {"instances": [[1, 2], [3, 4]]}, "response": {"predictions": [0.1, 0.2]}}
    expected = Expected(names=("y", "a", "b"))
    assert both_ways(record, layout, expected)[0] == [{"y": 0.1, "a": 1, "b": 2}, {"y": 0.2, "a": 3, "b": 4}]


def test_the_first_path_that_leads_somewhere_counts():
    layout = {"inputs": ["$.x", "$.y"], "id": ["$.b", "$.a"]}
    batches = read([{"x": {"v": 1}, "y": {"v": 2}, "a": "i"}, {"y": {"v": 3}, "a": "j", "b": "k"}, {"z": 1}], layout)
    assert rows(batches) == [{"v": 1}, {"v": 3}]
    assert sorted(id for b in batches if b.ids is not None for id in b.ids.to_pylist()) == ["i", "k"]
    assert volume(batches).rejected == {"no_payload": 1}


def test_of_a_whole_record_what_other_paths_take_is_no_feature():
    layout = {"id": ["$.meta.id", "$.trace"], "time": "$.at", "inputs": "$", "outputs": "$.score"}
    record = {"meta": {"id": "1", "kind": "x"}, "trace": "t", "at": 5, "score": 0.5, "a": 1}
    assert both_ways(record, layout)[0] == [{"output_0": 0.5, "meta.kind": "x", "a": 1}]
    assert volume(read([{"meta": {"id": "1"}, "trace": "t", "at": 5}], layout)).rejected == {"no_payload": 1}


def test_repeated_texts_are_values_and_an_empty_repetition_is_none():
    layout = {"inputs": "$.in", "outputs": "$.out"}
    assert both_ways({"in": ['{"a": 1}', '{"a": 2}'], "out": ["0.5", "0.25"]}, layout)[0] == [
        {"output_0": 0.5, "a": 1}, {"output_0": 0.25, "a": 2}
    ]  # fmt: skip
    assert both_ways({"in": ['{"instances": [{"a": 1}]}'], "out": []}, layout)[0] == [{"a": 1}]


def test_texts_that_are_json_and_words_stand_beside_each_other():
    batches = read([{"in": "a question"}, {"in": '{"a": 1}'}, {"in": "another"}], {"inputs": "$.in"})
    assert rows(batches) == [{"a": 1}, {"_c0": "a question"}, {"_c0": "another"}]


def test_base64_that_is_wrong_is_a_reject_of_its_record():
    layout = {"inputs": "$.in", "encoding": "base64"}
    for text, rejected in (("eyJhIjoxfQ==", {}), ("###", {"not_base64": 1}), ("/w==", {"not_utf8": 1})):
        assert both_ways({"in": text}, layout)[1].rejected == rejected


def test_a_payload_that_lies_elsewhere_is_told():
    layout = {"inputs": "$.in", "elsewhere": ["$.blob", "$.ref"]}
    batches = read([{"in": "s3://x", "ref": "s3://x"}, {"in": {"a": 1}}], layout)
    assert rows(batches) == [{"a": 1}]
    assert volume(batches).rejected == {"not_here": 1}


@pytest.mark.parametrize("unit", [1, 10**3, 10**6, 10**9])
def test_times_may_be_numbers_of_any_unit(unit):
    layout = {"time": "$.at", "inputs": "$.in"}
    (batch,) = [b for b in read([{"at": 1767607200 * unit, "in": {"a": 1}}], layout) if b.rows.num_rows]
    assert batch.seconds.tolist() == [1767607200]


def test_unanswered_requests_take_the_names_that_the_answers_to_others_leave():
    layout = {"inputs": "$.in", "outputs": "$.out"}
    batches = read([{"in": [[1, 2]], "out": [[0.5]]}, {"in": [[3, 4]]}], layout, Expected(names=("y", "a", "b")))
    assert rows(batches) == [{"y": 0.5, "a": 1, "b": 2}, {"a": 3, "b": 4}]


def test_pruning_leaves_what_no_path_leads_to():
    value = {"a": {"b": 1, "c": 2}, "d": 3}
    paths = [path_of("$.a.b"), path_of("$.d"), path_of("$.x.y")]
    assert pruned_value(value, paths) == {"a": {"c": 2}}
    assert pruned(pa.array([value]), paths).to_pylist() == [{"a": {"c": 2}}]
    assert pruned(pa.array([{"d": 3}]), paths).to_pylist() == [{}]


HEADS = [
    (b'{"a":1,"b":2}', True),
    (b'[{"a":1,"b":2}]', True),
    (b'[\n  {\n "a": 1,\n "b": 2', True),
    (b'{"x":1}\n{"b":"","a":', True),
    (b'torn"}\n{"a":1,"b":2}', True),
    (b'{"a":"torn\n{"a":1,"b":2}', True),
    (b'{"a":1}\n{"b":2}', False),
    (b'{"a":{"b":2}}', False),
    (b'{"a":"b","c":["b"]}', False),
    (b'{"a":"\\"b\\":"}', False),
    (b'[[{"a":1,"b":2}]]', False),
    (b'{"a":1,"b', False),
]


@pytest.mark.parametrize(("head", "has"), HEADS)
def test_a_head_has_a_record_of_these_names(head, has):
    assert has_record(head, [b"a", b"b"]) is has


def test_a_long_text_that_is_cut_off_is_passed_over_at_once():
    head = b'{"a":"' + b'\\"b\\":{' * 8000
    assert not has_record(head, [b"a", b"b"])
