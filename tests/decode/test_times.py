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
    ["", "yesterday", "2026-02-31T00:00:00Z", "2026-13-01T00:00:00Z", "1767614400", "2026-01-05T25:00:00Z",
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
