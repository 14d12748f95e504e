"""Windows judged without a daemon."""

from datetime import timedelta
from pathlib import Path

import pytest
from daemons import HOUR, START, Farm, serving

from monitor.daemon.once import backfilled
from monitor.errors import Held, InputError
from monitor.store import queries
from monitor.store.database import Database


@pytest.fixture
def farm(tmp_path: Path) -> Farm:
    made = Farm(tmp_path)
    made.baseline()
    late = "catchup: {max_windows: 1}"
    made.write(monitors=f"  m: {{captures: captures/m, baseline: baselines/model, schedule: {{every: 1h, {late}}}}}")
    for hour in range(3):
        made.captures("m", START + hour * HOUR, moved=hour == 2)
    return made


def test_a_stretch_is_judged_here_and_now_and_again_when_asked_again(farm: Farm) -> None:
    assert backfilled(farm.config, {}, "m", START, START + 3 * HOUR, "ann") == (3, {"ok": 2, "violated": 1})
    assert backfilled(farm.config, {}, "m", START + HOUR, START + 2 * HOUR, "ann") == (1, {"ok": 1})
    database = Database.open("sqlite", farm.state, read_only=True)
    with database.read() as connection:
        found = queries.results(connection, "m", START, START + 3 * HOUR)
    database.close()
    assert [(row.revision, row.status) for row in found] == [(1, "ok"), (2, "ok"), (1, "violated")]


def test_a_stretch_without_a_window_has_none(farm: Farm) -> None:
    assert backfilled(farm.config, {}, "m", START + timedelta(days=9000), START + timedelta(days=9001), "ann") == (
        0,
        {},
    )


def test_a_monitor_that_there_is_not_and_one_that_is_not_enabled_are_refused(farm: Farm) -> None:
    with pytest.raises(InputError, match="has no monitor 'x'; one of m would be right"):
        backfilled(farm.config, {}, "x", START, START + HOUR, "ann")
    farm.write(monitors="  m: {enabled: false, captures: captures/m, baseline: baselines/model}")
    with pytest.raises(InputError, match="monitor 'm': is not enabled"):
        backfilled(farm.config, {}, "m", START, START + HOUR, "ann")


def test_where_a_daemon_holds_the_store_nothing_is_judged(farm: Farm) -> None:
    with serving(farm, START), pytest.raises(Held, match="a running driftd holds it"):
        backfilled(farm.config, {}, "m", START, START + HOUR, "ann")
