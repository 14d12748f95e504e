"""Ours: driftd as a library in a fresh process, telling what it used.

usage: python -m benchmarks.speed.ours judge|memory|compare|stages BASELINE FILES...

`judge` reads files and judges them; `memory` a table that was read before the clock; `compare` times the judging of
profiles alone; `stages` says where the time goes.
"""

import sys
from collections.abc import Callable
from statistics import median
from time import process_time

from benchmarks.speed.peers.told import Clock
from monitor.lean import keep_lean

keep_lean()  # as the command does

import pyarrow.parquet as pq  # noqa: E402

from monitor import evaluate, filing, rulepath  # noqa: E402
from monitor.baselines import load  # noqa: E402
from monitor.every_measure import with_measures  # noqa: E402
from monitor.judge import judge  # noqa: E402
from monitor.library import judged  # noqa: E402
from monitor.measures.window import measure  # noqa: E402
from monitor.place import place  # noqa: E402
from monitor.reading import Reading  # noqa: E402

TIMES = 7


def judging(baseline: str, *files: str) -> None:
    """Captures or a table, to findings."""
    clock = Clock()
    outcome = judged(list(files), baseline, None, None, None, "driftd")
    clock.tell(rows=outcome.report.inputs.rows, status=outcome.report.status, columns=len(outcome.profile.features))


def in_memory(baseline: str, file: str) -> None:
    """An Arrow table, to findings."""
    clock = Clock()
    table, base = pq.read_table(file), load(place(baseline))
    clock.spent("reading")
    outcome = judged(table, base, None, None, None, "driftd")
    clock.tell(rows=outcome.report.inputs.rows, status=outcome.report.status)


def comparing(baseline: str, *files: str) -> None:
    """Two profiles, to findings with every measure: milliseconds of CPU time, the median of some times."""
    clock = Clock()
    base = load(place(baseline))
    rules = rulepath.find()
    checks = rulepath.preset(rules.rules)
    now = measure(Reading([place(file) for file in files], evaluate.expected(base)), base.profile)
    took, findings = [], 0
    for _ in range(TIMES):
        began = process_time()
        findings = len(with_measures(judge(now, base.profile, checks), now, base.profile))
        took.append(1000 * (process_time() - began))
    clock.tell(milliseconds=median(took), features=len(now.features), findings=findings)


def staging(baseline: str, *files: str) -> None:
    """The same as `judge` under the profiler, and the report's documents."""
    from benchmarks.speed.stages import profiled

    clock = Clock()
    found = profiled(lambda: filing.documents(judged(list(files), baseline, None, None, None, "driftd")))
    clock.tell(**found)


MODES: dict[str, Callable[..., None]] = {
    "judge": judging,
    "memory": in_memory,
    "compare": comparing,
    "stages": staging,
}

if __name__ == "__main__":
    MODES[sys.argv[1]](*sys.argv[2:])
