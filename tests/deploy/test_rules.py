"""Alert rules are right by promtool, in the house's style, tested both ways, and each has its runbook."""

import re
import shutil
from pathlib import Path

import pytest
from deployment import DEPLOY, HOME, ROOT, RULES, alerts, asked, document, ran, rules, series

from monitor.alerting.generic import TRIALS
from monitor.alerting.rules import alerts as tried
from monitor.alerting.subject import Layer, Subject
from monitor.schedule import DAY

PROMETHEUS = DEPLOY / "prometheus"
TESTS = sorted((PROMETHEUS / "tests").glob("*.yml"))
RUNBOOKS = sorted((ROOT / "docs" / "runbooks").glob("*.md"))
REFERENCE = {
    *("DriftdDown", "DriftdConfigReloadFailed", "DriftdSchedulerStalled", "DriftdNoLeader"),
    *("DriftdNotificationsFailing", "DriftdMonitorStale", "DriftdMonitorNeverSucceeded", "DriftdCaptureStale"),
    *("DriftdBacklog", "DriftdRuleFailing", "DriftdBaselineOld", "DriftdFeatureDrift"),
}


def test_promtool_finds_no_fault_in_rules_and_configuration() -> None:
    assert "SUCCESS" in ran("promtool", "check", "rules", "--lint-fatal", *RULES)
    assert f"{len(RULES)} rule files found" in ran("promtool", "check", "config", PROMETHEUS / "prometheus.yml")


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.stem)
def test_the_rules_own_tests_pass(path: Path) -> None:
    assert "SUCCESS" in ran("promtool", "test", "rules", path)


def test_the_rules_own_tests_see_a_broken_rule(tmp_path: Path) -> None:
    shutil.copytree(PROMETHEUS, tmp_path / "prometheus")
    rule = tmp_path / "prometheus" / "rules" / "drift.yml"
    rule.write_text(rule.read_text().replace("driftd_feature_drifted == 1", "driftd_feature_drifted >= 0"))
    assert "FAILED" in ran("promtool", "test", "rules", tmp_path / "prometheus" / "tests" / "drift.yml", code=1)


def test_every_alert_is_tested_firing_and_silent() -> None:
    cases = [case for path in TESTS for test in document(path)["tests"] for case in test.get("alert_rule_test", ())]
    fires = {case["alertname"] for case in cases if case["exp_alerts"]}
    silent = {case["alertname"] for case in cases if not case["exp_alerts"]}
    assert (fires, silent) == (set(alerts()), set(alerts()))


def test_the_alerts_of_the_plan_are_there_and_more() -> None:
    assert set(alerts()) >= REFERENCE
    assert len(alerts()) == 22


@pytest.mark.parametrize("name", sorted(alerts()))
def test_an_alert_has_the_houses_form(name: str) -> None:
    rule = alerts()[name]
    told = rule["annotations"]
    assert re.fullmatch(r"Driftd([A-Z][a-z]+)+", name)
    assert rule["labels"]["severity"] in ("critical", "warning", "info")
    assert "{{" not in told["summary"]
    assert told["summary"].endswith(".")
    assert re.search(r"\{\{ *\$(labels|value)", told["description"])
    assert told["runbook_url"] == f"{HOME}/docs/runbooks/{name}.md"


def test_drift_alerts_carry_monitor_feature_model_and_endpoint() -> None:
    case = next(
        case
        for test in document(PROMETHEUS / "tests" / "drift.yml")["tests"]
        for case in test["alert_rule_test"]
        if case["alertname"] == "DriftdFeatureDrift" and case["exp_alerts"]
    )
    assert {"monitor", "feature", "model", "model_endpoint"} < set(case["exp_alerts"][0]["exp_labels"])


@pytest.mark.parametrize("name", sorted(rules()))
def test_a_rule_asks_for_series_that_driftd_exposes(name: str) -> None:
    found = asked(rules()[name]["expr"])
    assert found or name == "DriftdDown"
    assert found - series() == set()


def test_each_alert_has_a_runbook_and_each_runbook_an_alert() -> None:
    """Those that only `driftd config rules` makes have one too."""
    made = {
        alert.name for alert in tried(Subject(name="m", learning=DAY, drift=(Layer(globs=("*",), severity="info"),)))
    }
    assert [path.stem for path in RUNBOOKS] == sorted({*alerts(), *made, *TRIALS})


@pytest.mark.parametrize("path", RUNBOOKS, ids=lambda path: path.stem)
def test_a_runbook_has_its_four_parts_and_names_what_exists(path: Path) -> None:
    text = path.read_text()
    assert re.findall(r"^#+ (.*)", text, re.MULTILINE)[:1] == [path.stem]
    assert re.findall(r"^## (.*)", text, re.MULTILINE) == ["Meaning", "Impact", "Diagnosis", "Mitigation"]
    assert [link for link in re.findall(r"\]\(([^)#]+)", text) if not (path.parent / link).exists()] == []
    assert {name for name in re.findall(r"\b(driftd_\w+)", text) if not _is_known(name)} == set()
    commands = {
        " ".join(words.split()) for words in re.findall(r"\bdriftd ((?:config|store|rules|baseline) \w+)", text)
    }
    assert commands <= {
        *("config check", "config show", "config rules", "store backup", "rules list", "rules show", "rules test"),
        *("baseline show", "baseline make", "baseline diff", "baseline promote"),
    }
    assert set(re.findall(r"(/api/v1/[a-z/]+)", text)) <= {
        *("/api/v1/monitors/", "/api/v1/runs", "/api/v1/status/config"),
    }


def _is_known(name: str) -> bool:
    return any(one.startswith(name) for one in series())


def test_limits_of_the_scrape_lie_above_what_driftd_exposes_at_most() -> None:
    (job,) = document(PROMETHEUS / "prometheus.yml")["scrape_configs"]
    assert job["job_name"] == "driftd"
    assert job["sample_limit"] > 50_000 + 200 * 50
