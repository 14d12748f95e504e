"""Process: one thing measured in a fresh process, and several things in turn."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
MOST_SECONDS = 600
VIOLATED, TOO_LONG = 1, 124  # what `driftd check` says of drift; what `launch` says of what it ended
ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "POLARS_MAX_THREADS")
# Tools that would tell their makers of each run, or ask for newer versions of themselves.
QUIET = {
    "NML_DISABLE_USAGE_LOGGING": "1",
    "WHYLOGS_NO_ANALYTICS": "True",
    "DO_NOT_TRACK": "1",
    "DISABLE_LATEST_VERSION_CHECK": "1",
}
Told = dict[str, Any]
"""cpu, wall and peak_mb of the process; what it told of itself; `failed`, where it did."""


def own_cores() -> list[int]:
    """Those that may be used, in order."""
    return sorted(os.sched_getaffinity(0))


def run(command: Sequence[object], cores: int = 1, seconds: int = MOST_SECONDS) -> Told:
    """Run it on the last cores there are; its last line of output may be what it tells of itself, as JSON."""
    chosen = ",".join(str(core) for core in own_cores()[-cores:])
    launcher = [sys.executable, "-I", "-S", str(HERE / "launch.py"), chosen, str(seconds)]
    environment = {**os.environ, **QUIET, **dict.fromkeys(ONE_THREAD, "1")}
    environment |= {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    done = subprocess.run([*launcher, *map(str, command)], capture_output=True, text=True, env=environment)
    return told(done.stdout, done.stderr)


def told(output: str, errors: str) -> Told:
    """What the launcher says, with what the process said of itself before.

    >>> told('{"rows": 3}\\n\\n{"cpu": 1.0, "code": 0}\\n', "")
    {'rows': 3, 'cpu': 1.0}
    >>> told('\\n{"cpu": 1.0, "code": 1}\\n', "Traceback\\nOSError: gone\\n")
    {'cpu': 1.0, 'failed': 'OSError: gone'}
    >>> told('{\\n"status": "VIOLATED"\\n}\\n{"cpu": 1.0, "code": 1}\\n', "")
    {'cpu': 1.0}
    """
    *before, last = (line for line in output.splitlines() if line)
    found: Told = json.loads(last)
    code = found.pop("code")
    if code != 0 and (code != VIOLATED or "Traceback" in errors):
        lines = errors.strip().splitlines() or ["without a word"]
        return {**found, "failed": "took too long" if code == TOO_LONG else lines[-1][:300]}
    return {**_own(before), **found}


def _own(lines: Sequence[str]) -> Told:
    try:
        own = json.loads(lines[-1])
    except (IndexError, ValueError):
        return {}
    return own if isinstance(own, dict) else {}


def in_turn(things: Mapping[str, Sequence[object]], times: int, slow: float = 40) -> dict[str, list[Told]]:
    """Each thing so many times, one after the other and again; what takes more than `slow` CPU seconds once, a quarter
    of that at most three times."""
    found: dict[str, list[Told]] = {name: [] for name in things}
    for name in _turns(found, times, slow):
        one = run(things[name])
        found[name].append(one)
        print(f"  {name}: {said(one)}", flush=True)
    return found


def _turns(found: Mapping[str, list[Told]], times: int, slow: float) -> Iterator[str]:
    for number in range(times):
        for name, runs in found.items():
            cost = max((one.get("cpu", 0.0) for one in runs), default=0.0)
            is_broken = any("failed" in one for one in runs)
            if number == 0 or not (is_broken or cost > slow or (cost > slow / 4 and number >= 3)):
                yield name


def said(one: Told) -> str:
    """A run in words."""
    if "failed" in one:
        return f"failed: {one['failed']}"
    return f"{one['cpu']:.2f} CPU s, {one['wall']:.2f} s, peak {one['peak_mb']:.0f} MB"
