"""A scrape says what the snapshot and the counters say, in either format, whatever names are called."""

import gc
from dataclasses import replace
from datetime import timedelta
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from metrics.scrapes import OPEN, at, metrics, named, scraped
from metrics.views import NOW, RULES, figures, view
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily

from monitor.metrics.state import series
from monitor.metrics.table import TABLE
from monitor.metrics.view import Incidents, Labels, MonitorView, Snapshot


@pytest.mark.parametrize("accept", ["", OPEN])
def test_a_scrape_tells_the_last_window(accept: str) -> None:
    found = scraped(metrics(view(labels={"team": "growth"})), accept)
    expected = {
        at("monitor_window_records", monitor="churn"): 1000,
        at("monitor_features", monitor="churn"): 2,
        at("monitor_drifted_features", monitor="churn"): 1,
        at("monitor_violations", monitor="churn", rule="drift"): 1,
        at("monitor_violations", monitor="churn", rule="range"): 0,
        at("feature_drifted", monitor="churn", feature="age"): 1,
        at("feature_drifted", monitor="churn", feature="zip"): 0,
        at("feature_drift_score", monitor="churn", feature="age", method="largest_shift"): 0.25,
        at("feature_drift_threshold", monitor="churn", feature="zip", method="largest_shift"): 0.1,
        at("feature_missing_ratio", monitor="churn", feature="zip"): 0.5,
        at("monitor_interval_seconds", monitor="churn"): 3600,
        at("monitor_windows_pending", monitor="churn"): 0,
        at("monitor_last_success_timestamp_seconds", monitor="churn"): NOW.timestamp(),
        at("baseline_records", monitor="churn"): 2333,
        at("metrics_dropped_series", monitor="churn"): 0,
        at("monitors"): 1,
    }
    assert {key: found[key] for key in expected} == expected
    (info,) = named(found, "monitor_info")
    assert info == {
        "monitor": "churn", "kind": "data_quality", "model": "churn", "model_version": "7", "baseline": "churn",
        "model_endpoint": "churn-xgb", "timezone": "UTC", "team": "growth",
    }  # fmt: skip


def test_the_two_formats_say_the_same() -> None:
    made = metrics(view(), view("other"))
    text, other = scraped(made), scraped(made, OPEN)
    assert text.keys() == other.keys()
    ours = {key: value for key, value in text.items() if key[0].startswith("driftd_monitor")}
    assert len(ours) > 30
    assert {key: other[key] for key in ours} == ours


def test_our_lines_are_those_that_prometheus_client_would_write() -> None:
    one = view("a", features=('q"uo\\te', "new\nline", "é"))
    registry = CollectorRegistry()
    families: dict[str, GaugeMetricFamily] = {}
    (drift,) = [row for row in TABLE if row.name == "driftd_feature_drifted"]
    body = metrics(one).exposition("", ["driftd_feature_drifted"])[0].decode()

    class Slow:
        def collect(self) -> list[GaugeMetricFamily]:
            family = families.setdefault("x", GaugeMetricFamily(drift.name, drift.meaning, labels=drift.labels))
            for name, moved in {'q"uo\\te': 1.0, "new\ufffdline": 0.0, "é": 0.0}.items():
                family.add_metric(["a", name], moved)
            return [family]

    registry.register(Slow())  # type: ignore[arg-type]
    theirs = generate_latest(registry).decode()
    labels = [line.replace('feature="', "").split("{")[0] for line in theirs.splitlines()]
    assert labels == [line.replace('feature="', "").split("{")[0] for line in body.splitlines()]
    assert sorted(map(_parts, theirs.splitlines())) == sorted(map(_parts, body.splitlines()))


def _parts(line: str) -> list[str]:
    """A line without the order of its labels."""
    return [line] if line.startswith("#") else sorted(line.replace("{", ",").replace("}", ",").split(","))


def test_what_is_not_known_has_no_series_and_is_not_0() -> None:
    found = scraped(metrics(MonitorView(name="new")))
    assert {name.removeprefix("driftd_") for name, labels in found if ("monitor", "new") in labels} == {
        "monitor_info", "monitor_enabled", "monitor_shadow", "monitor_interval_seconds", "metrics_dropped_series",
    }  # fmt: skip


def test_a_monitor_that_is_gone_leaves_nothing() -> None:
    made = metrics(view("a"), view("b"))
    for name in ("a", "b"):
        made.watch(name, ["drift"])
    made.forget("a")
    made.show(Snapshot(monitors=(view("b"),)))
    made.run_finished("a", seconds=1, figures=figures("age"))
    made.records_late("a", 3)
    made.windows_skipped("a", "expired")
    monitors = {dict(labels).get("monitor") for _, labels in scraped(made)}
    assert monitors == {None, "b"}


@pytest.mark.parametrize(("minutes", "is_there"), [(179, True), (181, False)])
def test_a_monitor_that_stopped_shows_its_last_window_for_three_intervals(minutes: int, is_there: bool) -> None:
    found = scraped(metrics(replace(view(), window_end=NOW - timedelta(minutes=minutes))))
    gone = {"feature_drifted", "feature_drift_score", "feature_drift_threshold", "feature_missing_ratio"}
    gone |= {"monitor_violations", "monitor_features", "monitor_drifted_features"}
    assert {bool(named(found, name)) for name in gone} == {is_there}
    stay = ("monitor_last_success_timestamp_seconds", "monitor_enabled", "monitor_interval_seconds", "monitor_info")
    assert all(named(found, name) for name in stay)


