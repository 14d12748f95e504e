"""Packing: words to bytes and back, to the last bit."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

import numpy as np
import pytest
from numpy.typing import NDArray

from monitor.condition import Among, Both, Compare, Condition, Not, Null
from monitor.engines.packing import Foreign, of_bytes, to_bytes
from monitor.profile import Profile
from monitor.stats.moments import Moments
from monitor.testing import profile
from monitor.window import Window


@dataclass(frozen=True, kw_only=True)
class Word:
    """Everything that words hold."""

    number: float = 0.0
    moments: Moments = field(default_factory=Moments)
    counts: NDArray[np.int64] = field(default_factory=lambda: np.arange(6).reshape(2, 3))
    by_window: Mapping[Window, int] = field(default_factory=dict)
    condition: Condition | None = None
    names: frozenset[str] = frozenset()
    pairs: tuple[tuple[str, int], ...] = ()
    slack: timedelta = timedelta(seconds=1.5)
    kind: Literal["a", "b"] = "a"


def back(word: Word) -> Word:
    return of_bytes(Word, to_bytes(word, "1"), "1")


@pytest.mark.parametrize("number", [math.inf, -math.inf, 5e-324, 0.1 + 0.2, -0.0])
def test_numbers_come_back_to_the_last_bit_also_those_that_json_has_no_word_for(number: float) -> None:
    found = back(Word(number=number, moments=Moments(count=1, total=number, mean=number)))
    assert (found.number, found.moments.total) == (number, number)
    assert math.copysign(1, found.number) == math.copysign(1, number)
    assert math.isnan(back(Word(number=math.nan)).number)


def test_windows_as_keys_conditions_and_sets_come_back_as_they_were() -> None:
    at = datetime(2026, 1, 5, tzinfo=UTC)
    word = Word(
        by_window={Window(start=at, end=at + timedelta(hours=1)): 7},
        condition=Both((Compare("a", ">", 1.5), Not(Among("b", ("x", True, 1))), Null("c"))),
        names=frozenset({"b", "a"}),
        pairs=(("a", 1), ("b", 2)),
        kind="b",
    )
    found = back(word)
    assert (found.by_window, found.condition, found.names) == (word.by_window, word.condition, word.names)
    assert (found.pairs, found.slack, found.kind) == (word.pairs, word.slack, word.kind)
    assert np.array_equal(found.counts, word.counts)
    assert found.counts.shape == (2, 3)


def test_the_same_word_is_the_same_bytes_and_a_profile_comes_back_as_its_document() -> None:
    measured = profile({"age": [1.5, 2.5, None, math.inf] * 50, "city": ["a", "b", "c", None] * 50})
    packed = to_bytes(measured, "1")
    found = of_bytes(Profile, packed, "1")
    assert to_bytes(found, "1") == packed
    assert found.to_document() == measured.to_document()


def test_bytes_of_another_version_are_refused_with_both_versions_named() -> None:
    with pytest.raises(Foreign, match=r"a message of driftd 1 came to driftd 2; the same on all sides is needed"):
        of_bytes(Word, to_bytes(Word(), "1"), "2")
    with pytest.raises(Foreign, match=r"a message of 5 bytes that is none of driftd's"):
        of_bytes(Word, b"hello", "1")
