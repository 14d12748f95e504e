"""The word that dashboards have for a monitor: by synthetic series, in promtool. Nothing is OK that is not known."""

import json
from pathlib import Path
from typing import Any

import boards
import pytest
from deployment import ran

JOB = 'job="driftd", instance="a:9465"'
LENGTH = 600  # seconds of an hour of which the test looks at the end, a minute a sample
WELL = {
    "monitor_enabled": "1",
    "monitor_interval_seconds": "600",
    "monitor_last_run_timestamp_seconds": "3500",
    "monitor_last_success_timestamp_seconds": "3500",
    "monitor_watermark_timestamp_seconds": "3500",
    "monitor_last_record_timestamp_seconds": "3400",
    "monitor_window_records": "100",
    "monitor_features": "4",
    "monitor_learned_windows": "4",
    "monitor_learned_windows_needed": "4",
    "metrics_dropped_series": "0",
    'monitor_violations{rule="drift"}': "0",
    'rule_evaluation_failures_total{rule="own", reason="raised"}': "0",
    **{f'feature_drifted{{feature="{name}"}}': "0" for name in "abcd"},
}
"""A monitor of which everything is known, and all is well."""
CASES = {
    "all is well": ({}, "OK", ()),
    "a rule is violated": ({'monitor_violations{rule="drift"}': "1"}, "VIOLATED", ()),
    "paused": ({"monitor_enabled": "0"}, "PAUSED", ()),
    "never judged": (
        {**dict.fromkeys(name for name in WELL if "enabled" not in name and "interval" not in name)},
        "UNKNOWN",
        ("never judged yet",),
    ),
    "old": (
        {"monitor_last_success_timestamp_seconds": "1700", "monitor_last_run_timestamp_seconds": "1700"},
        "UNKNOWN",
        ("no verdict for two intervals: what is shown is old",),
    ),
    "old and violated": (
        {
            "monitor_last_success_timestamp_seconds": "1700",
            "monitor_last_run_timestamp_seconds": "1700",
            'monitor_violations{rule="drift"}': "1",
        },
        "UNKNOWN",
        ("no verdict for two intervals: what is shown is old",),
    ),
    "the last run failed": (
        {"monitor_last_run_timestamp_seconds": "3550"},
        "UNKNOWN",
        ("the last run failed",),
    ),
    "a rule broke": (
        {'rule_evaluation_failures_total{rule="own", reason="raised"}': "1"},
        "UNKNOWN",
        ("a rule broke within the hour",),
    ),
    "nothing judged": (
        {f'feature_drifted{{feature="{name}"}}': None for name in "abcd"},
        "UNKNOWN",
        ("no feature could be judged",),
    ),
    "few judged": (
        {f'feature_drifted{{feature="{name}"}}': None for name in "abc"},
        "OK IN PART",
        ("half of the features or fewer could be judged",),
    ),
    "half judged": (
        {f'feature_drifted{{feature="{name}"}}': None for name in "ab"},
        "OK IN PART",
        ("half of the features or fewer could be judged",),
    ),
    "most judged": ({'feature_drifted{feature="a"}': None}, "OK", ()),
    "empty window": (
        {"monitor_window_records": "0", **{f'feature_drifted{{feature="{name}"}}': None for name in "abcd"}},
        "UNKNOWN",
        ("the last window was empty", "no feature could be judged"),
    ),
    "captures stopped": ({"monitor_last_record_timestamp_seconds": "2000"}, "OK", ("no captures arrive",)),
    "learning": ({"monitor_learned_windows": "2"}, "OK", ("still learning: held against training only",)),
    "dropped": ({"metrics_dropped_series": "3"}, "OK", ("series are left out by metrics.max_series",)),
}


def series(changes: dict[str, str | None]) -> list[dict[str, str]]:
    """A sample a minute, up to the hour; a counter that is not 0 has grown in between."""
    found = [{"series": f"driftd_leader{{{JOB}}}", "values": "1x60"}]
    for name, value in {**WELL, **changes}.items():
        metric, _, labels = name.partition("{")
        values = f"0x55 {value}x4" if metric.endswith("_total") else f"{value}x60"
        own = f", {labels.removesuffix('}')}" if labels else ""
        if value is not None:
            found.append({"series": f'driftd_{metric}{{{JOB}, monitor="m"{own}}}', "values": values})
    return found


def told(folder: Path, changes: dict[str, str | None], expr: str, samples: list[tuple[str, float]]) -> None:
    expected = [{"labels": labels, "value": value} for labels, value in samples]
    test = {
        "interval": "1m",
        "input_series": series(changes),
        "promql_expr_test": [{"expr": expr, "eval_time": "1h", "exp_samples": expected}],
    }
    tried(folder, test)


def tried(folder: Path, test: dict[str, Any]) -> None:
    (folder / "test.yml").write_text(json.dumps({"rule_files": [], "evaluation_interval": "1m", "tests": [test]}))
    ran("promtool", "test", "rules", folder / "test.yml")


@pytest.mark.parametrize("case", CASES)
def test_a_monitor_stands_as_is_known_of_it(tmp_path: Path, case: str) -> None:
    changes, word, _ = CASES[case]
    (code,) = [code for code, text in boards.words("overview", "State of every monitor").items() if text == word]
    query = boards.queried("overview", "State of every monitor").plain()
    told(tmp_path, changes, query, [('{monitor="m"}', code)])


@pytest.mark.parametrize("case", CASES)
def test_what_is_unknown_has_its_reasons(tmp_path: Path, case: str) -> None:
    changes, _, reasons = CASES[case]
    query = f"count by (reason) ({boards.queried('overview', 'Unknown, and why').plain()})"
    told(tmp_path, changes, query, [(f'{{reason="{reason}"}}', 1) for reason in reasons])


@pytest.mark.parametrize(
    "title", ["Violated", "Unknown", "OK", "Open incidents", "Features drifted", "Unknown, and why"]
)
def test_without_a_leader_nothing_is_said(tmp_path: Path, title: str) -> None:
    query = boards.queried("overview", title).plain().replace("driftd_leader", "driftd_gone")
    told(tmp_path, {}, query, [])


@pytest.mark.parametrize(("title", "number"), [("Violated", 0), ("Unknown", 0), ("OK", 1)])
def test_monitors_are_counted_by_how_they_stand(tmp_path: Path, title: str, number: int) -> None:
    told(tmp_path, {}, boards.queried("overview", title).plain(), [("{}", number)])


def test_a_new_model_is_marked_once_and_a_new_monitor_is_not(tmp_path: Path) -> None:
    query = boards.queried("monitor", "mark New model or baseline").plain(step="1m")
    series = [
        {"series": f"driftd_leader{{{JOB}}}", "values": "1x60"},
        {"series": f'driftd_monitor_info{{{JOB}, monitor="churn", model_version="7"}}', "values": "_x9 1x20 stale"},
        {"series": f'driftd_monitor_info{{{JOB}, monitor="churn", model_version="8"}}', "values": "_x30 1x29"},
    ]
    marked = [{"labels": f'driftd_monitor_info{{{JOB}, monitor="churn", model_version="8"}}', "value": 1}]
    at = {"11m": [], "20m": [], "31m": marked, "40m": [], "50m": []}
    asked = [{"expr": query, "eval_time": moment, "exp_samples": samples} for moment, samples in at.items()]
    tried(tmp_path, {"interval": "1m", "input_series": series, "promql_expr_test": asked})
