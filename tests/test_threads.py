"""Answers come in order, whatever is ready first; what is raised comes in its turn."""

import threading
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.threads import Threads, usable


@given(items=st.lists(st.integers(), max_size=30), count=st.integers(1, 4))
def test_it_is_map(items: list[int], count: int) -> None:
    with Threads(count) as threads:
        assert list(threads.each(str, items)) == [*map(str, items)]


def test_what_is_ready_first_waits_for_its_turn() -> None:
    begun = threading.Event()

    def slow(item: int) -> int:
        if item == 0:
            assert begun.wait(30)
        else:
            begun.set()
        return item

    with Threads(2) as threads:
        assert [*threads.each(slow, range(5))] == [0, 1, 2, 3, 4]


def test_few_are_read_ahead() -> None:
    read = []

    def items() -> Iterator[int]:
        for item in range(100):
            read.append(item)
            yield item

    with Threads(3) as threads:
        found = threads.each(str, items())
        assert next(found) == "0"
        assert len(read) == 4


def test_one_may_read_from_another() -> None:
    with Threads(2) as threads:
        inner = threads.each(lambda item: item + 1, range(50))
        assert [*threads.each(lambda item: item * 2, inner)] == [2 * (item + 1) for item in range(50)]


def test_what_is_raised_comes_in_its_turn_and_ends_the_rest() -> None:
    asked = []

    def picky(item: int) -> int:
        asked.append(item)
        if item == 3:
            raise ValueError(item)
        time.sleep(0.001)
        return item

    with Threads(2) as threads:
        found = []
        with pytest.raises(ValueError, match="3"):
            found.extend(threads.each(picky, range(1000)))
    assert max(asked) < 10


def test_there_is_a_thread_at_least() -> None:
    assert 1 <= usable() <= 8
