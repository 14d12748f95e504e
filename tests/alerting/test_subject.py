"""What alerts know of a monitor: thresholds from its schedule, severities from its checks."""

from datetime import timedelta
from pathlib import Path

import pytest

from monitor.alerting.layers import matchers, samples
from monitor.alerting.subject import Subject, left_out, subjects
from monitor.cli.config import loaded

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WEEKEND = timedelta(hours=63, minutes=5)


def made(folder: Path, monitor: str, top: str = "") -> Subject:
    """The subject of one monitor, written in one line."""
    path = folder / "driftd.yaml"
    path.write_text(f"{top}\nmonitors: {{m: {{captures: c, baseline: b, {monitor}}}}}\n")
    (found,) = subjects(*loaded(path))
    return found


@pytest.mark.parametrize(
    ("schedule", "longest", "stale"),
    [
        ("1h", HOUR, 2 * HOUR),
        ("{every: 1d, delay: 3h}", DAY, 2 * DAY),
        ('"0 9 * * 1-5"', 3 * DAY, 3 * DAY + timedelta(weeks=52) / 260),
        ('"*/5 9-17 * * 1-5"', WEEKEND, WEEKEND + timedelta(weeks=52) / 28188),
        ('"0-29 * * * *"', timedelta(minutes=31), timedelta(minutes=33)),
    ],
)  # fmt: skip
def test_a_verdict_may_be_as_old_as_the_longest_gap_and_a_window(
    tmp_path: Path, schedule: str, longest: timedelta, stale: timedelta
) -> None:
    found = made(tmp_path, f"schedule: {schedule}")
    assert found.longest == longest
    assert abs(found.stale - stale - timedelta(minutes=10)) < timedelta(minutes=1)


def test_the_first_verdict_takes_the_delay_too_and_a_day_at_least(tmp_path: Path) -> None:
    assert made(tmp_path, "schedule: {every: 1h, delay: 2h}").first == DAY
    assert made(tmp_path, "schedule: {every: 1d, delay: 3h}").first == 2 * DAY + timedelta(hours=3, minutes=10)


def test_learning_is_as_long_as_config_check_says_and_none_where_nothing_is_followed(tmp_path: Path) -> None:
    assert made(tmp_path, "schedule: 1h").learning == 14 * DAY
    assert made(tmp_path, "schedule: NOW").learning is None
    assert made(tmp_path, "checks: [{rule: range}]").learning is None


def test_a_rule_is_as_grave_as_its_gravest_check_and_page_is_critical(tmp_path: Path) -> None:
    checks = "checks: [{rule: range, severity: info, features: {age: {severity: page}, b: {}}}, {rule: volume}]"
    found = made(tmp_path, checks)
    assert found.rules == {"range": "critical", "volume": "warning"}
    assert found.gravest == "critical"


def test_a_check_that_is_off_is_no_rule(tmp_path: Path) -> None:
    assert "outliers" not in made(tmp_path, "checks: [driftd, {rule: outliers, enabled: false}]").rules


def test_sagemakers_checks_are_there_by_its_own_names(tmp_path: Path) -> None:
    found = made(tmp_path, "checks: sagemaker")
    assert found.rules["baseline_drift_check"] == "warning"
    assert matchers(found) == {"warning": [""]}


def test_a_feature_is_told_with_the_severity_of_the_last_check_that_names_it(tmp_path: Path) -> None:
    drift = "{rule: drift, features: {'amount_*': {severity: page}, amount_x: {severity: info}}}"
    found = made(tmp_path, f"checks: [driftd, {drift}]")
    assert matchers(found) == {
        "critical": [', feature=~"amount_.*", feature!~"amount_x"'],
        "warning": [', feature!~"amount_.*", feature!~"amount_x"'],
        "info": [', feature=~"amount_x"'],
    }
    assert samples(found) == {"some feature": "warning", "amount_some feature": "critical", "amount_x": "info"}


def test_a_check_that_another_leaves_nothing_has_no_rule(tmp_path: Path) -> None:
    found = made(tmp_path, "checks: [driftd, {rule: drift, features: {'*': {severity: page}}}]")
    assert matchers(found) == {"critical": [""]}


def test_without_series_of_features_there_is_no_alert_on_single_ones(tmp_path: Path) -> None:
    assert made(tmp_path, "checks: driftd", "metrics: {feature_detail: none}").drift == ()
    violating = made(tmp_path, "checks: driftd", "metrics: {feature_detail: violating}")
    assert (len(violating.drift), violating.shows_features) == (1, False)


def test_a_label_of_driftds_own_is_left_out_and_told(tmp_path: Path) -> None:
    found = made(tmp_path, 'labels: {team: growth, severity: high, rule: x, empty: ""}, endpoint: {model: churn}')
    assert found.names == {"monitor": "m", "model": "churn", "model_endpoint": "m", "team": "growth"}
    config, _ = loaded(tmp_path / "driftd.yaml")
    assert [line.split(":")[:2] for line in left_out(config)] == [
        ["monitors.m.labels", " 'rule' is a label of driftd's own; its alerts go without yours"],
        ["monitors.m.labels", " 'severity' is a label of driftd's own; its alerts go without yours"],
    ]


def test_a_paused_monitor_has_no_alerts(tmp_path: Path) -> None:
    path = tmp_path / "driftd.yaml"
    path.write_text("monitors: {m: {captures: c, baseline: b, enabled: false}}\n")
    assert subjects(*loaded(path)) == ()
