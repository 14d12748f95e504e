"""What is shown of a monitor, from the configuration, the store and the last window."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from daemon.parts import HOUR, MINUTE, NINE, answer, claim, watched, window

from monitor.daemon import views
from monitor.figures import Figures
from monitor.metrics.view import MonitorView
from monitor.store.queries import MonitorRow, ResultRow

MADE = datetime(2026, 3, 1, tzinfo=UTC)
ROW = MonitorRow(
    name="m",
    planned_to=NINE + 2 * HOUR,
    watermark=NINE + HOUR,
    last_run=NINE + 2 * HOUR,
    last_success=NINE + HOUR,
    last_record=NINE + MINUTE,
    last_seconds=1.5,
    pending=2,
    skipped=0,
    dead=0,
    late=0,
)
RESULT = ResultRow(
    monitor="m",
    window=window(0),
    revision=3,
    run_id="run-9",
    status="violated",
    judged_at=NINE,
    took_seconds=1.5,
    records=5,
    rows=4,
    rejected={},
    config_digest="",
    baseline="base/v1",
    input_digest="",
    folder="",
    figures={"status": "violated", "rows": 4, "baseline": {"made_at": "2026-03-01T00:00:00Z", "rows": 7}},
)


def view(folder: Path) -> MonitorView:
    return views.configured(
        watched(folder, "}, endpoint: {name: e, model: mo, version: '7'}, labels: {team: a"), NINE, NINE
    )


def test_the_configuration_says_names_labels_and_when_the_next_window_is_due(tmp_path: Path) -> None:
    made = view(tmp_path)
    assert (made.model, made.model_version, made.model_endpoint, made.baseline) == ("mo", "7", "e", "base")
    assert (made.labels, made.enabled, made.interval_seconds) == ({"team": "a"}, True, 3600.0)
    assert made.next_run == NINE + HOUR
    assert (made.pending, made.figures, made.last_run, made.watermark) == (None, None, None, None)
    assert {"drift", "completeness"} <= set(made.rules)


def test_the_next_window_waits_for_its_captures(tmp_path: Path) -> None:
    one = watched(tmp_path, "")
    one = replace(one, schedule=replace(one.schedule, delay=timedelta(minutes=10)))
    assert views.next_run(one, NINE, NINE) == NINE + HOUR + 10 * MINUTE
    assert views.next_run(one, None, NINE + 5 * MINUTE) == NINE + 10 * MINUTE, "without history: the first not yet due"


def test_the_store_remembers_times_and_the_figures_of_the_newest_window(tmp_path: Path) -> None:
    before = view(tmp_path)
    assert views.restored(before, None, None) is before
    made = views.restored(before, ROW, RESULT)
    assert (made.last_run, made.last_success, made.watermark) == (NINE + 2 * HOUR, NINE + HOUR, NINE + HOUR)
    assert (made.pending, made.last_run_seconds, made.last_record) == (2, 1.5, NINE + MINUTE)
    assert (made.window_start, made.window_end, made.revision, made.run_id) == (NINE, NINE + HOUR, 3, "run-9")
    assert made.figures == Figures(status="violated", rows=4)
    assert (made.baseline_created, made.baseline_records) == (MADE, 7)
    assert "baseline" in RESULT.figures, "what was given stays as it was"


def test_a_judged_window_is_shown_and_ends_the_trouble(tmp_path: Path) -> None:
    found = answer(figures=Figures(status="ok", rows=10, last_record=NINE + 59 * MINUTE))
    made = views.judged(replace(view(tmp_path), trouble="input: gone"), claim(0), found, NINE + HOUR)
    assert (made.trouble, made.last_run, made.last_success) == ("", NINE + HOUR, NINE + HOUR)
    assert (made.window_end, made.run_id, made.last_run_seconds) == (NINE + HOUR, "run-0", 0.5)
    assert (made.last_record, made.baseline_created, made.baseline_records) == (NINE + 59 * MINUTE, MADE, 7)


def test_an_older_window_judged_again_does_not_take_the_place_of_the_newest(tmp_path: Path) -> None:
    newest = answer(figures=Figures(status="ok", rows=10, last_record=NINE + 119 * MINUTE))
    older = answer(figures=Figures(status="violated", rows=99, last_record=NINE + 30 * MINUTE))
    shown = views.judged(view(tmp_path), claim(1), newest, NINE + 2 * HOUR)
    made = views.judged(shown, claim(0, revision=2), older, NINE + 3 * HOUR)
    assert (made.figures, made.window_end, made.revision, made.run_id) == (
        shown.figures,
        NINE + 2 * HOUR,
        1,
        "run-1",
    )
    assert (made.last_run, made.last_record) == (NINE + 3 * HOUR, NINE + 119 * MINUTE)


def test_the_newest_judged_again_is_shown(tmp_path: Path) -> None:
    shown = views.judged(view(tmp_path), claim(1), answer(), NINE + 2 * HOUR)
    made = views.judged(shown, claim(1, revision=2), answer(figures=Figures(status="violated")), NINE + 3 * HOUR)
    assert made.figures is not None
    assert (made.figures.status, made.revision) == ("violated", 2)


def test_a_baseline_of_which_nothing_is_known_has_no_date() -> None:
    assert views.of_baseline({}) == {"baseline_created": None, "baseline_records": None}


def test_alarms_are_those_that_the_store_has_counted_and_of_none_that_is_not_followed(tmp_path: Path) -> None:
    assert views.restored(view(tmp_path), replace(ROW, alarms=7), None).alarms == 7
    assert (view(tmp_path).alarms, view(tmp_path).is_shadow) == (0, False)
    one = watched(tmp_path, "}, checks: [{rule: volume}], shadow: true, labels: {a: b")
    made = views.configured(one, NINE, NINE)
    assert (made.alarms, made.is_shadow) == (None, True)
    assert views.restored(made, replace(ROW, alarms=7), None).alarms is None
