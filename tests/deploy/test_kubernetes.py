"""Manifests are valid by the schemas of Kubernetes, hardened, and wrap the same rules."""

import runpy
from typing import Any

import kubernetes_validate
import pytest
from deployment import DEPLOY, RULES, document

HERE = DEPLOY / "kubernetes"
PLAIN = sorted(path for path in HERE.glob("*.yaml") if path.stem not in ("kustomization", "driftd"))
DEPLOYMENT = document(HERE / "deployment.yaml")
POD = DEPLOYMENT["spec"]["template"]["spec"]
(CONTAINER,) = POD["containers"]


def valid(manifest: dict[str, Any]) -> None:
    kubernetes_validate.validate(manifest, kubernetes_validate.latest_version(), strict=True)


@pytest.mark.parametrize("path", PLAIN, ids=lambda path: path.stem)
def test_a_manifest_is_valid(path: Any) -> None:
    valid(document(path))


def test_a_misspelt_key_is_seen() -> None:
    wrong = document(HERE / "deployment.yaml")
    wrong["spec"]["template"]["spec"]["containers"][0]["securityContext"]["readOnlyRootFileSystem"] = True
    with pytest.raises(kubernetes_validate.ValidationError, match="readOnlyRootFileSystem"):
        valid(wrong)


def test_the_kustomization_has_every_manifest() -> None:
    listed = document(HERE / "kustomization.yaml")
    assert sorted(listed["resources"]) == [path.name for path in PLAIN]
    assert listed["configMapGenerator"] == [{"name": "driftd", "files": ["driftd.yaml"]}]
    monitoring = document(HERE / "monitoring" / "kustomization.yaml")["resources"]
    assert all((HERE / "monitoring" / name).exists() for name in monitoring)


def test_the_pod_may_do_nothing_that_it_need_not() -> None:
    assert POD["automountServiceAccountToken"] is False
    assert POD["securityContext"] == {
        "runAsNonRoot": True,
        "runAsUser": 65532,
        "runAsGroup": 65532,
        "fsGroup": 65532,
        "fsGroupChangePolicy": "OnRootMismatch",
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    assert CONTAINER["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert set(CONTAINER["resources"]["limits"]) == {"memory"}


def test_one_replica_holds_the_store_and_has_time_to_end() -> None:
    assert (DEPLOYMENT["spec"]["replicas"], DEPLOYMENT["spec"]["strategy"]) == (1, {"type": "Recreate"})
    assert POD["terminationGracePeriodSeconds"] >= 120


def test_probes_ask_what_they_should() -> None:
    asked = {name: CONTAINER[f"{name}Probe"]["httpGet"]["path"] for name in ("startup", "readiness", "liveness")}
    assert asked == {"startup": "/-/ready", "readiness": "/-/ready", "liveness": "/-/healthy"}
    startup = CONTAINER["startupProbe"]
    assert startup["periodSeconds"] * startup["failureThreshold"] >= 300


def test_the_container_is_told_what_the_image_is_told() -> None:
    assert CONTAINER["args"] == ["run", "--config", "/etc/driftd/driftd.yaml"]
    mounts = {one["mountPath"] for one in CONTAINER["volumeMounts"]}
    assert mounts == {"/etc/driftd", "/var/lib/driftd", "/tmp"}
    assert {one["name"] for one in CONTAINER["volumeMounts"]} == {one["name"] for one in POD["volumes"]}


def test_the_operators_rules_are_the_same() -> None:
    made = runpy.run_path(str(HERE / "make_rules.py"))["wrapped"]()
    path = HERE / "monitoring" / "prometheusrule.yaml"
    assert path.read_text() == made, "python deploy/kubernetes/make_rules.py"
    groups = [group for one in RULES for group in document(one)["groups"]]
    assert document(path)["spec"]["groups"] == groups


def test_the_service_monitor_finds_the_service() -> None:
    service, monitor = document(HERE / "service.yaml"), document(HERE / "monitoring" / "servicemonitor.yaml")
    wanted = monitor["spec"]["selector"]["matchLabels"].items()
    assert wanted <= service["metadata"]["labels"].items()
    (endpoint,) = monitor["spec"]["endpoints"]
    assert endpoint["port"] in [port["name"] for port in service["spec"]["ports"]]
    # `job` is the service's name, which the alert rules look for.
    assert service["metadata"]["name"] == "driftd"
