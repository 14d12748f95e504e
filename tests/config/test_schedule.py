from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from config.files import CHURN, loaded, one

from monitor import schedule as core
from monitor.catchup import Catchup
from monitor.config.schedule import Schedule
from monitor.config.show import show
from monitor.crontab import cron


def schedule(folder: Path, text: str) -> Schedule:
    return loaded(folder, f"monitors: {{m: {{{CHURN}, schedule: {text}}}}}").monitors["m"].schedule


def test_a_scalar_is_how_often_or_a_cron_line(tmp_path: Path) -> None:
    assert schedule(tmp_path, "15m").every == timedelta(minutes=15)
    for line in (
        "0 * * * *",
        "*/5 8-18 * jan,jul MON-FRI",
        "cron(0 * ? * * *)",
        "cron(0 17 L * ? 2030)",
        "rate(1 hour)",
        "@daily",
        "NOW",
    ):
        found = schedule(tmp_path, f"'{line}'")
        assert (found.cron, found.every) == (line, None)


def test_every_key_of_a_schedule_is_read_in_its_type(tmp_path: Path) -> None:
    found = schedule(
        tmp_path,
        "{every: 1d, anchor: 2026-01-01, timezone: Europe/Berlin, window: 1w, delay: 0s, "
        "start: '2026-01-01T01:00+01:00', catchup: latest, late: {policy: ignore, allowed: 90s}}",
    )
    assert found.every == timedelta(days=1)
    assert found.anchor == found.start == datetime(2026, 1, 1, tzinfo=UTC)
    assert (found.timezone, found.window, found.delay) == ("Europe/Berlin", timedelta(weeks=1), timedelta(0))
    assert (found.catchup.mode, found.catchup.max_windows) == ("latest", 168)
    assert (found.late.policy, found.late.allowed) == ("ignore", timedelta(seconds=90))


def test_without_a_time_it_is_every_hour(tmp_path: Path) -> None:
    assert schedule(tmp_path, "{delay: 5m}").every == timedelta(hours=1)
    assert loaded(tmp_path, f"monitors: {{m: {{{CHURN}}}}}").monitors["m"].schedule.every == timedelta(hours=1)


def test_durations_are_a_number_and_unit_several_of_them_or_iso_8601(tmp_path: Path) -> None:
    for text, hours in (("36h", 36), ("1d12h", 36), ("P1DT12H", 36), ("PT36H", 36), ("P1W", 168), ("PT60M3600S", 2)):
        assert schedule(tmp_path, text).every == timedelta(hours=hours)
    for text in ("1h1d", "1h1h", "P", "PT", "P1DT", "1d 12h", "pt1h", "T1H", "-1h"):
        assert one(tmp_path, f"{CHURN}, schedule: {{delay: {text}}}") == [
            f"monitors.m.schedule.delay: {text!r} is not a duration; "
            "a number with its unit would be right: 90s, 15m, 1h, 2d or 1w"
        ]


def test_a_window_is_a_length_or_from_when_to_when_before_its_moment(tmp_path: Path) -> None:
    hour = timedelta(hours=1)
    for text, length, offset in (
        ("2h", 2 * hour, 0 * hour),
        ("-PT2H", 2 * hour, 0 * hour),
        ("[-PT2H, -PT0H]", 2 * hour, 0 * hour),
        ("[-3h, -PT1H]", 2 * hour, hour),
    ):
        found = schedule(tmp_path, f"{{every: 1d, window: {text}}}").timetable
        assert (found.length, found.offset) == (length, offset)
    assert schedule(tmp_path, "{window: -PT1H}") == schedule(tmp_path, "{window: 1h}")


def test_a_schedule_comes_to_ends_lengths_and_bounds(tmp_path: Path) -> None:
    found = schedule(tmp_path, "{cron: 0 6 * * *, timezone: Europe/Berlin, start: 2026-01-01, catchup: none}")
    assert found.timetable == core.Schedule(
        ends=cron("0 6 * * *", ZoneInfo("Europe/Berlin")),
        delay=timedelta(minutes=10),
        start=datetime(2026, 1, 1, tzinfo=UTC),
    )
    assert found.timetable is found.timetable
    assert found == found.model_copy()
    assert found.catchup.bounds == Catchup(mode="none", max_windows=168)
    anchored = schedule(tmp_path, "{every: 1d, anchor: 2026-01-01T06:00Z}").timetable.ends
    assert anchored == core.Every(every=timedelta(days=1), anchor=datetime(2026, 1, 1, 6, tzinfo=UTC))
    assert schedule(tmp_path, "rate(2 hours)").timetable.ends == core.Every(every=timedelta(hours=2))
    assert schedule(tmp_path, "NOW").timetable.ends == core.Once()


