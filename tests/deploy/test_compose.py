"""compose.yaml: pinned, read-only, healthy, on loopback only; and it mounts what is there where it is looked for."""

import re
from typing import Any

import pytest
import yaml
from deployment import DEPLOY, ROOT, document

FILE = document(ROOT / "compose.yaml")
SERVICES: dict[str, dict[str, Any]] = FILE["services"]


def test_the_four_services() -> None:
    assert set(SERVICES) == {"driftd", "prometheus", "alertmanager", "grafana"}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_is_pinned_and_hardened(name: str) -> None:
    service = SERVICES[name]
    assert re.fullmatch(r"[a-z/]+:v?\d+\.\d+\.\d+", service["image"])
    assert (service["read_only"], service["cap_drop"], service["tmpfs"]) == (True, ["ALL"], ["/tmp"])
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["healthcheck"]["test"][0] == "CMD"
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_volumes_are_declared_or_exist(name: str) -> None:
    for volume in SERVICES[name]["volumes"]:
        place = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", volume).split(":")
        if not place[0].startswith("."):
            assert place[0] in FILE["volumes"]
        elif place[0] != "./captures":  # the user's
            assert (ROOT / place[0]).exists()
            assert place[2:] == ["ro"] or place[0] == "./baselines"


def test_grafana_has_no_password_that_everyone_knows() -> None:
    assert SERVICES["grafana"]["environment"]["GF_SECURITY_ADMIN_PASSWORD"].startswith("${DRIFTD_GRAFANA_PASSWORD:?")


def test_driftd_has_time_to_end_and_is_asked_how_it_is() -> None:
    driftd = SERVICES["driftd"]
    assert (driftd["stop_grace_period"], driftd["healthcheck"]["test"]) == ("2m", ["CMD", "driftd", "health"])
    assert driftd["image"] == f"driftd:{driftd['build']['args']['VERSION']}"


def test_prometheus_finds_its_rules_driftd_and_alertmanager() -> None:
    config = document(DEPLOY / "prometheus" / "prometheus.yml")
    assert config["scrape_configs"][0]["static_configs"][0]["targets"] == ["driftd:9465"]
    assert config["alerting"]["alertmanagers"][0]["static_configs"][0]["targets"] == ["alertmanager:9093"]
    assert "./deploy/prometheus/rules:/etc/prometheus/rules:ro" in SERVICES["prometheus"]["volumes"]
    assert config["rule_files"] == ["rules/*.yml"]


@pytest.mark.parametrize("path", [DEPLOY / "compose" / "driftd.yaml", DEPLOY / "kubernetes" / "driftd.yaml"], ids=str)
def test_the_configuration_is_one(path: Any) -> None:
    from monitor.config.grammar import Config
    from monitor.config.load import load

    text = yaml.safe_load(path.read_text())
    assert (text["state"], text["web"]) == ("/var/lib/driftd", {"listen": "0.0.0.0:9465"})
    if "web" not in Config.model_fields:
        pytest.skip("`web` is no key yet")
    assert set(load(path).monitors) == {"churn"}
