"""JSON payloads read all at once give what each gives alone on the careful path."""

import json
import random
from typing import Any

import pyarrow as pa
import pytest

from monitor.payloads.json_rows import Read, read, read_odd, read_values
from monitor.payloads.json_value import loaded, written


def tensor(name: str, rows: int, width: int, dice: random.Random) -> dict[str, Any]:
    values: list[Any] = [dice.choice([1, 2.5, -3]) for _ in range(rows * width)]
    shape = dice.choice([[rows, width], [rows, width], [rows], [rows, 1, width], [0], [], [rows + 1, width]])
    if dice.random() < 0.3:
        values = [values[i : i + width] for i in range(0, len(values), width)]
    found = {"name": name, "shape": shape, "datatype": "FP32", "data": values}
    if dice.random() < 0.1:
        del found[dice.choice(["shape", "datatype", "data", "name"])]
    return found


def table(dice: random.Random) -> tuple[list[str], list[list[Any]]]:
    names = dice.choice([["a", "b"], ["a", "b"], ["b", "a"], ["a", "a"], ["c"], []])
    width = len(names) if dice.random() < 0.8 else dice.randrange(4)
    return names, [[dice.choice([1, 2.5, None]) for _ in range(width)] for _ in range(dice.randrange(4))]


def payload(dice: random.Random) -> Any:
    kind = dice.randrange(9)
    names, rows = table(dice)
    if kind < 3:
        count, width = dice.randrange(1, 4), dice.randrange(1, 3)
        tensors = [tensor(name, count, width, dice) for name in dice.choice(["x", "x", "xy", "yx", "xx"])]
        return {dice.choice(["inputs", "outputs"]): tensors}
    if kind == 3:
        return {dice.choice(["dataframe_split", "input_data"]): {"columns": names, "data": rows, "index": [0]}}
    if kind == 4:
        return {"columns": names, "data": rows}
    if kind == 5:
        return {"data": {"names": names, "ndarray": dice.choice([rows, [1, 2], None])}, "meta": {"x": 1}}
    if kind == 6:
        return {"data": {"names": names, "tensor": {"shape": [1, 2], "values": [1, 2]}}}
    if kind == 7:
        return {"inputs": [{"name": "n", "data": 3}, {"name": "m", "data": 4}]}
    return dice.choice([{"a": 1}, rows, {"instances": rows}, {"inputs": {"a": [1, 2], "b": [3, 4]}}, [], None, 7])


def told(found: Read) -> tuple[list[tuple], dict[int, str]]:
    rows = []
    for part in found.parts:
        columns = {name: column.to_pylist() for name, column in part.columns.items()}
        for place, number in enumerate(part.payload.tolist()):
            row = {name: values[place] for name, values in columns.items() if values[place] is not None}
            # A missing value at the end of a row without names is counted in its width.
            rows.append((number, sorted(row.items()), None if part.widths is None else int(part.widths[place])))
    # Rows without any column are refused sooner or later: which it is depends on what stands beside them.
    empty = {number for number, _, width in rows if width == 0} - {number for number, _, width in rows if width != 0}
    refused = {r.payload: r.reason for r in found.refused} | dict.fromkeys(empty, "no_payload")
    return sorted((row for row in rows if row[0] not in empty), key=lambda row: row[0]), refused


@pytest.mark.parametrize("seed", range(60))
def test_many_at_once_are_read_as_each_alone(seed):
    dice = random.Random(seed)
    same = dice.random() < 0.5  # many of one shape, as a log has them, or all mixed
    first = payload(dice)
    values = [first if same and dice.random() < 0.9 else payload(dice) for _ in range(30)]
    texts = [json.dumps(value) for value in values]
    alone = [told(read_odd([(0, loaded(text, 100))])) for text in texts]
    rows, refused = told(read(pa.array(texts)))
    assert refused == {number: why[0] for number, (_, why) in enumerate(alone) if why}
    assert rows == [(number, *row[1:]) for number, (found, _) in enumerate(alone) for row in found]


@pytest.mark.parametrize("seed", range(30))
def test_values_that_come_nested_are_read_as_their_texts(seed):
    dice = random.Random(seed)
    value = payload(dice)
    try:
        nested = pa.array([value] * 3)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return
    if pa.types.is_null(nested.type):
        return
    assert told(read_values(nested)) == told(read(pa.array([json.dumps(value)] * 3)))


def test_what_was_written_is_read_the_same():
    text = '{"a":[1.50,null,"\\u00e9"],"b":{"c":true,"d":12345678901234567890123}}'
    assert loaded(written(loaded(text, 9)), 9) == loaded(text, 9)


NULLS = [[[None, None, 1.5]], [[None, None], [1.5]], [[None, None], [None, None]], [[1.5, None, None]], [[None] * 9]]


@pytest.mark.parametrize("rows", NULLS)
def test_lists_that_begin_with_several_nulls_lose_none_of_them(rows):
    for value in ({"instances": rows}, {"dataframe_split": {"columns": ["a"] * len(rows[0]), "data": rows}}, rows):
        text = json.dumps(value)
        alone = told(read_odd([(0, loaded(text, 100))]))
        found = told(read(pa.array([text] * 40)))
        assert [row[1:] for row in found[0]] == [row[1:] for row in alone[0]] * 40
        assert len(found[1]) == 40 * len(alone[1])


def test_rows_may_have_columns_called_name_and_data():
    rows, refused = told(read(pa.array(['{"instances": [{"name": "x", "data": 3}, {"name": "y", "data": 4}]}'])))
    assert [row[1] for row in rows] == [[("data", 3), ("name", "x")], [("data", 4), ("name", "y")]]
    assert refused == {}
