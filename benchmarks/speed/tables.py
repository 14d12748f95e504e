"""Tables: drift and a summary of each column of a Parquet table, driftd and other tools, in turn."""

from pathlib import Path

from benchmarks.speed import installed
from benchmarks.speed.bench import Bench, Found, command, ours
from benchmarks.speed.process import HERE, in_turn
from benchmarks.speed.process import run as measured
from benchmarks.speed.stock import Data

DRIFTD = "driftd"
Pythons = dict[str, Path]
TRIED = 2_000  # rows that each tool is first tried on, which compiles its modules too


def run(bench: Bench) -> Found:
    """A table and a small one, each in a cold process; and the table in memory."""
    pythons, missing = _tools(bench)
    data = bench.stock.table(bench.records)
    return {
        "rows": data.rows,
        "before": data.rows // 10,
        "megabytes": data.megabytes,
        "runs": in_turn(_things(bench, pythons, data.rows), bench.times),
        "small": {"rows": bench.small, "runs": in_turn(_things(bench, pythons, bench.small), bench.times, slow=10)},
        "memory": in_turn({DRIFTD: ours("memory", data.baseline, *data.files)}, bench.times)[DRIFTD],
        "baseline": measured(command("baseline", "make", data.raw, "--out", data.baseline.with_name("again"))),
        "missing": missing,
        "versions": {name: installed.version(installed.PEERS[name], python) for name, python in pythons.items()},
    }


def _things(bench: Bench, pythons: Pythons, rows: int) -> dict[str, list[str]]:
    data = bench.stock.table(rows)
    own = command("check", *data.files, "--baseline", data.baseline, "--json")
    return {DRIFTD: own, **{name: _asked(name, python, data) for name, python in pythons.items()}}


def _asked(name: str, python: Path, data: Data) -> list[str]:
    script = HERE / "peers" / installed.PEERS[name].script
    return [str(python), str(script), str(data.raw), *map(str, data.files)]


def _tools(bench: Bench) -> tuple[Pythons, dict[str, str]]:
    """The tools that work, and why the others do not."""
    pythons: Pythons = {}
    missing = {}
    for name in bench.peers:
        print(f"  {name}: installing it, unless it is there", flush=True)
        try:
            python = installed.python_of(installed.PEERS[name], bench.tools)
        except installed.NotInstalled as error:
            missing[name] = f"not installed: {error}"
            continue
        tried = measured(_asked(name, python, bench.stock.table(TRIED)))
        if "failed" in tried:
            missing[name] = f"installed and broken: {tried['failed']}"
        else:
            pythons[name] = python
    return pythons, missing
