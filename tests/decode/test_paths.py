"""Paths: the same value through Arrow arrays and through Python values."""

import json

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.decode.paths import name_of, path_of, value_at, walked
from monitor.payloads.json_value import Misfit

RECORDS = [
    {"a": {"b": [1, 2, 3], "c": None}, "d": "x"},
    {"a": {"b": [], "c": 2.5}, "d": None},
    {"a": None, "d": "y"},
    {"a": {"b": None, "c": 1.0}, "d": "z"},
]
PATHS = ["$.a.b", "$.a.b[0]", "$.a.b[2]", "$.a.c", "$.d", "$.gone", "$.a.gone", "$.a[0]", "$.a.b.c", "$['a']", "$"]


@pytest.mark.parametrize("text", PATHS)
def test_arrays_and_values_lead_to_the_same(text):
    values, left = walked(pa.array(RECORDS), path_of(text))
    found = values.to_pylist() if values is not None else [None] * len(RECORDS)
    assert left == ()
    assert found == [value_at(record, path_of(text), 9) for record in RECORDS]


def test_a_path_goes_on_inside_a_text():
    values, left = walked(pa.array([{"a": '{"b":[7]}'}]), path_of("$.a.b[0]"))
    assert (values.to_pylist(), left) == (['{"b":[7]}'], ("b", 0))
    assert value_at({"a": '{"b":[7]}'}, path_of("$.a.b[0]"), 9) == "7"
    with pytest.raises(Misfit):
        value_at({"a": "no JSON"}, path_of("$.a.b"), 9)


STEPS = st.lists(st.sampled_from(["a", "odd name", "é"]) | st.integers(0, 99), max_size=4)


@given(STEPS)
def test_what_is_written_is_read(steps):
    text = "$" + "".join(
        f"[{json.dumps(step, ensure_ascii=False)}]" if isinstance(step, str) else f"[{step}]" for step in steps
    )
    assert path_of(text) == tuple(steps)
    assert name_of(tuple(steps)) == ".".join(map(str, steps))


@pytest.mark.parametrize("text", ["$.a..b", "$[", "$[x]", "$.a]", "$['a", "a b["])
def test_what_is_no_path_is_refused_with_what_would_be_right(text):
    with pytest.raises(ValueError, match=r"is not a path .*; \$\.request\.instances would be right"):
        path_of(text)
