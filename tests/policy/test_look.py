"""Looks add up, come back from bytes, and are put together by a monitor's windows."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from monitor.cron import Cron
from monitor.policy.look import Look, regrouped
from monitor.schedule import Every, Schedule
from monitor.window import Window

START = datetime(2026, 1, 5, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def look(start: datetime, length: timedelta = HOUR, rows: int = 10, effect: float = 1.0) -> Look:
    return Look(
        window=Window(start=start, end=start + length),
        rows=rows,
        counts=np.array([rows // 2, 1]),
        totals=np.array([rows, rows]),
        effect=np.array([effect]),
    )


def hours(number: int, start: datetime = START) -> list[Look]:
    """Each with its own number of rows, so that sums tell which were taken."""
    return [look(start + i * HOUR, rows=2**i if number <= 48 else i + 1) for i in range(number)]


def windows(schedule: Schedule, until: datetime, after: datetime = START) -> list[Window]:
    return list(schedule.windows(schedule.begin(after), until))


def daily(zone: str) -> Schedule:
    return Schedule(ends=Cron(minutes=(0,), zone=ZoneInfo(zone)))


def test_a_look_comes_back_from_its_bytes_and_no_other_bytes_are_one() -> None:
    one = look(START, rows=7, effect=1.5)
    back = Look.unpacked(one.packed())
    assert (back.window, back.rows, back.effect.tolist()) == (one.window, 7, [1.5])
    assert (back.counts.tolist(), back.totals.tolist()) == ([3, 1], [7, 7])
    assert back.counts.dtype == np.int64
    with pytest.raises(ValueError, match="no packed arrays"):
        Look.unpacked(b"look")


def test_counts_beyond_32_bits_come_back() -> None:
    one = look(START, rows=2**40)
    assert Look.unpacked(one.packed()).totals.tolist() == [2**40, 2**40]


def test_hours_of_a_day_are_added_up_whatever_their_order() -> None:
    looks = hours(48)
    days = windows(Schedule(ends=Every(every=DAY)), START + 2 * DAY)
    found = regrouped(looks[::-1], days)
    assert [one.window for one in found] == days
    assert [one.rows for one in found] == [2**24 - 1, 2**48 - 2**24]
    assert found[0].counts.tolist() == [sum(2**i // 2 for i in range(24)), 24]


def test_the_effect_of_a_day_is_that_of_its_rows() -> None:
    found = regrouped([look(START, rows=30, effect=2.0), look(START + 23 * HOUR, rows=10, effect=4.0)], [day(0)])
    assert found[0].effect.tolist() == [2.5]


def day(number: int) -> Window:
    return Window(start=START + number * DAY, end=START + (number + 1) * DAY)


def test_a_window_whose_hours_had_no_rows_is_left_out_and_one_with_some_is_not() -> None:
    looks = [look(START + 9 * HOUR), look(START + 2 * DAY), look(START + 3 * DAY - HOUR)]
    found = regrouped([look(START), *looks], [day(0), day(1), day(2)])
    assert [one.window for one in found] == [day(0), day(2)]


def test_a_window_that_begins_before_the_first_look_or_ends_behind_the_last_is_left_out() -> None:
    looks = hours(72)[10:65]
    assert [one.window for one in regrouped(looks, [day(0), day(1), day(2)])] == [day(1)]
    almost = hours(72)[2:70]
    assert [one.window for one in regrouped(almost, [day(0), day(1), day(2)])] == [day(0), day(1), day(2)]


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "Asia/Kathmandu", "Australia/Adelaide", "America/St_Johns"])
def test_days_of_a_zone_that_is_half_an_hour_off_take_each_hour_once(zone: str) -> None:
    looks = hours(24 * 30)
    days = windows(daily(zone), START + 29 * DAY)
    found = regrouped(looks, days)
    assert len(found) == len(days) - 1  # the first begins before the looks do
    assert {int(one.counts[1]) for one in found} == {24}
    span = Window(start=found[0].window.start, end=found[-1].window.end)
    assert sum(one.rows for one in found) == sum(one.rows for one in looks if one.window.start + HOUR / 2 in span)


@pytest.mark.parametrize("zone", ["Europe/Helsinki", "America/New_York"])
def test_a_day_with_a_clock_change_has_23_or_25_hours(zone: str) -> None:
    spring = datetime(2026, 3, 1, tzinfo=UTC)
    found = regrouped(hours(24 * 60, spring), windows(daily(zone), spring + 50 * DAY, spring + DAY))
    assert sorted({int(one.counts[1]) for one in found}) == [23, 24]
    autumn = datetime(2026, 10, 10, tzinfo=UTC)
    found = regrouped(hours(24 * 60, autumn), windows(daily(zone), autumn + 50 * DAY, autumn + DAY))
    assert sorted({int(one.counts[1]) for one in found}) == [24, 25]


def test_days_are_too_coarse_for_days_that_begin_at_another_hour_and_fit_where_it_is_two_hours_off() -> None:
    looks = [look(START + i * DAY, DAY) for i in range(20)]
    assert regrouped(looks, windows(daily("America/New_York"), START + 19 * DAY)) == ()
    assert [one.rows for one in regrouped(looks, windows(daily("Europe/Helsinki"), START + 19 * DAY))] == [10] * 19
    weeks = Schedule(ends=Every(every=7 * DAY, anchor=START + 5 * HOUR))
    assert [one.rows for one in regrouped(looks, windows(weeks, START + 19 * DAY, START + 5 * HOUR))] == [70, 70]


def test_hours_are_too_coarse_for_hours_that_end_at_half_past_and_for_shorter_windows() -> None:
    half_past = Schedule(ends=Every(every=HOUR, anchor=START + HOUR / 2))
    assert regrouped(hours(24), windows(half_past, START + DAY)) == ()
    assert regrouped(hours(24), windows(Schedule(ends=Every(every=HOUR / 4)), START + DAY)) == ()


def test_windows_that_overlap_each_take_all_of_their_hours() -> None:
    sliding = Schedule(ends=Every(every=HOUR), length=DAY)
    found = regrouped(hours(48), windows(sliding, START + 2 * DAY))
    whole = [one for one in found if one.window.start >= START]
    assert [one.rows for one in whole] == [sum(2**i for i in range(k, k + 24)) for k in range(25)]


def test_windows_with_gaps_between_them_take_nothing_from_the_gaps() -> None:
    office = Schedule(ends=Every(every=DAY, anchor=START + 17 * HOUR), length=8 * HOUR)
    found = regrouped(hours(48), windows(office, START + 2 * DAY))
    assert [one.rows for one in found] == [sum(2**i for i in range(k, k + 8)) for k in (9, 33)]


def test_no_looks_and_no_windows_give_none() -> None:
    assert regrouped([], [day(0)]) == ()
    assert regrouped(hours(3), []) == ()
