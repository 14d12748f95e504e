"""What a scrape costs: `python benchmarks/scrape.py [MONITORS [FEATURES]]`, 200 of 50 by default."""

import gzip
import sys
from datetime import UTC, datetime
from time import perf_counter, process_time

from monitor.figures import Figures, Score
from monitor.metrics.registry import Metrics
from monitor.metrics.view import MonitorView, Snapshot
from monitor.rulepath import PRESET

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def view(number: int, features: int) -> MonitorView:
    """A monitor with everything that can be known of it."""
    names = [f"feature_{i}" for i in range(features)]
    scores = tuple(Score(feature=n, method="largest_shift", score=0.0123456, threshold=0.025) for n in names)
    figures = Figures(
        status="ok",
        records=1000,
        features=features,
        drift=dict.fromkeys(names, False),
        missing=dict.fromkeys(names, 0.0123),
        scores=scores,
    )
    known = dict.fromkeys(("last_run", "last_success", "next_run", "watermark", "last_record", "window_end"), NOW)
    return MonitorView(name=f"monitor-{number}", rules=PRESET, pending=0, figures=figures, **known)


def main() -> None:
    """Print the figures."""
    given = [int(text) for text in sys.argv[1:]]
    monitors, features = (*given, *(200, 50)[len(given) :])
    metrics = Metrics(version="benchmark", clock=lambda: NOW)
    views = tuple(view(i, features) for i in range(monitors))
    for one in views:
        metrics.watch(one.name, PRESET)
    began = perf_counter()
    metrics.show(Snapshot(monitors=views))
    print(f"{monitors} monitors of {features} features: written in {perf_counter() - began:.3f} s")
    for accept in ("text/plain", "application/openmetrics-text; version=1.0.0"):
        began, used = perf_counter(), process_time()
        body, _ = metrics.exposition(accept)
        packed = gzip.compress(body, 1)
        took, used = perf_counter() - began, process_time() - used
        lines = body.count(b"\n")
        size = f"{lines} lines, {len(body) / 1e6:.1f} MB, {len(packed) / 1e6:.2f} MB packed"
        print(f"{accept.split(';')[0]}: {took:.3f} s wall, {used:.3f} s CPU; {size}")


if __name__ == "__main__":
    main()
