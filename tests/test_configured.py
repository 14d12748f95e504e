"""What a monitor's configuration asks for, in the words of evaluation."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from config.files import loaded

from monitor import configured, rulepath
from monitor.baseline import Baseline
from monitor.config.grammar import Config, Monitor
from monitor.policy.layout import Layout
from monitor.policy.plan import Plan
from monitor.rulepath import RulePath
from monitor.testing import profile
from monitor.window import Window

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
WINDOW = Window(start=NINE, end=NINE + HOUR)


@pytest.fixture(scope="module")
def rules() -> RulePath:
    return rulepath.find()


def config(folder: Path, more: str = "") -> Config:
    return loaded(folder, f"monitors: {{m: {{captures: captures, baseline: base{more}}}}}")


def monitor(folder: Path, more: str = "") -> Monitor:
    return config(folder, more).monitors["m"]


def hours(monitor: Monitor, *, again: bool = False) -> list[int]:
    """The hours (of 2 March; below 0, of the day before) whose folders are entered."""
    files = configured.files(monitor, WINDOW, again=again)
    return [round((file.own - NINE.replace(hour=0)) / HOUR) for file in files]


@pytest.fixture
def captures(tmp_path: Path) -> Path:
    """A file for each of 72 hours, from 1 March on."""
    for number in range(72):
        hour = NINE.replace(day=1, hour=0) + number * HOUR
        path = tmp_path / "captures" / f"{hour:%Y/%m/%d/%H}" / "a.jsonl"
        path.parent.mkdir(parents=True)
        path.touch()
    return tmp_path


def test_captures_are_looked_for_as_far_back_as_they_may_come_late(captures: Path) -> None:
    assert hours(monitor(captures, ", schedule: {late: {allowed: 5h}, delay: 0s}")) == [4, 5, 6, 7, 8, 9, 10]
    assert hours(monitor(captures, ", schedule: {delay: 0s}"))[0] == 9 - 24


def test_clocks_differ_so_two_hours_are_the_least(captures: Path) -> None:
    assert hours(monitor(captures, ", schedule: {late: {allowed: 0s}, delay: 0s}")) == [7, 8, 9, 10]


def test_and_as_far_ahead_as_the_window_waits(captures: Path) -> None:
    assert hours(monitor(captures, ", schedule: {late: {allowed: 0s}, delay: 90m}")) == [7, 8, 9, 10, 11]


def test_a_window_that_is_judged_again_is_looked_for_as_far_ahead_as_it_may_be_late(captures: Path) -> None:
    late = monitor(captures, ", schedule: {late: {allowed: 3h}, delay: 0s}")
    assert hours(late, again=True) == [6, 7, 8, 9, 10, 11, 12, 13]


def test_an_order_holds_checks_window_and_limits(tmp_path: Path, rules: RulePath) -> None:
    asked = monitor(tmp_path, ", limits: {time: 30s, memory: 300MiB}, where: age > 3")
    made = configured.order(asked, rules, config_digest="sha256:0", window=WINDOW)
    assert (made.monitor, made.window, made.config_digest, made.sagemaker) == ("m", WINDOW, "sha256:0", False)
    assert (made.limits.seconds, made.limits.memory_bytes) == (10.0, 300 << 20)
    assert {check.rule.name for check in made.checks} >= {"drift", "completeness"}
    assert made.where is not None
    assert made.preprocess is None


def test_one_call_of_a_users_code_may_take_a_minute_at_most(tmp_path: Path) -> None:
    assert configured.limits(monitor(tmp_path, ", limits: {time: 1h}")).seconds == configured.MOST_CALL_SECONDS


def test_a_preprocessor_stands_in_an_order_by_its_whole_path_unless_it_is_not_wanted(
    tmp_path: Path, rules: RulePath
) -> None:
    (tmp_path / "pre.py").write_text("def preprocess_handler(record):\n    return record\n")
    asked = monitor(tmp_path, ", preprocess: pre.py")
    made = configured.order(asked, rules, config_digest="")
    assert made.preprocess is not None
    assert (made.preprocess.path, made.preprocess.name) == (tmp_path / "pre.py", "preprocess_handler")
    assert configured.order(asked, rules, config_digest="", preprocess=False).preprocess is None


def test_the_digest_is_of_what_is_in_effect(tmp_path: Path) -> None:
    same = configured.digest(config(tmp_path, ", schedule: {every: 1h}"))
    assert same == configured.digest(config(tmp_path, ", schedule: {every: 60m}"))
    assert same != configured.digest(config(tmp_path, ", schedule: {every: 2h}"))
    assert same.startswith("sha256:")


LAYOUT = Layout(
    features=("score", "age", "income", "zip"),
    owner=np.arange(4),
    outputs=np.array([True, False, False, False]),
    counts=np.ones(4, dtype=np.int64),
    totals=np.ones(4, dtype=np.int64) * 2,
    effect=np.ones(4),
    places=(("", ""),) * 4,
)


def planned(folder: Path, more: str = "") -> Plan:
    return configured.plan(monitor(folder, more), LAYOUT)


@pytest.mark.parametrize(
    ("schedule", "interval", "length"),
    [
        ("1h", HOUR, HOUR),
        ("{every: 1d, window: 1w}", 24 * HOUR, 168 * HOUR),
        ("'0 * * * *'", HOUR, HOUR),
        ("{cron: 0 6 * * *, timezone: Europe/Berlin, window: 6h}", 24 * HOUR, 6 * HOUR),
        ("'@weekly'", 168 * HOUR, 168 * HOUR),
        ("'0 6 * * mon-fri'", 24 * HOUR * 7 / 5, 24 * HOUR * 7 / 5),
        ("'cron(0 0 1 1 ? 2050-2060)'", 365 * 24 * HOUR, 365 * 24 * HOUR),
        ("NOW", 24 * HOUR, 24 * HOUR),
    ],
)
def test_windows_are_as_far_apart_as_the_schedule_says_over_a_year(
    tmp_path: Path, schedule: str, interval: timedelta, length: timedelta
) -> None:
    plan = planned(tmp_path, f", schedule: {schedule}")
    assert (plan.interval, plan.length) == (interval, length)


def test_an_hourly_and_a_weekly_monitor_learn_for_two_weeks_and_fourteen_windows(tmp_path: Path) -> None:
    hourly, weekly = planned(tmp_path), planned(tmp_path, ", schedule: 1w")
    assert (hourly.learning, weekly.learning) == (336, 14)
    assert (hourly.period, weekly.period) == (8736, 52)


def test_a_window_in_twenty_is_the_most_that_may_be_a_false_alarm(tmp_path: Path) -> None:
    assert planned(tmp_path, ", schedule: 52w").period == pytest.approx(20)
    assert planned(tmp_path, ", alarm: {false_alarms: {at_most: 100, per: 1h}}").period == pytest.approx(20)


def test_the_plan_keeps_to_what_alarm_says(tmp_path: Path) -> None:
    plan = planned(
        tmp_path,
        ", schedule: {cron: 0 6 * * *, timezone: Europe/Berlin}, alarm: {tolerance: 4%, tolerance_unlearned: 2%, "
        "false_alarms: {at_most: 2, per: 26w}, learn: {for: 4w, at_least: 20}, absorb: true}",
    )
    assert (plan.tolerance, plan.tolerance_unlearned) == (0.04, 0.04), "never narrower than once it is learned"
    assert (plan.at_most, plan.per, plan.timezone, plan.absorbs) == (2, timedelta(weeks=26), "Europe/Berlin", True)
    assert (plan.learn_for, plan.learn_at_least) == (timedelta(weeks=4), 20)


def test_features_that_drift_is_not_put_to_are_left_out(tmp_path: Path) -> None:
    assert planned(tmp_path).left_out == frozenset()
    assert planned(tmp_path, ", checks: [sagemaker]").left_out == set(LAYOUT.features)
    assert planned(tmp_path, ", checks: [driftd, {rule: drift, enabled: false}]").left_out == set(LAYOUT.features)
    checks = (
        "[driftd, {rule: my_own}, {rule: drift, features: ['*e*'], enabled: false}, {rule: drift, features: [age]}]"
    )
    assert planned(tmp_path, f", checks: {checks}").left_out == {"score", "income"}


def test_a_tolerance_of_its_own_is_a_features_own(tmp_path: Path) -> None:
    own = ", checks: [driftd, {rule: drift, features: [age], tolerance: 10%}], alarm: {tolerance: 4%}"
    assert planned(tmp_path, own).tolerances == {"age": 0.1}
    everyone = planned(tmp_path, ", checks: [driftd, {rule: drift, tolerance: 10%}]").tolerances
    assert everyone == dict.fromkeys(LAYOUT.features, 0.1)


def test_outputs_divide_their_part_of_the_budget_and_named_features_have_their_own(tmp_path: Path) -> None:
    assert planned(tmp_path).weights == {"score": 0.25}
    weights = ", alarm: {weights: {outputs: 40%, features: {age: 10%, gone: 5%}}}"
    assert planned(tmp_path, weights).weights == {"score": 0.4, "age": 0.1}
    alone = ", checks: [{rule: drift, features: [score, age]}, {rule: drift, enabled: true}]"
    assert planned(tmp_path, alone).weights == {"score": 0.25}


def test_where_nobody_is_left_for_the_rest_those_there_are_have_the_whole_budget(tmp_path: Path) -> None:
    only = ", checks: [driftd, {rule: drift, features: [income, zip], enabled: false}]"
    weights = ", alarm: {weights: {outputs: 25%, features: {age: 25%}}}"
    assert planned(tmp_path, only + weights).weights == {"score": 0.5, "age": 0.5}
    score = ", checks: [driftd, {rule: drift, features: [income, zip, age], enabled: false}]"
    assert planned(tmp_path, score).weights == {}


def names(folder: Path, rules: RulePath, more: str = "", *, is_followed: bool = True) -> list[str]:
    found = configured.checks(monitor(folder, more), rules, is_followed=is_followed)
    return [check.rule.name for check in found if check.enabled]


def test_what_the_preset_leaves_out_is_asked_where_a_check_names_it(tmp_path: Path, rules: RulePath) -> None:
    assert "prediction_outliers" not in names(tmp_path, rules)
    assert "prediction_outliers" in names(tmp_path, rules, is_followed=False)
    named = names(tmp_path, rules, ", checks: [driftd, {rule: prediction_outliers, severity: page}]")
    assert {"prediction_outliers", "drift"} <= set(named)
    assert "mean_shift" not in named
    assert "mean_shift" in names(tmp_path, rules, ", checks: [{rule: mean_shift}, {rule: drift}]")


@pytest.mark.parametrize(
    ("more", "is_followed"),
    [
        ("", True),
        (", checks: [{rule: drift, features: [age]}]", True),
        (", checks: [sagemaker]", False),
        (", checks: [{rule: volume}]", False),
        (", checks: [driftd, {rule: drift, enabled: false}]", False),
        (", schedule: NOW", False),
    ],
)
def test_windows_are_followed_where_drift_is_asked_about_more_than_one(
    tmp_path: Path, rules: RulePath, more: str, is_followed: bool
) -> None:
    assert configured.follows(monitor(tmp_path, more), rules) is is_followed


def test_what_was_learned_holds_for_the_same_cells_and_windows_only(tmp_path: Path) -> None:
    base = Baseline(name="b", profile=profile({"age": [1.5, 2.5, 3.5] * 30}), digest="sha256:1")
    digest = configured.layout(monitor(tmp_path), base).digest
    assert digest == configured.layout(monitor(tmp_path, ", alarm: {tolerance: 4%}"), base).digest
    others = [
        configured.layout(monitor(tmp_path), replace(base, digest="sha256:2")),
        configured.layout(monitor(tmp_path), replace(base, profile=profile({"age": [1.5, 2.5, 9.5] * 30}))),
        configured.layout(monitor(tmp_path, ", schedule: 2h"), base),
        configured.layout(monitor(tmp_path, ", schedule: {every: 1h, window: 2h}"), base),
    ]
    assert len({digest, *(other.digest for other in others)}) == 5
