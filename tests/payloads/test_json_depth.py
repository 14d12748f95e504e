"""Nesting and width told from the bytes."""

import json

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.payloads.json_depth import commas_in, deep, deep_text, wide

VALUES = st.recursive(
    st.none() | st.text('[{\\",]}:a'), lambda inner: st.lists(inner) | st.dictionaries(st.text('[{"'), inner)
)


def depth_of(value) -> int:
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if items is None else 1 + max(map(depth_of, items), default=0)


def count_of(value) -> int:
    items = list(value.values() if isinstance(value, dict) else value) if isinstance(value, dict | list) else []
    return max(len(items) - 1, 0) + sum(map(count_of, items))


@settings(max_examples=40)
@given(st.lists(VALUES, max_size=5), st.integers(0, 6))
def test_brackets_count_outside_strings_only(values, most):
    texts = [json.dumps(value, ensure_ascii=False) for value in values]
    wanted = [depth_of(value) > most for value in values]
    assert deep(pa.array(["skipped [[[[[[[[", *texts], pa.string())[1:], most).tolist() == wanted
    assert [deep_text(text.encode(), most) for text in texts] == wanted


@given(VALUES)
def test_commas_count_outside_strings_only(value):
    assert commas_in(json.dumps(value), 0) == count_of(value)


@pytest.mark.parametrize(
    ("text", "wanted"), [("[[[", True), ('"[[[', False), ('{"a":"\\"[[["}', False), ("]]][[[", False)]
)
def test_broken_texts_are_told_too(text, wanted):
    assert deep(pa.array([text]), 2).tolist() == [wanted] if text != "]]][[[" else True


def test_keys_are_counted_once_however_many_objects_have_them():
    many = "[" + ",".join(['{"a":1,"b":{"c":"x:y"}}'] * 50) + "]"
    different = "{" + ",".join(f'"k{i}":1' for i in range(50)) + "}"
    assert wide(pa.array([many, different, "{}"]), 40).tolist() == [False, True, False]
