"""Single: measured by itself: comparing profiles, an hour of many monitors, a fork, the profile of the profile."""

import sys

from benchmarks.speed.bench import Bench, Found, ours
from benchmarks.speed.process import ROOT, own_cores
from benchmarks.speed.process import run as measured


def comparing(bench: Bench) -> Found:
    """Two profiles of many features, to findings."""
    data = bench.stock.captures(1_000, bench.compared - 1)
    return measured(ours("compare", data.baseline, *data.files))


def monitors(bench: Bench) -> Found:
    """The first hours of a daemon with so many monitors of 50 features and 1,000 rows, on all cores."""
    script = ROOT / "benchmarks" / "daemon_hour.py"
    asked = ["--monitors", str(bench.monitors), "--hours", "2", "--json"]
    return measured([sys.executable, str(script), *asked], cores=len(own_cores()))


def forks(_: Bench) -> Found:
    """A worker of the daemon, from being asked for to its first word."""
    return measured([sys.executable, "-m", "benchmarks.speed.forks"], cores=len(own_cores()))


def stages(bench: Bench) -> Found:
    """Captures to findings under the profiler, which itself costs time: shares are to be read, not seconds."""
    data = bench.stock.captures(bench.by_row)
    return {"rows": bench.by_row, **measured(ours("stages", data.baseline, *data.files))}
