"""Which windows lie so far back: by count and by time, also where windows are not all as far apart."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from formula.fields import DAY, HOUR, START, windows
from hypothesis import given
from hypothesis import strategies as st

from monitor.crontab import cron
from monitor.formula.stretches import enough, lagged, stretches, usually
from monitor.formula.words import Back
from monitor.schedule import Schedule
from monitor.series import SECOND, Windows


def taken(on: Windows, back: Back, at: int, *, with_now: bool = False) -> list[int]:
    first, last = stretches(on, back, with_now=with_now)
    return list(range(first[at], last[at]))


def midnights(begin: str, count: int) -> Windows:
    """Days of Berlin, one of which has 23 or 25 hours."""
    schedule = Schedule(ends=cron("0 0 * * *", ZoneInfo("Europe/Berlin")))
    at = schedule.begin(datetime.fromisoformat(begin).replace(tzinfo=UTC))
    return Windows.of(list(schedule.windows(at, at + (count + 1) * DAY))[:count], DAY)


@pytest.mark.parametrize("back", [24, DAY])
def test_a_day_of_hours_is_the_24_before_and_with_now_the_newest_24(back: Back) -> None:
    on = windows(40)
    assert taken(on, back, 30) == list(range(6, 30))
    assert taken(on, back, 30, with_now=True) == list(range(7, 31))
    assert taken(on, back, 2) == [0, 1]
    assert taken(on, back, 0) == []
    assert taken(on, back, 0, with_now=True) == [0]
    assert lagged(on, back).tolist() == [-1] * 24 + list(range(16))


@given(st.integers(1, 500), st.booleans(), st.sampled_from([timedelta(minutes=5), HOUR, DAY, timedelta(minutes=7)]))
def test_where_windows_are_as_far_apart_time_and_count_say_the_same(count: int, now: bool, length: timedelta) -> None:
    on = windows(60, length)
    by_time, by_count = (stretches(on, back, with_now=now) for back in (count * length, count))
    assert np.array_equal(by_time, by_count)
    assert np.array_equal(lagged(on, count * length), lagged(on, count))
    assert enough(count * length, length) == enough(count, length)
    assert usually(count * length, length) == usually(count, length) == count


@pytest.mark.parametrize(("minutes", "count"), [(29, 0), (30, 1), (60, 1), (89, 1), (90, 2), (91, 2), (149, 2)])
def test_time_between_two_windows_is_rounded(minutes: int, count: int) -> None:
    back = timedelta(minutes=minutes)
    on = windows(10)
    assert usually(back, HOUR) == count
    assert taken(on, back, 8) == list(range(8 - count, 8))
    assert taken(on, back, 8, with_now=True) == list(range(9 - count, 9))
    assert lagged(on, back)[8] == (8 - count if count else -1)


@pytest.mark.parametrize("begin", ["2026-03-20", "2026-10-16"])
def test_a_week_has_seven_days_when_clocks_change(begin: str) -> None:
    on = midnights(begin, 20)
    assert {23 * 3600, 25 * 3600} & set(np.diff(on.ends))
    for at in range(7, 20):
        assert taken(on, timedelta(days=7), at) == list(range(at - 7, at))
        assert taken(on, timedelta(days=7), at, with_now=True) == list(range(at - 6, at + 1))
    assert lagged(on, timedelta(days=7)).tolist() == [-1] * 7 + list(range(13))


def test_in_hours_of_business_a_lag_finds_its_hour_or_none() -> None:
    ends = np.array([24 * day + hour for day in range(3) for hour in range(9, 18)], np.int64) * 3600 + START
    on = Windows(starts=ends - 3600, ends=ends, interval=2 * HOUR)
    assert lagged(on, HOUR).tolist() == [-1 if n % 9 == 0 else n - 1 for n in range(27)]
    assert lagged(on, DAY).tolist() == [-1] * 9 + list(range(18))
    assert taken(on, 3 * HOUR, 20) == [18, 19]
    assert taken(on, 3 * HOUR, 26) == [23, 24, 25]


def test_windows_that_overlap_count_by_their_ends() -> None:
    ends = START + np.arange(1, 50, dtype=np.int64) * 3600
    on = Windows(starts=ends - 24 * 3600, ends=ends, interval=HOUR)
    assert taken(on, DAY, 30) == list(range(6, 30))
    assert lagged(on, DAY)[30] == 6


@given(
    st.lists(st.integers(1, 5), min_size=1, max_size=30),
    st.timedeltas(SECOND, 20 * HOUR),
    st.booleans(),
    st.integers(1, 4),
)
def test_no_stretch_and_no_lag_looks_at_a_later_window(
    gaps: list[int], back: timedelta, now: bool, length: int
) -> None:
    ends = START + np.cumsum(np.array(gaps, np.int64)) * 3600
    on = Windows(starts=ends - length * 3600, ends=ends, interval=3 * HOUR)
    here = np.arange(len(on))
    first, last = stretches(on, back, with_now=now)
    assert (first >= 0).all()
    assert (first <= last).all()
    assert np.array_equal(last, here + now)
    found = lagged(on, back)
    assert (found < here).all()
    near = found >= 0
    off = np.abs(on.ends[near] - on.ends[found[near]] - back / SECOND)
    assert (off <= min(length, 3) * 1800 + 1).all()


def test_nothing_has_no_stretches() -> None:
    assert [len(side) for side in (*stretches(windows(0), DAY), lagged(windows(0), DAY))] == [0, 0, 0]
