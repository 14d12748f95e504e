"""Moments in zones: the figures of a year, and every minute of days on which clocks change looked at."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from zones import ZONES

from monitor.cron import FIRST, LAST, TICK, Cron, Days
from monitor.crontab import cron

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def fired(found: Cron, after: datetime, until: datetime) -> list[datetime]:
    at, told = found.after(after), []
    while at is not None and at <= until:
        told.append(at)
        at = found.after(at)
    return told


def fired_back(found: Cron, after: datetime, until: datetime) -> list[datetime]:
    at, told = found.before(until), []
    while at is not None and at > after:
        told.append(at)
        at = found.before(at - TICK)
    return told[::-1]


def lengths(line: str, name: str, year: int = 2026) -> Counter[timedelta]:
    """How long it is from one moment to the next, over a year and to the first moment of the next year."""
    zone = ZoneInfo(name)
    first, last = (datetime(y, 1, 1, tzinfo=zone).astimezone(UTC) for y in (year, year + 1))
    found = fired(cron(line, zone), first - TICK, last + 2 * DAY)
    return Counter(end - begin for begin, end in pairwise(found) if begin < last)


YEAR_WITH_BOTH = Counter({DAY: 363, 23 * HOUR: 1, 25 * HOUR: 1})


@pytest.mark.parametrize("zone", ["Europe/Helsinki", "America/New_York", "America/Santiago"])
def test_a_time_of_day_gives_one_day_of_23_hours_and_one_of_25(zone: str) -> None:
    for line in ("30 1 * * *", "0 0 * * *", "15 12 * * *", "45 23 * * *"):
        assert lengths(line, zone) == YEAR_WITH_BOTH
    assert lengths("0 * * * *", zone) == Counter({HOUR: 8760})


@pytest.mark.parametrize(("line", "zone"), [("30 3 * * *", "Europe/Helsinki"), ("30 2 * * *", "America/New_York")])
def test_a_time_left_out_moves_to_the_first_there_is_and_no_window_is_short(line: str, zone: str) -> None:
    assert lengths(line, zone) == Counter({DAY: 362, timedelta(hours=23, minutes=30): 2, 25 * HOUR: 1})


def test_clocks_that_change_by_half_an_hour_leave_a_grid_of_half_hours_intact() -> None:
    assert lengths("*/30 * * * *", "Australia/Lord_Howe") == Counter({HOUR / 2: 17520})
    assert lengths("0 12 * * *", "Australia/Lord_Howe") == Counter({DAY: 363, 24.5 * HOUR: 1, 23.5 * HOUR: 1})


def test_a_time_of_day_in_a_repeated_hour_fires_in_its_first_pass() -> None:
    found = fired(cron("30 3 * * *", ZoneInfo("Europe/Helsinki")), at("2026-10-24T12:00"), at("2026-10-26T12:00"))
    assert found == [at("2026-10-25T00:30"), at("2026-10-26T01:30")]


def test_a_time_of_day_that_does_not_exist_is_the_first_moment_behind() -> None:
    helsinki = ZoneInfo("Europe/Helsinki")
    assert fired(cron("0,20,40 3,4 * * *", helsinki), at("2026-03-29T00:30"), at("2026-03-29T02:00")) == [
        at("2026-03-29T01:00"), at("2026-03-29T01:20"), at("2026-03-29T01:40")
    ]  # fmt: skip
    assert fired(cron("0 0 * * *", ZoneInfo("America/Santiago")), at("2026-09-05T12:00"), at("2026-09-06T12:00")) == [
        at("2026-09-06T04:00")  # 01:00 there; midnight is left out
    ]


def test_a_date_left_out_does_not_make_two_of_the_next() -> None:
    found = fired(cron("0 9 * * *", ZoneInfo("Pacific/Apia")), at("2011-12-28T12:00"), at("2012-01-01T00:00"))
    assert found == [at("2011-12-28T19:00"), at("2011-12-29T19:00"), at("2011-12-30T10:00"), at("2011-12-30T19:00"),
                     at("2011-12-31T19:00")]  # fmt: skip


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def changes(zone: tzinfo, year: int) -> Iterator[datetime]:
    """Half days in which clocks change, by looking at each."""
    half = [datetime(year, 1, 1, tzinfo=UTC) + n * 12 * HOUR for n in range(732)]
    yield from (a for a, b in pairwise(half) if a.astimezone(zone).utcoffset() != b.astimezone(zone).utcoffset())


def by_minutes(found: Cron, after: datetime, until: datetime) -> list[datetime]:
    """The same by another way: every minute looked at, and what local clocks jumped over from the one before."""
    told = []
    moment = after.replace(second=0, microsecond=0) + MINUTE
    while moment <= until:
        there, before = moment.astimezone(found.zone), (moment - MINUTE).astimezone(found.zone)
        local, last = there.replace(tzinfo=None, fold=0), before.replace(tzinfo=None, fold=0)
        shown = [local]
        if not found.is_elapsed:
            shown = [] if there.fold else [local]
            while not there.fold and (last := last + MINUTE) < local:
                shown.append(last)
        if any(at.date() in found.days and at.hour * 60 + at.minute in found.minutes for at in shown):
            told.append(moment)
        moment += MINUTE
    return told


def lines(rng: random.Random) -> str:
    minute = rng.choice(["*", "0", "30", "*/20", "15,45", str(rng.randrange(60))])
    hour = rng.choice(["*", "*/2", "*/7", "0", "1", "2,3", "0-5", "22-23", "*/24", str(rng.randrange(24))])
    return f"{minute} {hour} {rng.choice(['*', '*', '*/2', '25-31', '1-7'])} * {rng.choice(['*', '*', '0,6'])}"


def test_it_is_what_looking_at_every_minute_around_clock_changes_tells() -> None:
    rng, seen = random.Random(7), 0
    for name in ZONES:
        zone, years = ZoneInfo(name), [2011, 2018, 2023, 2026]
        for moment in [c for year in rng.sample(years, 2) for c in changes(zone, year)][:3]:
            found = cron(lines(rng), zone)
            after, until = moment - 30 * HOUR - timedelta(seconds=rng.randrange(3600)), moment + 40 * HOUR
            expected = by_minutes(found, after, until)
            assert fired(found, after, until) == expected, (name, moment, found)
            assert fired_back(found, after, until) == expected, (name, moment, found)
            for probe in (moment + timedelta(minutes=rng.randrange(0, 900)) for _ in range(20)):
                first = next((at for at in expected if at > probe), until)
                last = next((at for at in reversed(expected) if at <= probe), after)
                assert min(found.after(probe) or until, until) == first, (name, probe, found)
                assert max(found.before(probe) or after, after) == last, (name, probe, found)
            seen += 1
    assert seen > 80


def test_a_repeated_hour_behind_the_last_moment_of_a_month_is_not_jumped_over() -> None:
    santiago = ZoneInfo("America/Santiago")  # back from 24:00 to 23:00 on 4 April 2026, at 03:00 UTC
    found = cron("30 * 4 4 *", santiago)
    assert fired(found, at("2026-04-05T02:35"), at("2027-01-01T00:00")) == [at("2026-04-05T03:30")]
    assert found.before(at("2026-05-01T00:00")) == at("2026-04-05T03:30")


def test_rare_days_are_found_at_once() -> None:
    found = cron("0 0 29 2 *")
    assert found.after(at("2096-03-01T00:00")) == at("2104-02-29T00:00")
    assert found.before(at("2104-02-28T00:00")) == at("2096-02-29T00:00")
    looked = CountedDays(days=frozenset({29}), months=frozenset({2}), weekdays=frozenset({0}))
    assert looked.after(at("2088-03-01T00:00").date()) == at("2128-02-29T00:00").date()
    assert looked.looks < 2000


class CountedDays(Days):
    looks = 0

    def __contains__(self, day: object) -> bool:
        type(self).looks += 1
        return super().__contains__(day)  # type: ignore[arg-type]


def test_a_count_is_the_number_of_moments() -> None:
    rng = random.Random(3)
    for _ in range(60):
        found = cron(lines(rng))
        after = at("2026-01-01T00:00") + timedelta(seconds=rng.randrange(10**8))
        until = after + timedelta(seconds=rng.randrange(3 * 10**6))
        assert found.count(after, until) == len(fired(found, after, until))
    assert cron("0 * * * *").count(at("2026-01-01T00:00"), at("3026-01-01T00:00")) == 24 * 365_242
    assert cron("0 0 * * 1").count(at("2026-01-05T00:00"), at("6026-01-05T00:00")) == 10 * 20_871
    assert cron("0 0 * * 1").count(at("2026-01-05T00:00"), at("2026-01-04T00:00")) == 0


def test_nothing_fires_beyond_the_times_that_are_known() -> None:
    for line in ("* * * * *", "0 0 * * *", "0 0 29 2 *"):
        for zone in (UTC, ZoneInfo("Asia/Tokyo"), ZoneInfo("America/Adak")):
            found = cron(line, zone)
            assert found.after(datetime.max.replace(tzinfo=UTC)) is None
            assert found.before(datetime.min.replace(tzinfo=UTC)) is None
            assert (found.after(datetime.min.replace(tzinfo=UTC)) or LAST) < FIRST + 5000 * DAY
            assert (found.before(datetime.max.replace(tzinfo=UTC)) or FIRST) > LAST - 5000 * DAY


def test_minutes_are_some_and_ascend() -> None:
    for minutes in ((), (1440,), (-1, 5), (5, 4), (4, 4)):
        with pytest.raises(ValueError, match="must be some from 0 to 1439, ascending"):
            Cron(minutes=minutes)
