"""The Dockerfile, read by a small parser (no docker runs here), and its steps in a virtual environment."""

import re
import runpy
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from deployment import DEPLOY, HOME, ROOT

Step = tuple[str, str]


def stages(text: str) -> list[list[Step]]:
    """Instructions by stage, each as (word, rest); what stands before the first FROM is the first."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    found: list[list[Step]] = [[]]
    for line in re.sub(r"\s*\\\n\s*", " ", "\n".join(lines)).splitlines():
        if line.strip():
            word, rest = line.split(None, 1)
            if word == "FROM":
                found.append([])
            found[-1].append((word, rest))
    return found


BEFORE, BUILD, FINAL = stages((ROOT / "Dockerfile").read_text())
KNOWN = {
    *("FROM", "ARG", "ENV", "RUN", "COPY", "WORKDIR", "LABEL", "USER", "VOLUME", "EXPOSE"),
    *("STOPSIGNAL", "HEALTHCHECK", "ENTRYPOINT", "CMD"),
}


def only(word: str) -> str:
    (found,) = [rest for one, rest in FINAL if one == word]
    return found


def test_the_parser_joins_lines_and_drops_comments() -> None:
    assert stages("# a\nARG A=1\nFROM b\nRUN x && \\\n    y\n# c\nUSER 1\n") == [
        [("ARG", "A=1")],
        [("FROM", "b"), ("RUN", "x && y"), ("USER", "1")],
    ]


def test_two_stages_of_one_slim_python() -> None:
    ((_, python),) = BEFORE
    assert re.fullmatch(r"PYTHON=3\.1\d-slim-\w+", python)
    assert (BUILD[0][1], FINAL[0][1]) == ("python:${PYTHON} AS build", "python:${PYTHON}")
    assert {word for word, _ in [*BUILD, *FINAL]} <= KNOWN
    assert python.split("=")[1].startswith(runpy.run_path(str(DEPLOY / "lock.py"))["PYTHON"] + "-")


def test_the_last_stage_runs_as_nobody_and_in_exec_form() -> None:
    assert only("USER") == "65532:65532"
    assert only("ENTRYPOINT") == '["driftd"]'
    assert only("CMD") == '["run", "--config", "/etc/driftd/driftd.yaml"]'
    assert only("HEALTHCHECK").endswith('CMD ["driftd", "health"]')
    assert (only("VOLUME"), only("WORKDIR"), only("EXPOSE")) == ("/var/lib/driftd", "/var/lib/driftd", "9465")
    after = [word for word, _ in FINAL[[word for word, _ in FINAL].index("USER") :]]
    assert not {"RUN", "COPY"} & set(after)


def test_the_last_stage_has_no_compiler_and_no_installer_at_work() -> None:
    assert [rest for word, rest in FINAL if word == "COPY"] == ["--from=build /opt/driftd /opt/driftd"]
    assert not re.search(r"\b(pip|apt-get|curl|wget)\b", " ".join(rest for word, rest in FINAL if word == "RUN"))
    assert "--without-pip" in " ".join(rest for word, rest in BUILD if word == "RUN")


def test_labels_are_those_of_the_open_container_initiative() -> None:
    labels = dict(word.split("=", 1) for word in shlex.split(only("LABEL")))
    prefix = "org.opencontainers.image."
    assert {name.removeprefix(prefix) for name in labels} == {
        *("title", "description", "url", "source", "documentation", "licenses", "vendor", "version", "revision"),
    }
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert labels[prefix + "description"] == project["description"]
    assert labels[prefix + "licenses"] == project["license"]
    assert labels[prefix + "source"] == HOME
    assert ("ARG", f"VERSION={project['version']}") in FINAL


def test_what_is_copied_is_there_and_nothing_else_is_sent_to_the_builder() -> None:
    copied = [word for step, rest in BUILD if step == "COPY" for word in rest.split()[:-1]]
    allowed = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    assert sorted(copied) == sorted(allowed)
    assert [path for path in copied if not (ROOT / path).exists()] == []
    assert "*" in (ROOT / ".dockerignore").read_text().splitlines()


def locked(name: str) -> dict[str, str]:
    """Versions by name; every one of them must have a hash."""
    text = (DEPLOY / name).read_text()
    found = re.findall(r"^([\w.-]+)==(\S+) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", text, re.MULTILINE)
    assert len(found) == text.count("==")
    return {one: version for one, version, _ in found}


def test_the_lock_has_what_the_project_asks_for() -> None:
    from packaging.requirements import Requirement

    run, build = runpy.run_path(str(DEPLOY / "lock.py"))["wanted"]()
    for wanted, name in ((run, "requirements.txt"), (build, "requirements-build.txt")):
        versions = locked(name)
        for one in map(Requirement, wanted):
            version = versions[one.name.lower()]
            assert one.specifier.contains(version), f"{one} and {version} locked: python deploy/lock.py"


@pytest.mark.slow
def test_the_build_steps_work_in_a_virtual_environment(tmp_path: Path) -> None:
    source, target, builder = tmp_path / "src", tmp_path / "opt", tmp_path / "builder"
    subprocess.run([sys.executable, "-m", "venv", builder], check=True)
    source.mkdir()
    for word, rest in BUILD:
        if word == "COPY":
            *names, into = rest.split()
            for name in names:
                place = source / into / Path(name).name if into.endswith("/") else source / into
                place.parent.mkdir(parents=True, exist_ok=True)
                copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile
                copy(ROOT / name, place)
        if word == "RUN":
            command = rest.replace("/opt/driftd", str(target)).replace("python -m", f"{builder}/bin/python -m")
            # pip is the image's, not that of an old Python here; nothing of this machine's settings is wanted.
            subprocess.run(command, shell=True, cwd=source, check=True, env={"PATH": "/usr/bin:/bin"})
    shutil.rmtree(source)
    for arguments in (["--version"], ["rules", "list"], ["demo", "--once", "--out", str(tmp_path / "demo")]):
        subprocess.run([target / "bin" / "driftd", *arguments], check=True, cwd=tmp_path, env={"HOME": str(tmp_path)})
    assert not (target / "bin" / "pip").exists()
