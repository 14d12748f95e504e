"""Words to JSON documents and back."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from monitor.batch import Sample
from monitor.document import from_document, to_document
from monitor.feature import Categorical, Numeric
from monitor.profile import Measured, Profile, Volume
from monitor.stats.distinct import Distinct
from monitor.window import Window

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


class Colour(Enum):
    RED = "red"


@dataclass(frozen=True, kw_only=True)
class Word:
    colour: Colour
    share: float
    at: datetime | None
    names: tuple[str, ...]
    counts: Mapping[str, int]
    numbers: NDArray[np.float64]
    part: Sample | None = None


def there_and_back(kind, value):
    return from_document(kind, json.loads(json.dumps(to_document(value), allow_nan=False)))


def test_every_kind_of_field_comes_back():
    word = Word(
        colour=Colour.RED, share=0.5, at=NOON, names=("a", "b"), counts={"x": 1}, numbers=np.array([1.5, 2.0]),
        part=Sample(path="p", line=3, reason="r"),
    )  # fmt: skip
    back = there_and_back(Word, word)
    assert to_document(back) == to_document(word)
    assert (back.colour, back.at, back.names, back.part) == (word.colour, word.at, word.names, word.part)
    assert back.numbers.dtype == np.float64


def test_a_number_that_json_has_no_word_for_is_null_and_comes_back_as_nan():
    word = Word(colour=Colour.RED, share=float("inf"), at=None, names=(), counts={}, numbers=np.zeros(0))
    assert to_document(word)["share"] is None
    assert np.isnan(there_and_back(Word, word).share)
    assert there_and_back(Word, word).at is None


def test_numpy_numbers_become_plain_ones():
    assert to_document([np.int64(3), np.float64(0.5), np.bool_(True), np.float64("nan")]) == [3, 0.5, True, None]


@given(st.datetimes(timezones=st.just(UTC)))
def test_times_come_back_to_the_microsecond(at):
    volume = Volume(first=at, last=at)
    assert there_and_back(Volume, volume).first == at
    assert to_document(volume)["first"].endswith("Z")


def test_one_of_several_words_is_known_by_its_kind():
    text = Categorical(name="c", cells=np.zeros(3, np.int64))
    number = Numeric(name="n", cells=np.zeros(4, np.int64))
    assert type(from_document(Measured, to_document(text))) is Categorical
    assert type(from_document(Measured, to_document(number))) is Numeric


def test_keys_that_are_not_known_are_left_out_and_missing_ones_take_their_default():
    assert from_document(Sample, {"path": "p", "line": 1, "reason": "r", "later": True}) == Sample(
        path="p", line=1, reason="r"
    )
    with pytest.raises(TypeError, match="reason"):
        from_document(Sample, {"path": "p", "line": 1})


@pytest.mark.parametrize(
    "wrong", [None, [], "x", 3, {"features": []}, {"volume": 3}, {"features": {"a": {"kind": "numeric"}}}]
)
def test_a_document_of_another_shape_is_a_plain_error(wrong):
    with pytest.raises((TypeError, ValueError, AttributeError, KeyError)):
        from_document(Profile, wrong)


def test_a_whole_profile_with_window_and_volume_comes_back():
    ids = Distinct.of(np.arange(5000, dtype=np.uint64) << np.uint64(50))
    profile = Profile(
        volume=Volume(records=3, rows=2, rejected={"not_json": 1}, ids=ids),
        features={"n": Numeric(name="n", cells=np.arange(5), cuts=np.array([0.1]), low=-1.0, high=1e300)},
        extra={"more": 2},
        window=Window(start=NOON, end=NOON.replace(hour=13)),
    )
    back = there_and_back(Profile, profile)
    assert to_document(back) == to_document(profile)
    assert back.window == profile.window
    assert back.volume.ids == profile.volume.ids
