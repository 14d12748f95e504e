"""JSON payload rows: flat objects to columns, odd rows apart from all others."""

import json
import math

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.decode.json_rows import objects
from monitor.feature import Classes
from monitor.measures.types import typed

KEYS = ["a", "b", "c"]
KINDS = {
    "a": st.one_of(st.none(), st.integers(-(2**63) + 1, 2**63 - 1)),
    "b": st.one_of(st.none(), st.text(st.characters(blacklist_categories=("Cs",)), max_size=4), st.just("2020-01-01")),
    "c": st.one_of(st.none(), st.booleans()),
    "d": st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)),
}
OBJECTS = st.lists(st.fixed_dictionaries({}, optional=KINDS), max_size=12)
BAD = [
    "", "x", "[1]", "3", '{"a":[1]}', '{"a":{"b":1}}', '{"a":1', '{"a":1}{"a":2}', '{"a":1}\n{"a":2}',
    '{"b":"\\ud800"}', '{"\\udc00":1}', '{"a":' + "[" * 100_000 + "]" * 100_000 + "}", "{" * 100_000, '{"a":1}}',
]  # fmt: skip


def rows_of(texts) -> pa.Array:
    return pa.array(texts, pa.string())


def records(found) -> list[dict]:
    return [{k: v for k, v in row.items() if v is not None} for row in found.table.to_pylist()]


@settings(max_examples=200, deadline=None)
@given(OBJECTS)
def test_flat_objects_come_back_with_their_types(given_rows):
    texts = [json.dumps(row) for row in given_rows]
    found = objects(rows_of(texts))
    assert found.taken.tolist() == list(range(len(texts)))
    if found.table.num_columns:
        assert records(found) == [{k: v for k, v in row.items() if v is not None} for row in given_rows]


@settings(max_examples=300, deadline=None)
@given(OBJECTS, st.lists(st.tuples(st.integers(0, 12), st.sampled_from(BAD)), min_size=1, max_size=3))
def test_a_bad_row_changes_nothing_but_itself(given_rows, bad):
    texts: list[tuple[str, bool]] = [(json.dumps(row), True) for row in given_rows]
    for place, text in bad:
        texts.insert(place, (text, False))
    found = objects(rows_of([text for text, _ in texts]))
    assert found.taken.tolist() == [i for i, (_, good) in enumerate(texts) if good]
    assert found.broken.tolist() == [i for i, (_, good) in enumerate(texts) if not good]
    clean = objects(rows_of([text for text, good in texts if good]))
    if clean.table.num_columns:
        assert found.table.schema.equals(clean.table.schema)
        assert found.table.equals(clean.table)


def test_one_row_of_two_objects_and_an_empty_one_do_not_shift_the_rows_between():
    found = objects(rows_of(['{"a":1}{"a":2}', '{"a":3}', ""]))
    assert (found.taken.tolist(), found.broken.tolist()) == ([1], [0, 2])
    assert found.table["a"].to_pylist() == [3]


def test_a_row_that_needs_the_next_one_to_be_whole_is_broken():
    found = objects(rows_of(['{"a":1,', '"b":2}', '{"a":1}{"a":2}']))
    assert found.broken.tolist() == [0, 1, 2]


@pytest.mark.parametrize("texts", [(), ("day",)])
@pytest.mark.parametrize("odd", [(), ("{",)])
def test_dates_as_text_stay_text(texts, odd):
    found = objects(
        rows_of(['{"day":"2020-01-01"}', '{"day":"2020-02-30"}', '{"day":"2020-01-01T00:00:00Z"}', *odd]), texts
    )
    assert found.table["day"].to_pylist() == ["2020-01-01", "2020-02-30", "2020-01-01T00:00:00Z"]


@pytest.mark.parametrize("odd", [(), ("{",)])
def test_classes_do_not_depend_on_a_broken_row_beside_them(odd):
    rows = [
        '{"x":3.0}',
        '{"x":1}',
        '{"x":2.5}',
        '{"x":1e5}',
        '{"x":123456789012345678901234567890}',
        '{"x":NaN}',
        '{"x":null}',
    ]
    column = typed(objects(rows_of([*rows, *odd])).table["x"].combine_chunks())
    assert column.classes == Classes(integral=4, fractional=1, string=1)
    assert column.is_nan.sum() == 1


def test_numbers_beside_texts_are_counted_by_value_too():
    found = objects(rows_of(['{"x":3.0}', '{"x":"soon"}', '{"x":2.50}', '{"x":true}', '{"x":12345678901234567890}']))
    assert found.table["x"].to_pylist() == ["3", "soon", "2.50", "true", "12345678901234567890"]


def test_whole_numbers_of_a_text_column_keep_their_digits():
    rows = ['{"id":12345678901234567890123,"n":1}', '{"id":7,"n":2}']
    found = objects(rows_of(rows), ("id",))
    assert found.table["id"].to_pylist() == ["12345678901234567890123", "7"]
    assert objects(rows_of(['{"id":7}', '{"id":8}']), ("id",)).table["id"].to_pylist() == [7, 8]


def test_a_number_too_big_for_a_double_is_infinite():
    (value, one) = objects(rows_of(['{"x":1e400}', '{"x":1}'])).table["x"].to_pylist()
    assert math.isinf(value)
    assert one == 1
    assert objects(rows_of(['{"x":' + "9" * 6000 + "}"])).taken.tolist() == [0]


def test_a_key_given_twice_has_its_last_value():
    assert objects(rows_of(['{"a":1,"a":2}', '{"a":3}'])).table["a"].to_pylist() == [2, 3]


def test_a_payload_over_several_lines_is_one_row():
    assert objects(rows_of(['{\n "a": 1\n}', '{"a":2}'])).table["a"].to_pylist() == [1, 2]


def test_a_sliced_column_is_read_from_its_own_rows():
    rows = rows_of(['{"a":1}', '{"a":2}', '{"a":3}', "x"])[1:3]
    assert objects(rows).table["a"].to_pylist() == [2, 3]


def test_no_rows_and_no_keys():
    assert objects(rows_of([])).table.num_rows == 0
    np.testing.assert_array_equal(objects(rows_of(["{}", "{}"])).taken, [0, 1])
