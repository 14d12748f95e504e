"""What the web asks, against a small daemon that is real."""

import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from daemons import HOUR, START, Farm, awaited, serving

from monitor.daemon.board import Board
from monitor.daemon.clock import HandClock
from monitor.daemon.service import Service
from monitor.daemon.site import MOST_SILENT, Site, State
from monitor.daemon.watched import loaded
from monitor.errors import InputError, StoreError
from monitor.metrics.registry import Metrics

MONITORS = """\
  m: {captures: captures/m, baseline: baselines/model, schedule: {every: 1h, delay: 10m}}
  lost: {captures: captures/m, baseline: baselines/none, schedule: {every: 1h, delay: 10m}}
  off: {enabled: false, captures: captures/m, baseline: baselines/other}
"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, HandClock]]:
    """Four hours of `m`, the last moved; `lost` has no baseline and has failed once; a password is in the file."""
    farm = Farm(tmp_path_factory.mktemp("farm"))
    farm.baseline()
    farm.write(monitors=MONITORS)
    for hour in range(4):
        farm.captures("m", START + hour * HOUR, moved=hour == 3)
    with serving(farm, START) as (service, clock):
        for hours in (1, 2, 3, 4):
            clock.move(START + hours * HOUR + timedelta(minutes=15))
            service.tick()
            assert service.state.leading is not None
            service.state.leading.dispatcher.wait(60)
        yield service, clock


@pytest.fixture
def site(running: tuple[Service, HandClock]) -> Site:
    return running[0].site


@pytest.fixture
def standby(tmp_path: Path) -> Site:
    """The site of an instance that does not lead."""
    farm = Farm(tmp_path)
    farm.write()
    clock, metrics = HandClock(START), Metrics(version="0")
    state = State(loaded=loaded(farm.config, {}), is_ready=True, started=START)
    return Site(state, Board(metrics, clock), metrics, clock, lambda by: f"asked by {by}", {"config": "c.yaml"})


def test_windows_are_shown_newest_first_page_by_page(site: Site) -> None:
    first = site.windows("m", 3, "")
    second = site.windows("m", 3, first.cursor)
    assert [row.start for row in (*first.items, *second.items)] == [START + hour * HOUR for hour in (3, 2, 1, 0)]
    assert second.cursor == ""
    row = first.items[0]
    assert (row.state, row.sagemaker_status, row.revision, row.failures, row.reason) == (
        "done", "CompletedWithViolations", 1, 0, "",
    )  # fmt: skip
    assert row.due == row.end + timedelta(minutes=10)
    assert first.items[1].sagemaker_status == "Completed"


def test_a_window_that_failed_says_why(site: Site) -> None:
    row = site.windows("lost", 10, "").items[-1]
    assert (row.start, row.state, row.failures > 0) == (START, row.state, True)
    assert row.reason.startswith("baseline: ")
    assert "no baseline is there" in row.reason


def test_runs_are_shown_newest_first_page_by_page_of_one_monitor_or_all(site: Site) -> None:
    first = site.runs("m", 3, "")
    second = site.runs("m", 3, first.cursor)
    assert [run.start for run in (*first.items, *second.items)] == [START + hour * HOUR for hour in (3, 2, 1, 0)]
    assert second.cursor == ""
    run = first.items[0]
    assert (run.status, run.sagemaker_status, run.revision) == ("violated", "CompletedWithViolations", 1)
    assert (run.records, run.rows, run.reason) == (300, 300, "")
    assert run.violations >= 1
    assert run.took_seconds is not None
    assert run.finished == START + 4 * HOUR + timedelta(minutes=15)
    assert run.baseline.startswith("model/v1")
    assert (run.config_digest, run.input_digest[:7]) == (site.runtime()["config_digest"], "sha256:")
    everything = site.runs(None, 100, "").items
    assert {run.monitor for run in everything} == {"m", "lost"}
    lost = next(run for run in everything if run.monitor == "lost")
    assert (lost.status, lost.rows, lost.took_seconds, lost.baseline) == ("failed", 0, None, "")
    assert lost.reason.startswith("baseline: ")


def test_violations_are_those_of_the_moved_hour(site: Site) -> None:
    found = site.violations("m", 100, "").items
    assert {row.feature for row in found} == {"income"}
    assert {(row.start, row.revision) for row in found} == {(START + 3 * HOUR, 1)}
    skew = next(row for row in found if row.rule == "skew")
    assert skew.value is not None
    assert skew.why
    one_by_one, cursor = [], ""
    for _ in range(len(found)):
        page = site.violations(None, 1, cursor)
        one_by_one += page.items
        cursor = page.cursor
    assert one_by_one == list(found)
    assert site.violations(None, 1, cursor).items == []


@pytest.mark.parametrize("cursor", ["x", "-", "12", "9" * 30 + "-x", "2026-03-02", "9" * 30, "\x00", "-1-"])
def test_a_cursor_that_was_not_given_out_is_refused_or_leads_nowhere(site: Site, cursor: str) -> None:
    for ask in (site.windows, site.runs, site.violations):
        try:
            assert len(ask("m", 5, cursor).items) <= 5
        except InputError as error:
            assert str(error) == f"cursor {cursor!r}: is none that was given out"  # noqa: PT017  either is right


def test_how_the_policy_stands_is_told_and_marks_of_what_is_followed_are_kept(site: Site) -> None:
    page = site.policy("m")
    assert (page.phase, page.seen, page.needed, page.window_end) == ("learning", 4, 336, START + 4 * HOUR)
    assert [(one.feature, one.question, one.since) for one in page.open] == [("income", "skew", START + 3 * HOUR)]
    assert (page.promised, page.alarms, page.shadow) == (1.0, 1, False)
    assert [band.feature for band in page.bands] == ["age", "city", "income", "score"]
    with pytest.raises(InputError, match=r"no feature 'incom' is followed; 'income', 'age', 'city', 'score' would be"):
        site.mark("m", "expected", "incom", "", "ann")
    made = site.mark("m", "accepted", "income", "a new market", "ann")
    assert (made.kind, made.feature, made.who, made.after) == ("accepted", "income", "ann", START + 4 * HOUR)
    assert site.policy("m").marks == (made,)


@pytest.mark.parametrize(
    ("name", "why"), [("none", "its windows are not followed"), ("lost", "no window was judged yet")]
)
def test_what_is_not_followed_or_not_judged_takes_no_mark(site: Site, name: str, why: str) -> None:
    with pytest.raises(InputError, match=why):
        site.mark(name, "noise", None, "", "ann")


def test_a_monitor_that_there_is_not_has_nothing(site: Site) -> None:
    assert site.windows("none", 5, "").items == []
    assert site.runs("none", 5, "").items == []
    assert site.violations("none", 5, "").items == []
    assert site.upcoming("none", 3) == ()
    assert site.report_folder("none", START, START + HOUR, None) is None


def test_the_next_windows_follow_those_that_are_planned(site: Site) -> None:
    found = site.upcoming("m", 2)
    assert [(w.start, w.end, w.due) for w in found] == [
        (START + h * HOUR, START + (h + 1) * HOUR, START + (h + 1) * HOUR + timedelta(minutes=10)) for h in (4, 5)
    ]
    assert site.upcoming("off", 2) == ()


def test_the_baseline_of_each_monitor_is_told_whole_where_it_was_read(site: Site) -> None:
    known, lost, off = site.baselines()
    assert (known.monitor, known.name, known.records) == ("m", "model", 4000)
    assert known.version.startswith("v1-")
    assert known.digest.startswith("sha256:")
    assert (lost.monitor, lost.name, lost.version, lost.created, lost.records) == ("lost", "none", "", None, None)
    assert (off.monitor, off.name) == ("off", "other")


def test_a_report_is_found_by_its_window_and_revision(site: Site) -> None:
    folder = site.report_folder("m", START + 3 * HOUR, START + 4 * HOUR, None)
    assert folder is not None
    assert json.loads((folder / "report.json").read_text())["status"] == "violated"
    assert site.report_folder("m", START + 3 * HOUR, START + 4 * HOUR, 1) == folder
    assert site.report_folder("m", START + 3 * HOUR, START + 4 * HOUR, 2) is None
    assert site.report_folder("m", START, START + 4 * HOUR, None) is None
    assert site.report_folder("m", START + HOUR, START, None) is None, "no window at all"


def test_what_runs_is_told(site: Site, running: tuple[Service, HandClock]) -> None:
    told = site.runtime()
    assert json.loads(json.dumps(told)) == told
    assert (told["is_leader"], told["monitors"], told["workers"], told["workers_busy"]) == (True, 3, 2, 0)
    assert told["started"] == "2026-03-02T09:00:00Z"
    assert told["store"].endswith("state/driftd.db")
    assert told["store_size_bytes"] > 0
    assert site.flags() == {"config": str(running[0].state.loaded.path)}
    assert "captures/m" in site.config_text()
    assert [view.name for view in site.snapshot().monitors] == ["m", "lost", "off"]


def test_it_is_alive_while_the_planner_wakes_up(site: Site, running: tuple[Service, HandClock]) -> None:
    service, clock = running
    assert (site.healthy(), site.ready()) == ("", "")
    last = service.state.last_tick
    assert last is not None
    service.state.last_tick = clock() - MOST_SILENT
    said = site.healthy()
    service.state.last_tick = last
    assert said == "the planner has not woken up since 2026-03-02T13:14:00Z"
    service.state.is_stopping = True
    said = site.ready()
    service.state.is_stopping = False
    assert said == "stopping"


def test_windows_of_the_past_are_judged_again_for_who_asks_and_that_is_written_down(
    site: Site, running: tuple[Service, HandClock], caplog: pytest.LogCaptureFixture
) -> None:
    service, _ = running
    with pytest.raises(InputError, match=r"monitor 'none': is not in the configuration"):
        site.backfill("none", START, START + HOUR, "ann")
    with pytest.raises(InputError, match=r"monitor 'off': is not enabled"):
        site.backfill("off", START, START + HOUR, "ann")
    with caplog.at_level(logging.INFO, "driftd"):
        assert site.backfill("m", START - 2 * HOUR, START + HOUR, "ann") == 3
    (told,) = [record for record in caplog.records if record.component == "audit"]  # type: ignore[attr-defined]
    assert told.about == {"by": "ann", "resource": "m", "outcome": "3 windows"}  # type: ignore[attr-defined]
    assert service.state.leading is not None
    awaited(lambda: not service.state.leading.ledger.pending()["m"])  # type: ignore[union-attr]
    rows = site.windows("m", 10, "").items
    assert [(row.start, row.revision) for row in rows[-3:]] == [
        (START, 2), (START - HOUR, 1), (START - 2 * HOUR, 1),
    ]  # fmt: skip


def test_one_that_stands_by_says_so_and_still_tells_what_it_knows(standby: Site) -> None:
    asked = (
        lambda: standby.windows("m", 5, ""),
        lambda: standby.runs(None, 5, ""),
        lambda: standby.violations(None, 5, ""),
        standby.baselines,
        lambda: standby.report_folder("m", START, START + HOUR, None),
        lambda: standby.backfill("m", START, START + HOUR, "ann"),
        lambda: standby.people,
    )
    for ask in asked:
        with pytest.raises(StoreError, match="this instance stands by; ask the one that leads"):
            ask()
    assert (standby.healthy(), standby.ready()) == ("", "")
    assert [w.start for w in standby.upcoming("m", 1)] == [START]
    told = standby.runtime()
    assert (told["is_leader"], told["store"], told["workers_busy"]) == (False, None, 0)
    assert standby.snapshot().monitors == ()
    assert "monitors" in standby.config_text()
    assert standby.reload("ann") == "asked by ann"


def test_before_it_is_ready_it_is_starting(standby: Site) -> None:
    standby._state.is_ready = False
    assert standby.ready() == "starting"
