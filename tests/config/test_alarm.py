"""What counts as drift, as it is written."""

from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from config.files import CHURN, loaded, one

from monitor.config.alarm import Alarm
from monitor.config.grammar import Monitor
from monitor.config.show import document, show


def alarm(folder: Path, text: str) -> Alarm:
    return loaded(folder, f"monitors: {{m: {{{CHURN}, alarm: {text}}}}}").monitors["m"].alarm


def test_without_a_word_it_is_one_false_alarm_a_year_and_two_weeks_of_learning(tmp_path: Path) -> None:
    found = alarm(tmp_path, "{}")
    assert (found.false_alarms.at_most, found.false_alarms.per) == (1, timedelta(weeks=52))
    assert (found.tolerance, found.tolerance_unlearned) == (0.025, 0.1)
    assert (found.learn.time, found.learn.at_least) == (timedelta(weeks=2), 14)
    assert (found.weights.outputs, found.weights.features, found.absorb) == (0.25, {}, False)


def test_every_key_is_read_in_its_type(tmp_path: Path) -> None:
    found = alarm(
        tmp_path,
        "{false_alarms: {at_most: 2, per: 26w, scope: fleet}, tolerance: 5%, tolerance_unlearned: 20%, "
        "learn: {for: 4w, at_least: 28 windows}, weights: {outputs: 50%, features: {age: 10%, zip: 5%}}, absorb: true}",
    )
    assert (found.false_alarms.at_most, found.false_alarms.per) == (2, timedelta(weeks=26))
    assert (found.tolerance, found.tolerance_unlearned) == (0.05, 0.2)
    assert (found.learn.time, found.learn.at_least) == (timedelta(weeks=4), 28)
    assert (found.weights.outputs, found.weights.features) == (0.5, {"age": 0.1, "zip": 0.05})
    assert found.absorb


def test_windows_are_a_number_with_or_without_the_word(tmp_path: Path) -> None:
    assert [alarm(tmp_path, f"{{learn: {{at_least: {text}}}}}").learn.at_least for text in ("20", "20 windows")] == [
        20,
        20,
    ]


@pytest.mark.parametrize(
    ("text", "rows"),
    [("{ks: 0.1}", 0.0992), ("{sd: 0.25}", 0.0987), ("{psi: 0.1}", 0.1241), ("{w1: 10%}", 0.0398)],
)
def test_a_tolerance_in_any_measure_is_the_same_in_rows(tmp_path: Path, text: str, rows: float) -> None:
    assert alarm(tmp_path, f"{{tolerance: {text}}}").tolerance == pytest.approx(rows, abs=5e-5)
    assert alarm(tmp_path, f"{{tolerance_unlearned: {text}}}").tolerance_unlearned == pytest.approx(rows, abs=5e-5)


def test_a_tolerance_replaces_that_of_the_defaults_whatever_both_are_written_in(tmp_path: Path) -> None:
    text = (
        "defaults: {{alarm: {{tolerance: {{psi: 0.1}}}}}}\nmonitors: {{m: {{{0}, alarm: {{tolerance: {{sd: 0.25}}}}}}}}"
    )
    assert loaded(tmp_path, text.format(CHURN)).monitors["m"].alarm.tolerance == pytest.approx(0.0987, abs=5e-5)


def test_what_the_fleet_may_have_is_divided_by_the_monitors_of_the_file(tmp_path: Path) -> None:
    text = "defaults: {{alarm: {{false_alarms: {{at_most: 3, scope: {0}}}}}}}\nmonitors: {{a: {{{1}}}, b: {{{1}}}}}"
    assert loaded(tmp_path, text.format("fleet", CHURN)).monitors["a"].at_most == 1.5
    assert loaded(tmp_path, text.format("monitor", CHURN)).monitors["a"].at_most == 3


