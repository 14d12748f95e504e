"""What is planned at a first start, tick by tick, after a stop, and when the clock is wrong."""

import random
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

import pytest

from monitor.catchup import RECORDED, Catchup, Plan, planned
from monitor.crontab import cron
from monitor.schedule import Every, Once, Schedule
from monitor.window import Window

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HOURLY = Schedule(ends=Every(every=HOUR), delay=timedelta(minutes=10))
ALL, LATEST, NONE = Catchup(max_windows=5), Catchup(mode="latest"), Catchup(mode="none")
NOW = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)


def hour(number: float) -> datetime:
    """An o'clock of the day; beyond 24 of the next."""
    return NOW.replace(hour=0, minute=0) + number * HOUR


def ends(windows: tuple[Window, ...]) -> list[float]:
    return [(window.end - hour(0)) / HOUR for window in windows]


def is_whole(plan: Plan, begin: datetime) -> bool:
    """Whether its windows meet, from where it began to where it planned to."""
    found = (*plan.skipped, *plan.windows)
    meet = all(a.end == b.start for a, b in pairwise(found))
    return meet and (not found or (found[0].start, found[-1].end) == (begin, plan.planned_to))


def test_a_monitor_begins_with_the_window_of_its_oldest_capture() -> None:
    plan = planned(HOURLY, ALL, None, hour(9) + timedelta(minutes=17), NOW)
    assert (ends(plan.windows), plan.skipped, plan.planned_to, plan.warning) == ([10, 11, 12], (), hour(12), "")
    assert is_whole(plan, hour(9))


def test_a_start_goes_before_the_oldest_capture_and_the_first_window_begins_with_it() -> None:
    start = hour(10) + timedelta(minutes=15)
    schedule = Schedule(ends=HOURLY.ends, start=start)
    for first in (None, hour(1), hour(12)):
        plan = planned(schedule, ALL, None, first, NOW)
        assert plan.windows[0] == Window(start=start, end=hour(11))
        assert is_whole(plan, start)


@pytest.mark.parametrize(
    ("mode", "judged", "left_out"),
    [
        ("all", [8, 9, 10, 11, 12], [3, 4, 5, 6, 7]),
        ("latest", [12], list(range(3, 12))),
        ("none", [], list(range(3, 13))),
    ],
)
def test_of_the_past_the_newest_are_judged_and_older_ones_are_skipped(
    mode: Literal["all", "latest", "none"], judged: list[float], left_out: list[float]
) -> None:
    plan = planned(HOURLY, Catchup(mode=mode, max_windows=5), None, hour(2), NOW)
    assert (ends(plan.windows), ends(plan.skipped), plan.planned_to) == (judged, left_out, hour(12))
    assert (plan.more_skipped, plan.left_out, plan.warning) == (0, len(left_out), "")
    assert is_whole(plan, hour(2))


@pytest.mark.parametrize("catchup", [ALL, LATEST, NONE])
def test_after_that_each_window_is_planned_when_it_is_due_and_once(catchup: Catchup) -> None:
    to: datetime | None = planned(HOURLY, catchup, None, hour(2), NOW).planned_to
    found: list[Window] = []
    for seconds in range(0, 5 * 3600, 10):
        plan = planned(HOURLY, catchup, to, None, NOW + timedelta(seconds=seconds))
        assert all(HOURLY.due(window) <= NOW + timedelta(seconds=seconds) for window in plan.windows)
        found += plan.windows
        to = plan.planned_to
        assert (plan.skipped, plan.warning) == ((), "")
    assert ends(tuple(found)) == [13, 14, 15, 16, 17]


def test_windows_missed_in_a_stop_are_caught_up_within_the_same_bounds() -> None:
    plan = planned(HOURLY, ALL, hour(3), None, NOW)
    assert (ends(plan.windows), ends(plan.skipped)) == ([8, 9, 10, 11, 12], [4, 5, 6, 7])
    assert plan.warning == (
        "4 windows from 2026-03-01T03:00:00Z to 2026-03-01T07:00:00Z are left out: catch-up takes 5"
    )  # fmt: skip
    assert ends(planned(HOURLY, LATEST, hour(3), None, NOW).windows) == [12]
    stopped = planned(HOURLY, NONE, hour(3), None, NOW)
    assert (stopped.windows, len(stopped.skipped), stopped.planned_to) == ((), 9, hour(12))
    restarted = planned(HOURLY, NONE, hour(3), None, hour(12) + timedelta(minutes=24))
    assert ends(restarted.windows) == [12]  # due 14 minutes ago: a restart is no stop


def test_without_captures_it_begins_with_the_window_that_is_not_due_yet() -> None:
    plan = planned(HOURLY, ALL, None, None, hour(12) + timedelta(minutes=5))
    assert (plan.windows, plan.skipped, plan.planned_to) == ((), (), hour(11))
    assert ends(planned(HOURLY, ALL, plan.planned_to, None, NOW).windows) == [12]


def test_a_first_capture_or_a_start_that_lies_ahead_is_waited_for() -> None:
    plan = planned(HOURLY, ALL, None, hour(40), NOW)
    assert (plan.windows, plan.planned_to) == ((), hour(12))
    schedule = Schedule(ends=HOURLY.ends, start=hour(14) + timedelta(minutes=30))
    plan = planned(schedule, ALL, None, hour(2), NOW)
    assert (plan.windows, plan.skipped, plan.planned_to) == ((), (), hour(12))
    assert planned(schedule, ALL, hour(12), None, hour(14)) == Plan(planned_to=hour(12))
    assert planned(schedule, ALL, hour(12), None, hour(15)).windows == (Window(start=hour(14.5), end=hour(15)),)


