"""`driftd suggest`: what to write for a monitor, from its own windows."""

from pathlib import Path

import command
import evidences
import numpy as np
import pandas as pd
import pytest
import streams
import yaml
from command import Ran
from daemons import Farm

from monitor import make_baseline
from monitor.config.load import load

MONITOR = (
    "  m: {captures: captures/m, baseline: baselines/model, columns: {prediction: score}, alarm: {learn: {for: 4d}}}"
)


@pytest.fixture
def farm(tmp_path: Path) -> Farm:
    made = Farm(tmp_path)
    made.baseline()
    made.write(monitors=MONITOR)
    return made


def suggest(farm: Farm, *more: object) -> Ran:
    return command.driftd("suggest", "--config", farm.config, "--monitor", "m", *more)


def test_it_writes_yaml_that_can_be_pasted_with_the_alarms_to_be_expected(farm: Farm) -> None:
    evidences.keep(farm, streams.looks(evidences.layout(farm), 200))
    ran = suggest(farm)
    assert ran.code == 0
    assert ran.out.startswith(
        "# to be expected: 0 alarms in 4.167 days: 0 a month, and below 22 with 95 % confidence\n"
    )
    assert yaml.safe_load(ran.out) == {
        "checks": ["driftd"],
        "alarm": {"tolerance": "2.5%", "learn": {"for": "4d"}, "weights": {"outputs": "25%"}},
    }
    assert "learned from until 2026-01-09 04:00Z; the rest replayed: 0 alarms in 4.167 days" in ran.err
    pasted = "\n".join(f"    {line}" for line in ran.out.splitlines())
    farm.config.write_text(f"monitors:\n  m:\n    captures: captures/m\n    baseline: baselines/model\n{pasted}\n")
    assert load(farm.config).monitors["m"].alarm.tolerance == 0.025


def test_the_checks_that_there_are_stay_among_those_that_are_written(farm: Farm) -> None:
    checks = "checks: [driftd, {rule: range, features: [age], max_share: 5%}]"
    farm.write(monitors=MONITOR.replace("alarm:", f"{checks}, alarm:"))
    evidences.keep(farm, streams.looks(evidences.layout(farm), 192))
    assert yaml.safe_load(suggest(farm).out)["checks"] == [
        "driftd",
        {"rule": "range", "features": ["age"], "max_share": "5%"},
    ]


def test_what_alarm_says_already_stays_and_few_windows_are_said_to_do(farm: Farm) -> None:
    said = "alarm: {false_alarms: {per: 4w}, tolerance_unlearned: 20%, weights: {outputs: 40%}, "
    farm.write(monitors=MONITOR.replace("alarm: {learn: {for: 4d}", f"{said}learn: {{for: 5h, at_least: 5 windows}}"))
    evidences.keep(farm, streams.looks(evidences.layout(farm), 16))
    assert yaml.safe_load(suggest(farm).out)["alarm"] == {
        "false_alarms": {"per": "4w"},
        "tolerance_unlearned": "20%",
        "weights": {"outputs": "40%"},
        "tolerance": "2.5%",
        "learn": {"for": "8h", "at_least": "8 windows"},
    }


def test_it_writes_a_file_that_is_not_there_yet(farm: Farm) -> None:
    evidences.keep(farm, streams.looks(evidences.layout(farm), 192))
    out = farm.folder / "suggested.yaml"
    ran = suggest(farm, "--out", out)
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.endswith(f"{out}: to be put into monitor 'm'\n")
    assert yaml.safe_load(out.read_text())["checks"] == ["driftd"]
    again = suggest(farm, "--out", out)
    assert (again.code, again.err) == (2, f"driftd: --out {out}: is there already; another name would be right\n")


def test_the_rows_of_a_dated_baseline_do_where_no_window_is_stored(farm: Farm) -> None:
    draw = np.random.default_rng(3)
    hours = pd.date_range("2026-01-05", periods=200 * 60, freq="min", tz="UTC")
    rows = pd.DataFrame({"score": draw.random(len(hours)), "age": draw.normal(40, 12, len(hours)), "at": hours})
    make_baseline(rows, columns={"prediction": "score", "time": "at"}).save(farm.folder / "baselines" / "dated")
    farm.write(monitors=MONITOR.replace("baselines/model", "baselines/dated"))
    ran = suggest(farm)
    assert ran.code == 0
    assert ran.err.startswith(
        "no window is stored; these are the baseline's own rows, by their times\nm: 200 windows from "
    )
    assert yaml.safe_load(ran.out)["alarm"]["learn"] == {"for": "4d"}
    farm.write(monitors=MONITOR.replace("baselines/model", "baselines/dated").replace("4d", "5d"))
    assert "makes 200 windows of this schedule; 240 would do" in suggest(farm).err


def test_too_few_windows_are_told_with_how_many_would_do(farm: Farm) -> None:
    evidences.keep(farm, streams.looks(evidences.layout(farm), 100))
    ran = suggest(farm)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "driftd: monitor 'm': 100 windows are too few to learn from one half of them and to try the other; "
        "192 would be right, as learning takes 96\n"
    )
