"""Windows of schedules: nothing is lost or doubled, in any zone, and whatever is changed."""

import random
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from zones import ZONES

from monitor.cron import Cron
from monitor.crontab import cron
from monitor.schedule import Every, Once, Schedule
from monitor.window import Window

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATE = datetime(2100, 1, 1, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def window(start: str, end: str) -> Window:
    return Window(start=at(start), end=at(end))


def hourly(**more: timedelta | datetime | None) -> Schedule:
    return Schedule(ends=Every(every=HOUR), **more)  # type: ignore[arg-type]


def ends(rng: random.Random, zone: str) -> Every | Cron:
    if rng.random() < 0.2:
        return Every(every=timedelta(minutes=rng.choice([60, 90, 1440, 7 * 1440, 1000])), anchor=at("2025-03-01T00:17"))
    minute, hour = (
        rng.choice(["0", "30", "*/30", "59", "15,45"]),
        rng.choice(["*", "*/3", "0", "2", "1,13", "0-4", "23"]),
    )
    day = rng.choice(["* * *", "* * 1-5", "1,15 * *", "*/2 * *", "31 * *", "1 * mon", "* 3,10 *", "25-31 * 0"])
    return cron(f"{minute} {hour} {day}", ZoneInfo(zone))


def test_windows_meet_and_add_up_to_the_span_in_every_zone() -> None:
    rng, seen = random.Random(1), 0
    assert len(ZONES) >= 40
    for zone in ZONES:
        for _ in range(3):
            offset = timedelta(minutes=rng.choice([0, 0, 60, 1441]))
            schedule = Schedule(ends=ends(rng, zone), offset=offset)
            after = datetime(rng.randint(2006, 2034), rng.randint(1, 12), 5, rng.randrange(24), 7, tzinfo=UTC)
            until = after + timedelta(days=rng.choice([400, 1500]))
            found = list(islice(schedule.windows(after, until), 2500))
            assert found[0].start == after
            assert all(a.end == b.start and a.end < b.end for a, b in pairwise(found))
            assert sum((w.length for w in found), timedelta(0)) == found[-1].end - after
            assert [w.end for w in found] == list(schedule.newest_ends(after, found[-1].end))[::-1]
            assert all(after < w.end <= until for w in found)
            seen += len(found)
    assert seen > 80_000


def test_windows_asked_for_piece_by_piece_are_the_same() -> None:
    rng = random.Random(2)
    for zone in ZONES[::4]:
        schedule = Schedule(ends=ends(rng, zone))
        begin = schedule.begin(at("2026-03-01T12:00"))
        whole = list(schedule.windows(begin, at("2026-04-20T00:00")))
        pieces, last, now = [], begin, begin
        while now < at("2026-04-20T00:00"):
            now = min(now + timedelta(minutes=rng.randint(1, 4000)), at("2026-04-20T00:00"))
            for found in schedule.windows(last, now):
                pieces.append(found)
                last = found.end
        assert pieces == whole


def test_every_stands_on_its_anchor_whatever_the_clocks_do() -> None:
    six = Schedule(ends=Every(every=6 * HOUR, anchor=at("2026-01-01T01:30")))
    assert list(six.windows(at("2025-12-31T19:30"), at("2026-01-01T07:30"))) == [
        window("2025-12-31T19:30", "2026-01-01T01:30"), window("2026-01-01T01:30", "2026-01-01T07:30")
    ]  # fmt: skip
    assert six.window_of(at("1950-01-01T01:30")) == window("1950-01-01T01:30", "1950-01-01T07:30")
    assert Every(every=DAY).after(at("2026-01-01T00:00")) == at("2026-01-02T00:00")
    assert Every(every=DAY).before(at("2026-01-01T00:00")) == at("2026-01-01T00:00")


def test_a_changed_schedule_goes_on_where_the_last_window_ended() -> None:
    changed = Schedule(ends=Every(every=HOUR, anchor=at("2026-01-01T00:45")))
    assert list(changed.windows(at("2026-01-01T10:00"), at("2026-01-01T12:00"))) == [
        window("2026-01-01T10:00", "2026-01-01T10:45"), window("2026-01-01T10:45", "2026-01-01T11:45")
    ]  # fmt: skip


def test_the_first_window_holds_the_first_capture_and_begins_with_a_start() -> None:
    assert hourly().window_of(at("2026-01-01T10:17")) == window("2026-01-01T10:00", "2026-01-01T11:00")
    assert hourly().window_of(at("2026-01-01T10:00")) == window("2026-01-01T10:00", "2026-01-01T11:00")
    started = hourly(start=at("2026-01-01T10:17"))
    assert started.window_of(at("2026-01-01T10:20")) == window("2026-01-01T10:17", "2026-01-01T11:00")
    assert started.window_of(at("2025-01-01T10:20")) == window("2026-01-01T10:17", "2026-01-01T11:00")
    assert started.window_of(at("2026-01-01T12:20")) == window("2026-01-01T12:00", "2026-01-01T13:00")


def test_a_length_of_its_own_looks_back_from_each_end_but_not_before_the_start() -> None:
    sliding = hourly(length=3 * HOUR, start=at("2026-01-01T00:00"))
    assert list(sliding.windows(at("2026-01-01T01:00"), at("2026-01-01T04:00"))) == [
        window("2026-01-01T00:00", "2026-01-01T02:00"),
        window("2026-01-01T00:00", "2026-01-01T03:00"),
        window("2026-01-01T01:00", "2026-01-01T04:00"),
    ]


def test_an_offset_ends_windows_before_their_moment_and_they_are_due_behind_it() -> None:
    labels = Schedule(ends=Every(every=DAY), length=7 * DAY, offset=DAY, delay=HOUR)
    (found,) = labels.windows(at("2026-01-09T00:00"), at("2026-01-10T00:00"))
    assert found == window("2026-01-03T00:00", "2026-01-10T00:00")
    assert labels.due(found) == at("2026-01-11T01:00")
    assert labels.ended(labels.due(found)) == found.end
    assert labels.last_end(at("2026-01-10T00:00")) == found.end
    assert labels.next_end(at("2026-01-09T00:00")) == found.end
    assert labels.count(at("2026-01-01T00:00"), at("2026-01-10T00:00")) == 9


def test_the_next_windows_are_those_not_due_yet_or_those_behind_the_plan() -> None:
    schedule = hourly(delay=timedelta(minutes=10))
    assert schedule.upcoming(at("2026-01-01T10:05"), 2) == (
        window("2026-01-01T09:00", "2026-01-01T10:00"), window("2026-01-01T10:00", "2026-01-01T11:00")
    )  # fmt: skip
    assert schedule.upcoming(at("2026-01-01T10:10"), 1) == (window("2026-01-01T10:00", "2026-01-01T11:00"),)
    behind = schedule.upcoming(at("2026-01-01T10:10"), 1, at("2026-01-01T07:30"))
    assert behind == (window("2026-01-01T07:30", "2026-01-01T08:00"),)
    once = Schedule(ends=Once())
    assert once.upcoming(at("2026-01-01T10:10")) == ()
    assert once.window_of(at("2026-01-01T10:10")) is None
    assert once.due(window("2026-01-01T07:30", "2026-01-01T08:00")) == at("2026-01-01T08:00")
    assert once.count(at("2026-01-01T07:30"), LATE) == 0


def test_the_interval_is_the_distance_of_the_ends_around() -> None:
    assert hourly().interval(at("2026-01-01T10:05")) == HOUR
    working = Schedule(ends=cron("0 6 * * 1-5"))
    assert working.interval(at("2026-11-26T10:00")) == DAY
    assert working.interval(at("2026-11-28T10:00")) == 3 * DAY
    assert Schedule(ends=Once()).interval(at("2026-11-28T10:00")) == timedelta(0)


def test_a_span_of_thousands_of_years_is_not_walked_through() -> None:
    for schedule in (hourly(), Schedule(ends=cron("* * * * *")), Schedule(ends=cron("0 0 29 2 *"))):
        far = datetime(9999, 12, 31, tzinfo=UTC)
        assert len(list(islice(schedule.windows(at("2026-01-01T00:00"), far), 3))) == 3
        assert len(list(islice(schedule.newest_ends(at("2026-01-01T00:00"), far), 3))) == 3
        assert schedule.next_end(far) is None
        assert schedule.last_end(datetime(1, 1, 1, tzinfo=UTC)) is None


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"length": timedelta(0)}, "length 0:00:00: must be above 0"),
        ({"offset": -HOUR}, "offset -1 day, 23:00:00: must be from 0"),
        ({"delay": -HOUR}, "delay -1 day, 23:00:00: must be from 0"),
    ],
)
def test_nonsense_is_refused(wrong: dict[str, timedelta], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        hourly(**wrong)
    with pytest.raises(ValueError, match="must be from 0:01:00 to 1825 days"):
        Every(every=timedelta(seconds=59))
