"""Which stretches of time a history has: hours, days or windows, few enough, and each row in one."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.cron import Cron
from monitor.measures import stretches as module
from monitor.measures.stretches import DAY, HOUR, MOST, MOST_COUNTS, Hours, Stretches, stretches
from monitor.schedule import Every, Once, Schedule

MONDAY = int(datetime(2026, 1, 5, tzinfo=UTC).timestamp())
HOURLY = Schedule(ends=Every(every=timedelta(hours=1)))


def seen(*parts: np.ndarray) -> Hours:
    hours = Hours()
    for part in parts:
        hours.see(np.asarray(part, dtype=np.int64))
    return hours


def every(seconds: int, number: int, start: int = MONDAY) -> np.ndarray:
    return start + seconds * np.arange(number)


def lengths(found: Stretches) -> set[int]:
    return set((found.ends - found.starts).tolist())


def holds(found: Stretches, seconds: np.ndarray) -> bool:
    """Whether each of these lies in one."""
    at = np.searchsorted(found.starts, seconds, side="right") - 1
    return bool((at >= 0).all() and (seconds < found.ends[at]).all() and (found.starts[1:] >= found.ends[:-1]).all())


@settings(max_examples=50)
@given(st.lists(st.integers(0, 2_000_000), min_size=1, max_size=50), st.integers(0, 50))
def test_rows_by_hour_are_the_same_in_any_split(times: list[int], cut: int) -> None:
    whole, parts = seen(times), seen(times[cut:], times[:cut])
    assert whole.at.tolist() == parts.at.tolist() == sorted({time // 3600 for time in times})
    assert whole.rows.tolist() == parts.rows.tolist()
    assert whole.rows.sum() == len(times)


def test_rows_in_too_many_hours_are_counted_by_day_in_any_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_HOURS", 10)
    times = every(HOUR, 30)
    forth, back = seen(*np.array_split(times, 7)), seen(times[::-1])
    assert forth.unit == back.unit == DAY
    assert forth.at.tolist() == back.at.tolist()
    assert forth.rows.tolist() == back.rows.tolist() == [24, 6]


def test_busy_hours_are_counted_by_hour_and_hours_without_rows_are_none() -> None:
    times = np.concatenate([every(60, 120), every(60, 60, MONDAY + 10 * HOUR)])
    found = stretches(seen(times), 100)
    assert found.unit == "hour"
    assert ((found.starts - MONDAY) // HOUR).tolist() == [0, 1, 10]
    assert lengths(found) == {HOUR}


def test_where_most_hours_have_few_rows_days_are_counted_from_the_first_hour_to_the_last() -> None:
    found = stretches(seen(every(600, 6 * 24 * 3, MONDAY + 10 * HOUR)), 100)
    assert found.unit == "day"
    assert ((found.starts - MONDAY) // HOUR).tolist() == [10, 24, 48, 72]
    assert ((found.ends - MONDAY) // HOUR).tolist() == [24, 48, 72, 82]


def test_many_hours_leave_the_newest_and_days_before() -> None:
    times = every(100, 36 * 24 * 200)
    found = stretches(seen(times), 100)
    assert (found.unit, len(found.starts) - found.older) == ("hour", MOST)
    assert found.older == 200 - MOST // 24 - 1
    assert set((found.ends - found.starts)[: found.older].tolist()) == {DAY}
    assert set((found.ends - found.starts)[found.older :].tolist()) == {HOUR}
    assert found.ends[-1] == MONDAY + 200 * DAY


def test_many_cells_leave_fewer_stretches() -> None:
    found = stretches(seen(every(100, 36 * 24 * 60)), MOST_COUNTS // 200)
    assert len(found.starts) - found.older == 200
    assert len(found.starts) <= 400


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kolkata", "America/New_York", "Australia/Lord_Howe"])
def test_the_windows_of_a_schedule_are_its_stretches(zone: str) -> None:
    schedule = Schedule(ends=Cron(minutes=(0, 720), zone=ZoneInfo(zone)), start=datetime(2030, 1, 1, tzinfo=UTC))
    times = every(1000, 86 * 120)
    found = stretches(seen(times), 100, schedule)
    assert found.unit == "window"
    assert holds(found, times)
    inner = [datetime.fromtimestamp(start, ZoneInfo(zone)) for start in found.starts[1:]]
    assert {(at.hour, at.minute) for at in inner} == {(0, 0), (12, 0)}


def test_short_windows_are_kept_up_to_the_most_and_days_before() -> None:
    five = Schedule(ends=Every(every=timedelta(minutes=5)))
    found = stretches(seen(every(100, 36 * 24 * 30)), 100, five)
    assert len(found.starts) - found.older == MOST
    assert set((found.ends - found.starts)[found.older :].tolist()) == {300}
    assert found.ends[-1] == MONDAY + 30 * DAY


def test_windows_that_overlap_are_cut_into_the_pieces_they_share() -> None:
    sliding = Schedule(ends=Every(every=timedelta(hours=2)), length=timedelta(hours=5))
    found = stretches(seen(every(60, 60 * 24)), 100, sliding)
    assert lengths(found) == {HOUR}
    gaps = Schedule(ends=Every(every=timedelta(hours=6)), length=timedelta(hours=2))
    found = stretches(seen(every(60, 60 * 24)), 100, gaps)
    assert ((found.starts - MONDAY) // HOUR).tolist() == [0, 4, 6, 10, 12, 16, 18, 22]


def test_a_schedule_that_has_no_windows_of_its_own_gives_hours() -> None:
    assert stretches(seen(every(60, 120)), 100, Schedule(ends=Once())).unit == "hour"


@settings(max_examples=60)
@given(
    st.lists(st.integers(0, 40 * DAY), min_size=1, max_size=60),
    st.sampled_from([7, 60, 90, 1440, 10080]),
    st.sampled_from([None, 60, 5 * 60, 4000]),
    st.integers(0, 10_000),
)
def test_each_row_lies_in_one_stretch_whatever_the_schedule(
    times: list[int], minutes: int, length: int | None, anchor: int
) -> None:
    at = MONDAY + np.array(times)
    ends = Every(every=timedelta(minutes=minutes), anchor=datetime.fromtimestamp(anchor, UTC))
    schedule = Schedule(ends=ends, length=None if length is None else timedelta(minutes=length))
    for found in (stretches(seen(at), 100), stretches(seen(at), 100, schedule)):
        assert holds(found, at)
