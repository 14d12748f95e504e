"""Dashboards are those that their script makes, keep the rules of Grafana's linter, and ask for what there is."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import boards
import jsonschema
import pytest
from boards import NAMES, Query
from deployment import DEPLOY, HOME, ROOT, alerts, asked, document, ran, series

from monitor.web.app import TABLE

GRAFANA = DEPLOY / "grafana"
SCHEMA = json.loads((Path(__file__).parent / "dashboard.schema.json").read_text())
PANELS = [(name, panel) for name in NAMES for panel in boards.panels(name)]
QUERIES = boards.queries()
EVERYWHERE = ["datasource", "job", "instance"]
VARIABLES = {"overview": [], "monitor": ["monitor", "feature"], "daemon": []}
OF_PROMETHEUS = {"up", "scrape_duration_seconds", "scrape_samples_scraped", "ALERTS"}
STANDARD = {"process_open_fds", "process_max_fds"}


def title(one: Any) -> str:
    return f"{one[0]}: {one[1]['title']}" if isinstance(one, tuple) else one.name


def test_the_script_changes_nothing_when_it_runs_again(tmp_path: Path) -> None:
    shutil.copytree(GRAFANA, tmp_path / "grafana", ignore=shutil.ignore_patterns("dashboards", "__pycache__"))
    shutil.copy(DEPLOY / "home.txt", tmp_path)
    subprocess.run([sys.executable, "-B", tmp_path / "grafana" / "make_dashboards.py"], check=True)
    made = {path.name: path.read_text() for path in (tmp_path / "grafana" / "dashboards" / "Driftd").iterdir()}
    committed = {path.name: path.read_text() for path in boards.FOLDER.iterdir()}
    assert made == committed, "python deploy/grafana/make_dashboards.py"
    assert set(made) == {f"{name}.json" for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_a_dashboard_keeps_to_the_classic_model(name: str) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(boards.board(name))
    assert boards.board(name)["uid"] == f"driftd-{name}"


def test_the_schema_refuses_what_grafana_would_not_understand() -> None:
    board = boards.board("daemon")
    wrong = [
        {**board, "titel": "x"},
        {**board, "schemaVersion": "41"},
        {**board, "panels": [{**board["panels"][0], "gridPos": {"x": "0", "y": 0, "w": 1, "h": 1}}]},
        {**board, "panels": [{**board["panels"][0], "description": ""}]},
    ]
    green = json.loads(json.dumps(board))
    green["panels"][0]["fieldConfig"]["defaults"]["thresholds"]["steps"][0]["color"] = "green"
    for one in [*wrong, green]:
        assert not jsonschema.Draft202012Validator(SCHEMA).is_valid(one)


@pytest.mark.parametrize("name", NAMES)
def test_variables_are_those_that_users_expect(name: str) -> None:
    found = boards.board(name)["templating"]["list"]
    assert [one["name"] for one in found] == [*EVERYWHERE, *VARIABLES[name], "driftd"]
    assert (found[0]["type"], found[0]["query"], found[0]["label"]) == ("datasource", "prometheus", "Data Source")
    for one in found[1:-1]:
        (metric,) = re.findall(r"label_values\((driftd_\w+)", one["definition"])
        assert metric in series()
        assert one["query"]["query"] == one["definition"]
        is_many = one["name"] != "monitor"
        assert (one["multi"], one["includeAll"], "allValue" in one) == (is_many, is_many, is_many)


@pytest.mark.parametrize("one", PANELS, ids=title)
def test_nothing_is_green_for_want_of_a_number(one: tuple[str, dict[str, Any]]) -> None:
    field = one[1]["fieldConfig"]
    steps = [field["defaults"]["thresholds"]["steps"]]
    words = [field["defaults"].get("mappings", [])]
    for override in field["overrides"]:
        properties = {each["id"]: each["value"] for each in override["properties"]}
        steps.append(properties.get("thresholds", {"steps": [{"value": None, "color": "transparent"}]})["steps"])
        words.append(properties.get("mappings", []))
    assert {each[0]["color"] for each in steps} <= {"purple", "blue", "transparent"}
    for mappings in filter(None, words):
        values, nothing = mappings
        result = nothing["options"]["result"]
        assert (nothing["options"]["match"], result["text"], result["color"]) == ("null+nan", "UNKNOWN", "purple")
        green = [word["text"] for word in values["options"].values() if word["color"] == "green"]
        assert set(green) <= {"OK", "steady", "YES"}


@pytest.mark.parametrize("query", QUERIES, ids=title)
def test_a_query_keeps_the_rules(query: Query) -> None:
    selectors = re.findall(r"\w\{([^}]*)\}", query.expr)
    assert selectors
    for selector in selectors:
        assert 'job=~"$job"' in selector
        # An alert on all instances together has no instance.
        assert 'instance=~"$instance"' in selector or "ALERTS{" in query.expr
    assert asked(query.expr) - series() - STANDARD == set()
    assert asked(query.expr) or any(f"{name}{{" in query.expr for name in OF_PROMETHEUS)


@pytest.mark.parametrize("query", QUERIES, ids=title)
def test_a_counter_is_asked_for_its_increase(query: Query) -> None:
    """But for those that are kept over restarts: their number is of interest itself."""
    counters = re.findall(r"(\w+_(?:total|bucket|sum|count))\{", query.expr)
    grown = re.findall(r"\b(?:rate|increase)\((\w+)\{[^}]*\}\[(?:\$__rate_interval|5m|1h)\]\)", query.expr)
    kept = {"driftd_alarms_total", "driftd_incidents_total"}
    assert sorted(set(counters) - kept) == sorted({name for name in grown if name not in kept})


def test_every_query_is_promql(tmp_path: Path) -> None:
    recorded = [{"record": f"x:{place}", "expr": query.plain()} for place, query in enumerate(QUERIES)]
    rules = tmp_path / "rules.yml"
    rules.write_text(json.dumps({"groups": [{"name": "x", "rules": recorded}]}))
    assert f"{len(QUERIES)} rules found" in ran("promtool", "check", "rules", rules)
    recorded[0]["expr"] = recorded[0]["expr"].replace('=~".+"', "=~.+", 1)
    rules.write_text(json.dumps({"groups": [{"name": "x", "rules": recorded}]}))
    ran("promtool", "check", "rules", rules, code=1)


@pytest.mark.parametrize("name", NAMES)
def test_panels_lie_side_by_side(name: str) -> None:
    taken: set[tuple[int, int]] = set()
    for panel in boards.board(name)["panels"]:
        place = panel["gridPos"]
        cells = {(place["x"] + i, place["y"] + j) for i in range(place["w"]) for j in range(place["h"])}
        assert not cells & taken, panel["title"]
        assert max(x for x, _ in cells) < 24
        taken |= cells
    found = boards.board(name)["panels"]
    assert len({panel["id"] for panel in found}) == len(found)
    titles = [panel["title"] for panel in found if panel["type"] in ("timeseries", "table")]
    assert len(set(titles)) == len(titles)


def test_every_metric_that_says_how_things_stand_is_on_a_dashboard() -> None:
    text = " ".join(query.expr for query in QUERIES) + " ".join(map(json.dumps, map(boards.board, NAMES)))
    left_out = {
        "driftd_violations_total": "the violations of each window are shown",
        "driftd_rule_evaluations_total": "how much work there was",
        "driftd_monitor_open_alarms": "incidents are shown, which is what people are told of",
        "driftd_monitor_band_widening": "stands on driftd's pages beside what people said",
    }
    parts = ("_sum", "_count", "_bucket")
    assert {name for name in series() if name not in text and not name.endswith(parts)} == set(left_out)


def test_links_lead_somewhere() -> None:
    texts = {name: json.dumps(boards.board(name)) for name in NAMES}
    uids = {boards.board(name)["uid"] for name in NAMES}
    for text in texts.values():
        assert set(re.findall(r"/d/([\w-]+)", text)) <= uids
        assert f"{HOME}/docs/runbooks" in text
    pages = set(re.findall(r"\$\{driftd\}(/\w*)", " ".join(texts.values())))
    assert pages == {"/", "/monitors"}
    if not any(route.path.startswith("/monitors") for route in TABLE):
        pytest.skip("a monitor has no page yet")
    assert "/monitors/{monitor}" in {route.path for route in TABLE}


def test_alerts_that_descriptions_name_are_there() -> None:
    text = " ".join(json.dumps(boards.board(name)) for name in NAMES)
    made = {path.stem for path in (ROOT / "docs" / "runbooks").glob("*.md")}
    assert set(re.findall(r"\bDriftd[A-Z]\w+", text)) <= made
    assert set(alerts()) <= made


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
    assert {re.split(r"[{ ]", line)[0] for line in text.splitlines()} - series() - STANDARD == set()
