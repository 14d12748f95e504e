"""Requests and answers side by side: every record gives rows or is refused, exactly once."""

import json

import pyarrow as pa
import shapes
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.batch import Expected
from monitor.payloads.exchanges import exchanged
from monitor.payloads.json_rows import Refused, read, renumbered
from monitor.payloads.sides import Tables, csv_side, json_side, read_csv, side_by_side

CSV = st.sampled_from(["1", "1,2", "1,2,3", "1\n2", "1,2\n3,4", '"a,b",2', '"', '1,"x\ny"', "", "1,2\r\n3,4\n\n"])
LISTS = st.sampled_from(
    ["[1,2]", "[1]", "[[1],[2]]", '{"predictions":[1,2]}', '{"instances":[1]}', "[]", '{"outputs":[[1,2]]}']
)
JSON = st.one_of(shapes.shapes, shapes.broken(), LISTS)
EXPECTED = st.sampled_from([Expected(), Expected(names=("y", "a", "b"), texts=frozenset({"b"}))])
SETTINGS = settings(max_examples=120)


def each_once(found: Tables, count: int) -> None:
    """Every record is in the tables or refused, never both, and in one table only."""
    refused = [one.payload for one in found.refused]
    held = [number for table in found.tables for number in sorted(set(table.record.tolist()))]
    assert sorted([*refused, *held]) == list(range(count))
    for table in found.tables:
        assert {len(column) for column in table.columns.values()} == {len(table.record)}
        assert set(table.outputs) <= set(table.columns)
    assert all(one.reason for one in found.refused)


def column(texts) -> pa.StringArray:
    return pa.array(list(texts), pa.string())


@SETTINGS
@given(st.lists(st.tuples(JSON, JSON), min_size=1, max_size=6), EXPECTED)
def test_json_on_both_sides(records, expected):
    requests, answers = (column(side) for side in zip(*records, strict=True))
    answer = json_side(read(answers, as_text=expected.texts))
    request = json_side(read(requests, as_text=expected.texts))
    each_once(side_by_side(request, answer, expected), len(records))


@SETTINGS
@given(st.lists(st.tuples(CSV, JSON), min_size=1, max_size=6), EXPECTED, st.booleans())
def test_csv_on_one_side_and_json_on_the_other(records, expected, is_request):
    texts, values = (column(side) for side in zip(*records, strict=True))
    given = csv_side(texts), json_side(read(values, as_text=expected.texts))
    request, answer = given if is_request else given[::-1]
    each_once(side_by_side(request, answer, expected), len(records))


@SETTINGS
@given(st.lists(CSV, min_size=1, max_size=6), EXPECTED)
def test_one_side_alone(texts, expected):
    each_once(side_by_side(csv_side(column(texts)), None, expected), len(texts))
    each_once(side_by_side(None, csv_side(column(texts)), expected), len(texts))


@SETTINGS
@given(st.lists(st.tuples(JSON | st.none(), JSON | st.none()), min_size=1, max_size=6), EXPECTED)
def test_records_of_which_some_have_one_side_only(records, expected):
    sides = []
    for side in zip(*records, strict=True):
        at = [number for number, text in enumerate(side) if text is not None]
        found = read(column(side[number] for number in at), as_text=expected.texts)
        numbers = pa.array(at, pa.int64()).to_numpy()
        sides.append(renumbered(found, numbers))
    found, both = exchanged(*sides, pa.array(range(len(records))).to_numpy(), expected)
    each_once(found, len(records))
    assert both <= len(records)


def test_csv_rows_of_both_sides_are_one_row_the_answer_first():
    found = read_csv(column(["1,2", "3", '"x']), column(["9", "8", "7"]), Expected(names=("y", "a", "b")))
    (table,) = found.tables
    assert {name: values.to_pylist() for name, values in table.columns.items()} == {"y": ["9"], "a": ["1"], "b": ["2"]}
    assert (table.outputs, table.positions, found.widths) == (("y",), True, {"2": 1})
    assert [(r.payload, r.reason) for r in found.refused] == [(1, "column_count"), (2, "not_csv")]


def test_different_numbers_of_rows_are_told():
    request, answer = (json_side(read(column([json.dumps(v)]))) for v in ([{"a": 1}, {"a": 2}], [{"y": 1}]))
    found = side_by_side(request, answer, Expected())
    assert found.refused == (Refused(payload=0, reason="rows_differ", why="2 rows in the request, 1 in the answer"),)
