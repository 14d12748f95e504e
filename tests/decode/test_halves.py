"""Requests and answers logged apart: paired by id over blocks and files, none lost, none counted twice."""

import json
import random

import pytest

from monitor.batch import Batch, Block, Expected
from monitor.decode.halves import paired
from monitor.decode.layout import layout_of
from monitor.decode.mapped import decode
from monitor.profile import Volume

LAYOUT = layout_of(
    {"jsonl": {"id": "$.id", "time": "$.time", "kind": "$.kind", "inputs": "$.body", "outputs": "$.body"}}
)
NOTHING = Expected()


def half(kind: str, id: str | None, body: object, time: str | None = None) -> dict:
    return {"kind": kind, "id": id, "body": body, "time": time}


def read(*files: list[dict], expected: Expected = NOTHING, most: int = 1 << 30) -> list[Batch]:
    blocks = [
        Block(data="".join(f"{json.dumps(record)}\n" for record in file).encode(), path=f"f{place}", line=1)
        for place, file in enumerate(files)
    ]
    return list(paired(decode(iter(blocks), expected, LAYOUT), expected, most))


def rows(batches: list[Batch]) -> list[tuple]:
    return sorted(
        (batch.ids[i].as_py(), *row.items())
        for batch in batches
        for i, row in enumerate({k: v for k, v in row.items() if v is not None} for row in batch.rows.to_pylist())
        if batch.ids is not None
    )


def volume(batches: list[Batch]) -> Volume:
    return sum((batch.volume for batch in batches), Volume())


def test_columns_without_names_take_the_baselines_once_both_halves_are_there():
    expected = Expected(names=("y", "a", "b"))
    batches = read(
        [half("request", "1", {"instances": [[1, 2], [3, 4]]})],
        [half("response", "1", {"predictions": [0.1, 0.2]})],
        expected=expected,
    )
    assert rows(batches) == [("1", ("y", 0.1), ("a", 1), ("b", 2)), ("1", ("y", 0.2), ("a", 3), ("b", 4))]
    assert [b.outputs for b in batches if b.rows.num_rows] == [("y",)]
    assert [b.positions for b in batches if b.rows.num_rows] == [True]


def test_a_list_of_plain_values_is_what_the_other_half_says():
    batches = read(
        [half("request", "one", {"inputs": [1, 2, 3]}), half("request", "three", {"inputs": [1, 2, 3]})],
        [half("response", "one", [0.5]), half("response", "three", [[0.1], [0.2], [0.3]])],
    )
    assert [row[0] for row in rows(batches)] == ["one", "three", "three", "three"]
    assert volume(batches).rejected == {}


def test_a_request_with_more_rows_than_the_answer_is_one_reject_and_no_row():
    batches = read([half("request", "1", [[1, 2], [3, 4]]), half("response", "1", [[0.1]])])
    found = volume(batches)
    assert (found.records, found.rows, found.rejected) == (1, 0, {"rows_differ": 1})
    (sample,) = [s for b in batches for s in b.rejects]
    assert (sample.path, sample.line, sample.why) == ("f0", 1, "2 rows in the request, 1 in the answer")


def test_of_two_with_the_same_id_the_first_request_goes_with_the_first_answer():
    batches = read(
        [half("request", "x", {"a": 1}), half("response", "x", {"y": 10})],
        [half("request", "x", {"a": 2}), half("request", "x", {"a": 3}), half("response", "x", {"y": 20})],
    )
    assert rows(batches) == [("x", ("y", 10), ("a", 1)), ("x", ("y", 20), ("a", 2))]
    assert volume(batches).rejected == {"unpaired": 1}


def test_halves_without_an_id_are_never_paired():
    found = volume(read([half("request", None, {"a": 1}), half("response", None, {"y": 1})]))
    assert (found.records, found.rows, found.rejected) == (2, 0, {"unpaired": 2})


def test_a_log_of_requests_alone_is_one_of_rows():
    batches = read([half("request", "1", {"a": 1}), half("request", "2", [])])
    assert rows(batches) == [("1", ("a", 1))]
    assert (volume(batches).records, volume(batches).both, volume(batches).rejected) == (2, 0, {"no_payload": 1})


