"""Predictions find their labels."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from truths import Row, labels, rows_of

from monitor.truth import join
from monitor.truth.join import NOWHERE, Found, joined, last_wins, places_in
from monitor.truth.labels import Labels

ROWS = st.lists(
    st.tuples(st.sampled_from("abcd"), st.integers(0, 2), st.sampled_from("01"), st.integers(0, 5)), max_size=30
)


def found(key: list[str | None], place: list[int], *groups: Labels) -> Found:
    return joined(pa.array(key, pa.string()), np.array(place, np.int64), [last_wins(group) for group in groups])


def expected(rows: list[Row]) -> dict[tuple[str, int], str]:
    """The last label of each row, one after the other."""
    last: dict[tuple[str, int], str] = {}
    for key, place, label, _ in sorted(rows, key=lambda row: row[3] or 0):
        last[key, place] = label
    return last


@given(ROWS)
def test_the_last_label_wins_and_those_before_are_counted(rows: list[Row]) -> None:
    known = last_wins(labels(*rows))
    assert {(k, p): label for k, p, label, _ in rows_of(known)} == expected(rows)
    assert len(known) + known.repeats.sum() + known.corrections.sum() == len(rows)
    assert (np.diff(known.hashes.astype(np.float64)) >= 0).all()


@given(ROWS, st.integers(1, 4))
def test_labels_in_groups_give_what_they_give_together(rows: list[Row], count: int) -> None:
    rows = sorted(rows, key=lambda row: row[3] or 0)
    key, place = [k for k in "abcd" for _ in range(3)], [0, 1, 2] * 4
    whole = found(key, place, labels(*rows))
    parts = found(key, place, *(labels(*rows[at::count]) for at in range(count)))
    cut = [rows[at * len(rows) // count : (at + 1) * len(rows) // count] for at in range(count)]
    in_order = found(key, place, *(labels(*part) for part in cut))
    assert whole.label.to_pylist() == in_order.label.to_pylist()
    assert parts.repeats + parts.corrections == whole.repeats + whole.corrections


@settings(max_examples=30)
@given(ROWS)
def test_two_ids_of_one_hash_are_told_apart(rows: list[Row]) -> None:
    with pytest.MonkeyPatch.context() as patch:  # no two texts of one hash are known
        patch.setattr(join, "hashed", lambda key, place: np.zeros(len(key), np.uint64))
        known = last_wins(labels(*rows))
        key = pa.array([k for k in "abcde" for _ in range(3)])
        at = places_in(key, np.array([0, 1, 2] * 5), known)
    last = expected(rows)
    labelled = {
        (k, p): known.labels.label[i].as_py()
        for k, p, i in zip(key.to_pylist(), [0, 1, 2] * 5, at.tolist(), strict=True)
        if i != NOWHERE
    }
    assert labelled == last
    assert len(known) + known.repeats.sum() + known.corrections.sum() == len(rows)


def test_rows_without_an_id_have_no_label() -> None:
    told = found(["a", None, "b"], [0, 0, 0], labels(("b", 0, "1", 0), ("a", 1, "0", 0)))
    assert told.label.to_pylist() == [None, None, "1"]


def test_rows_of_a_payload_are_joined_by_their_place() -> None:
    told = found(["a", "a", "a"], [0, 1, 2], labels(("a", 2, "x", 0), ("a", 0, "y", 0)))
    assert told.label.to_pylist() == ["y", None, "x"]


def test_of_groups_the_label_made_last_counts_and_of_one_time_the_later() -> None:
    told = found(
        ["a", "b"], [0, 0], labels(("a", 0, "1", 5), ("b", 0, "1", 5)), labels(("a", 0, "0", 4), ("b", 0, "0", 5))
    )
    assert told.label.to_pylist() == ["1", "0"]
    assert (told.repeats, told.corrections) == (0, 2)


def test_a_capture_that_is_there_twice_has_its_label_twice() -> None:
    assert found(["a", "a"], [0, 0], labels(("a", 0, "1", 0))).label.to_pylist() == ["1", "1"]


def test_nothing_joins_with_nothing() -> None:
    assert found([], [], labels(("a", 0, "1", 0))).label.to_pylist() == []
    assert found(["a"], [0]).label.to_pylist() == [None]
    assert found(["a"], [0], labels()).label.to_pylist() == [None]
