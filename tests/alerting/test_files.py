"""The files that `driftd config rules` writes, by promtool and amtool."""

import re
import shutil
from pathlib import Path
from typing import Any

import command
import pytest
import yaml
from deployment import RULES, alerts, asked, document, ran, series

from monitor.alerting import shipped
from monitor.alerting.generic import TRIALS
from monitor.alerting.rungs import RUNGS

TOP = "defaults: {captures: c, baseline: b}\nmonitors:\n"
ONE = TOP + '  churn: {schedule: 1h, endpoint: {model: churn}, labels: {team: growth, tier: "1"}}\n'
ODD = (
    TOP
    + r"""
  a.b-c_d:
    endpoint: {name: "say \"hi\" {{ $value }} \\ ümläut", model: "two\nlines"}
    schedule: "0 9 * * 1-5"
    labels: {team: "a\"b {{ .X }}, c\\", tier: "1", severity: high, empty: ""}
    checks:
      - driftd
      - {rule: drift, features: {"amt_*": {severity: page}, "v[!12]?": {severity: page}, "x.y(z)": {severity: info}}}
      - {rule: volume, severity: page}
  A: {schedule: "@monthly", labels: {team: "no"}, checks: [driftd, sagemaker], alarm: {learn: {at_least: 4 windows}}}
  n.0: {schedule: NOW, checks: sagemaker}
  off: {enabled: false}
"""
)
CHECKS = "[{rule: volume}, {rule: drift}]"
MANY = TOP + "".join(
    f"  m-{n}.{n % 7}: {{schedule: {n % 5 + 1}h, labels: {{team: t{n % 10}}}, checks: {CHECKS}}}\n" for n in range(200)
)


def made(folder: Path, text: str, *options: str) -> Path:
    """The folder of the files of a configuration."""
    folder.mkdir(exist_ok=True)
    (folder / "driftd.yaml").write_text(text, encoding="utf-8")
    told = command.driftd("config", "rules", folder / "driftd.yaml", "--out", folder / "out", *options)
    assert told.code == 0, told.err
    return folder / "out"


@pytest.fixture(scope="module", params=[ONE, ODD, MANY], ids=["one", "three", "two hundred"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("rules"), request.param)


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("odd"), ODD)


def rules(folder: Path) -> list[dict[str, Any]]:
    """All rules that raise an alert."""
    groups = document(folder / "driftd.rules.yml")["groups"]
    return [rule for group in groups for rule in group["rules"] if "alert" in rule]


def test_promtool_and_amtool_find_no_fault(folder: Path) -> None:
    assert "SUCCESS" in ran("promtool", "check", "rules", "--lint-fatal", folder / "driftd.rules.yml")
    assert "SUCCESS" in ran("amtool", "check-config", folder / "alertmanager.yml")


def test_the_tests_made_beside_the_rules_pass(folder: Path) -> None:
    assert "SUCCESS" in ran("promtool", "test", "rules", folder / "driftd.rules.test.yml", seconds=300)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("(time() - ", "(1.001 * time() - "),
        ('monitor="A"} == 1', 'monitor="a.b-c_d"} == 1'),
        ('driftd_feature_drifted{monitor="A"} == 1', 'driftd_feature_drifted{monitor="A"} >= 0'),
        ("severity: critical", "severity: warning"),
        ('feature!~"amt_.*"', 'feature!~"zzz"'),
        ("driftd_monitor_violations{", "driftd_monitor_violations_{"),
        ("for: 15m", "for: 0s"),
        ("for: 15m", "for: 52w"),
        ("rung: schema", "rung: volume"),
        ("* on (job, instance, monitor) group_left (team, tier) driftd_monitor_info", "* 1"),
        ("before the end of", "behind the end of"),
        ("< 0.5", "< 0.001"),
    ],
)
def test_the_tests_see_a_broken_rule(odd: Path, tmp_path: Path, right: str, wrong: str) -> None:
    on_driftd, begin, on_monitors = (odd / "driftd.rules.yml").read_text().partition("- name: driftd-monitors")
    assert right in on_monitors
    (tmp_path / "driftd.rules.yml").write_text(on_driftd + begin + on_monitors.replace(right, wrong))
    shutil.copy(odd / "driftd.rules.test.yml", tmp_path)
    assert "FAILED" in ran("promtool", "test", "rules", tmp_path / "driftd.rules.test.yml", code=1)


