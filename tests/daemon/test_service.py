"""The daemon in this process, with a clock moved by hand."""

import json
import time
from datetime import timedelta
from pathlib import Path

import daemons
import pytest
from daemons import HOUR, START, Farm, fetched, serving, settled
from sqlalchemy import text

from monitor.errors import ConfigError, Held
from monitor.store import queries
from monitor.window import Window


@pytest.fixture
def farm(tmp_path: Path) -> Farm:
    made = Farm(tmp_path)
    made.baseline()
    made.write()
    return made


def statuses(service: daemons.Service, monitor: str = "m") -> list[str]:
    assert service.state.leading is not None
    with service.state.leading.database.read() as connection:
        return [r.status for r in queries.results(connection, monitor, START, START + timedelta(days=9))]


def test_each_window_is_judged_when_it_is_due_and_shown(farm: Farm) -> None:
    for hour in range(3):
        farm.captures("m", START + hour * HOUR, moved=hour == 2)
    with serving(farm, START + HOUR) as (service, clock):
        settled(service, clock, START + HOUR)
        assert statuses(service) == ["ok"]
        settled(service, clock, START + 3 * HOUR)
        assert statuses(service) == ["ok", "ok", "violated"]
        code, metrics = fetched(f"{service.address}metrics")
        assert code == 200
        assert 'driftd_feature_drifted{monitor="m",feature="income"} 1.0' in metrics
        assert 'driftd_feature_drifted{monitor="m",feature="age"} 0.0' in metrics
        assert 'driftd_monitor_windows_pending{monitor="m"} 0.0' in metrics
    name = f"{START + 2 * HOUR:%Y%m%dT%H%M%SZ}_{START + 3 * HOUR:%Y%m%dT%H%M%SZ}_r1"
    folder = farm.state / "reports" / "m" / name
    assert json.loads((folder / "report.json").read_text())["status"] == "violated"
    assert {f.name for f in folder.iterdir()} >= {"report.html", "statistics.json", "constraint_violations.json"}


def test_history_before_the_first_start_is_caught_up(farm: Farm) -> None:
    for hour in range(4):
        farm.captures("m", START + hour * HOUR)
    with serving(farm, START + 4 * HOUR) as (service, clock):
        settled(service, clock, START + 4 * HOUR)
        assert statuses(service) == ["ok"] * 4


def test_an_hour_without_captures_is_unknown_and_not_ok(farm: Farm) -> None:
    farm.captures("m")
    with serving(farm, START + 2 * HOUR) as (service, clock):
        settled(service, clock, START + 2 * HOUR)
        assert statuses(service) == ["ok", "unknown"]


def test_what_was_known_is_shown_again_after_a_restart(farm: Farm) -> None:
    farm.captures("m", moved=True)
    with serving(farm, START + HOUR) as (service, clock):
        settled(service, clock, START + HOUR)
        before = service.board.snapshot().monitors[0]
    with serving(farm, START + HOUR + timedelta(minutes=5)) as (service, clock):
        after = service.board.snapshot().monitors[0]
        assert after.figures == before.figures
        assert (after.last_success, after.watermark, after.run_id) == (
            before.last_success,
            before.watermark,
            before.run_id,
        )
        assert 'driftd_feature_drifted{monitor="m",feature="income"} 1.0' in fetched(f"{service.address}metrics")[1]


def test_captures_that_come_late_bring_a_new_revision(farm: Farm) -> None:
    farm.captures("m", count=300)
    farm.captures("m", START + HOUR)
    with serving(farm, START + HOUR) as (service, clock):
        settled(service, clock, START + HOUR)
        farm.captures("m", count=200, moved=True, file="late.jsonl")
        settled(service, clock, START + 2 * HOUR)
        window = Window(start=START, end=START + HOUR)
        assert service.state.leading is not None
        with service.state.leading.database.read() as connection:
            first, second = (queries.result(connection, "m", window, revision) for revision in (1, 2))
            row = queries.window(connection, "m", window)
        assert first is not None
        assert second is not None
        assert row is not None
        assert (first.rows, second.rows, row.late) == (300, 500, 200)
        assert (first.status, second.status) == ("ok", "violated")
        assert 'driftd_records_late_total{monitor="m"} 200.0' in fetched(f"{service.address}metrics")[1]
    names = sorted(folder.name for folder in (farm.state / "reports" / "m").iterdir())
    assert [name[-2:] for name in names] == ["r1", "r2", "r1", "r2"], "what came late is open at the newest, too"


