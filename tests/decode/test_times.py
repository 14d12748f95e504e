"""Event times as written."""

from datetime import UTC, datetime

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.decode.times import moment, seconds_of

NOON = int(datetime(2026, 1, 5, 12, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-05T12:00:00Z", "2026-01-05T14:00:00+02:00", "2026-01-05T12:00:00.999Z", "2026-01-05T12:00:00",
        "2026-01-05T12:00:00.123456789Z", " 2026-01-05T12:00:00Z ", "2026-01-05 07:00:00-05:00", "20260105T120000Z",
    ],
)  # fmt: skip
def test_iso_8601_is_read_in_any_dress(text):
    for beside in ([], ["2026-01-05T12:00:00Z"], ["garbage"], [None]):
        seconds, timed = seconds_of(pa.array([text, *beside], pa.string()))
        assert (seconds[0], timed[0]) == (NOON, True)


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "2026-02-31T00:00:00Z", "2026-13-01T00:00:00Z", "20261301", "1e400", "2026-01-05T25:00:00Z",
     "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "9999-12-31T23:59:60Z", None],
)  # fmt: skip
def test_what_is_no_time_leaves_the_row_without_one(text):
    seconds, timed = seconds_of(pa.array([text, "2026-01-05T12:00:00Z"], pa.string()))
    assert timed.tolist() == [False, True]
    assert seconds.tolist() == [0, NOON]
    assert not seconds_of(pa.array([text], pa.string()))[1].any()


@settings(deadline=None)
@given(st.lists(st.datetimes(), max_size=20), st.booleans())
def test_seconds_are_rounded_down_whatever_stands_beside(times, odd):
    texts = [f"{at.isoformat()}Z" for at in times] + ["x"] * odd
    seconds, timed = seconds_of(pa.array(texts, pa.string()))
    assert [moment(s) for s in seconds[: len(times)].tolist()] == [
        at.replace(microsecond=0, tzinfo=UTC) for at in times
    ]
    assert timed.tolist() == [True] * len(times) + [False] * odd


NANOSECONDS = NOON * 10**9
UNITS = [1, 10**3, 10**6, 10**9]


@pytest.mark.parametrize("per_second", UNITS)
def test_numbers_are_seconds_or_thousandths_by_their_size(per_second):
    given = [NOON * per_second, None, NOON * per_second + per_second - 1]
    for column in (
        pa.array(given, pa.int64()),
        pa.array(given, pa.float64()) if per_second < 10**9 else pa.array(given),
        pa.array([None if value is None else str(value) for value in given]),
        pa.array([None if value is None else f" {value} " for value in given]),
    ):
        seconds, timed = seconds_of(column)
        assert seconds.tolist() == [NOON, 0, NOON]
        assert timed.tolist() == [True, False, True]


@pytest.mark.parametrize(
    "number", [NOON + 0.75, f"{NOON}.75", f"+{NOON}", "1.7676144e9", "1767614400.", "1.7676144E+12"]
)
def test_fractions_exponents_and_signs_are_read(number):
    seconds, timed = seconds_of(pa.array([number]))
    assert (seconds[0], timed[0]) == (NOON, True)


def test_times_before_1970_are_rounded_down_too():
    numbers = [-1, -1_500, -1_500_000_000_000, -1.5]
    assert seconds_of(pa.array(numbers[:2], pa.int64()))[0].tolist() == [-1, -1500]
    assert seconds_of(pa.array([numbers[2]]))[0].tolist() == [-1_500_000_000]
    assert seconds_of(pa.array([-1.5, -0.25]))[0].tolist() == [-2, -1]
    assert seconds_of(pa.array(["-1.5"]))[0].tolist() == [-2]
    assert seconds_of(pa.array([-(2**63), 2**63 - 1]))[0].tolist() == [-9223372037, 9223372036]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), 1e300, 2.0**63, -9e10])
def test_numbers_that_are_no_time_leave_the_row_without_one(value):
    for column in (pa.array([value, NOON + 0.0]), pa.array([str(value), str(NOON)])):
        seconds, timed = seconds_of(column)
        assert seconds.tolist() == [0, NOON]
        assert timed.tolist() == [False, True]


def test_a_column_of_all_dresses_is_read_value_by_value():
    texts = [
        "2026-01-05 12:00:00",
        str(NOON),
        "2026-01-05T12:00:00Z",
        "soon",
        None,
        str(NANOSECONDS),
        "20260105T12",
        "nan",
    ]
    seconds, timed = seconds_of(pa.array(texts))
    assert timed.tolist() == [True, True, True, False, False, True, True, False]
    assert set(seconds[timed].tolist()) == {NOON}


def test_eight_digits_are_a_date_in_a_text_and_seconds_in_a_number():
    assert seconds_of(pa.array(["20260105"]))[0].tolist() == [NOON - 43_200]
    assert seconds_of(pa.array([20260105]))[0].tolist() == [20260105]


@pytest.mark.parametrize(
    "kind",
    [pa.timestamp("s"), pa.timestamp("ms", "UTC"), pa.timestamp("us", "Europe/Berlin"), pa.timestamp("ns")],
    ids=str,
)
def test_arrow_times_are_what_they_say(kind):
    column = pa.array([NOON, None, -1], pa.timestamp("s")).cast(kind)
    assert seconds_of(column)[0].tolist() == [NOON, 0, -1]
    assert seconds_of(column)[1].tolist() == [True, False, True]


def test_dates_are_their_midnight_and_other_columns_are_no_time():
    for kind in (pa.date32(), pa.date64()):
        assert seconds_of(pa.array([datetime(2026, 1, 5).date()], kind))[0].tolist() == [NOON - 43_200]
    assert not seconds_of(pa.array([True, None]))[1].any()
    assert not seconds_of(pa.nulls(2))[1].any()
    assert len(seconds_of(pa.array([], pa.string()))[0]) == 0
    assert seconds_of(pa.array([2**63 + 1], pa.uint64()))[1].tolist() == [False]


@settings(deadline=None)
@given(st.lists(st.integers(-(2**63), 2**63 - 1) | st.none(), max_size=20))
def test_whole_numbers_say_the_same_as_numbers_and_as_texts(numbers):
    typed = seconds_of(pa.array(numbers, pa.int64()))
    texts = seconds_of(pa.array([None if n is None else str(n) for n in numbers], pa.string()))
    eight = [n is not None and len(str(n)) == 8 and n > 0 for n in numbers]
    assert [a for a, e in zip(typed[0].tolist(), eight, strict=True) if not e] == [
        a for a, e in zip(texts[0].tolist(), eight, strict=True) if not e
    ]
