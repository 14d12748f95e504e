"""Growth: one window with more rows, more columns, more files."""

from benchmarks.speed.bench import Bench, Found, ours
from benchmarks.speed.process import Told, said
from benchmarks.speed.process import run as measured
from benchmarks.speed.stock import Data


def run(bench: Bench) -> Found:
    """Each size once."""
    found: Found = {"rows": [], "columns": [], "files": []}
    for rows in bench.sizes:
        found["rows"].append({"rows": rows, **_judged(bench.stock.captures(rows), f"{rows} rows")})
    for columns, rows in bench.widths:
        data = bench.stock.captures(rows, columns)
        found["columns"].append({"columns": columns + 1, "rows": rows, **_judged(data, f"{columns + 1} columns")})
    for files in bench.files:
        data = bench.stock.captures(bench.small, files=files)
        found["files"].append({"files": files, "rows": bench.small, **_judged(data, f"{files} files")})
    return found


def _judged(data: Data, what: str) -> Told:
    """Raises AssertionError where not every row was read."""
    told = measured(ours("judge", data.baseline, *data.files))
    print(f"  {what}: {said(told)}", flush=True)
    assert "failed" in told or told["rows"] == data.rows, (told, data.rows)
    return {key: told[key] for key in ("cpu", "wall", "peak_mb", "work", "failed") if key in told}
