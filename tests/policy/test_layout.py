"""The layout says of each share where it stands, and a look puts a window's counts in the same order."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from monitor.batch import Batch
from monitor.feature import Numeric
from monitor.importing import _bare
from monitor.measures.window import measure
from monitor.policy.layout import Layout, layout_of, look_of
from monitor.profile import Profile, Volume
from monitor.survey import cells, count_texts, survey, texts_of
from monitor.window import Window

NOW = Window(start=datetime(2026, 1, 5, tzinfo=UTC), end=datetime(2026, 1, 5, 1, tzinfo=UTC))
Table = dict[str, Any]


def batches(table: Table, outputs: tuple[str, ...] = (), seconds: np.ndarray | None = None) -> list[Batch]:
    rows = pa.RecordBatch.from_pydict(table)
    timed = None if seconds is None else np.ones(len(seconds), bool)
    volume = Volume(records=rows.num_rows, rows=rows.num_rows)
    return [Batch(rows=rows, volume=volume, outputs=outputs, seconds=seconds, timed=timed)]


def baseline(table: Table, outputs: tuple[str, ...] = (), seconds: np.ndarray | None = None) -> Profile:
    read = batches(table, outputs, seconds)
    found = survey(read)
    texts = texts_of(found)
    count_texts(read, found, texts)
    return measure(read, cells(found, texts))


def look(base: Profile, table: Table, outputs: tuple[str, ...] = ()) -> Any:
    return look_of(measure(batches(table, outputs), base), base, NOW)


def told(layout: Layout, feature: str) -> list[tuple[str, str, int, int]]:
    """Places, counts and totals of a feature."""
    at = np.flatnonzero(layout.owner == layout.features.index(feature))
    return [(*layout.places[i], int(layout.counts[i]), int(layout.totals[i])) for i in at]


def test_a_continuous_feature_has_the_shares_at_or_below_its_cuts_and_its_ends() -> None:
    base = baseline({"x": np.arange(1.0, 1001.0)})
    places = told(layout_of(base), "x")
    assert places[0] == ("below 1", "at or above 1", 0, 1000)
    assert places[1] == ("at or below 10", "above 10", 10, 1000)
    assert places[6] == ("at or below 500", "above 500", 500, 1000)
    assert places[-2] == ("at or below 1000", "above 1000", 1000, 1000)
    assert places[-1] == ("without a value", "with a value", 0, 1000)
    assert len(places) == 11 + 3


def test_a_discrete_feature_has_a_share_for_each_of_its_numbers() -> None:
    base = baseline({"x": [0, 0, 0, 1, 2, None]})
    assert told(layout_of(base), "x") == [
        ("below 0", "at or above 0", 0, 5),
        ("at or below 0", "above 0", 3, 5),
        ("at or below 1", "above 1", 4, 5),
        ("at or below 2", "above 2", 5, 5),
        ("without a value", "with a value", 1, 6),
    ]
    seen = look(base, {"x": [-1, 0, 1, 3, None, None]})
    assert seen.counts.tolist() == [1, 2, 3, 3, 2]
    assert seen.totals.tolist() == [4, 4, 4, 4, 6]


def test_a_constant_feature_is_followed_below_and_above_its_number() -> None:
    base = baseline({"x": [5.0] * 10})
    assert [place[:2] for place in told(layout_of(base), "x")] == [
        ("below 5", "at or above 5"),
        ("at or below 5", "above 5"),
        ("without a value", "with a value"),
    ]
    assert look(base, {"x": [4.0, 5.0, 5.0, 6.0]}).counts.tolist() == [1, 3, 0]


def test_a_feature_of_texts_has_a_share_for_each_and_expects_as_many_new_ones_as_stood_there_once() -> None:
    base = baseline({"x": ["a"] * 5 + ["b"] * 3 + ["c", None]})
    assert told(layout_of(base), "x") == [
        ("with 'a'", "with anything but 'a'", 5, 9),
        ("with 'b'", "with anything but 'b'", 3, 9),
        ("with 'c'", "with anything but 'c'", 1, 9),
        ("with other known values", "with anything but other known values", 0, 9),
        ("with values never seen before", "with values seen before", 1, 9),
        ("without a value", "with a value", 1, 10),
    ]
    seen = look(base, {"x": ["a", "b", "new", "newer", None]})
    assert seen.counts.tolist() == [1, 1, 0, 0, 2, 1]
    assert seen.totals.tolist() == [4, 4, 4, 4, 4, 5]


def test_new_values_that_the_baseline_lets_expect_come_at_the_cost_of_its_rare_ones() -> None:
    rare = [f"rare {i}" for i in range(200)]
    base = baseline({"x": ["a"] * 500 + ["b"] * 300 + rare})
    places = told(layout_of(base), "x")
    others, never = places[-3], places[-2]
    assert (never[2], others[2]) == (200, 0)
    assert never[3] == others[3] == 1000


@pytest.mark.parametrize("kind", [pa.string(), pa.float64()], ids=str)
def test_a_feature_without_any_value_is_followed_by_its_missing_rows_only(kind: pa.DataType) -> None:
    base = baseline({"x": pa.array([None] * 6, kind), "y": [1.0, 2.0, 3.0] * 2})
    layout = layout_of(base)
    assert told(layout, "x") == [("without a value", "with a value", 6, 6)]
    assert layout.first().tolist() == [0, 1]
    seen = look(base, {"x": pa.array([1.0, None]), "y": [1.0, 2.0]})
    assert (seen.counts[:1].tolist(), seen.totals[:1].tolist()) == ([1], [2])
    assert len(seen.counts) == len(layout.counts) == len(layout.places)


def test_a_column_of_numbers_that_are_none_is_followed_by_its_missing_rows_only() -> None:
    nothing = Numeric(name="x", type="Fractional", rows=9, missing=3, text=6, cells=np.array([0, 0, 0, 9]))
    base = Profile(features={"x": nothing})
    assert told(layout_of(base), "x") == [("without a value", "with a value", 3, 9)]
    assert look(base, {"x": [1.0, None]}).counts.tolist() == [1]


def test_columns_that_were_only_listed_by_hand_have_their_missing_share_and_no_rows() -> None:
    listed = {
        "features": [
            {"name": "n", "inferred_type": "Fractional"},
            {"name": "t", "inferred_type": "String", "string_constraints": {"domains": ["a", "b"]}},
        ]
    }
    layout = layout_of(_bare(listed))
    assert layout.places == (("without a value", "with a value"),) * 2
    assert layout.totals.tolist() == [0, 0]


def test_features_lie_side_by_side_in_the_baselines_order() -> None:
    base = baseline({"a": [1, 2, 2], "b": ["x", "x", "y"], "p": [0.1, 0.2, 0.3]}, outputs=("p",))
    layout = layout_of(base, "sha256:1")
    assert (layout.features, layout.digest) == (("a", "b", "p"), "sha256:1")
    assert layout.outputs.tolist() == [False, False, True]
    assert layout.owner.tolist() == [0] * 4 + [1] * 5 + [2] * 5
    assert layout.first().tolist() == [0, 4, 9]
    assert len(layout.places) == len(layout.counts) == len(layout.totals) == 14
    assert look(base, {"p": [0.1], "a": [1], "b": ["y"]}).counts.tolist() == [
        *(0, 1, 1, 0), *(0, 1, 0, 0, 0), *(0, 1, 1, 1, 0)
    ]  # fmt: skip


def test_of_the_baselines_own_rows_a_look_has_the_layouts_counts_but_for_new_values() -> None:
    table = {"a": np.arange(500.0) % 97, "b": ["x", "y", "z", "z"] * 125, "c": [None, 1] * 250}
    base = baseline(table)
    layout, seen = layout_of(base), look(base, table)
    assert (seen.counts.tolist(), seen.totals.tolist()) == (layout.counts.tolist(), layout.totals.tolist())


def test_a_column_that_no_row_has_says_nothing_and_one_that_is_always_empty_does() -> None:
    base = baseline({"a": [1, 2, 2], "b": ["x", "x", "y"]})
    gone = look(base, {"a": [1, 2]})
    assert gone.totals.tolist() == [2] * 4 + [0] * 5
    empty = look(base, {"a": [1, 2], "b": pa.array([None, None], pa.string())})
    assert empty.totals.tolist() == [2] * 4 + [0] * 4 + [2]
    assert empty.counts[-1] == 2


def test_scores_where_the_baseline_holds_labels_are_not_followed_and_labels_are() -> None:
    base = baseline({"y": [0, 1, 1, 0], "a": [1, 2, 3, 4]}, outputs=("y",))
    scores = look(base, {"y": [0.25, 0.75], "a": [1, 2]}, outputs=("y",))
    assert scores.totals.tolist() == [0] * 4 + [2] * 6
    labels = look(base, {"y": [0, 1], "a": [1, 2]}, outputs=("y",))
    assert labels.totals.tolist() == [2] * 10


def test_features_that_are_switched_off_are_left_out_by_leaving_them_out_of_the_baseline() -> None:
    whole = baseline({"a": [1, 2, 2], "b": ["x", "x", "y"]})
    kept = replace(whole, features={"b": whole.features["b"]})
    assert layout_of(kept).features == ("b",)
    seen = look_of(measure(batches({"a": [1, 2], "b": ["x", "y"]}), whole), kept, NOW)
    assert seen.counts.tolist() == [1, 1, 0, 0, 0]


def test_rows_that_repeat_each_other_have_an_effect_in_a_look_and_in_a_dated_baseline_only() -> None:
    rng = np.random.default_rng(1)
    once = rng.normal(size=4000)
    table = {"x": np.repeat(once, 5), "y": rng.normal(size=20000)}
    seconds = np.arange(20000)
    undated, dated = baseline(table), baseline(table, seconds=seconds)
    assert layout_of(undated).effect.tolist() == [1, 1]
    effect = layout_of(dated).effect
    assert effect[0] > 3
    assert look_of(dated, undated, NOW).effect[0] == effect[0]


def test_a_baseline_without_features_has_an_empty_layout() -> None:
    layout = layout_of(Profile())
    assert (layout.features, layout.first().tolist(), layout.counts.tolist()) == ((), [], [])
    assert look_of(Profile(), Profile(), NOW).counts.tolist() == []


def test_a_look_knows_its_window_and_all_rows_of_it() -> None:
    base = baseline({"a": [1, 2, 2]})
    seen = look(base, {"a": [1, None, 3]})
    assert (seen.window, seen.rows) == (NOW, 3)
    assert seen.window.length == timedelta(hours=1)
