"""Choosing: what a window needs to be read, and what names its input."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.sources.choosing import Known, chosen, input_digest
from monitor.sources.listing import Listed
from monitor.window import Window

NINE = datetime(2026, 1, 5, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
WINDOW = Window(start=NINE, end=NINE + HOUR)
FILE = Listed(path="a", size=1, stamp="s", modified=NINE)
SLACK = timedelta(minutes=5)


def seen(first: timedelta, last: timedelta, **given) -> Known:
    return Known(**{"size": 1, "stamp": "s", "first": NINE + first, "last": NINE + last, **given})


def is_read(known: Known | None, file: Listed = FILE) -> bool:
    return chosen([file], {} if known is None else {"a": known}, WINDOW, SLACK) == [file]


SECOND = timedelta(seconds=1)


def test_what_is_not_known_is_read():
    assert is_read(None)


@pytest.mark.parametrize("change", [{"size": 2}, {"stamp": "t"}])
def test_what_has_changed_is_read_wherever_its_records_were(change):
    far = seen(-9 * HOUR, -8 * HOUR)
    assert not is_read(far)
    assert is_read(replace(far, **change))


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [(-HOUR, -SECOND, False), (-HOUR, 0 * HOUR, True), (HOUR - SECOND, 9 * HOUR, True), (HOUR, 9 * HOUR, False),
     (-HOUR, 9 * HOUR, True)],
)  # fmt: skip
def test_what_is_known_is_read_where_its_records_meet_the_window(first, last, expected):
    assert is_read(seen(first, last)) is expected


@pytest.mark.parametrize(("apart", "expected"), [(SLACK, True), (SLACK + SECOND, False)])
def test_halves_are_read_around_the_window(apart, expected):
    assert is_read(seen(-HOUR, -apart, is_half=True)) is expected
    assert is_read(seen(HOUR + apart - SECOND, 9 * HOUR, is_half=True)) is expected
    assert not is_read(seen(-HOUR, -apart))


def test_a_file_without_times_counts_at_its_own_time():
    known = Known(size=1, stamp="s")
    assert is_read(known)
    assert not is_read(known, replace(FILE, modified=NINE + HOUR))
    assert is_read(known, replace(FILE, modified=NINE + HOUR, hour=WINDOW))


FILES = st.lists(
    st.builds(lambda p, n, s: Listed(path=p, size=n, stamp=s, modified=NINE), st.text(), st.integers(0), st.text())
)


@given(FILES, st.randoms())
def test_the_digest_is_of_the_files_whatever_their_order(files: list[Listed], dice: random.Random):
    mixed = dice.sample(files, len(files))
    assert input_digest(files) == input_digest(mixed)


@pytest.mark.parametrize("change", [{"path": "b"}, {"size": 2}, {"stamp": "t"}])
def test_the_digest_changes_with_path_size_and_stamp_and_with_nothing_else(change):
    assert input_digest([FILE]) != input_digest([replace(FILE, **change)])
    assert input_digest([FILE]) == input_digest([replace(FILE, modified=NINE + HOUR, hour=WINDOW)])