def test_planned_to_never_moves_back_and_a_clock_gone_back_is_told() -> None:
    assert planned(HOURLY, ALL, hour(12), None, hour(11)) == Plan(planned_to=hour(12))
    plan = planned(HOURLY, ALL, hour(12), None, hour(11) - timedelta(seconds=1))
    assert (plan.windows, plan.skipped, plan.planned_to) == ((), (), hour(12))
    assert plan.warning == (
        "the clock says 2026-03-01T10:59:59Z, and windows are planned to 2026-03-01T12:00:00Z; "
        "nothing is planned until it has come there again"
    )


@pytest.mark.parametrize(
    "schedule",
    [
        HOURLY,
        Schedule(ends=cron("* * * * *", ZoneInfo("Europe/Helsinki"))),
        Schedule(ends=cron("*/5 8-18 * * 1-5", ZoneInfo("Asia/Tokyo"))),
        Schedule(ends=Every(every=timedelta(minutes=1))),
    ],
)
def test_a_leap_of_a_thousand_years_is_planned_in_bounds_and_nothing_is_missing(schedule: Schedule) -> None:
    before = time.process_time()
    plan = planned(schedule, Catchup(), hour(12), None, NOW + 365_242 * DAY)
    assert time.process_time() - before < 2
    assert (len(plan.windows), len(plan.skipped)) == (168, RECORDED + 1)
    assert is_whole(plan, hour(12))
    assert plan.more_skipped > 10**6
    assert plan.left_out == plan.more_skipped + RECORDED
    assert f"{plan.left_out} windows from 2026-03-01T12:00:00Z" in plan.warning
    assert planned(schedule, Catchup(), plan.planned_to, None, NOW).planned_to == plan.planned_to


def test_the_stretch_left_out_stands_for_so_many_windows() -> None:
    plan = planned(HOURLY, ALL, hour(0), None, hour(0) + 2000 * HOUR + timedelta(minutes=10))
    assert plan.skipped[0] == Window(start=hour(0), end=hour(2000 - 5 - RECORDED))
    assert (plan.more_skipped, plan.left_out) == (2000 - 5 - RECORDED, 1995)
    exact = planned(HOURLY, ALL, hour(0), None, hour(0) + (RECORDED + 5) * HOUR + timedelta(minutes=10))
    assert (exact.more_skipped, len(exact.skipped)) == (0, RECORDED)
    sliding = Schedule(ends=HOURLY.ends, length=3 * HOUR)
    assert planned(sliding, ALL, hour(0), None, hour(2000)).skipped[0].start == hour(-2)


def test_now_is_one_window_ever() -> None:
    once = Schedule(ends=Once(), delay=HOUR)
    assert planned(once, ALL, None, None, NOW) == Plan(planned_to=None)
    plan = planned(once, NONE, None, hour(3) + timedelta(milliseconds=1500), NOW + timedelta(milliseconds=300))
    assert plan.windows == (Window(start=hour(3) + timedelta(seconds=1), end=NOW),)
    assert plan.planned_to == NOW
    assert planned(once, ALL, NOW, hour(3), NOW + 50 * DAY) == Plan(planned_to=NOW)
    started = Schedule(ends=Once(), start=hour(1))
    assert planned(started, ALL, None, hour(3), NOW).windows == (Window(start=hour(1), end=NOW),)
    day = Schedule(ends=Once(), length=DAY, offset=HOUR)
    assert planned(day, ALL, None, None, NOW).windows == (Window(start=NOW - DAY - HOUR, end=NOW - HOUR),)
    assert planned(once, ALL, None, NOW + DAY, NOW) == Plan(planned_to=None)


def test_a_schedule_that_is_over_or_far_ahead_plans_nothing() -> None:
    over = Schedule(ends=cron("cron(0 0 1 1 ? 2020)"))
    assert planned(over, ALL, hour(1), None, NOW) == Plan(planned_to=hour(1))
    ahead = Schedule(ends=cron("cron(0 0 1 1 ? 2030)"))
    plan = planned(ahead, ALL, None, hour(3), NOW)
    assert (plan.windows, plan.planned_to) == ((), hour(3))
    assert planned(ahead, ALL, hour(3), None, NOW + 1500 * DAY).windows[0].start == hour(3)
    assert planned(ahead, ALL, None, None, NOW).planned_to == NOW


def test_ticks_lost_doubled_or_late_and_changed_schedules_lose_and_double_nothing() -> None:
    rng = random.Random(5)
    for _ in range(40):
        now = begin = datetime(2026, rng.randint(1, 12), 3, 0, 30, tzinfo=UTC)
        to, found = None, []
        for _ in range(60):
            line = rng.choice(["*/10 * * * *", "0 * * * *", "7 */2 * * *", "30 3 * * *"])
            schedule = Schedule(ends=cron(line, ZoneInfo(rng.choice(["Europe/Helsinki", "America/St_Johns"]))))
            now += timedelta(minutes=rng.choice([-50, 0, 1, 30, 90, 600, 3000]))
            plan = planned(schedule, Catchup(max_windows=rng.randint(1, 9)), to, begin, now)
            assert to is None or (plan.planned_to is not None and plan.planned_to >= to)
            found += [*plan.skipped, *plan.windows]
            to = plan.planned_to
        assert all(a.end == b.start for a, b in pairwise(found))
        assert found[-1].end == to


def test_a_catch_up_of_no_window_is_refused() -> None:
    with pytest.raises(ValueError, match="max_windows 0: must be 1 or more"):
        Catchup(max_windows=0)
