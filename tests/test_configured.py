"""What a monitor's configuration asks for, in the words of evaluation."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from config.files import loaded

from monitor import configured, rulepath
from monitor.config.grammar import Config, Monitor
from monitor.rulepath import RulePath
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