@pytest.mark.parametrize(
    ("metric", "value", "silent"),
    [
        ("driftd_leader", 0, "Driftd.*"),
        ("driftd_monitor_shadow", 1, "DriftdFeatureDrift|DriftdViolation"),
        (
            "driftd_monitor_enabled",
            0,
            "DriftdMonitorStale|DriftdMonitorNeverSucceeded|DriftdCaptureStale|DriftdFewJudged",
        ),
        ("driftd_metrics_dropped_series", 7, "DriftdFewJudged"),
    ],
)
def test_a_stand_by_a_shadow_and_a_paused_monitor_are_silent(
    odd: Path, tmp_path: Path, metric: str, value: int, silent: str
) -> None:
    """The tests made beside the rules, in which everything is broken, with one series changed."""
    tests = document(odd / "driftd.rules.test.yml")
    tests["tests"] = [test for test in tests["tests"] if "all monitors" not in test["name"]]
    for test in tests["tests"]:
        for row in test["input_series"]:
            if row["series"].startswith(metric):
                row["values"] = f"{value}+0x1 stale"
        for case in test["alert_rule_test"]:
            if re.fullmatch(silent, case["alertname"]):
                case["exp_alerts"] = []
    (tmp_path / "driftd.rules.test.yml").write_text(yaml.safe_dump(tests))
    shutil.copy(odd / "driftd.rules.yml", tmp_path)
    assert "SUCCESS" in ran("promtool", "test", "rules", tmp_path / "driftd.rules.test.yml")


def test_every_alert_is_tried_firing_silent_and_stale(odd: Path) -> None:
    made_here = {rule["alert"] for rule in rules(odd)} - {one["alert"] for one in shipped.groups("daemon")[0]["rules"]}
    cases = [case for test in document(odd / "driftd.rules.test.yml")["tests"] for case in test["alert_rule_test"]]
    told = [(case["alertname"], alert["exp_labels"]) for case in cases for alert in case["exp_alerts"]]
    assert {name for name, _ in told} == {case["alertname"] for case in cases if not case["exp_alerts"]} == made_here
    for rule in rules(odd):
        if "monitor" in rule["labels"]:
            fixed = {name: value for name, value in rule["labels"].items() if "{{" not in value}
            assert any(name == rule["alert"] and fixed.items() <= labels.items() for name, labels in told), rule


def test_an_alert_has_the_houses_form(folder: Path) -> None:
    for rule in rules(folder):
        told = rule["annotations"]
        assert set(told) == {"summary", "description", "runbook_url"}
        assert rule["labels"]["severity"] in ("critical", "warning", "info")
        assert rule["labels"].get("rung", "drift") in RUNGS
        assert told["runbook_url"].endswith(f"/docs/runbooks/{rule['alert']}.md")
        assert "$value" not in str(rule["labels"]).replace('{{ "{{" }} $value', "")


def test_rules_ask_for_series_that_driftd_exposes(odd: Path) -> None:
    for rule in rules(odd):
        assert asked(rule["expr"]) - series() == set()


def test_the_file_stands_in_the_place_of_the_shipped_ones(odd: Path) -> None:
    """The package has a copy of them: `cp deploy/prometheus/rules/NAME.yml monitor/shipped/prometheus/`."""
    assert {rule["alert"] for rule in rules(odd)} > set(alerts())
    copies = {path.name: path.read_text() for path in shipped.FOLDER.glob("*.yml")}
    assert set(copies) == {"daemon.yml", "monitors.yml", "records.yml"}
    assert {path.name: path.read_text() for path in RULES if path.name in copies} == copies
    named = [rule["alert"] for group in shipped.groups("monitors") for rule in group["rules"]]
    assert {*named, "DriftdRulesOutdated"} - shipped.FROM_THE_SCHEDULE == set(TRIALS)


def test_labels_are_the_monitors_own_whatever_they_hold(odd: Path) -> None:
    cases = [case for test in document(odd / "driftd.rules.test.yml")["tests"] for case in test["alert_rule_test"]]
    labels = [alert["exp_labels"] for case in cases for alert in case["exp_alerts"]]
    own = [one for one in labels if one.get("monitor") == "a.b-c_d"]
    assert len(own) > 20
    assert {one["team"] for one in own} == {'a"b {{ .X }}, c\\'}
    assert {one["model"] for one in own if "model" in one} == {"two\ufffdlines"}
    assert {one["severity"] for one in own} == {"critical", "warning", "info"}


