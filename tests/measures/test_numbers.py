"""Numbers and class counts told together are those told of each value."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.feature import Classes
from monitor.measures.numbers import numbers_of, numbers_of_all
from monitor.measures.types import STRING, typed

DIGITS = st.from_regex(r"\A-?[0-9]{1,4}(\.[0-9]{1,4})?\Z")
SIGNS = st.text(alphabet="0123456789.-/eE+ ", max_size=8)
OTHERS = st.sampled_from(
    ["", "true", "nan", "-inf", "1e-05", "1.5E3", ".5", "5.", "-.5", "-5.", "-", ".", "+7", "ü", "9" * 400]
)
MOSTLY_PLAIN = st.lists(st.one_of(DIGITS, DIGITS, DIGITS, st.none(), DIGITS, OTHERS, SIGNS), max_size=40)


def same(column: pa.Array) -> None:
    found, values = numbers_of(column), typed(column)
    is_number = ~np.isnan(values.numbers)
    assert found.numbers.tobytes() == values.numbers.tobytes()
    assert found.classes == values.classes
    assert found.nan == values.is_nan.sum()
    texts = (values.codes == STRING) & ~is_number & ~values.is_nan
    assert found.text == texts.sum() + values.classes.boolean


@settings(max_examples=400, deadline=None)
@given(
    st.one_of(st.lists(st.one_of(DIGITS, st.none()), max_size=30), MOSTLY_PLAIN, st.lists(SIGNS, max_size=9)), st.data()
)
def test_any_mixture_of_texts_is_told_as_value_by_value(texts, data):
    start = data.draw(st.integers(0, len(texts)))
    same(pa.array(texts, pa.string()).slice(start, data.draw(st.integers(0, len(texts)))))


KINDS = st.sampled_from([MOSTLY_PLAIN, st.lists(DIGITS, max_size=20), st.lists(st.none(), max_size=20)])


@settings(max_examples=200, deadline=None)
@given(st.lists(KINDS.flatmap(lambda kind: kind), min_size=1, max_size=5), st.booleans())
def test_columns_told_together_are_what_each_is_alone(lists, has_values):
    size = min(map(len, lists))
    columns = [pa.array(texts[:size], pa.string()) for texts in lists]
    if has_values:
        columns.append(pa.array([None, 0.5, 2.0, float("nan"), float("-inf")] * size, pa.float64())[:size])
    numbers, found = numbers_of_all(columns)
    assert numbers.shape == (len(columns), size)
    for row, one, column in zip(numbers, found, columns, strict=True):
        alone = numbers_of(column)
        assert row.tobytes() == one.numbers.tobytes() == alone.numbers.tobytes()
        assert (one.classes, one.nan, one.text) == (alone.classes, alone.nan, alone.text)


@given(st.lists(st.one_of(st.none(), st.floats(), st.integers(-9, 9).map(float))))
def test_numbers_that_came_as_such_are_told_as_value_by_value(values):
    same(pa.array(values, pa.float64()))
    same(pa.array([None if v is None or not abs(v) < 1e18 else int(v) for v in values], pa.int64()))


def test_points_are_the_fractional_values():
    found = numbers_of(pa.array(["7", "-0.5", None, "3.25", "-12"]))
    assert found.classes == Classes(integral=2, fractional=2)
    np.testing.assert_array_equal(found.numbers, [7.0, -0.5, np.nan, 3.25, -12.0])


@pytest.mark.parametrize("odd", [".5", "5.", "-.5", "-5."])
def test_a_point_at_an_end_is_a_text_that_says_a_number(odd):
    found = numbers_of(pa.array(["1.5", "2", "3", "4.5", odd, "6"]))
    assert found.classes == Classes(integral=3, fractional=2, string=1)
    assert (found.numbers[4], found.text, found.nan) == (float(odd), 0, 0)


@pytest.mark.parametrize("odd", ["1-2", "1/2", "1.2.3", "--1", "5-", ""])
def test_plain_signs_that_make_no_number_are_a_text(odd):
    found = numbers_of(pa.array(["1.5", "2", "3", "4.5", odd, "6"]))
    assert (found.classes, found.text) == (Classes(integral=3, fractional=2, string=1), 1)
    assert np.isnan(found.numbers[4])


def test_few_values_with_other_signs_leave_the_rest_plain():
    found = numbers_of(pa.array(["1.5"] * 20 + ["1e-05", "true", "nan", "n/a"]))
    assert found.classes == Classes(fractional=21, boolean=1, string=2)
    assert (found.nan, found.text, found.numbers[20]) == (1, 2, 1e-05)


def test_points_behind_a_null_are_no_values():
    validity, offsets, data = pa.array([True, False]).buffers()[1], np.array([0, 3, 6], np.int32), b"1.52.5"
    column = pa.StringArray.from_buffers(2, pa.py_buffer(offsets), pa.py_buffer(data), validity)
    assert column.to_pylist() == ["1.5", None]
    assert numbers_of(column).classes == Classes(fractional=1)
