"""Paths: captures to findings, driftd and the two usual ways, in turn."""

import sys

from benchmarks.speed.bench import Bench, Found, ours
from benchmarks.speed.process import in_turn

DRIFTD, JOIN, ROWS = "driftd", "json, join, pandas, scipy", "json, csv, pandas row by row, scipy"


def run(bench: Bench) -> Found:
    """Row by row takes so long that it reads a part only; the page scales it up."""
    data = bench.stock.captures(bench.records)
    (path,) = data.files
    naive = [sys.executable, "-m", "benchmarks.speed.naive"]
    part = min(bench.by_row, bench.records)
    things = {
        DRIFTD: ours("judge", data.baseline, path),
        JOIN: [*naive, "join", str(data.raw), str(path)],
        ROWS: [*naive, "rows", str(data.raw), str(path), str(part)],
    }
    found = in_turn(things, bench.times)
    return {"records": bench.records, "part": part, "megabytes": data.megabytes, "runs": found}