def test_a_worker_is_told_its_part_of_what_the_fleet_may_have(tmp_path: Path) -> None:
    text = f"defaults: {{alarm: {{false_alarms: {{scope: fleet}}}}}}\nmonitors: {{a: {{{CHURN}}}, b: {{{CHURN}}}}}"
    config = loaded(tmp_path, text)
    context = {"folder": tmp_path, "formats": ("auto",), "name": "a", "places": {}}
    again = Monitor.model_validate(document(config.monitors["a"]), context=context)
    assert (again.at_most, again.alarm.learn) == (0.5, config.monitors["a"].alarm.learn)


def test_what_is_shown_is_as_it_may_be_written(tmp_path: Path) -> None:
    config = loaded(
        tmp_path, f"monitors: {{m: {{{CHURN}, shadow: true, alarm: {{weights: {{features: {{age: 10%}}}}}}}}}}"
    )
    shown = yaml.safe_load(show(config))["monitors"]["m"]
    assert shown["shadow"] is True
    assert shown["alarm"] == {
        "false_alarms": {"at_most": 1.0, "per": "52w", "scope": "monitor"},
        "tolerance": "2.5%",
        "tolerance_unlearned": "10%",
        "learn": {"for": "2w", "at_least": "14 windows"},
        "weights": {"outputs": "25%", "features": {"age": "10%"}},
        "absorb": False,
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("tolerance: 60%", "tolerance: '60%' is as good as any shift there is; a share of rows below 50% would be "
         "right, such as 2.5%"),
        ("tolerance: {pssi: 0.1}", "tolerance: measure 'pssi': unknown; did you mean 'psi'?"),
        ("tolerance: {chi2: 20}", "tolerance: measure 'chi2': grows with the number of rows, so that no number of it "
         "is a size; {psi: 0.1} would be right, which is nearly chi-squared by row"),
        ("tolerance: {psi: 0.1, ks: 0.1}",
         "tolerance: takes one measure; {psi: 0.1}, {ks: 0.1} or {sd: 0.25} would be right"),
        ("tolerance: {psi: much}", "tolerance: psi 'much' is not a number; a number such as 0.025 or a per cent such "
         "as 2.5% would be right"),
        ("tolerance: {ks: 1.5}",
         "tolerance: ks 1.5: Kolmogorov-Smirnov distance, 2 Phi(d/2) - 1; from 0 and below 1 would be right"),
        ("false_alarms: {at_most: 0}", "false_alarms.at_most: 0 is no number of alarms; 1 would be right, or 0.5 for "
         "one in twice the time"),
        ("false_alarms: {per: 1y}", "false_alarms.per: '1y' is not a duration; a number with its unit would be right: "
         "90s, 15m, 1h, 2d or 1w"),
        ("false_alarms: {scope: all}",
         "false_alarms.scope: 'all' is not known here; monitor or fleet would be right"),
        ("learn: {for: 14}", "learn.for: 14 is not a duration; a number with its unit would be right: 90s, 15m, 1h, 2d "
         "or 1w"),
        ("learn: {fro: 2w}", "learn: unknown key 'fro'; did you mean 'for'?"),
        ("learn: {at_least: 2w}", "learn.at_least: '2w' is not a number of windows; 14, or 14 windows, would be right"),
        ("learn: {at_least: 2}",
         "learn.at_least: 2 is not a number of windows to learn from; from 4 to 100000 would be right"),
        ("weights: {outputs: 100%}", "weights.outputs: '100%' is no part of the budget; a share above 0 and below 100% "
         "would be right, such as 25%"),
        ("weights: {features: {age: 80%}}",
         "weights: come to 105% with outputs; less than 100% would be right, for the other features"),
        ("weights: {features: even}",
         "weights.features: 'even' is not how features share the budget; uniform, or {age: 10%} would be right"),
        ("absorb: 2", "absorb: 2 is not a truth value; true or false would be right"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_what_would_be_right(tmp_path: Path, text: str, told: str) -> None:
    assert one(tmp_path, f"{CHURN}, alarm: {{{text}}}") == [f"monitors.m.alarm.{told}"]