def test_late_captures_in_the_folder_of_a_later_hour_are_read_when_their_window_is_judged_again(farm: Farm) -> None:
    for hour in range(3):
        farm.captures("m", START + hour * HOUR)
    with serving(farm, START + HOUR) as (service, clock):
        settled(service, clock, START + 3 * HOUR)
        farm.captures("m", START + 5 * HOUR)
        late = farm.captures("m", count=200, moved=True, file="late.jsonl")
        late.rename(farm.folder / "captures" / "m" / f"{START + 5 * HOUR:%Y/%m/%d/%H}" / "late.jsonl")
        settled(service, clock, START + 6 * HOUR)
        assert service.state.leading is not None
        with service.state.leading.database.read() as connection:
            found = queries.result(connection, "m", Window(start=START, end=START + HOUR))
        assert found is not None
        assert (found.revision, found.rows, found.status) == (2, 500, "violated")


def test_a_monitor_without_a_baseline_fails_alone(farm: Farm) -> None:
    schedule = "schedule: {every: 1h, delay: 0s}"
    farm.write(
        monitors=f"  good: {{captures: captures/m, baseline: baselines/model, {schedule}}}\n"
        f"  bad: {{captures: captures/m, baseline: baselines/none, {schedule}}}"
    )
    farm.captures("m")
    with serving(farm, START + HOUR) as (service, clock):
        clock.move(START + HOUR)
        leading = service.state.leading
        assert leading is not None
        for _ in range(3):
            service.tick()
            leading.dispatcher.wait(daemons.PATIENCE)
        assert statuses(service, "good") == ["ok"]
        bad = next(view for view in service.board.snapshot().monitors if view.name == "bad")
        assert bad.trouble.startswith("baseline: ")
        assert "no baseline is there" in bad.trouble
        for minutes in (2, 10, 40):
            clock.move(START + HOUR + timedelta(minutes=minutes))
            service.tick()
            leading.dispatcher.wait(daemons.PATIENCE)
        with leading.database.read() as connection:
            (row,) = queries.windows(connection, "bad")
        assert (row.state, row.failures, row.reason) == ("dead", 3, "baseline")
        metrics = fetched(f"{service.address}metrics")[1]
        assert 'driftd_run_failures_total{monitor="bad",reason="baseline"} 3.0' in metrics
        assert 'driftd_windows_skipped_total{monitor="bad",reason="dead"} 1.0' in metrics
        assert 'driftd_run_failures_total{monitor="good",reason="baseline"} 0.0' in metrics


def test_a_broken_configuration_leaves_the_old_one_in_place(farm: Farm) -> None:
    farm.captures("m")
    with serving(farm, START + HOUR) as (service, _):
        farm.config.write_text(farm.config.read_text().replace("captures:", "captrues:"))
        told = service.reload("test")
        assert "driftd.yaml:4: monitors.m: unknown key 'captrues'; did you mean 'captures'?" in told
        assert service.site.ready() == ""
        assert list(service.state.loaded.monitors) == ["m"]
        assert "driftd_config_last_reload_successful 0.0" in fetched(f"{service.address}metrics")[1]
        farm.write()
        assert service.reload("test") == ""
        assert "driftd_config_last_reload_successful 1.0" in fetched(f"{service.address}metrics")[1]


