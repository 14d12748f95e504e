"""The board: what is known of every monitor, kept up to date."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from daemon.parts import HOUR, MINUTE, NINE, answer, claim, configuration, shown, window, worked

from monitor.daemon.board import Board
from monitor.daemon.clock import HandClock
from monitor.daemon.task import Answer
from monitor.daemon.watched import Loaded
from monitor.errors import StoreError
from monitor.figures import Figures
from monitor.metrics.registry import Metrics
from monitor.metrics.view import Incidents, MonitorView
from monitor.store.words import Finished

NONE_LATE = Finished(late={}, reopened=())


@pytest.fixture
def metrics() -> Metrics:
    return Metrics(version="0", clock=lambda: NINE + HOUR)


@pytest.fixture
def board(metrics: Metrics) -> Board:
    return Board(metrics, HandClock(NINE + HOUR))


@pytest.fixture
def loaded(tmp_path: Path) -> Loaded:
    return configuration(tmp_path, names=("m", "n"))


@pytest.fixture(autouse=True)
def _all_levels(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with caplog.at_level(logging.INFO, "driftd"):
        yield


def view(board: Board, name: str = "m") -> MonitorView:
    return next(one for one in board.snapshot().monitors if one.name == name)


def test_every_monitor_is_shown_from_the_start_in_the_order_of_the_configuration(
    board: Board, metrics: Metrics, loaded: Loaded
) -> None:
    board.load(loaded, {}, {}, NINE)
    assert [one.name for one in board.snapshot().monitors] == ["m", "n"]
    assert board.snapshot().taken_at == NINE + HOUR
    assert shown(metrics, "driftd_monitors") == [" 2.0"]
    assert shown(metrics, "driftd_runs_total") == ['{monitor="m"} 0.0', '{monitor="n"} 0.0']
    assert shown(metrics, "driftd_monitor_windows_pending") == [], "of none is known how many windows wait"


def test_a_view_that_has_not_changed_is_the_same_object(board: Board, loaded: Loaded) -> None:
    board.load(loaded, {}, {}, NINE)
    board.counted({"m": 0})
    before = board.snapshot().monitors
    board.counted({"m": 0})
    board.show()
    assert all(a is b for a, b in zip(before, board.snapshot().monitors, strict=True))
    board.counted({"m": 2, "gone": 1})
    after = board.snapshot().monitors
    assert after[1] is before[1]
    assert (after[0].pending, after[1].pending) == (2, None)


def test_what_is_known_of_incidents_is_shown_from_the_start_and_when_it_changes(
    board: Board, metrics: Metrics, loaded: Loaded
) -> None:
    board.load(loaded, {}, {}, NINE, {"m": Incidents(open={"page": 1})})
    assert shown(metrics, "driftd_monitor_open_incidents") == [
        '{monitor="m",severity="info"} 0.0',
        '{monitor="m",severity="warning"} 0.0',
        '{monitor="m",severity="page"} 1.0',
    ]
    board.followed("m", Incidents(false=2))
    board.followed("gone", Incidents(false=3))
    assert shown(metrics, "driftd_monitor_false_alarms") == ['{monitor="m"} 2.0']


def test_planning_moves_the_next_run(board: Board, loaded: Loaded) -> None:
    board.load(loaded, {}, {}, NINE)
    board.planned(loaded.monitors["m"], NINE + 3 * HOUR, NINE + 3 * HOUR)
    board.closed_to("m", NINE + 2 * HOUR)
    assert (view(board).next_run, view(board).watermark) == (NINE + 4 * HOUR, NINE + 2 * HOUR)


def test_a_judged_window_is_shown_counted_and_told(
    board: Board, metrics: Metrics, loaded: Loaded, caplog: pytest.LogCaptureFixture
) -> None:
    board.load(loaded, {}, {}, NINE)
    names = tuple(f"f{number}" for number in range(7))
    figures = Figures(
        status="violated", judged=3, asked=4, records=12, rows=10, violating=names, violations={"drift": 7}
    )
    found = worked(figures=figures, notes=("a note",), said=("100 % a word",))
    late = Finished(late={window(-1): 5, window(-2): 2}, reopened=(window(-1),))
    board.judged(loaded.monitors["m"], claim(revision=2), found, late)
    board.show()
    assert view(board).figures == figures
    assert shown(metrics, "driftd_runs_total")[0] == '{monitor="m"} 1.0'
    assert shown(metrics, "driftd_records_late_total")[0] == '{monitor="m"} 7.0'
    assert '{monitor="m",rule="drift"} 7.0' in shown(metrics, "driftd_violations_total")
    told = [(record.getMessage(), record.about) for record in caplog.records]  # type: ignore[attr-defined]
    assert [message for message, _ in told] == [
        "records came late for windows that were closed", "window judged", "a note", "100 % a word",
    ]  # fmt: skip
    about = {
        "monitor": "m",
        "run_id": "run-0",
        "window_start": "2026-03-02T09:00:00Z",
        "window_end": "2026-03-02T10:00:00Z",
    }
    assert told[0][1] == {**about, "records": 7, "windows": 2, "again": 1}
    assert told[1][1] == {
        **about,
        "status": "violated",
        "rows": "10",
        "judged": "3/4",
        "revision": "2",
        "violating": "f0, f1, f2, f3, f4 and 2 more",
        "took": "0.50s",
    }
    assert told[2][1] == about


def test_an_attempt_without_a_verdict_is_trouble_and_leaves_the_figures(
    board: Board, metrics: Metrics, loaded: Loaded, caplog: pytest.LogCaptureFixture
) -> None:
    board.load(loaded, {}, {}, NINE)
    one = loaded.monitors["m"]
    board.judged(one, claim(0), worked(), NONE_LATE)
    figures = view(board).figures
    failed = Answer(failure="timeout", why="took longer than 1 s", took_seconds=1.0)
    board.failed(one, claim(1), failed, "pending")
    assert (view(board).trouble, view(board).figures) == ("timeout: took longer than 1 s", figures)
    board.failed(one, claim(1, failures=2), failed, "dead")
    assert '{monitor="m",reason="timeout"} 2.0' in shown(metrics, "driftd_run_failures_total")
    assert '{monitor="m",reason="dead"} 1.0' in shown(metrics, "driftd_windows_skipped_total")
    about = caplog.records[-1].about  # type: ignore[attr-defined]
    assert (about["attempt"], about["state"], about["err"]) == (3, "dead", "took longer than 1 s")
    board.judged(one, claim(2), worked(), NONE_LATE)
    assert view(board).trouble == ""


def test_a_look_that_failed_is_trouble_too(board: Board, metrics: Metrics, loaded: Loaded) -> None:
    board.load(loaded, {}, {}, NINE)
    board.looked(loaded.monitors["m"], answer(first=NINE))
    assert view(board).trouble == ""
    board.looked(loaded.monitors["m"], Answer(failure="source", why="no route"))
    assert view(board).trouble == "source: no route"
    assert '{monitor="m",reason="source"} 1.0' in shown(metrics, "driftd_run_failures_total")


def test_a_monitor_that_was_removed_stays_away_when_its_last_window_ends_later(
    board: Board, metrics: Metrics, loaded: Loaded, tmp_path: Path
) -> None:
    board.load(loaded, {}, {}, NINE)
    removed = loaded.monitors["n"]
    board.load(configuration(tmp_path, names=("m",)), {}, {}, NINE)
    board.judged(removed, replace(claim(), monitor="n"), worked(), NONE_LATE)
    board.failed(removed, replace(claim(), monitor="n"), Answer(failure="timeout"), "dead")
    board.looked(removed, Answer(failure="source"))
    board.planned(removed, NINE, NINE)
    board.closed_to("n", NINE)
    board.show()
    assert [one.name for one in board.snapshot().monitors] == ["m"]
    assert b'monitor="n"' not in metrics.exposition()[0]


def test_one_that_is_disabled_has_no_next_run(board: Board, loaded: Loaded) -> None:
    one = loaded.monitors["m"]
    off = replace(one, monitor=one.monitor.model_copy(update={"enabled": False}))
    board.load(replace(loaded, monitors={"m": off}), {}, {}, NINE)
    board.planned(off, NINE, NINE + MINUTE)
    assert (view(board).enabled, view(board).next_run) == (False, None)


def test_who_does_not_lead_shows_nothing(board: Board, metrics: Metrics, loaded: Loaded) -> None:
    board.load(loaded, {}, {}, NINE)
    board.clear()
    assert board.snapshot().monitors == ()
    assert b'monitor="' not in metrics.exposition()[0]


def test_trouble_of_the_store_is_counted_and_told(
    board: Board, metrics: Metrics, caplog: pytest.LogCaptureFixture
) -> None:
    board.troubled("write", StoreError("store /x: full"))
    assert '{operation="write"} 1.0' in shown(metrics, "driftd_store_errors_total")
    assert caplog.records[-1].getMessage() == "store: store /x: full"


def test_alarms_are_counted_as_they_are_told(board: Board, metrics: Metrics, loaded: Loaded) -> None:
    board.load(loaded, {}, {}, NINE)
    for number in range(2):
        told = replace(NONE_LATE, alarms=number + 1)
        board.judged(loaded.monitors["m"], claim(number), worked(), told)
        board.show()
    assert shown(metrics, "driftd_alarms_total") == ['{monitor="m"} 3.0', '{monitor="n"} 0.0']