def test_only_what_was_asked_for_is_told() -> None:
    made = metrics(view())
    found = scraped(made, names=("driftd_monitors", "driftd_feature_drifted", "driftd_metrics_dropped_series"))
    assert {name for name, _ in found} == {
        "driftd_monitors", "driftd_feature_drifted", "driftd_metrics_dropped_series",
    }  # fmt: skip
    assert scraped(made, names=("nothing",)) == {}


def test_a_monitors_own_label_takes_no_place_of_ours() -> None:
    (info,) = named(scraped(metrics(view(labels={"monitor": "x", "kind": "y", "tier": "1"}))), "monitor_info")
    assert (info["monitor"], info["kind"], info["tier"]) == ("churn", "data_quality", "1")


@given(st.lists(st.text(st.characters(exclude_categories=()), max_size=260), unique=True, min_size=1, max_size=6))
def test_no_name_breaks_a_scrape(names: list[str]) -> None:
    made = metrics(view(names[0], features=tuple(names), labels={"team": names[-1]}, rules=tuple(names)))
    for accept in ("", OPEN):
        found = scraped(made, accept)
        assert len(named(found, "feature_drifted")) == len(names)
        assert len(named(found, "monitor_violations")) == len({*names, "volume", "drift"})


def test_a_scrape_sees_one_snapshot_or_the_other() -> None:
    made = metrics(*(view(f"m{i}", features=("age",)) for i in range(3)))
    seen = made._state
    made.show(Snapshot(monitors=()))
    assert len(seen) == 3
    assert named(scraped(made), "monitor_info") == []


def test_only_monitors_that_changed_are_written_anew() -> None:
    one, two = view("a"), view("b")
    made = metrics(one, two)
    before = {entry.view.name: entry for entry in made._state}
    made.show(Snapshot(monitors=(one, view("b"))))
    after = {entry.view.name: entry for entry in made._state}
    assert (after["a"] is before["a"], after["b"] is before["b"]) == (True, False)


def test_every_series_is_in_the_table_with_just_its_labels() -> None:
    rows = {row.name: set(row.labels) for row in TABLE}
    labels = Labels(waiting=2, coverage={"1d": 0.5})
    made = metrics(view(figures=figures("age", quality={"auc": 0.8}), truth=labels))
    made.watch("churn", ["drift", "mine"], users=["mine"], actions=["retrain"])
    made.notified("webhook", 0.1, "timeout")
    made.answered("/metrics", "GET", 200, 0.01)
    gc.collect()
    found = [key for key in scraped(made) if key[0].startswith("driftd_")]
    met = set()
    for name, labels in found:
        base = next((row for row in rows if name in (row, f"{row}_bucket", f"{row}_sum", f"{row}_count")), None)
        assert base is not None, name
        assert {label for label, _ in labels} - {"le"} == rows[base], name
        met.add(base)
    assert met == set(rows)
    assert {name for name, _, _ in series(view())} < set(rows)


def test_a_large_scrape_costs_a_fraction_of_a_second() -> None:
    names = tuple(f"feature_{i}" for i in range(50))
    made = metrics(*(view(f"m{i}", features=names) for i in range(200)))
    for i in range(200):
        made.watch(f"m{i}", RULES)
    began = process_time()
    body, _ = made.exposition()
    assert process_time() - began < 1
    assert body.count(b"\n") > 45_000


def test_incidents_are_told_with_every_severity_cause_and_state() -> None:
    found = scraped(metrics(view()))
    churn = {"monitor": "churn"}
    open_ones = {
        labels["severity"]: found[at("monitor_open_incidents", **labels)]
        for labels in named(found, "monitor_open_incidents")
    }
    assert open_ones == {"info": 0, "warning": 0, "page": 2}
    causes = {labels["cause"]: found[at("incidents_total", **labels)] for labels in named(found, "incidents_total")}
    assert (causes.pop("schema"), len(causes), set(causes.values())) == (4, 6, {0})
    assert (found[at("monitor_alert_precision", **churn)], found[at("monitor_false_alarms", **churn)]) == (0.75, 1)
    states = {labels["state"]: found[at("alarm_state", **labels)] for labels in named(found, "alarm_state")}
    assert states == {"ok": 0, "alarm": 0, "insufficient_data": 1}
    quiet = scraped(metrics(replace(view(), incidents=Incidents())))
    assert (named(quiet, "monitor_alert_precision"), named(quiet, "alarm_state")) == ([], [])
    assert quiet[at("monitor_false_alarms", **churn)] == 0


def test_alarms_are_a_counter_in_both_formats() -> None:
    made = metrics(view())
    assert "# TYPE driftd_alarms_total counter\n" in made.exposition()[0].decode()
    text = made.exposition("application/openmetrics-text; version=1.0.0")[0].decode()
    assert "# TYPE driftd_alarms counter\n" in text
    assert 'driftd_alarms_total{monitor="churn"} 3.0\n' in text
