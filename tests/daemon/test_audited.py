"""What is done to a daemon is told with who did it and when, and goes to nobody."""

from datetime import timedelta
from pathlib import Path

import pytest
from daemons import HOUR, START, Farm, serving, settled

from monitor.daemon import periods
from monitor.daemon.site import Site
from monitor.store import outgoing, trail

LATER = START + HOUR + timedelta(minutes=5)


@pytest.fixture
def farm(tmp_path: Path) -> Farm:
    made = Farm(tmp_path)
    made.baseline()
    made.write()
    made.captures("m")
    return made


def told(site: Site) -> list[tuple[str, str, str, str, str]]:
    rows = site.details.audit(50, "").items
    return [(one.who, one.what, one.monitor, one.about, one.why) for one in rows]


def test_a_reload_is_told_with_what_the_configuration_was_and_is(farm: Farm) -> None:
    with serving(farm, START) as (service, clock):
        before = service.state.loaded.digest.removeprefix("sha256:")[:12]
        assert service.reload("SIGHUP") == ""
        clock.move(START + timedelta(minutes=1))
        farm.config.write_text(farm.config.read_text() + "log: {level: debug}\n")
        assert service.site.reload("token ops") == ""
        after = service.state.loaded.digest.removeprefix("sha256:")[:12]
        assert told(service.site) == [
            ("token ops", "loaded the configuration", "", f"{before} → {after}", ""),
            ("SIGHUP", "loaded the configuration", "", f"{before}: nothing has changed", ""),
        ]
        assert service.site.details.audit(1, "").items[0].at == START + timedelta(minutes=1)


def test_a_reload_that_fails_is_told_with_why(farm: Farm) -> None:
    with serving(farm, START) as (service, _):
        digest = service.state.loaded.digest.removeprefix("sha256:")[:12]
        farm.config.write_text("workers: 0\nmonitors: {m: {captures: c}}\n")
        trouble = service.reload("SIGHUP")
        (row,) = told(service.site)
        assert row[:4] == ("SIGHUP", "could not load the configuration", "", f"{digest} stays")
        assert row[4] == f"{trouble.splitlines()[0]}; and 1 mistake more"


def test_a_backfill_is_told_with_its_stretch_and_how_many_windows(farm: Farm) -> None:
    with serving(farm, LATER) as (service, clock):
        settled(service, clock, LATER)
        leading = service.state.leading
        assert leading is not None
        assert leading.backfill("m", START, START + HOUR, "ann") == 1
        assert leading.backfill("m", START + 2 * HOUR, START + 3 * HOUR, "ann") == 0, "nothing is due, nothing done"
        about = f"1 window from {START:%Y-%m-%d %H:%M} to {START + HOUR:%Y-%m-%d %H:%M} UTC"
        assert told(service.site) == [("ann", "had windows judged again", "m", about, "")]
        with leading.database.read() as connection:
            assert [one.kind for one in outgoing.waiting(connection, 9) if one.kind == trail.BACKFILLED] == []


def test_the_report_of_a_period_tells_both(farm: Farm) -> None:
    with serving(farm, LATER) as (service, clock):
        settled(service, clock, LATER)
        leading = service.state.leading
        assert leading is not None
        service.reload("SIGHUP")
        clock.move(LATER + timedelta(minutes=1))
        leading.backfill("m", START, START + HOUR, "ann")
        with leading.database.read() as connection:
            found = periods.period(connection, "m", START, LATER + HOUR)
    assert [(one.kind, one.who) for one in found.deeds] == [("config.loaded", "SIGHUP"), ("windows.backfilled", "ann")]
