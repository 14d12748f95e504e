"""Captures to findings: CPU seconds and peak memory of driftd beside the usual way, in one run.

usage: python benchmarks/capture_path.py [ROWS] (default 200000)

The usual way joins the payloads line by line with the json module, reads them with pandas and compares every numeric
column with scipy's two-sample Kolmogorov-Smirnov test. Each side runs in a process of its own, three times in turn;
medians are printed. The data are seeded: 38 numeric and 12 text columns and a score.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

NUMERIC, TEXT, TIMES = 38, 12, 3

DRIFTD = """
import sys, resource
from pathlib import Path
from monitor import evaluate, rulepath
from monitor.baselines import load
from monitor.reading import Reading
base = load(Path(sys.argv[2]))
rules = rulepath.find()
order = evaluate.Order(monitor="bench", checks=rulepath.preset(rules.rules), rules=rules)
outcome = evaluate.evaluate(Reading([Path(sys.argv[1])], evaluate.expected(base)), base, order)
assert outcome.report.inputs.rows == int(sys.argv[3]), outcome.report.inputs
"""
USUAL = """
import sys, io, json
import pandas as pd
from scipy.stats import ks_2samp
base = pd.read_csv(sys.argv[2])
rows = io.StringIO()
for line in open(sys.argv[1]):
    record = json.loads(line)["captureData"]
    rows.write(record["endpointOutput"]["data"] + "," + record["endpointInput"]["data"] + "\\n")
rows.seek(0)
now = pd.read_csv(rows, names=list(base.columns))
assert len(now) == int(sys.argv[3])
for name in now.select_dtypes("number"):
    ks_2samp(now[name], base[name], method="asymp")
now.describe()
"""
MEASURE = """
import resource
used = resource.getrusage(resource.RUSAGE_SELF)
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))  # ru_maxrss counts the parent's
print(used.ru_utime + used.ru_stime, int(peak.split()[1]) / 1024)
"""


def rows(rng: np.random.Generator, count: int) -> list[list[str]]:
    """Columns of text: a score, numbers of several shapes, categories."""
    columns = [rng.random(count).round(4)]
    for i in range(NUMERIC):
        kinds = (rng.normal(100, 20, count).round(1), rng.gamma(2, 10, count).round(2), rng.poisson(3 + i, count))
        columns.append(kinds[i % 3])
    columns += [rng.integers(0, 3 + 4 * i, count) for i in range(TEXT)]
    texts = [column.astype(str).tolist() for column in columns]
    texts[1 + NUMERIC :] = [[f"v{value}" for value in column] for column in texts[1 + NUMERIC :]]
    return [list(row) for row in zip(*texts, strict=True)]


def write(folder: Path, count: int) -> tuple[Path, Path]:
    rng = np.random.default_rng(7)
    header = ",".join(f"c{i}" for i in range(1 + NUMERIC + TEXT))
    training = folder / "training.csv"
    training.write_text("\n".join([header, *(",".join(row) for row in rows(rng, 20_000))]) + "\n")
    captures = folder / "captures.jsonl"
    with captures.open("w") as file:
        for number, row in enumerate(rows(rng, count)):
            sides = {"endpointInput": ",".join(row[1:]), "endpointOutput": row[0]}
            record = {
                "captureData": {side: {"data": data, "encoding": "CSV"} for side, data in sides.items()},
                "eventMetadata": {"eventId": f"{number}", "inferenceTime": f"2026-01-05T{number % 24:02}:00:00Z"},
            }
            file.write(json.dumps(record) + "\n")
    return training, captures


def run(code: str, *arguments: object) -> tuple[float, float]:
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-c", code + MEASURE, *map(str, arguments)]
    told = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout.split()
    return float(told[0]), float(told[1])


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    with tempfile.TemporaryDirectory() as name:
        training, captures = write(Path(name), count)
        baseline = Path(name) / "baseline"
        subprocess.run(
            [sys.executable, "-m", "monitor", "baseline", "make", str(training), "--out", str(baseline)], check=True
        )
        size = captures.stat().st_size / 1e6
        found: dict[str, list[tuple[float, float]]] = {"driftd": [], "json + pandas + scipy": []}
        for _ in range(TIMES):
            found["driftd"].append(run(DRIFTD, captures, baseline, count))
            found["json + pandas + scipy"].append(run(USUAL, captures, training, count))
    medians = {
        name: tuple(statistics.median(column) for column in zip(*runs, strict=True)) for name, runs in found.items()
    }
    print(f"{count} captures x {1 + NUMERIC + TEXT} columns, {size:.0f} MB")
    for name, (seconds, memory) in medians.items():
        print(f"{name:24} {seconds:6.2f} CPU s  {count / seconds / 1000:6.0f} thousand rows/s  peak {memory:5.0f} MB")
    ratio = medians["json + pandas + scipy"][0] / medians["driftd"][0]
    print(f"driftd takes 1/{ratio:.1f} of the CPU time")


if __name__ == "__main__":
    main()
