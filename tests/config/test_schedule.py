from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from config.files import CHURN, loaded, one

from monitor.config.schedule import Schedule


def schedule(folder: Path, text: str) -> Schedule:
    return loaded(folder, f"monitors: {{m: {{{CHURN}, schedule: {text}}}}}").monitors["m"].schedule


def test_a_scalar_is_how_often_or_a_cron_line(tmp_path: Path) -> None:
    assert schedule(tmp_path, "15m").every == timedelta(minutes=15)
    for cron in (
        "0 * * * *",
        "*/5 8-18 * jan,jul MON-FRI",
        "cron(0 * ? * * *)",
        "cron(0 17 L * ? 2030)",
        "rate(1 hour)",
    ):
        found = schedule(tmp_path, f"'{cron}'")
        assert (found.cron, found.every) == (cron, None)


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


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{cron: '0 * * *'}", ".cron: '0 * * *' is not a schedule; five cron fields ('0 * * * *'), cron(0 * ? * * *) "
         "or rate(1 hour) would be right"),
        ("cron(0 * * *)", ": 'cron(0 * * *)' is not a schedule; five cron fields ('0 * * * *'), cron(0 * ? * * *) "
         "or rate(1 hour) would be right"),
        ("0s", ": '0s' is no time at all; a duration above 0 would be right, such as 1h"),
        ("60", ": 60 is not a duration; a number with its unit would be right: 90s, 15m, 1h, 2d or 1w"),
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
