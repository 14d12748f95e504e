"""What a configuration promises about false alarms."""

from pathlib import Path

import pytest
from config.files import CHURN, loaded

from monitor import promise
from monitor.config.grammar import Config


def fleet(folder: Path, count: int, more: str = "") -> Config:
    monitors = "\n".join(f"  m{number}: {{{CHURN}{more}}}" for number in range(count))
    return loaded(folder, f"monitors:\n{monitors}\n")


def promised(folder: Path, more: str = "", count: int = 1) -> list[str]:
    return list(promise.lines(fleet(folder, count, more).monitors["m0"]))


@pytest.mark.parametrize(
    ("more", "line"),
    [
        ("", "at most 1 false alarm in 52 weeks; learns for 2 weeks, 336 windows"),
        (", schedule: 1d", "at most 1 false alarm in 52 weeks; learns for 2 weeks, 14 windows"),
        (", schedule: 1w", "at most 1 false alarm in 52 weeks; learns for 14 windows, which are 14 weeks"),
        (", schedule: 0 6 * * mon-fri",
         "at most 1 false alarm in 52 weeks; learns for 14 windows, which are 19.6 days"),
        (", alarm: {false_alarms: {at_most: 2, per: 4w}, learn: {for: 4w}}",
         "at most 2 false alarms in 4 weeks; learns for 4 weeks, 672 windows"),
        (", schedule: 4w",
         "at most 0.65 false alarms in 52 weeks (not 1: more than one in 20 windows would tell nothing); "
         "learns for 14 windows, which are 56 weeks"),
        (", schedule: NOW", "drift is not followed over time: there is one window only"),
        (", checks: sagemaker", "drift is not followed over time: no check asks for it"),
    ],
)  # fmt: skip
def test_a_monitor_promises_its_budget_and_says_how_long_it_learns(tmp_path: Path, more: str, line: str) -> None:
    assert promised(tmp_path, more)[:1] == [line]


def test_a_tolerance_is_told_in_every_measure(tmp_path: Path) -> None:
    usual = (
        "2.5 % of rows at the median = 0.0627 sd = KS 0.025 = TV 0.025 = W1 0.063 = PSI 0.0039 = JS 0.027 = "
        "JS base e 0.022 = Hellinger 0.022 = energy 0.047 = Cramer-von Mises 0.0004 = domain AUC 0.518"
    )
    few = "in one window alone chance passes that below {} rows; evidence adds up over windows"
    assert promised(tmp_path)[1:] == [f"tolerance {usual}", few.format("1 535")]
    own = ", alarm: {tolerance: {psi: 0.1}}, checks: [driftd, {rule: drift, features: {age: {tolerance: 2.5%}}}]"
    told = (
        "12.4 % of rows at the median = 0.316 sd = KS 0.126 = TV 0.126 = W1 0.316 = PSI 0.100 = JS 0.133 = "
        "JS base e 0.111 = Hellinger 0.111 = energy 0.237 = Cramer-von Mises 0.0091 = domain AUC 0.588"
    )
    assert promised(tmp_path, own)[1:] == [f"tolerance {told}", few.format("61"), f"tolerance of age: {usual}"]


def test_a_monitor_in_shadow_says_so(tmp_path: Path) -> None:
    assert promised(tmp_path, ", shadow: true")[3:] == ["in shadow: judged, and nothing is done"]


def test_monitors_together_promise_the_sum(tmp_path: Path) -> None:
    assert promise.in_all(fleet(tmp_path, 3).monitors.values()) == (
        "3 monitors: at most 3 false alarms a year are to be expected while traffic wanders as learned"
    )
    monthly = fleet(tmp_path, 2, ", alarm: {false_alarms: {at_most: 1, per: 4w}}")
    assert promise.in_all(monthly.monitors.values()).startswith("2 monitors: at most 26 false alarms a year are ")


def test_what_the_fleet_may_have_stays_the_same_however_many_they_are(tmp_path: Path) -> None:
    shared = ", alarm: {false_alarms: {at_most: 2, scope: fleet}}"
    assert promised(tmp_path, shared, 4)[0] == "at most 0.5 false alarms in 52 weeks; learns for 2 weeks, 336 windows"
    assert promise.in_all(fleet(tmp_path, 4, shared).monitors.values()).startswith(
        "4 monitors: at most 2 false alarms a "
    )


def test_monitors_that_follow_nothing_promise_nothing(tmp_path: Path) -> None:
    assert promise.in_all(fleet(tmp_path, 2, ", checks: sagemaker").monitors.values()) == ""
    assert promise.in_all(fleet(tmp_path, 2, ", enabled: false").monitors.values()) == ""
