"""The dashboard is the one that its script makes, keeps the dashboard linter's rules, and asks for what there is."""

import json
import re
import runpy
from pathlib import Path
from typing import Any

import pytest
import yaml
from deployment import DEPLOY, asked, document, ran, series

GRAFANA = DEPLOY / "grafana"
MADE = runpy.run_path(str(GRAFANA / "make_dashboard.py"))
BOARD: dict[str, Any] = json.loads(MADE["PATH"].read_text())
PANELS = [panel for panel in BOARD["panels"] if panel["type"] != "row"]
QUERIES = [(panel["title"], target["expr"]) for panel in PANELS for target in panel["targets"]]


def test_what_is_committed_is_what_the_script_makes() -> None:
    assert MADE["PATH"].read_text() == MADE["text"](), "python deploy/grafana/make_dashboard.py"


def test_the_board_can_be_imported_and_provisioned() -> None:
    assert (BOARD["id"], BOARD["uid"], BOARD["editable"], BOARD["timezone"]) == (None, "driftd-overview", False, "utc")
    assert 39 <= BOARD["schemaVersion"] <= 42
    assert not {"__inputs", "__requires"} & set(BOARD)
    assert BOARD["description"]


def test_variables_are_those_that_users_expect() -> None:
    source, *others = BOARD["templating"]["list"]
    assert (source["type"], source["name"], source["label"], source["query"]) == (
        *("datasource", "datasource", "Data Source", "prometheus"),
    )
    assert [one["name"] for one in others] == ["job", "instance", "monitor", "feature"]
    for one in others:
        assert (one["multi"], one["includeAll"], one["allValue"], one["refresh"]) == (True, True, ".+", 2)
        assert one["datasource"] == MADE["SOURCE"]
        (name,) = re.findall(r"label_values\((driftd_\w+)", one["definition"])
        assert name in series()


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel["title"])
def test_a_panel_keeps_the_rules(panel: dict[str, Any]) -> None:
    assert panel["title"]
    assert panel["description"].endswith(".")
    assert panel["fieldConfig"]["defaults"]["unit"]
    assert panel["fieldConfig"]["defaults"]["noValue"]
    assert panel["targets"]
    for target in [panel, *panel["targets"]]:
        assert target["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
    for target in panel["targets"]:
        assert target["legendFormat"]


@pytest.mark.parametrize(("title", "expression"), QUERIES)
def test_a_query_keeps_the_rules(title: str, expression: str) -> None:
    selectors = re.findall(r"\{([^}]*)\}", expression)
    assert selectors
    for selector in selectors:
        assert 'job=~"$job"' in selector
        # An alert on all instances together has no instance.
        assert 'instance=~"$instance"' in selector or expression.startswith("ALERTS{")
    counters = re.findall(r"\w+_(?:total|bucket|sum|count)\{", expression)
    assert len(counters) == len(re.findall(r"\brate\(\w+\{[^}]*\}\[\$__rate_interval\]\)", expression))
    assert asked(expression) - series() == set()
    assert asked(expression) or expression.startswith("ALERTS{")


def test_every_query_is_promql(tmp_path: Path) -> None:
    plain = [re.sub(r"\$\w+", "x", expr.replace("$__rate_interval", "5m")) for _, expr in QUERIES]
    recorded = [{"record": f"x:{place}", "expr": expr} for place, expr in enumerate(plain)]
    (tmp_path / "rules.yml").write_text(yaml.safe_dump({"groups": [{"name": "x", "rules": recorded}]}))
    assert f"{len(QUERIES)} rules found" in ran("promtool", "check", "rules", tmp_path / "rules.yml")
    (tmp_path / "rules.yml").write_text((tmp_path / "rules.yml").read_text().replace('=~"x"', "=~x", 1))
    ran("promtool", "check", "rules", tmp_path / "rules.yml", code=1)


def test_panels_lie_side_by_side() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in BOARD["panels"]:
        place = panel["gridPos"]
        cells = {(place["x"] + i, place["y"] + j) for i in range(place["w"]) for j in range(place["h"])}
        assert not cells & taken, panel["title"]
        assert max(x for x, _ in cells) < 24
        taken |= cells
    assert len({panel["id"] for panel in BOARD["panels"]}) == len(BOARD["panels"])


def test_the_board_shows_what_an_operator_asks() -> None:
    text = " ".join(expression for _, expression in QUERIES)
    for name in (
        *("driftd_monitor_drifted_features", "driftd_feature_drifted", "driftd_feature_drift_score"),
        *("driftd_feature_drift_threshold", "driftd_monitor_window_records", "driftd_records_late_total"),
        *("driftd_monitor_windows_pending", "driftd_leader", "driftd_store_errors_total", "driftd_workers_busy"),
    ):
        assert name in text


def test_provisioning_finds_data_source_and_dashboards() -> None:
    (source,) = document(GRAFANA / "provisioning" / "datasources" / "prometheus.yaml")["datasources"]
    (provider,) = document(GRAFANA / "provisioning" / "dashboards" / "driftd.yaml")["providers"]
    assert (source["uid"], source["type"], source["access"]) == ("prometheus", "prometheus", "proxy")
    grafana = document(DEPLOY.parent / "compose.yaml")["services"]["grafana"]
    mounts = {place.split(":")[1]: place.split(":")[0] for place in grafana["volumes"]}
    assert mounts[provider["options"]["path"]] == "./deploy/grafana/dashboards"
    assert mounts["/etc/grafana/provisioning"] == "./deploy/grafana/provisioning"
    assert source["url"].removeprefix("$") in grafana["environment"]


def test_the_exposition_of_the_tests_has_names_that_driftd_has() -> None:
    text = (DEPLOY.parent / "tests" / "deploy" / "exposition.txt").read_text()
    assert {re.split(r"[{ ]", line)[0] for line in text.splitlines()} - series() == set()
