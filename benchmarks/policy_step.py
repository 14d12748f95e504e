"""What the policy costs: the CPU time of one window and the size of what is remembered, against their limits.

    python benchmarks/policy_step.py [--windows 100]

Thirty and a thousand numeric features of 1,000 rows, armed, hourly; without and with pairs of features (up to 100
features are followed two by two). Medians over windows; one thread.
"""

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import process_time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parent.parent))

import numpy as np

from benchmarks.verdicts.run import plan_of
from benchmarks.verdicts.traffic import Setting, Traffic
from monitor.policy import life

LIMITS = {30: (1.0, 3.0), 1000: (20.0, 3.0)}
"""By number of features: milliseconds a window, megabytes remembered."""


def measured(features: int, windows: int) -> tuple[float, float]:
    """Milliseconds of a window once armed, and megabytes as they are kept."""
    traffic = Traffic(Setting(features=features), np.random.default_rng(1))
    plan = replace(plan_of(traffic), learn_for=8 * plan_of(traffic).interval * 24)
    one, past, took = None, [], []
    for number, look in enumerate(traffic.looks(plan.learning + windows)):
        one = life.begun(plan, look) if one is None else one
        is_learning = number < plan.learning
        notes = replace(one.memory.notes, since=one.memory.notes.since if is_learning else None)
        one = replace(one, memory=replace(one.memory, notes=notes))
        began = process_time()
        one, _ = life.stepped(one, look, past if is_learning else [], plan)
        if is_learning:
            past.append(look)
        else:
            took.append(process_time() - began)
    assert one is not None
    return median(took) * 1e3, len(one.memory.packed()) / 1e6


def main() -> int:
    """Print a line for each number of features."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--windows", type=int, default=100)
    windows = parser.parse_args().windows
    for features, (most_ms, most_mb) in LIMITS.items():
        ms, mb = measured(features, windows)
        print(
            f"{features} features: {ms:.2f} ms of CPU a window ({ms / most_ms:.0%} of the limit), "
            f"{mb:.2f} MB remembered ({mb / most_mb:.0%} of the limit)"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
