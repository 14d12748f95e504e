"""Cron lines against croniter, and against the calendar."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from croniter import croniter

from monitor.cron import TICK, Cron
from monitor.crontab import SHORT, cron, rate

START = datetime(2026, 1, 1, tzinfo=UTC)
TABLE = (
    *("* * * * *", "0 * * * *", "*/15 * * * *", "7-59/13 * * * *", "0,30 8-18 * * *", "0 0 * * 0", "0 0 * * 7"),
    *("0 0 * * sun", "0 6 * * MON-FRI", "0 0 * * 5-7", "0 0 1 * mon", "30 4 1,15 * 5", "0 0 1-7 * *", "0 0 */2 * 1"),
    *("0 0 29 2 *", "0 0 31 * *", "0 0 1 jan,Jul *", "0 0 1 */3 *", "5 4 13 * fri", "59 23 31 12 *", "0 0 * * 0,7"),
    *("0 0 31 1,2,3 2", "0 12 * 2-4/2 6", "*/7 */5 */3 */2 *", "0 0 * * 1-5/2", *SHORT),
)


def as_croniter_has_it(line: str, at: datetime, count: int, *, is_back: bool = False) -> list[datetime]:
    """Its moments; told to take `*/2` for a star, as crontab(5) does, and to look for 29 February long enough."""
    it = croniter(line, at, implement_cron_bug=True, max_years_between_matches=50)
    return [(it.get_prev if is_back else it.get_next)(datetime).replace(fold=0) for _ in range(count)]


def moments(found: Cron, at: datetime, count: int) -> list[datetime]:
    told = []
    for _ in range(count):
        following = found.after(at)
        assert following is not None
        told.append(at := following)
    return told


def moments_back(found: Cron, at: datetime, count: int) -> list[datetime]:
    told = []
    for _ in range(count):
        last = found.before(at)
        assert last is not None
        told.append(last)
        at = last - TICK
    return told


@pytest.mark.parametrize("line", TABLE)
def test_a_line_fires_when_croniter_says(line: str) -> None:
    for at in (START, START + timedelta(days=59, hours=7, seconds=30)):
        assert moments(cron(line), at, 12) == as_croniter_has_it(line, at, 12)
        assert moments_back(cron(line), at - TICK, 6) == as_croniter_has_it(line, at, 6, is_back=True)


def field(rng: random.Random, low: int, high: int) -> str:
    begin, end = sorted(rng.sample(range(low, high + 1), 2))  # croniter takes 4-4 for the whole field
    forms = ("*", "*", f"*/{rng.randint(1, (high - low + 1) // 2)}", str(begin), f"{begin}-{end}")
    listed = ",".join(str(rng.randint(low, high)) for _ in range(rng.randint(2, 4)))
    return rng.choice((*forms, f"{begin}-{end}/{rng.randint(1, 5)}", listed))


def test_random_lines_fire_when_croniter_says() -> None:
    rng, seen = random.Random(4), 0
    while seen < 250:
        line = " ".join(field(rng, *bounds) for bounds in ((0, 59), (0, 23), (1, 31), (1, 12), (0, 6)))
        at = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=rng.randrange(10**9))
        try:
            found = cron(line)
        except ValueError:  # a day that no month has; those lines are a test of their own
            continue
        assert moments(found, at, 4) == as_croniter_has_it(line, at, 4), line
        assert moments_back(found, at - TICK, 3) == as_croniter_has_it(line, at, 3, is_back=True), line
        seen += 1


def days(line: str, count: int = 4) -> list[str]:
    return [f"{at:%m-%d}" for at in moments(cron(line), START - TICK, count)]


def test_sunday_is_0_and_7_and_never_monday() -> None:
    assert days("0 0 * * 0") == days("0 0 * * 7") == days("0 0 * * SUN") == ["01-04", "01-11", "01-18", "01-25"]
    assert days("0 0 * * fri-sun", 3) == days("0 0 * * 5-7", 3) == ["01-02", "01-03", "01-04"]


def test_day_of_month_or_weekday_where_both_are_given_and_both_where_one_is_a_star() -> None:
    assert days("0 0 1 * mon") == ["01-01", "01-05", "01-12", "01-19"]
    assert days("0 0 */10 * mon") == ["05-11", "06-01", "08-31", "09-21"]  # 1, 11, 21, 31 that are Mondays


def test_aws_lines_mean_what_that_form_says() -> None:
    assert days("cron(0 0 ? * 1 *)") == days("0 0 * * sun")
    assert days("cron(0 0 ? * 7 *)") == days("cron(0 0 ? * L *)") == days("0 0 * * sat")
    assert days("cron(0 0 ? * MON-FRI *)", 9) == days("cron(0 0 ? * 2-6 *)", 9) == days("0 0 * * 1-5", 9)
    assert days("cron(0 0 L * ? *)") == ["01-31", "02-28", "03-31", "04-30"]
    assert days("cron(0 0 15W * ? *)", 8) == ["01-15", "02-16", "03-16", "04-15", "05-15", "06-15", "07-15", "08-14"]
    assert days("cron(0 0 1W * ? *)", 8) == ["01-01", "02-02", "03-02", "04-01", "05-01", "06-01", "07-01", "08-03"]
    assert days("cron(0 0 31W * ? *)", 3) == ["01-30", "03-31", "05-29"]
    assert days("cron(0 0 ? * 6#3 *)") == ["01-16", "02-20", "03-20", "04-17"]
    assert days("cron(0 0 ? * FRIL *)") == days("cron(0 0 ? * 6L *)") == ["01-30", "02-27", "03-27", "04-24"]
    assert days("cron(0 0 1 2,3 ? *)", 2) == ["02-01", "03-01"]
    assert days("cron(0 0 10,L * ? *)", 3) == ["01-10", "01-31", "02-10"]


@pytest.mark.parametrize(
    ("aws", "plain"),
    [
        ("cron(0 * ? * * *)", "0 * * * *"),
        ("cron(0 * * * ? *)", "0 * * * *"),
        ("cron(0 17 ? * * *)", "0 17 * * *"),
        ("cron(0 0/6 ? * * *)", "0 */6 * * *"),
        ("cron(0 5/6 ? * * *)", "0 5-23/6 * * *"),
        ("cron(0 00/24 ? * * *)", "0 0 * * *"),
        ("cron(0/5 8-17 ? * MON-FRI *)", "*/5 8-17 * * 1-5"),
    ],
)
def test_what_sagemaker_writes_is_a_crontab_line(aws: str, plain: str) -> None:
    assert moments(cron(aws), START, 50) == moments(cron(plain), START, 50)


def test_a_year_comes_once() -> None:
    found = cron("cron(0 0 1 1 ? 2030-2150/20)")
    assert moments(found, START, 7)[-1] == datetime(2150, 1, 1, tzinfo=UTC)
    assert found.after(datetime(2150, 1, 1, tzinfo=UTC)) is None
    assert found.before(datetime(2029, 12, 31, tzinfo=UTC)) is None
    assert found.before(datetime(3026, 1, 1, tzinfo=UTC)) == datetime(2150, 1, 1, tzinfo=UTC)


def test_a_star_in_the_hours_follows_elapsed_time_and_hours_do_not() -> None:
    for line in ("0 * * * *", "0 */6 * * *", "0 1,*/6 * * *", "cron(0 0/6 ? * * *)", "@hourly"):
        assert cron(line).is_elapsed
    for line in ("0 0 * * *", "* 3 * * *", "0 0-23 * * *", "0 */24 * * *", "cron(0 8-18/2 ? * * *)", "@daily"):
        assert not cron(line).is_elapsed


def test_rates_are_distances() -> None:
    assert rate("rate(1 hour)") == rate("rate(60 minutes)") == timedelta(hours=1)
    assert rate("rate(2 days)") == timedelta(days=2)
    assert rate("rate(0 hours)") is rate("0 * * * *") is rate("rate(1 week)") is None


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("60 * * * *", "minute '60'; 0 to 59, *, lists"),
        ("0 24 * * *", "hour '24'; 0 to 23, *, lists"),
        ("0 0 0 * *", "day of month '0'; 1 to 31, *, lists"),
        ("0 0 * 13 *", "month '13'; 1 to 12 or jan to dec, *"),
        ("0 0 * mai *", "month 'mai'; 1 to 12 or jan to dec, *"),
        ("0 0 * * 8", "weekday '8'; 0 to 7 or sun to sat, *"),
        ("0 22-2 * * *", "hour '22-2'; it runs backwards, and '22-23,0-2' would be right"),
        ("*/61 * * * *", "minute '*/61'; a step from 1 to 60 would be right"),
        ("*/0 * * * *", "minute '*/0'; a step from 1 to 60"),
        ("0,, * * * *", "minute ''; 0 to 59"),
        ("*-5 * * * *", "minute '*-5'; 0 to 59"),
        ("H * * * *", "minute 'h'; 0 to 59"),
        ("0 0 L * *", "day of month 'l'; ? L W # belong to AWS's form"),
        ("0 0 15W * *", "day of month '15w'; ? L W # belong to AWS's form"),
        ("0 0 ? * *", "day of month '?'; ? L W # belong to AWS's form"),
        ("0 0 * * 5#2", "weekday '5#2'; ? L W # belong to AWS's form"),
        ("0 0 * * fril", "weekday 'fril'; ? L W # belong to AWS's form"),
        ("@reboot", "one of @hourly, @daily"),
        ("0 0 31 2 *", "without a day in 5 years"),
        ("0 0 29 2 */7", "without a day in 5 years"),
        ("0 0 30,31 feb *", "without a day in 5 years"),
        ("0 0 31 4,6,9,11 *", "without a day in 5 years"),
        ("cron(0 0 31 2 ? 2030)", "without a day in 5 years"),
        ("cron(0 0 1 * MON *)", "day of month '1', weekday 'mon'; '?' belongs in one"),
        ("cron(0 0 * * * *)", "day of month '*', weekday '*'; '?' belongs in one"),
        ("cron(0 0 ? * ? *)", "day of month '?', weekday '?'; '?' belongs in one"),
        ("cron(0 0 ?,1 * ? *)", "day of month '?'; 1 to 31"),
        ("cron(0 0 ? * 0 *)", "weekday '0'; 1 to 7 or sun to sat"),
        ("cron(0 0 ? * 2#6 *)", "weekday '2#6'; 1 to 7 or sun to sat"),
        ("cron(0 0 ? * foo#1 *)", "weekday 'foo'; 1 to 7 or sun to sat"),
        ("cron(0 0 LW * ? *)", "day of month 'lw'; 1 to 31"),
        ("cron(0 0 32W * ? *)", "day of month '32w'; 1W to 31W"),
        ("cron(0 0 ? * * 1969)", "year '1969'; 1970 to 2199"),
        ("cron(0 0 ? * *)", "five cron fields"),
        ("0 0 0 * * *", "five cron fields"),
        ("", "five cron fields"),
    ],
)
def test_what_is_no_schedule_is_refused_by_field(line: str, told: str) -> None:
    with pytest.raises(ValueError, match=r"^is (not )?a schedule") as caught:
        cron(line)
    assert told in str(caught.value)
