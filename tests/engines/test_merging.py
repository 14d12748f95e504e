"""Merging: every split once, in a tree whose shape the number of splits gives."""

import random
from dataclasses import replace

import numpy as np
import pytest

from monitor.batch import Sample
from monitor.engines.engine import EngineFailed
from monitor.engines.merging import Merging
from monitor.engines.packing import of_bytes, to_bytes
from monitor.engines.state import MOST_REJECTS, State
from monitor.profile import Profile, Volume
from monitor.slices import Slices


def state(number: int, rows: int = 1) -> State:
    """A state that knows which split it is of: its rejects stand at this line."""
    reject = Sample(path="a", line=1, reason="not_json", why=str(number))
    return State(
        profile=Profile(volume=Volume(records=rows, rows=rows)),
        rejects=(reject,),
        columns=(f"c{number % 3}",),
        digests={"a": (str(number),)},
        formats={"a": "jsonl"},
        lines={"a": 10},
    )


def merging(count: int) -> Merging:
    return Merging(count, Profile(), lambda data: of_bytes(State, data, ""))


def total(count: int, order: list[int]) -> State:
    found = merging(count)
    for number in order:
        found.take(number, to_bytes(state(number), ""))
    return found.total()


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 13])
def test_states_add_up_in_the_order_of_their_splits_in_whatever_order_they_come(count: int) -> None:
    order = list(range(count))
    random.Random(count).shuffle(order)
    found = total(count, order)
    assert found.profile.volume == Volume(records=count, rows=count)
    assert found.digests == {"a": tuple(map(str, range(count)))}
    assert [reject.why for reject in found.rejects] == [str(i) for i in range(count)]
    assert to_bytes(found, "") == to_bytes(total(count, sorted(order)), "")


def test_a_split_that_comes_twice_is_counted_once() -> None:
    found = merging(3)
    assert [found.take(i, to_bytes(state(i), "")) for i in (1, 1, 0, 0, 2, 1)] == [
        True,
        False,
        True,
        False,
        True,
        False,
    ]
    assert found.total().profile.rows == 3


def test_a_split_that_does_not_come_is_told_and_never_passed_over() -> None:
    found = merging(9)
    for number in (0, 1, 3):
        found.take(number, to_bytes(state(number), ""))
    told = r"6 of 9 splits have no state \(2, 4, 5, 6, 7, ...\); try it again"
    with pytest.raises(EngineFailed, match=told):
        found.total()


def test_a_split_that_nobody_asked_for_is_refused() -> None:
    with pytest.raises(EngineFailed, match="a state of split 3 came, and there are 3"):
        merging(3).take(3, b"")


def test_lines_of_rejects_are_those_of_the_whole_file_and_only_the_first_rejects_are_kept() -> None:
    found = total(30, list(range(30)))
    assert [reject.line for reject in found.rejects] == [1 + 10 * i for i in range(MOST_REJECTS)]
    assert found.lines == {"a": 300}


def test_rows_are_placed_behind_those_of_the_splits_before_to_half_a_stretch() -> None:
    slices = Slices(level=3, first=0, counts=np.array([[8], [8], [4]]))
    moved = slices.moved(100)
    assert (moved.level, moved.first) == (3, 13)  # rows 100 to 119 stand at 104 to 123
    assert np.array_equal(moved.counts, slices.counts)
    assert abs(moved.first * 8 - 100) <= 4
    assert Slices(level=0, first=2, counts=np.array([[1]])).moved(7).first == 9


def test_few_sums_are_held_however_many_splits_there_are() -> None:
    found = merging(1000)
    most = 0
    for number in range(1000):
        found.take(number, to_bytes(replace(state(number), rejects=()), ""))
        most = max(most, len(found._sums))
    assert most <= 10