def test_every_form_is_shown_as_what_is_read_again(tmp_path: Path) -> None:
    for text in (
        "1d12h",
        "{every: 1d, window: [-PT2H, -PT1H]}",
        "{cron: NOW, window: -PT1H}",
        "'@daily'",
        "rate(1 day)",
    ):
        config = loaded(tmp_path, f"monitors: {{m: {{{CHURN}, schedule: {text}}}}}")
        again = loaded(tmp_path, show(config))
        assert again.monitors["m"].schedule == config.monitors["m"].schedule


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{cron: '0 * * *'}", ".cron: '0 * * *' is not a schedule; five cron fields ('0 * * * *'), cron(0 * ? * * *), "
         "rate(1 hour) or NOW would be right"),
        ("cron(0 * * *)", ": 'cron(0 * * *)' is not a schedule; five cron fields ('0 * * * *'), cron(0 * ? * * *), "
         "rate(1 hour) or NOW would be right"),
        ("0s", ": '0s' is no time at all; a duration above 0 would be right, such as 1h"),
        ("60", ": 60 is not a duration; a number with its unit would be right: 90s, 15m, 1h, 2d or 1w"),
        ("59s", ": '59s' is more often than once a minute; 1m or more would be right"),
        ("300w", ": '300w' is more than 5 years; 1d or 52w would be right"),
        ("{window: 6000w}", ".window: '6000w' is longer than a hundred years; a shorter duration would be right"),
        ("{window: P1M}", ".window: 'P1M' is not a duration; years and months differ in length, "
         "and days would be right: P30D"),
        ("{window: [-PT1H, -PT2H]}", ".window: begins where it ends, or behind; the earlier offset first would be "
         "right: [-PT2H, -PT1H]"),
        ("{window: -PT0H}", ".window: begins where it ends, or behind; the earlier offset first would be "
         "right: [-PT2H, -PT1H]"),
        ("{window: [PT2H, -PT1H]}", ".window: has offset 'PT2H', which lies ahead; -PT2H would be right"),
        ("{window: [-PT2H, soon]}", ".window: has offset 'soon'; a duration before the end would be right: "
         "-PT1H or -1h"),
        ("{window: [-PT2H]}", ".window: a list is not a window; a length, or from when to when would be right: "
         "1h, -PT1H, [-PT2H, -PT1H]"),
        ("'@reboot'", ": '@reboot' is not a schedule; one of @hourly, @daily, @midnight, @weekly, @monthly, @yearly, "
         "@annually would be right"),
        ("0 22-2 * * *", ": '0 22-2 * * *' is not a schedule: hour '22-2'; it runs backwards, "
         "and '22-23,0-2' would be right"),
        ("0 0 31 2 *", ": '0 0 31 2 *' is a schedule without a day in 5 years; days and months that meet would be "
         "right, such as '0 0 1 * *'"),
        ("rate(2000 days)", ": 'rate(2000 days)' is more than 5 years; rate(1 hour) would be right"),
        ("cron(0 0 1 * MON *)", ": 'cron(0 0 1 * MON *)' is not a schedule: day of month '1', weekday 'mon'; "
         "'?' belongs in one of day of month and weekday, and only in one: cron(0 * ? * * *) would be right"),
        ("{catchup: {max_windows: 100001}}",
         ".catchup.max_windows: 100001 is too large; 100000 or less would be right"),
        ("{every: 1h, cron: '0 * * * *'}", ": has both every and cron; one of them would be right"),
        ("{anchor: 2026-01-01, cron: '0 * * * *'}", ": has an anchor beside cron; it goes with every"),
        ("{timezone: Europe/Berlim}", ".timezone: 'Europe/Berlim' is not a time zone; did you mean 'Europe/Berlin'?"),
        ("{timezone: ../../etc/passwd}", ".timezone: '../../etc/passwd' is not a time zone; "
         "an IANA name would be right: UTC, Europe/Berlin"),
        ("{start: '2026-01-01T00:00:00'}", ".start: '2026-01-01T00:00:00' is not a moment; "
         "a time with its zone would be right: 2026-01-01T00:00:00Z"),
        ("{catchup: some}", ".catchup: 'some' is not known here; all, latest or none would be right"),
        ("{catchup: {max_windows: 0}}", ".catchup.max_windows: 0 is too small; 1 or more would be right"),
        ("{catchup: {max_windows: '7'}}", ".catchup.max_windows: '7' is not a whole number; 1, 2, 3 would be right"),
        ("{evry: 1h}", ": unknown key 'evry'; did you mean 'every'?"),
    ],
)  # fmt: skip
def test_a_wrong_schedule_is_told_with_what_would_be_right(tmp_path: Path, text: str, told: str) -> None:
    assert one(tmp_path, f"{CHURN}, schedule: {text}") == [f"monitors.m.schedule{told}"]