def test_a_reload_that_the_store_fails_is_told_and_the_old_configuration_goes_on(farm: Farm) -> None:
    farm.captures("m")
    with serving(farm, START + HOUR) as (service, clock):
        leading = service.state.leading
        assert leading is not None
        farm.write(monitors="  other: {captures: captures/m, baseline: baselines/model}")
        with leading.database.write() as connection:
            connection.execute(text("ALTER TABLE monitor RENAME TO gone"))
        assert "no such table" in service.reload("test")
        with leading.database.write() as connection:
            connection.execute(text("ALTER TABLE gone RENAME TO monitor"))
        assert list(service.state.loaded.monitors) == ["m"]
        settled(service, clock, START + HOUR)
        assert statuses(service) == ["ok"]
        assert service.reload("test") == ""
        assert list(service.state.loaded.monitors) == ["other"]


def test_a_bug_in_a_tick_does_not_end_the_ticks(farm: Farm) -> None:
    farm.captures("m")
    with serving(farm, START + HOUR) as (service, clock):
        leading = service.state.leading
        assert leading is not None
        schedule = leading._loaded.monitors["m"].schedule
        object.__setattr__(leading._loaded.monitors["m"], "schedule", None)
        leading._planner.forget()
        service.tick()
        object.__setattr__(leading._loaded.monitors["m"], "schedule", schedule)
        settled(service, clock, START + HOUR)
        assert statuses(service) == ["ok"]


def test_a_lock_that_was_lost_ends_the_lead_and_it_is_taken_again_when_it_is_free(farm: Farm) -> None:
    farm.captures("m")
    with serving(farm, START + HOUR) as (service, clock):
        settled(service, clock, START + HOUR)
        (farm.state / "LOCK").unlink()
        until = time.monotonic() + daemons.PATIENCE
        while service.metrics.exposition()[0].count(b'monitor="m"') and time.monotonic() < until:
            time.sleep(0.02)
        while service.state.leading is None and time.monotonic() < until:
            time.sleep(0.02)
        settled(service, clock, START + 2 * HOUR)
        assert statuses(service) == ["ok", "unknown"]


def test_a_monitor_that_is_removed_is_shown_no_more(farm: Farm) -> None:
    farm.captures("m")
    with serving(farm, START + HOUR) as (service, clock):
        settled(service, clock, START + HOUR)
        assert 'monitor="m"' in fetched(f"{service.address}metrics")[1]
        farm.write(monitors="  other: {captures: captures/m, baseline: baselines/model}")
        assert service.reload("test") == ""
        assert 'monitor="m"' not in fetched(f"{service.address}metrics")[1]


def test_what_is_fixed_at_the_start_is_not_changed_by_a_reload(farm: Farm) -> None:
    with serving(farm, START) as (service, _):
        farm.write("workers: 4")
        assert service.reload("test") == "workers: cannot change while driftd runs; restart it"


def test_a_second_daemon_is_told_that_the_store_is_held(farm: Farm) -> None:
    with serving(farm, START), pytest.raises(Held, match="another driftd holds it"), serving(farm, START):
        pass


def test_a_configuration_that_is_broken_at_the_start_is_told_whole(farm: Farm) -> None:
    farm.config.write_text("workers: 0\nmonitors: {m: {captures: c}}\n")
    with pytest.raises(ConfigError) as told, serving(farm, START):
        pass
    assert len(str(told.value).splitlines()) == 2


def test_windows_of_the_past_are_judged_again_when_asked(farm: Farm) -> None:
    for hour in range(3):
        farm.captures("m", START + hour * HOUR)
    with serving(farm, START + 3 * HOUR) as (service, clock):
        settled(service, clock, START + 3 * HOUR)
        assert service.site.backfill("m", START + HOUR, START + 3 * HOUR, "test") == 2
        settled(service, clock, START + 3 * HOUR)
        assert service.state.leading is not None
        with service.state.leading.database.read() as connection:
            found = queries.results(connection, "m", START, START + 9 * HOUR)
        assert [r.revision for r in found] == [1, 2, 2]
