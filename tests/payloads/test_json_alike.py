"""JSON texts that are alike but for their values: what is read without a parser is what a parser reads."""

import json
import math
import random

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.payloads.json_alike import FEWEST, PART_BYTES, read_alike
from monitor.payloads.json_rows import read
from monitor.payloads.json_scalars import Unlike, scalars

SIGNS = st.text(st.sampled_from('ab ,:{}[]@é"\\\n0'), max_size=6)
LEAVES = {
    "text": SIGNS,
    "whole": st.integers(-(10**12), 10**12),
    "number": st.floats(allow_nan=False, allow_infinity=False) | st.integers(-99, 99),
    "truth": st.booleans(),
    "gap": st.none() | st.floats(-9, 9),
}
NAMES = st.text(st.sampled_from("abc:, @é"), max_size=4)
SHAPES = st.recursive(
    st.sampled_from(sorted(LEAVES)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=6,
)
BROKEN = ['{"a":1', '{"a":01}', '{"a":1.}', '{"a":.5}', '{"a":-}', '{"a":1-2}', '{"a":NaN}', '{"a":nul}', '{"a":1 2}',
          '{"a":"x"y}', '{"a":1,"a":2}', '{"a":1}}', '{"a":/1}', '{"a":1.2.3}', '{"a":--1}', '{"a":+1}']  # fmt: skip


def told(texts) -> dict[int, object]:
    pieces, others = read_alike(pa.array(texts, pa.string()))
    found = {
        at: value for piece in pieces for at, value in zip(piece.at.tolist(), piece.values.to_pylist(), strict=True)
    }
    assert sorted([*found, *others.tolist()]) == list(range(len(texts)))
    return found


def filled(shape, draw):
    if isinstance(shape, list):
        return [filled(item, draw) for item in shape]
    return (
        {name: filled(item, draw) for name, item in shape.items()} if isinstance(shape, dict) else draw(LEAVES[shape])
    )


@settings(max_examples=60, deadline=None)
@given(SHAPES, st.sampled_from([None, (",", ":"), (" , ", " : ")]), st.data())
def test_what_is_read_is_what_a_parser_reads(shape, separators, data):
    made = [filled(shape, data.draw) for _ in range(3)]
    numbers = [data.draw(st.integers(0, 2)) for _ in range(4)]
    values = [made[numbers[i % 4]] for i in range(FEWEST + 8)]
    texts = [json.dumps(value, separators=separators, ensure_ascii=False) for value in values]
    for number, value in told(texts).items():
        assert value == json.loads(texts[number])


def test_texts_of_one_make_are_all_read_though_their_values_hold_signs_of_json():
    texts = [json.dumps({"a": i, "b": [i / 7, i * 2], "c": ["x,y", "{", "a:b"][i % 3], "d": None}) for i in range(500)]
    assert told(texts) == {i: json.loads(text) for i, text in enumerate(texts)}


def test_a_few_texts_are_left_to_the_parser():
    assert told(['{"a":1}'] * (FEWEST - 1)) == {}
    assert len(told(['{"a":1}'] * FEWEST)) == FEWEST


@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize("place", [0, 40, 99])
def test_a_broken_text_is_never_read_nor_are_others_lost_for_it(broken, place):
    texts = [f'{{"a":{i}}}' for i in range(100)]
    texts[place] = broken
    assert place not in told(texts)
    texts = [broken] * 100
    assert told(texts) == {}


@pytest.mark.parametrize("text", ['{"a":"x\\ty"}', '{"a":"x\ty"}', '{"a":"\\u0041"}', '{"a":{}}', '{"a":[]}', '"x\\"'])
def test_what_is_hard_to_tell_is_left_to_the_parser(text):
    assert told([text] * 100) == {}


def test_several_makes_are_read_one_behind_the_other_and_parts_by_themselves():
    draw = random.Random(3)
    makes = ['{{"a":{},"b":"x"}}', '{{"b":"x","a":{}}}', '{{"a":{},"b":null}}', "[[{}]]"]
    texts = [draw.choice(makes).format(i) + " " * 40 for i in range(PART_BYTES // 40)]
    assert told(texts) == {i: json.loads(text) for i, text in enumerate(texts)}


def test_types_are_those_of_a_parser_whatever_was_read_how():
    texts = [
        json.dumps({"whole": i, "some": i if i % 2 else i / 4, "truth": i % 3 == 0, "gap": None}) for i in range(200)
    ]
    (part,) = read(pa.array(texts)).parts
    (few,) = read(pa.array(texts[: FEWEST - 1])).parts
    assert [c.type for c in part.columns.values()] == [c.type for c in few.columns.values()]
    assert {str(c.type) for c in part.columns.values()} == {"int64", "double", "bool", "string"}


@pytest.mark.parametrize(
    ("given", "means", "kind"),
    [
        (["1", "-2", "0"], [1, -2, 0], pa.int64()),
        (["1", "-0.5"], [1.0, -0.5], pa.float64()),
        (["1", "2e3", "1E-2"], [1.0, 2000.0, 0.01], pa.float64()),
        (["null", "3"], [None, 3], pa.int64()),
        (["9223372036854775808"], [2.0**63], pa.float64()),
        (["true", "null"], [True, None], pa.bool_()),
        (["null", "null"], [None, None], pa.null()),
    ],
)
def test_scalars_are_of_the_type_that_a_parser_tells(given, means, kind):
    found = scalars(pa.array(given))
    assert (found.to_pylist(), found.type) == (means, kind)


@pytest.mark.parametrize(
    "text", ["01", "-01", "1.", ".5", "-.5", "-", "", "1-2", "1/2", "+1", "NaN", "1e", "tru", "nulls", "1.2.3"]
)
def test_what_json_does_not_know_is_no_scalar(text):
    for others in ([], ["1"], ["true"], ["null"]):
        with pytest.raises(Unlike):
            scalars(pa.array([text, *others]))


def test_numbers_are_read_to_their_last_bit():
    draw = random.Random(5)
    values = [draw.uniform(-1, 1) * 10 ** draw.randint(-20, 20) for _ in range(2000)]
    assert scalars(pa.array([json.dumps(value) for value in values])).to_pylist() == values
    assert math.isinf(scalars(pa.array(["1e400"]))[0].as_py())
