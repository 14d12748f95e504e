"""How often ADWIN and Page-Hinkley (river's defaults) alarm on streams of errors in which nothing changes.

usage: python benchmarks/run_lengths.py [RUNS] (default 20)

For error rates of 10 and 30 %: rows to a false alarm, over 200,000 rows a run without change in a tenth of the runs;
and rows until an alarm once the rate has risen by half, after 2,000 rows at the old one, 5,000 rows at most.
"""

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from river.drift import ADWIN, PageHinkley

QUIET, BEFORE, AFTER = 200_000, 2_000, 5_000
DETECTORS: dict[str, Callable[[], Any]] = {"ADWIN": ADWIN, "Page-Hinkley": PageHinkley}


def alarms(make: Callable[[], Any], stream: np.ndarray) -> list[int]:
    """Rows, from 1, at which it alarms."""
    detector, found = make(), []
    for number, error in enumerate(stream.tolist(), 1):
        detector.update(error)
        if detector.drift_detected:
            found.append(number)
    return found


def delay(make: Callable[[], Any], rate: float, rng: np.random.Generator) -> float:
    """Rows from the change to the first alarm after it; infinite where none comes."""
    stream = np.concatenate([rng.random(BEFORE) < rate, rng.random(AFTER) < 1.5 * rate]).astype(float)
    later = [at - BEFORE for at in alarms(make, stream) if at > BEFORE]
    return later[0] if later else float("inf")


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    print(
        f"{'detector':14} {'rate':>5} {'rows':>9} {'false alarms':>13} {'rows to one':>12} {'delay':>7} {'missed':>7}"
    )
    for name, make in DETECTORS.items():
        for rate in (0.1, 0.3):
            rng = np.random.default_rng(20260105)
            quiet = [rng.random(QUIET) < rate for _ in range(max(1, runs // 10))]
            started = time.process_time()
            false = sum(len(alarms(make, stream.astype(float))) for stream in quiet)
            rows = QUIET * len(quiet)
            each = (time.process_time() - started) / rows
            delays = [delay(make, rate, rng) for _ in range(runs)]
            missed = sum(found == float("inf") for found in delays)
            length = f"{rows / false:.0f}" if false else f"> {rows}"
            print(
                f"{name:14} {rate:5.0%} {rows:9} {false:13} {length:>12} {np.median(delays):7.0f} {missed:3}/{runs}"
                f"   {each * 1e6:.1f} us a row"
            )


if __name__ == "__main__":
    main()