def test_an_answer_that_cannot_be_read_is_a_reject_of_the_pair():
    batches = read([half("request", "1", {"a": 1}), half("response", "1", '{"y": ')])
    assert (volume(batches).records, volume(batches).rejected) == (1, {"not_json": 1})


def test_an_answer_without_payload_leaves_the_request():
    batches = read([half("request", "1", {"a": 1}), half("response", "1", None)])
    assert rows(batches) == [("1", ("a", 1))]
    assert (volume(batches).records, volume(batches).both) == (1, 0)


def test_the_time_is_the_requests_or_else_the_answers():
    batches = read(
        [half("request", "1", {"a": 1}, "2026-01-05T10:00:00Z"), half("request", "2", {"a": 2})],
        [half("response", "2", {"y": 2}, "2026-01-05T11:00:00Z"), half("response", "1", {"y": 1}, "2026-01-05T12:00Z")],
    )
    (seconds,) = [b.seconds.tolist() for b in batches if b.seconds is not None]
    assert [second % 86400 // 3600 for second in seconds] == [10, 11]


def test_halves_that_wait_for_too_much_are_told_and_those_after_them_are_paired(monkeypatch):
    monkeypatch.setattr("monitor.decode.halves.TOGETHER", 4)
    old = [half("request", f"old{i}", {"a": i}) for i in range(64)] + [half("response", "odd", {"y": 1})]
    asked, told = ([half(kind, f"new{i}", {"a": i}) for i in range(8)] for kind in ("request", "response"))
    batches = read(old, asked, told, [half("response", "old1", {"y": 1})], most=512)
    assert {row[0] for row in rows(batches)} == {f"new{i}" for i in range(8)}
    found = volume(batches)
    assert (found.records, found.rows, found.rejected) == (74, 8, {"unpaired": 66})


def test_few_but_large_halves_do_not_wait_without_end():
    taken = 0

    def requests():
        nonlocal taken
        for number in range(40):
            taken = number
            line = json.dumps(half("request", f"{number}", {"text": "x" * 1000})).encode() + b"\n"
            yield Block(data=line, path="f", line=number + 1)

    found = paired(decode(requests(), NOTHING, LAYOUT), NOTHING, 5000)
    first = next(batch for batch in found if batch.rows.num_rows)
    assert (first.rows.num_rows, taken < 12) == (3, True)
    assert 3 + volume(list(found)).rows == 40


def test_halves_in_one_file_do_not_take_each_others_keys():
    bodies = [("request", {"a": 1, "in": {"b": None}}), ("response", {"y": 2, "in": {"z": 3}})]
    lists = [(kind, [body]) for kind, body in bodies]
    for pair in (bodies, lists):
        batches = read([half(kind, "1", body) for kind, body in pair])
        (whole,) = [b for b in batches if b.rows.num_rows]
        assert whole.rows.to_pylist() == [{"y": 2, "in.z": 3, "a": 1, "in.b": None}]
        assert sorted(whole.outputs) == ["in.z", "y"]


BODIES = [{"a": 1}, {"a": 1.5, "b": "x"}, [[1, 2], [3, 4]], [1, 2], [], {}, None, "words", '{"a": 1}', "{", 7, True]


@pytest.mark.parametrize("seed", range(20))
def test_every_half_is_in_a_row_or_a_reject_once(seed, monkeypatch):
    monkeypatch.setattr("monitor.decode.halves.TOGETHER", 5)
    dice = random.Random(seed)
    kinds = ["request", "response", "other"] if seed % 2 else ["request", "response"]
    every = [half(dice.choice(kinds), f"i{dice.randrange(9)}", dice.choice(BODIES)) for _ in range(40)]
    cut = dice.randrange(40)
    batches = read(every[:cut], every[cut:], most=dice.choice([0, 500, 1 << 30]))
    found = volume(batches)
    whole = [b for b in batches if b.rows.num_rows]
    records = sum(len(set(zip(b.ids.to_pylist(), b.seconds.tolist(), strict=True))) for b in whole)
    assert found.records >= records
    assert found.rows == sum(b.rows.num_rows for b in whole)
    unpaired = found.rejected.get("unpaired", 0) + found.rejected.get("other_kind", 0)
    assert 2 * (found.records - unpaired) + unpaired == 40
