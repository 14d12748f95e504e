"""The small parts: where the project is published, the web configuration, what CI installs."""

import os
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from deployment import DEPLOY, HOME, ROOT, ran

NEW = "https://git.example.com/ml/driftd"


def test_the_address_of_the_project_is_changed_in_one_place(tmp_path: Path) -> None:
    shutil.copytree(DEPLOY, tmp_path / "deploy")
    shutil.copyfile(ROOT / "Dockerfile", tmp_path / "Dockerfile")
    subprocess.run([sys.executable, tmp_path / "deploy" / "home.py", NEW], check=True, stdout=subprocess.DEVNULL)
    everything = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path for path in everything if HOME.encode() in path.read_bytes()] == []
    rule = (tmp_path / "deploy" / "kubernetes" / "monitoring" / "prometheusrule.yaml").read_text()
    assert f"runbook_url: {NEW}/docs/runbooks/DriftdDown.md" in rule
    ran("promtool", "test", "rules", tmp_path / "deploy" / "prometheus" / "tests" / "daemon.yml")


@pytest.mark.parametrize("wrong", ["git.example.com", "https://a/", "https://a b", "https://a'b"])
def test_what_is_no_address_is_refused(wrong: str) -> None:
    with pytest.raises(SystemExit, match="would be right"):
        runpy.run_path(str(DEPLOY / "home.py"))["moved"](HOME, wrong)


def test_the_web_configuration_is_one_for_prometheus_too(tmp_path: Path) -> None:
    text = (DEPLOY / "web.yml").read_text()
    ran("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
        "-subj", "/CN=driftd", "-keyout", tmp_path / "tls.key", "-out", tmp_path / "tls.crt")  # fmt: skip
    in_use = re.sub(r"^#(?=[a-z ])(?! (TLS|It is))", "", text, flags=re.MULTILINE)
    (tmp_path / "web.yml").write_text(in_use)
    assert "SUCCESS" in ran("promtool", "check", "web-config", tmp_path / "web.yml")
    (tmp_path / "web.yml").write_text(in_use.replace("key_file", "keyfile"))
    ran("promtool", "check", "web-config", tmp_path / "web.yml", code=1)


def test_ci_installs_what_is_missing_at_once_and_runs_the_tests(tmp_path: Path) -> None:
    """With next to nothing on the path, and programs that only tell how they were called."""
    (tmp_path / ".ci").mkdir()
    shutil.copyfile(ROOT / ".ci" / "run", tmp_path / ".ci" / "run")
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("bash", "dirname", "env"):
        (programs / name).symlink_to(str(shutil.which(name)))
    log = tmp_path / "log"
    for name in ("apt-get", "make", "openssl"):
        (programs / name).write_text(f'#!{shutil.which("bash")}\necho "{name} $*" >> {log}\n')
        (programs / name).chmod(0o755)
    environment = {**os.environ, "PATH": str(programs)}  # noqa: TID251
    subprocess.run([programs / "bash", tmp_path / ".ci" / "run"], check=True, env=environment)
    update, install, test = log.read_text().splitlines()
    assert update == "apt-get update -qq"
    assert install.startswith("apt-get install -y -qq --no-install-recommends ")
    packages = set(install.split()[5:])
    assert packages - {"postgresql"} == {
        *("python3", "python3-venv", "chromium", "prometheus", "prometheus-alertmanager", "systemd"),
        "openjdk-17-jre-headless",
    }
    assert test == "make test"
