"""Cores: the same captures on one core and on two, and by each engine there is; all must find the same."""

import hashlib
import json
import subprocess

from benchmarks.speed.bench import Bench, Found, command
from benchmarks.speed.process import ROOT, Told, own_cores, said
from benchmarks.speed.process import run as measured

ENGINES = ("local", "processes", "spark")
OPTION = "--engine"
TIMES = 5


def run(bench: Bench) -> Found:
    """`driftd check` as it is, on one core and on two in turn; then with each engine, on two."""
    cores = min(2, len(own_cores()))
    found: dict[str, list[Told]] = {"one core": [], "two cores": []}
    for _ in range(min(bench.times, TIMES)):
        found["one core"].append(_checked(bench, "one core", 1))
        found["two cores"].append(_checked(bench, "two cores", cores))
    engines = _engines()
    for engine in engines:
        found[f"engine {engine}"] = [
            _checked(bench, f"engine {engine}", cores, OPTION, engine) for _ in range(min(bench.times, TIMES))
        ]
    missing = [engine for engine in ENGINES if engine not in engines]
    return {"records": bench.records, "cores": cores, "runs": found, "missing": missing}


def _engines() -> list[str]:
    """Those that the command's help names."""
    done = subprocess.run(command("check", "--help"), capture_output=True, text=True, cwd=ROOT, check=True)
    told = done.stdout.partition(OPTION)[2]
    return [engine for engine in ENGINES if engine in told]


def _checked(bench: Bench, name: str, cores: int, *options: str) -> Told:
    data, out = bench.stock.captures(bench.records), bench.stock.folder / "reports" / name
    told = measured(command("check", *data.files, "--baseline", data.baseline, "--out", out, *options), cores=cores)
    print(f"  {name}: {said(told)}", flush=True)
    return told if "failed" in told else {**told, "findings": _findings(json.loads((out / "report.json").read_text()))}


def _findings(report: Found) -> str:
    """A digest of what was found in which feature, and how it stands."""
    told = json.dumps([[one.get(key) for key in ("rule", "feature", "status")] for one in report["findings"]])
    return hashlib.sha256(told.encode()).hexdigest()
