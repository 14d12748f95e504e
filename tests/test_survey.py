"""What a first pass tells of the columns."""

from itertools import pairwise

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor import survey as module
from monitor.batch import Batch
from monitor.measures.window import measure
from monitor.profile import Volume
from monitor.survey import Column, cells, count_texts, survey, texts_of


def batch(columns: dict[str, list], outputs: tuple[str, ...] = ()) -> Batch:
    rows = pa.RecordBatch.from_arrays([pa.array(v) for v in columns.values()], names=list(columns))
    return Batch(rows=rows, volume=Volume(rows=rows.num_rows), outputs=outputs)


def made(batches: list[Batch], categorical: tuple[str, ...] = ()):
    columns = survey(batches)
    texts = texts_of(columns, categorical)
    count_texts(batches, columns, texts)
    return columns, cells(columns, texts)


def test_columns_are_numbers_or_texts_by_what_they_hold_or_as_asked():
    batches = [
        batch(
            {
                "n": ["1", "2.5"],
                "t": ["1", "x"],
                "empty": pa.nulls(2, pa.string()),
                "code": ["1", "2"],
                "flag": ["true", "false"],
            }
        )
    ]
    columns, base = made(batches, ("co*",))
    assert {name: feature.kind for name, feature in base.features.items()} == {
        "n": "numeric", "t": "categorical", "empty": "categorical", "code": "categorical", "flag": "categorical",
    }  # fmt: skip
    assert base.features["code"].type == "Integral"
    assert base.features["t"].values == ("1", "x")
    assert columns["n"].low == 1.0


def test_an_output_is_a_prediction():
    batches = [batch({"y": [0.5], "a": [1]}, ("y",))]
    assert {n: f.role for n, f in made(batches)[1].features.items()} == {"y": "prediction", "a": "input"}


def test_typed_columns_are_counted_in_the_form_that_texts_have():
    _, base = made([batch({"code": [7, None, 8]}), batch({"code": ["7", "x", "8"]})])
    assert base.features["code"].values == ("7", "8", "x")


def test_columns_come_in_the_order_in_which_they_are_first_seen():
    assert list(survey([batch({"b": [1], "a": [1]}), batch({"c": [1], "a": [2]})])) == ["b", "a", "c"]


def test_a_column_of_infinities_only_has_cells_that_add_up():
    batches = [batch({"x": ["1e400", "-1e400"]})]
    _, base = made(batches)
    x = measure(batches, base).features["x"]
    assert (x.low, x.high, x.infinite, x.cells.tolist()) == (0.0, 0.0, 2, [0, 0, 0, 2])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=80), st.lists(st.integers(0, 80), max_size=3))
def test_the_cells_lie_the_same_however_the_rows_were_spread(values, cuts):
    texts = [repr(value) for value in values]
    whole = made([batch({"x": texts})])[1].features["x"]
    places = sorted({0, len(texts), *(c for c in cuts if c < len(texts))})
    pieces = [batch({"x": texts[a:b]}) for a, b in pairwise(places)]
    found = made(pieces)[1].features["x"]
    np.testing.assert_array_equal(found.cuts, whole.cuts)
    assert (found.low, found.high, found.is_discrete) == (min(values), max(values), whole.is_discrete)
    assert measure(pieces, made(pieces)[1]).features["x"].out_of_range.count == 0


def test_up_to_twenty_numbers_have_a_cell_each():
    for count, is_discrete in ((20, True), (21, False)):
        x = made([batch({"x": [str(i) for i in range(count)]})])[1].features["x"]
        assert (x.is_discrete, x.high) == (is_discrete, count - 1)


def test_more_texts_than_are_kept_make_the_list_incomplete(monkeypatch):
    monkeypatch.setattr(module, "MOST_VALUES", 5)
    column = Column()
    column.count(pa.array([f"rare{i}" for i in range(8)] + ["often"] * 3))
    assert (len(column.counts), column.is_complete) == (9, True)
    column.count(pa.array(["often", "new1", "new2"]))
    assert (len(column.counts), column.is_complete) == (5, False)
    assert column.commonest()[0] == ("often", 4)


def test_few_texts_have_a_cell_each_and_of_many_the_commonest():
    _, base = made([batch({"c": [f"v{i:03}" for i in range(120)]})])
    assert len(base.features["c"].values) == 120
    _, base = made([batch({"c": [f"v{i:03}" for i in range(200)] * 2})])
    feature = base.features["c"]
    assert (len(feature.values) + len(feature.known), feature.is_complete) == (200, True)
    assert len(feature.cells) == len(feature.values) + 3
