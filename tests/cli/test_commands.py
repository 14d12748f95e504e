"""The commands: what they print, and the exit code they leave with."""

import json
from pathlib import Path

import command
import pytest
import shop

from monitor import rulepath
from monitor.cli import main as entry
from monitor.cli.progress import Bar

RULES = Path(__file__).parents[2] / "rules"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with captures, a baseline and a configuration."""
    folder = tmp_path_factory.mktemp("project")
    command.driftd("baseline", "make", shop.CHURN / "training-dataset-with-header.csv", "--out", folder / "base")
    shop.write(folder / "captures" / "a.jsonl", shop.csv_captures(shop.validation_rows()))
    return folder


def configured(project: Path, checks: str) -> Path:
    path = project / "driftd.yaml"
    path.write_text(f"monitors:\n  churn: {{captures: captures, baseline: base, checks: {checks}}}\n")
    return path


def test_evaluate_judges_a_monitor_as_it_is_configured_and_writes_its_report(project: Path) -> None:
    ran = command.driftd("evaluate", "--config", configured(project, "[driftd]"), "--json")
    folders = list((project / "state" / "reports" / "churn").iterdir())
    assert (ran.code, ran.report["status"], ran.report["monitor"]) == (0, "ok", "churn")
    assert [f.name for f in folders] == ["20260105T000000Z_20260105T005525Z_r1"]
    assert json.loads((folders[0] / "report.json").read_text()) == ran.report
    assert {p.name for p in folders[0].iterdir()} == {
        "report.json",
        "report.html",
        "report.md",
        "statistics.json",
        "constraint_violations.json",
        "constraints.json",
    }


def test_options_for_one_feature_change_the_verdict_on_that_feature_only(project: Path) -> None:
    checks = "[driftd, {rule: mean_shift, features: ['Day *'], max_shift: 0.0001}, {rule: outliers, enabled: false}]"
    ran = command.driftd("evaluate", "--config", configured(project, checks), "--json")
    limits = {f["feature"]: f["threshold"] for f in ran.report["findings"] if f["rule"] == "mean_shift"}
    assert limits["Day Mins"] == limits["Day Calls"] == 0.0001
    assert limits["Eve Mins"] == 0.25
    assert "outliers" not in {f["rule"] for f in ran.report["findings"]}


def test_the_presets_can_stand_together(project: Path) -> None:
    ran = command.driftd("evaluate", "--config", configured(project, "[driftd, sagemaker]"), "--json")
    rules = {f["rule"] for f in ran.report["findings"]}
    assert {"drift", "data_type_check", "baseline_drift_check"} <= rules


def test_an_unknown_monitor_is_exit_2_and_lists_the_known(project: Path) -> None:
    ran = command.driftd("evaluate", "--config", configured(project, "[driftd]"), "--monitor", "chrn")
    assert (ran.code, "has no monitor 'chrn'; name one of churn" in ran.err) == (2, True)


def test_a_config_with_five_mistakes_tells_all_five_with_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "driftd.yaml"
    path.write_text(
        "monitors:\n"
        "  churn:\n"
        "    captures: data\n"
        "    basline: b\n"
        "    schedule: 1 hour\n"
        "    checks: [driftd, {rule: psy}, {rule: range, max_share: lots}]\n"
        "    actions: [x]\n"
    )
    ran = command.driftd("config", "check", path)
    lines = [line.removeprefix(f"driftd: {path}:").split(":")[0] for line in ran.err.splitlines()]
    assert ran.code == 2
    assert lines == ["4", "5", "6", "6", "7"]
    assert "did you mean 'baseline'?" in ran.err


def test_config_check_shows_the_next_three_windows_of_each_monitor(project: Path) -> None:
    path = project / "two.yaml"
    monitor = "captures: c, baseline: b, schedule"
    path.write_text(f"monitors: {{hourly: {{{monitor}: 1h}}, daily: {{{monitor}: '@daily'}}}}")
    ran = command.driftd("config", "check", path)
    lines = ran.out.splitlines()
    assert (ran.code, len(lines)) == (0, 14)
    assert lines[0].endswith("good: 2 monitors (hourly, daily)")
    assert [" judged " in line for line in lines[1:]] == [True, True, True, False, False, False] * 2 + [False]
    assert [line.split(": ")[0] for line in lines[1:-1] if ": " in line] == ["  hourly", "  daily"]


def test_config_check_promises_how_many_false_alarms_are_to_be_expected(project: Path) -> None:
    path = project / "two.yaml"
    monitor = "captures: c, baseline: b, schedule"
    path.write_text(f"monitors: {{hourly: {{{monitor}: 1h}}, off: {{{monitor}: 1h, enabled: false}}}}")
    lines = [line.strip() for line in command.driftd("config", "check", path).out.splitlines()]
    assert lines[4] == "at most 1 false alarm in 52 weeks; learns for 2 weeks, 336 windows"
    assert lines[5].startswith("tolerance 2.5 % of rows at the median = 0.0627 sd = KS 0.025 = ")
    assert lines[6] == "in one window alone chance passes that below 1 535 rows; evidence adds up over windows"
    assert lines[10] == "is not judged: enabled is false"
    assert lines[11] == "1 monitor: at most 1 false alarm a year is to be expected while traffic wanders as learned"


def test_config_check_refuses_a_schedule_that_is_over(project: Path) -> None:
    path = project / "over.yaml"
    path.write_text("monitors: {m: {captures: c, baseline: b, schedule: 'cron(0 0 1 1 ? 2020)'}}")
    ran = command.driftd("config", "check", path)
    assert (ran.code, ran.out) == (2, "")
    assert f"{path}:1: monitors.m.schedule: no window ends in the next 5 years" in ran.err


def test_config_show_prints_a_configuration_that_loads_again(project: Path) -> None:
    shown = command.driftd("config", "show", configured(project, "[driftd]"))
    (project / "shown.yaml").write_text(shown.out)
    assert command.driftd("config", "check", project / "shown.yaml").code == 0


def test_a_monitors_columns_serve_baseline_make(project: Path, tmp_path: Path) -> None:
    config = tmp_path / "c.yaml"
    config.write_text(
        "monitors: {m: {captures: c, baseline: b, columns: {prediction: Churn, categorical: ['Area Code*']}}}"
    )
    source = shop.CHURN / "training-dataset-with-header.csv"
    ran = command.driftd("baseline", "make", source, "--out", tmp_path / "b", "--config", config)
    assert ran.code == 0
    kept = json.loads((tmp_path / "b" / (tmp_path / "b" / "current").read_text().strip() / "baseline.json").read_text())
    features = kept["profile"]["features"]
    assert features["Churn"]["role"] == "prediction"
    assert {features[n]["kind"] for n in features if n.startswith("Area Code")} == {"categorical"}


def test_rules_list_names_every_rule_and_marks_yours() -> None:
    ran = command.driftd("rules", "list", "--rules", RULES)
    assert [name for name in rulepath.PRESET if f"\n{name} " not in f"\n{ran.out}"] == []
    assert "(yours)" in next(line for line in ran.out.splitlines() if line.startswith("refund_share"))


def test_rules_show_prints_the_manual_page_with_every_option() -> None:
    ran = command.driftd("rules", "show", "drift")
    assert ran.out.startswith("drift (asked about: Feature)")
    assert "tolerance: float, default 0.025" in ran.out


def test_rules_show_of_an_unknown_name_says_which_was_meant() -> None:
    ran = command.driftd("rules", "show", "drfit")
    assert (ran.code, ran.err) == (2, "driftd: rule 'drfit': unknown; did you mean 'drift'?\n")


def test_rules_test_is_0_for_good_rules_and_1_for_bad_ones(tmp_path: Path) -> None:
    assert command.driftd("rules", "test", RULES).code == 0
    (tmp_path / "noisy.py").write_text(
        "from monitor import *\n\n@rule\ndef noisy(now: Numeric, base: Numeric) -> Finding:\n"
        '    """Always violated."""\n    return at_most(2, 1)\n'
    )
    ran = command.driftd("rules", "test", tmp_path)
    assert ran.code == 1
    assert "noisy: violated when now is base" in ran.out


@pytest.mark.parametrize("arguments", [(), ("chekc",), ("check",), ("check", "x", "--preset", "nonsense")])
def test_bad_usage_is_exit_2(arguments: tuple[str, ...]) -> None:
    assert command.driftd(*arguments).code == 2


def test_a_bug_is_one_line_and_exit_70(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: object) -> None:
        raise KeyError("oops")

    monkeypatch.setattr(entry.driftd, "main", broken)
    ran = command.driftd("check")
    assert ran.code == 70
    assert ran.err.startswith("driftd: internal error, please report it: KeyError: 'oops' (")


def test_nothing_moves_on_a_pipe() -> None:
    with Bar("reading") as bar:
        assert bar.watch([shop.CHURN]) is None


def test_a_bar_appears_only_after_two_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    with Bar("reading", passes=2) as bar:
        watch = bar.watch([shop.CHURN])
        assert watch is not None
        watch(1000)
        assert bar.progress is None
        bar.started -= 3
        watch(1000)
        assert bar.progress is not None
        assert bar.progress.tasks[0].completed == 2000
