"""Write requirements.txt and requirements-build.txt: every distribution of the image, with the hashes of its wheels.

    python deploy/lock.py

asks pip what it would install for each processor that the image is built for, from the public index alone. pip then
refuses, in `docker build`, whatever is not one of these files. To take newer releases: run it again and read the diff.
"""

import json
import os
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
PYTHON = "3.11"  # the image's, see Dockerfile
PROCESSORS = ("x86_64", "aarch64")
GLIBC = range(36, 4, -1)  # Debian 12 has 2.36
EXTRAS = ("s3", "postgres")


def wanted() -> tuple[list[str], list[str]]:
    """What pyproject.toml asks for: to run, with the image's extras, and to build."""
    project = tomllib.loads((HERE.parent / "pyproject.toml").read_text())
    extras = project["project"]["optional-dependencies"]
    run = [*project["project"]["dependencies"], *(one for extra in EXTRAS for one in extras[extra])]
    return run, project["build-system"]["requires"]


def resolved(requirements: list[str], processor: str) -> dict[str, tuple[str, str]]:
    """What pip would install there: version and hash by name."""
    platforms = [f"--platform=manylinux_2_{minor}_{processor}" for minor in GLIBC]
    platforms += [f"--platform=manylinux2014_{processor}"]
    # No settings of this machine: its mirrors may have built wheels of their own.
    environment = {name: value for name, value in os.environ.items() if name not in ("PIP_FIND_LINKS",)}
    environment |= {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": "https://pypi.org/simple"}
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--dry-run",
            "--ignore-installed",
            "--no-cache-dir",
        ]
        command += ["--only-binary=:all:", f"--python-version={PYTHON}", "--implementation=cp", *platforms]
        command += [f"--target={folder}/target", f"--report={report}", *requirements]
        subprocess.run(command, check=True, env=environment)
        found = json.loads(report.read_text())["install"]
    return {
        one["metadata"]["name"].lower().replace("_", "-"): (
            one["metadata"]["version"],
            one["download_info"]["archive_info"]["hashes"]["sha256"],
        )
        for one in found
    }


def locked(requirements: list[str]) -> str:
    """The lines of a requirements file."""
    by_processor = [resolved(requirements, processor) for processor in PROCESSORS]
    if len({frozenset((name, version) for name, (version, _) in one.items()) for one in by_processor}) > 1:
        raise SystemExit(
            f"the processors {', '.join(PROCESSORS)} would get different versions: pin one in pyproject.toml"
        )
    lines = [f"# Made by deploy/lock.py for Python {PYTHON} on {' and '.join(PROCESSORS)}; not written by hand."]
    for name, (version, _) in sorted(by_processor[0].items()):
        hashes = sorted({one[name][1] for one in by_processor})
        lines.append(f"{name}=={version} \\")
        lines.append(" \\\n".join(f"    --hash=sha256:{digest}" for digest in hashes))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    run, build = wanted()
    (HERE / "requirements.txt").write_text(locked(run))
    (HERE / "requirements-build.txt").write_text(locked(build))