@pytest.mark.parametrize(
    ("labels", "receiver"),
    [
        (("alertname=DriftdDown", "severity=critical"), "page"),
        (("alertname=DriftdViolation", "severity=warning", "monitor=n.0"), "ticket"),
        (("alertname=DriftdBaselineOld", "severity=info", "monitor=n.0"), "look"),
        (("alertname=DriftdFeatureDrift", "severity=critical", "team=no"), "no-page"),
        (("alertname=DriftdFeatureDrift", "severity=warning", "team=no"), "no-ticket"),
        (("alertname=DriftdLearningLate", "severity=info", "team=no"), "no-look"),
        (("alertname=DriftdViolation", "severity=critical", 'team="a\\"b {{ .X }}, c\\\\"'), 'a"b {{ .X }}, c\\-page'),
    ],
)
def test_an_alert_goes_to_its_owner_and_by_its_severity(odd: Path, labels: tuple[str, ...], receiver: str) -> None:
    told = ran("amtool", "config", "routes", "test", f"--config.file={odd / 'alertmanager.yml'}", *labels)
    assert told.splitlines()[0] == receiver


def test_another_label_can_say_whose_a_monitor_is_and_an_unknown_one_is_refused(tmp_path: Path) -> None:
    out = made(tmp_path, ONE, "--by", "tier")
    told = ran("amtool", "config", "routes", "test", f"--config.file={out / 'alertmanager.yml'}", "tier=1")
    assert told.splitlines()[0] == "1-ticket"
    refused = command.driftd("config", "rules", tmp_path / "driftd.yaml", "--by", "tem")
    assert (refused.code, refused.out) == (2, "")
    assert "--by 'tem': no monitor has this label; team, tier would be right" in refused.err


def test_times_between_messages_are_alertmanagers_own(odd: Path) -> None:
    route = document(odd / "alertmanager.yml")["route"]
    assert [route[name] for name in ("group_wait", "group_interval", "repeat_interval")] == ["30s", "5m", "4h"]
    assert route["group_by"] == ["job", "monitor"]


def test_inhibition_names_alerts_and_rungs_that_exist(odd: Path) -> None:
    text = str(document(odd / "alertmanager.yml")["inhibit_rules"])
    known = {rule["alert"] for rule in rules(odd)}
    assert set(re.findall(r"Driftd\w+", text)) - known == set()
    assert set(re.findall(r'rung=~?"([^"]*)"', text)) <= {".+", *RUNGS, "|".join(RUNGS[:3])} | {
        "|".join(RUNGS[n:]) for n in range(len(RUNGS))
    }


def test_without_a_folder_the_rules_are_printed_and_the_same_wherever_the_file_lies(tmp_path: Path) -> None:
    one, other = made(tmp_path / "one", ONE), made(tmp_path / "other", ONE)
    for name in ("driftd.rules.yml", "driftd.rules.test.yml", "alertmanager.yml"):
        assert (one / name).read_bytes() == (other / name).read_bytes()
        assert str(tmp_path) not in (one / name).read_text()
    printed = command.driftd("config", "rules", tmp_path / "one" / "driftd.yaml")
    assert (printed.code, printed.out) == (0, (one / "driftd.rules.yml").read_text())


def test_receivers_that_were_filled_in_stay(tmp_path: Path) -> None:
    out = made(tmp_path, ONE)
    mine = (out / "alertmanager.yml").read_text() + "# mine\n"
    (out / "alertmanager.yml").write_text(mine)
    (out / "driftd.rules.yml").write_text("old")
    told = command.driftd("config", "rules", tmp_path / "driftd.yaml", "--out", out)
    assert f"{out / 'alertmanager.yml'} stays as it is" in told.out
    assert (out / "alertmanager.yml").read_text() == mine
    assert (out / "alertmanager.yml.new").read_text() + "# mine\n" == mine
    assert (out / "driftd.rules.yml").read_text() != "old"


def test_runbooks_may_be_published_anywhere(tmp_path: Path) -> None:
    for rule in rules(made(tmp_path, ONE, "--runbooks", "https://wiki.example.com/driftd/")):
        assert rule["annotations"]["runbook_url"] == f"https://wiki.example.com/driftd/{rule['alert']}.md"


def test_a_configuration_without_a_monitor_that_is_judged_has_rules_on_driftd_itself(tmp_path: Path) -> None:
    out = made(tmp_path, TOP + "  m: {enabled: false}\n")
    assert "SUCCESS" in ran("promtool", "test", "rules", out / "driftd.rules.test.yml")
    assert {rule["alert"] for rule in rules(out)} >= {"DriftdDown", "DriftdBacklog", "DriftdRulesOutdated"}


def test_a_mistake_in_the_configuration_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "driftd.yaml").write_text(ONE.replace("schedule: 1h", "schedule: 1 hour"))
    told = command.driftd("config", "rules", tmp_path / "driftd.yaml", "--out", tmp_path / "out")
    assert (told.code, (tmp_path / "out").exists()) == (2, False)
    assert "driftd.yaml:3" in told.err
