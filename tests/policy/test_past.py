"""A baseline's history becomes the looks of a monitor's windows, or says why it cannot."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from monitor import make_baseline
from monitor.baseline import Baseline
from monitor.cron import Cron
from monitor.errors import NoHistory
from monitor.intake import Intake
from monitor.making import make
from monitor.policy.layout import layout_of, look_of
from monitor.policy.past import history_of, looks_of
from monitor.roles import Roles
from monitor.schedule import EPOCH, Every, Once, Schedule
from monitor.tables import InMemory
from monitor.window import Window

START = pd.Timestamp("2026-01-05T00:00Z")
HOURLY, DAILY = Schedule(ends=Every(every=timedelta(hours=1))), Schedule(ends=Every(every=timedelta(days=1)))


def frame(days: int = 21, a_day: int = 2400, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    rows = days * a_day
    at = np.sort(rng.integers(0, days * 86400, rows))
    return pd.DataFrame(
        {
            "amount": rng.lognormal(3, 1, rows).round(3),
            "plan": rng.choice(["free", "plus", "pro"], rows, p=[0.7, 0.2, 0.1]),
            "age": np.where(rng.random(rows) < 0.1, np.nan, rng.integers(18, 90, rows)),
            "at": START + pd.to_timedelta(at, unit="s"),
        }
    )


@pytest.fixture(scope="module")
def base() -> Baseline:
    return make_baseline(frame(), columns={"time": "at"})


def made(rows: pd.DataFrame, schedule: Schedule | None = None) -> Baseline:
    return make(Intake(InMemory(rows), Roles(time="at")), name="b", schedule=schedule)


def looks(base: Baseline, schedule: Schedule, at_least: int = 1):
    return history_of(base.history, base.profile, schedule, at_least=at_least)


def test_the_looks_of_all_hours_add_up_to_the_baselines_own_counts(base: Baseline) -> None:
    found = looks_of(base.history, base.profile)
    layout = layout_of(base.profile)
    assert len(found) == 21 * 24
    # No text of this baseline stood there once only, so the layout expects nothing new.
    assert np.array_equal(sum(one.counts for one in found), layout.counts)
    assert np.array_equal(sum(one.totals for one in found), layout.totals)
    assert sum(one.rows for one in found) == base.profile.rows


def test_the_look_of_an_hour_is_that_of_a_window_of_its_rows(base: Baseline) -> None:
    hour = Window(
        start=(START + pd.Timedelta("30h")).to_pydatetime(), end=(START + pd.Timedelta("31h")).to_pydatetime()
    )
    rows = frame()
    rows = rows[(rows["at"] >= hour.start) & (rows["at"] < hour.end)].drop(columns="at")
    from monitor.measures.window import measure

    same = look_of(measure(InMemory(rows), base.profile), base.profile, hour)
    found = next(one for one in looks(base, HOURLY) if one.window == hour)
    assert (found.rows, found.window) == (same.rows, same.window)
    assert np.array_equal(found.counts, same.counts)
    assert np.array_equal(found.totals, same.totals)


def test_a_daily_monitor_has_days_and_a_weekly_one_weeks(base: Baseline) -> None:
    days = looks(base, DAILY)
    assert [one.window.start for one in days] == [START + pd.Timedelta(days=i) for i in range(21)]
    weekly = Schedule(ends=Every(every=timedelta(days=7), anchor=START.to_pydatetime()))
    assert [one.window.length.days for one in looks(base, weekly)] == [7, 7, 7]
    assert sum(one.rows for one in looks(base, weekly)) == base.profile.rows


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "Australia/Lord_Howe", "America/New_York"])
def test_the_days_of_a_zone_hold_the_rows_of_these_days_within_half_an_hour(zone: str, base: Baseline) -> None:
    schedule = Schedule(ends=Cron(minutes=(0,), zone=ZoneInfo(zone)))
    found = looks(base, schedule)
    assert len(found) >= 20
    times = frame()["at"]
    for one in found[1:-1]:
        assert one.window.start.astimezone(ZoneInfo(zone)).hour == 0
        exact = ((times >= one.window.start) & (times < one.window.end)).sum()
        assert abs(one.rows - exact) <= 0.02 * exact + 60


def test_where_the_schedule_begins_and_how_long_it_waits_do_not_matter(base: Baseline) -> None:
    later = Schedule(ends=DAILY.ends, start=datetime(2027, 1, 1, tzinfo=UTC), delay=timedelta(hours=3))
    assert [one.window for one in looks(base, later)] == [one.window for one in looks(base, DAILY)]


def test_windows_that_overlap_are_all_there(base: Baseline) -> None:
    sliding = Schedule(ends=Every(every=timedelta(hours=6)), length=timedelta(days=1))
    found = looks(base, sliding)
    assert len(found) == 20 * 4 + 1
    assert {one.window.length for one in found} == {timedelta(days=1)}


def test_a_monitor_by_the_quarter_of_an_hour_is_told_to_make_a_baseline_by_its_own_windows(base: Baseline) -> None:
    quarter = Schedule(ends=Every(every=timedelta(minutes=15)))
    with pytest.raises(NoHistory, match=r"504 hours from 2026-01-05 to 2026-01-26.* too coarse for windows of 0:15:00"):
        looks(base, quarter)
    own = made(frame(), quarter)
    assert len(looks(own, quarter)) == 21 * 96
    assert len(looks(own, HOURLY)) == 21 * 24


def test_hours_of_a_zone_that_is_half_an_hour_off_need_a_baseline_by_its_own_windows(base: Baseline) -> None:
    kolkata = Schedule(ends=Cron(minutes=tuple(range(0, 1440, 60)), zone=ZoneInfo("Asia/Kolkata"), is_elapsed=True))
    with pytest.raises(NoHistory, match="too coarse for windows of 1:00:00; `driftd baseline make` with --config"):
        looks(base, kolkata)
    found = looks(made(frame(), kolkata), kolkata)
    assert {one.window.start.minute for one in found} == {30}
    assert len(found) == 21 * 24 - 1


def test_a_history_that_is_too_short_says_how_many_windows_would_do(base: Baseline) -> None:
    with pytest.raises(NoHistory, match="makes 21 windows of this schedule; 22 would do"):
        looks(base, DAILY, at_least=22)
    assert len(looks(base, DAILY, at_least=21)) == 21


def test_a_schedule_without_windows_has_no_history(base: Baseline) -> None:
    with pytest.raises(NoHistory, match="makes 0 windows of this schedule"):
        looks(base, Schedule(ends=Once()))


def test_an_undated_baseline_has_no_looks_and_refuses_nothing() -> None:
    undated = make_baseline(frame(days=1).drop(columns="at"))
    assert undated.history is None
    assert looks(undated, HOURLY, at_least=336) == ()


def test_a_baseline_with_another_column_than_the_history_is_refused(base: Baseline) -> None:
    other = make_baseline(frame(days=1).rename(columns={"age": "years"}).drop(columns="at"))
    with pytest.raises(NoHistory, match="has not the same 'years'"):
        history_of(base.history, other.profile, HOURLY)


def test_rows_from_another_century_do_not_bring_all_the_windows_between() -> None:
    rows = frame(days=3)
    rows.loc[0, "at"] = pd.Timestamp("1970-01-01T00:00Z")
    rows.loc[1, "at"] = pd.Timestamp("2200-01-01T00:00Z")
    found = looks(made(rows), HOURLY)
    assert found[0].window.start == EPOCH
    assert [one.rows for one in (found[0], found[-1])] == [1, 1]
    assert len(found) == 3 * 24 + 2
