"""Plan: all experiments in order, and what they were done on."""

import os
import platform
import sys
from collections.abc import Callable

from benchmarks.speed import cores, growth, installed, paths, single, tables
from benchmarks.speed.bench import Bench, Found
from benchmarks.speed.process import own_cores

EXPERIMENTS: dict[str, Callable[[Bench], Found]] = {
    "captures": paths.run,
    "tables": tables.run,
    "growth": growth.run,
    "comparing": single.comparing,
    "monitors": single.monitors,
    "forks": single.forks,
    "cores": cores.run,
    "stages": single.stages,
}


def about(*, quick: bool) -> Found:
    """The machine and the versions of what driftd stands on."""
    packages = ["numpy", "pyarrow", "pandas", "scipy"]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "machine": f"{len(own_cores())} cores of {_processor()}, {memory:.0f} GiB, Linux {platform.release()}",
        "versions": f"Python {platform.python_version()}, {installed.versions(sys.executable, packages)}",
        "quick": quick,
    }


def _processor() -> str:
    with open("/proc/cpuinfo") as file:
        return next((line.partition(":")[2].strip() for line in file if line.startswith("model name")), "no known name")
