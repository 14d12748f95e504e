"""Classes of values against the reference's regular expressions, numbers against float()."""

import re

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.measures.types import BOOLEAN, FRACTIONAL, INTEGRAL, MISSING, STRING, typed

CLASSES = (
    (re.compile(r"(-|\+)? ?\d+((\.\d+)|((?:\.\d+)?[Ee][-+]?\d+))", re.ASCII), FRACTIONAL),
    (re.compile(r"(-|\+)? ?\d+", re.ASCII), INTEGRAL),
    (re.compile(r"true|false"), BOOLEAN),
)
SIGNS = st.text(alphabet="0123456789.-+eE \t", max_size=12)
TEXTS = st.one_of(
    st.none(),
    SIGNS,
    st.integers().map(str),
    st.floats().map(repr),
    st.sampled_from(
        ["", "true", "false", "True", "NaN", "nan", "-inf", "Infinity", "1\n", "1,000", "- 5", "+\t5", "٣", "²"]
    ),
    st.text(max_size=6),
)


def by_regex(text: str | None) -> int:
    if text is None:
        return MISSING
    return next((code for pattern, code in CLASSES if pattern.fullmatch(text)), STRING)


@settings(max_examples=400, deadline=None)
@given(st.lists(TEXTS, max_size=30), st.integers(0, 5), st.integers(0, 5))
def test_classes_and_numbers_of_any_text_are_the_references(texts, before, after):
    column = pa.array(texts, pa.string())
    column = column.slice(before, max(0, len(texts) - before - after))
    found = typed(column)
    told = column.to_pylist()
    assert found.codes.tolist() == [by_regex(text) for text in told]
    for text, code, number in zip(told, found.codes, found.numbers, strict=True):
        if code in (INTEGRAL, FRACTIONAL):
            assert number == float(text.replace(" ", ""))
        elif code in (MISSING, BOOLEAN):
            assert np.isnan(number)


@settings(deadline=None)
@given(st.lists(st.one_of(SIGNS, TEXTS), min_size=1, max_size=30))
def test_many_texts_that_need_a_pattern_are_told_as_few_are(texts):
    few = typed(pa.array(texts, pa.string()))
    many = typed(pa.array(texts * 120, pa.string()))
    assert many.codes.tolist() == few.codes.tolist() * 120
    np.testing.assert_array_equal(many.numbers, np.tile(few.numbers, 120))


@pytest.mark.parametrize(
    ("text", "number"),
    [("1e400", np.inf), ("-1e400", -np.inf), ("9" * 400, np.inf), ("007", 7.0), ("+ 3", 3.0), ("0.1e+05", 1e4)],
)
def test_numbers_at_the_edge_of_a_class(text, number):
    assert typed(pa.array(["1", text])).numbers.tolist() == [1.0, number]


def test_texts_that_say_a_number_in_another_form_are_strings_with_a_number():
    found = typed(pa.array([".5", "5.", " 7 ", "nan", "-Infinity", "1,000", "٣", "-\t5"]))
    assert set(found.codes) == {STRING}
    np.testing.assert_array_equal(found.numbers, [0.5, 5.0, 7.0, np.nan, -np.inf, np.nan, np.nan, np.nan])
    assert found.is_nan.tolist() == [False, False, False, True, False, False, False, False]


def test_typed_columns_go_by_value():
    doubles = typed(pa.array([3.0, 0.5, None, float("nan"), float("inf"), 2.0**70]))
    assert doubles.codes.tolist() == [INTEGRAL, FRACTIONAL, MISSING, STRING, STRING, INTEGRAL]
    assert doubles.is_nan.tolist() == [False, False, False, True, False, False]
    assert typed(pa.array([2**63 - 1, None])).codes.tolist() == [INTEGRAL, MISSING]
    assert typed(pa.array([True, None])).codes.tolist() == [BOOLEAN, MISSING]
    assert typed(pa.nulls(2)).codes.tolist() == [MISSING, MISSING]


def test_a_sliced_typed_column_is_read_from_its_own_rows():
    assert typed(pa.array([1.5, 2.0, 0.5, None])[1:3]).codes.tolist() == [INTEGRAL, FRACTIONAL]
