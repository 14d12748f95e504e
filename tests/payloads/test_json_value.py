"""One JSON payload to rows: the shapes and what they mean."""

import json

import pytest

from monitor.payloads.json_value import Misfit, Number, loaded, value_of
from monitor.sizes import Sizes

SHAPES = {
    '{"a":1,"b":{"c":[2,3]}}': [{"a": "1", "b.c.0": "2", "b.c.1": "3"}],
    '{"a":1}\n{"a":2}': [{"a": "1"}, {"a": "2"}],
    '{"instances":[{"a":1},{"a":2}],"version":"7"}': [{"a": "1"}, {"a": "2"}],
    '{"predictions":[1,2]}': [{"0": "1"}, {"0": "2"}],
    "[[1,2],[3,4]]": [{"0": "1", "1": "2"}, {"0": "3", "1": "4"}],
    "[1,2]": [{"0": "1", "1": "2"}],
    '{"inputs":{"a":[1,2],"b":[3,4]}}': [{"a": "1", "b": "3"}, {"a": "2", "b": "4"}],
    '{"inputs":[{"name":"x","shape":[2,2],"data":[1,2,3,4]}]}': [{"x.0": "1", "x.1": "2"}, {"x.0": "3", "x.1": "4"}],
    '{"dataframe_split":{"columns":["a"],"data":[[1],[2]]}}': [{"a": "1"}, {"a": "2"}],
    '{"data":{"names":["a","b"],"ndarray":[[1,2]]}}': [{"a": "1", "b": "2"}],
    '{"data":{"tensor":{"shape":[1,2],"values":[1,2]}}}': [{"0": "1", "1": "2"}],
    '["[[0.5]]","application/json"]': [{"0": "0.5"}],
    '["yes","text/plain"]': [{"0": "yes"}],
    '{"a.b":1,"a":{"b":2}}': [{"a.b": "1", "a.b.1": "2"}],
    '{"a":1,"a":2}': [{"a": "2"}],
    "7": [{"0": "7"}],
}
MISFITS = {
    "": "not_json",
    '{"a":1': "not_json",
    '"\\ud800"': "not_json",
    "null": "no_payload",
    "[]": "no_payload",
    '{"a":{}}': "no_payload",
    "[[],[]]": "no_payload",
    '[{"a":1},2]': "not_rows",
    '{"inputs":[{"name":"x","shape":true,"data":[1]}]}': "bad_tensor",
    '{"inputs":[{"name":"x","shape":[3],"data":[1]}]}': "bad_tensor",
    '{"data":{"tensor":{"shape":true,"values":[1]}}}': "bad_tensor",
    '{"columns":["a"],"data":[[1,2]]}': "column_count",
    "[" * 101 + "]" * 101: "too_deep",
    json.dumps(["[" * 900 + "]" * 900, "a/b"]): "too_deep",
}


@pytest.mark.parametrize("text", SHAPES)
def test_a_shape_means_these_rows(text):
    assert value_of(loaded(text, 100)).rows == SHAPES[text]


@pytest.mark.parametrize("text", MISFITS)
def test_a_payload_without_rows_has_a_reason(text):
    with pytest.raises(Misfit) as misfit:
        value_of(loaded(text, 100))
    assert misfit.value.reason == MISFITS[text]


def test_half_a_surrogate_pair_inside_an_answer_is_the_answer_as_text():
    assert value_of(loaded(json.dumps(['["\\ud800"]', "a/b"]), 100)).rows == [{"0": '["\\ud800"]'}]


def test_numbers_keep_the_digits_they_were_written_with():
    value = loaded("[1.50, 123456789012345678901234567890, -0]", 9)
    assert value == ["1.50", "123456789012345678901234567890", "-0"]
    assert all(type(number) is Number for number in value)


def test_numbers_that_are_none_are_read_as_they_are_by_the_fast_reader():
    assert loaded('[-NaN, Inf, -Inf, Infinity, "-NaN Inf"]', 9) == [
        "NaN",
        "Infinity",
        "-Infinity",
        "Infinity",
        "-NaN Inf",
    ]


def test_limits_are_told_with_their_number_and_name():
    with pytest.raises(Misfit) as misfit:
        loaded("[1,1,1,1]", 9, values=3)
    assert (misfit.value.reason, misfit.value.why) == ("too_many_values", "more than 3 (limit `values`)")
    with pytest.raises(Misfit) as misfit:
        value_of(loaded("[1,1,1,1]", 9), Sizes(columns=3))
    assert (misfit.value.reason, misfit.value.why) == ("too_many_columns", "4, more than 3 (limit `columns`)")


def test_commas_inside_texts_are_no_values():
    assert loaded('["1,2,3,4,5,6"]', 9, values=3) == ["1,2,3,4,5,6"]


def test_very_many_values_behind_each_other_are_read_in_one_go():
    assert len(loaded("{} " * 100_000, 9)) == 100_000
