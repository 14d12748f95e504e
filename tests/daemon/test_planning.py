"""Windows into the ledger: what is planned when, and what has to be known for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from daemon.parts import HOUR, MINUTE, NINE, configuration, shown, store, watched, window

from monitor.daemon.planning import Planner
from monitor.daemon.watched import loaded
from monitor.metrics.registry import Metrics
from monitor.store import queries
from monitor.store.database import Database
from monitor.store.ledger import Ledger
from monitor.window import Window


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with store(tmp_path) as made:
        yield made


@pytest.fixture
def metrics() -> Metrics:
    made = Metrics(version="0")
    made.watch("m", ())
    return made


@pytest.fixture
def planner(database: Database, metrics: Metrics) -> Planner:
    return Planner(Ledger(database, "me"), metrics)


def planned(database: Database) -> list[Window]:
    with database.read() as connection:
        return [row.window for row in queries.windows(connection, "m")][::-1]


def test_a_monitor_without_history_and_start_is_to_be_looked_at_first(
    planner: Planner, database: Database, tmp_path: Path
) -> None:
    one = watched(tmp_path)
    assert planner.unknown([one], NINE) == [one]
    assert planner.plan([one], NINE) == []
    assert planner.planned_to("m") is None
    assert Ledger(database, "me").pending() == {}, "it was never planned: how many wait is not known"
    planner.looked("m", NINE - 2 * HOUR + MINUTE)
    assert planner.unknown([one], NINE) == []
    assert planner.plan([one], NINE) == [one]
    assert planned(database) == [window(-2), window(-1)]
    assert planner.planned_to("m") == NINE


def test_one_with_a_start_is_not_looked_at(planner: Planner, database: Database, tmp_path: Path) -> None:
    one = watched(tmp_path, ", start: 2026-03-02T07:00:00Z")
    assert planner.unknown([one], NINE) == []
    planner.plan([one], NINE)
    assert planned(database) == [window(-2), window(-1)]


def test_nor_is_one_that_the_store_remembers(planner: Planner, database: Database, tmp_path: Path) -> None:
    one = watched(tmp_path)
    planner.looked("m", NINE - HOUR)
    planner.plan([one], NINE)
    after = Planner(Ledger(database, "another"), Metrics(version="0"))
    assert after.unknown([one], NINE + 2 * HOUR) == []
    after.plan([one], NINE + 2 * HOUR)
    assert planned(database) == [window(-1), window(0), window(1)]


def test_a_place_without_captures_begins_with_the_window_that_is_not_due(
    planner: Planner, database: Database, tmp_path: Path
) -> None:
    one = watched(tmp_path)
    planner.looked("m", None)
    planner.plan([one], NINE + MINUTE)
    assert (planned(database), planner.planned_to("m")) == ([], NINE)
    planner.plan([one], NINE + HOUR)
    assert planned(database) == [window(0)]


def test_a_plan_that_comes_late_loses_nothing_since_the_look(
    planner: Planner, database: Database, tmp_path: Path
) -> None:
    planner.looked("m", None, NINE + MINUTE)
    planner.plan([watched(tmp_path)], NINE + 3 * HOUR)
    assert planned(database) == [window(0), window(1), window(2)]


def test_a_look_that_failed_is_taken_again_a_minute_later_or_after_a_reload(planner: Planner, tmp_path: Path) -> None:
    one = watched(tmp_path)
    planner.put_off("m", NINE)
    assert planner.unknown([one], NINE + 0.99 * MINUTE) == []
    assert planner.unknown([one], NINE + MINUTE) == [one]
    planner.put_off("m", NINE)
    planner.forget()
    assert planner.unknown([one], NINE) == [one]


def test_a_monitor_is_planned_again_when_its_next_window_is_due_and_not_before(
    planner: Planner, database: Database, tmp_path: Path
) -> None:
    one = watched(tmp_path, ", start: 2026-03-02T08:00:00Z")
    assert planner.plan([one], NINE) == [one]
    assert planner.plan([one], NINE + 59 * MINUTE) == []
    assert planner.plan([one], NINE + HOUR) == [one]
    assert planned(database) == [window(-1), window(0)]


def test_a_changed_schedule_goes_on_where_the_old_one_ended(
    planner: Planner, database: Database, tmp_path: Path
) -> None:
    planner.plan([watched(tmp_path, ", start: 2026-03-02T08:00:00Z")], NINE)
    path = configuration(tmp_path).path
    path.write_text(path.read_text().replace("every: 1h", "every: 15m"))
    planner.forget()
    planner.plan([loaded(path, {}).monitors["m"]], NINE + 30 * MINUTE)
    assert [round((w.end - w.start) / MINUTE) for w in planned(database)] == [60, 15, 15]


def test_windows_that_catching_up_leaves_out_are_counted_and_told(
    planner: Planner, database: Database, metrics: Metrics, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    one = watched(tmp_path, ", catchup: {max_windows: 3}")
    planner.looked("m", NINE - HOUR)
    planner.plan([one], NINE)
    planner.plan([one], NINE + 10 * HOUR)
    with database.read() as connection:
        states = [row.state for row in queries.windows(connection, "m")][::-1]
    assert states == ["pending", *["skipped"] * 7, *["pending"] * 3]
    assert '{monitor="m",reason="expired"} 7.0' in shown(metrics, "driftd_windows_skipped_total")
    (told,) = [record for record in caplog.records if record.levelname == "WARNING"]
    assert told.getMessage().startswith("7 windows from 2026-03-02T09:00:00Z to 2026-03-02T16:00:00Z are left out")
    assert told.about == {"monitor": "m"}  # type: ignore[attr-defined]


def test_a_clock_that_went_back_plans_nothing_and_is_told(
    planner: Planner, database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    one = watched(tmp_path, ", start: 2026-03-02T08:00:00Z")
    planner.plan([one], NINE)
    planner.forget()
    planner.plan([one], NINE - 5 * HOUR)
    assert planned(database) == [window(-1)]
    assert "the clock says 2026-03-02T04:00:00Z" in caplog.text


def test_several_monitors_are_planned_together_and_those_without_a_look_stay_out(
    planner: Planner, database: Database, tmp_path: Path
) -> None:
    found = configuration(tmp_path, names=("a", "b", "c")).monitors
    for name in ("a", "c"):
        planner.looked(name, NINE - HOUR)
    assert [one.name for one in planner.plan(found.values(), NINE)] == ["a", "c"]
    assert Ledger(database, "me").pending() == {"a": 1, "c": 1}
