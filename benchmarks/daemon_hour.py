"""An hour of many monitors in one daemon: wall clock, CPU, memory and the scrape, against the limits set for them.

    python benchmarks/daemon_hour.py [--monitors 200] [--features 50] [--rows 1000] [--hours 5] [--json]

The first hour is planned and judged and timed; the others show whether memory stays flat. With --json the last line
has the figures once more, for programs.
"""

import argparse
import gzip
import json
import os
import resource
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from multiprocessing import forkserver
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from monitor.baselines import add
from monitor.batch import Expected
from monitor.daemon.clock import HandClock
from monitor.intake import Intake
from monitor.lean import keep_lean
from monitor.making import make
from monitor.reading import Reading

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
WALL_SECONDS, CPU_SECONDS, SCRAPE_SECONDS = 300, 60, 1.0
TICKS = os.sysconf("SC_CLK_TCK")

if TYPE_CHECKING:
    from monitor.daemon.service import Service


def made(folder: Path, monitors: int, features: int, rows: int, hours: int) -> Path:
    """Captures of every hour, a link of one file for each monitor; a baseline; the configuration."""
    rng = np.random.default_rng(7)
    names = ["score", *(f"f{i}" for i in range(features - 1))]
    table = folder / "training.csv"
    draws = rng.normal(size=(5000, features))
    table.write_text(",".join(names) + "\n" + "".join(",".join(f"{v:.4f}" for v in row) + "\n" for row in draws))
    add(folder / "baselines" / "model", make(Intake(Reading([table], Expected())), name="model"))
    for hour in range(hours):
        at = START + hour * HOUR
        text = "".join(
            _line(row, at + number * HOUR / rows, number)
            for number, row in enumerate(rng.normal(size=(rows, features)))
        )
        first = folder / f"hour{hour}.jsonl"
        first.write_text(text)
        for monitor in range(monitors):
            place = folder / "captures" / f"m{monitor}" / f"{at:%Y/%m/%d/%H}"
            place.mkdir(parents=True)
            os.link(first, place / "a.jsonl")
    config = folder / "driftd.yaml"
    lines = [f"  m{i}: {{captures: captures/m{i}, baseline: baselines/model}}" for i in range(monitors)]
    head = 'web: {listen: "127.0.0.1:0"}\nlog: error\nmetrics: {max_series: 200000}\n'
    head += "defaults: {schedule: {every: 1h, delay: 0s}}\n"
    config.write_text(f"{head}monitors:\n" + "\n".join(lines) + "\n")
    return config


def _line(row: "np.ndarray", at: datetime, number: int) -> str:
    answer, request = f"{row[0]:.4f}", ",".join(f"{value:.4f}" for value in row[1:])
    sides = {"endpointInput": ("INPUT", request), "endpointOutput": ("OUTPUT", answer)}
    record = {
        "captureData": {
            side: {"observedContentType": "text/csv", "mode": mode, "data": data, "encoding": "CSV"}
            for side, (mode, data) in sides.items()
        },
        "eventMetadata": {"eventId": f"{at:%H}-{number}", "inferenceTime": f"{at:%Y-%m-%dT%H:%M:%SZ}"},
        "eventVersion": "0",
    }
    return json.dumps(record) + "\n"


def cpu_seconds() -> float:
    """Of this process, of the process that workers are forked from, and of all workers that have ended."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    fields = Path(f"/proc/{forkserver._forkserver._forkserver_pid}/stat").read_text().rpartition(")")[2].split()
    return own.ru_utime + own.ru_stime + sum(int(field) for field in fields[11:15]) / TICKS


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def hour(service: "Service", clock: HandClock, at: datetime) -> tuple[float, float]:
    """Judge all windows that are due at a moment; wall clock and CPU."""
    leading = service.state.leading
    assert leading is not None
    wall, cpu = time.monotonic(), cpu_seconds()
    clock.move(at)
    service.tick()
    while any(leading.ledger.pending().values()):
        leading.dispatcher.wait(5)
        service.tick()
    return time.monotonic() - wall, cpu_seconds() - cpu


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, default in (("monitors", 200), ("features", 50), ("rows", 1000), ("hours", 5)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    keep_lean()
    folder = Path(tempfile.mkdtemp(prefix="driftd-hour-"))
    try:
        config = made(folder, asked.monitors, asked.features, asked.rows, asked.hours)
        figures = run(config, asked.monitors, asked.hours)
    finally:
        shutil.rmtree(folder)
    if asked.json:
        print(json.dumps({**vars(asked), **figures}))


def run(config: Path, monitors: int, hours: int) -> dict[str, float]:
    sys.modules["__main__"].__dict__.pop("__file__")  # workers look at the file of the command; `driftd` costs nothing
    clock = HandClock(START)
    from monitor.daemon.service import Service  # not above: a worker reads this file first, as that of its command

    service = Service(config, {}, clock)
    service.start()
    wall, cpu = hour(service, clock, START + HOUR)
    print(
        f"first hour, {monitors} windows: {wall:.1f} s wall ({wall / WALL_SECONDS:.2f} of the limit), "
        f"{cpu:.1f} s CPU ({cpu / CPU_SECONDS:.2f} of the limit), {1000 * cpu / monitors:.0f} ms a window"
    )
    figures = {"hour_wall": wall, "hour_cpu": cpu}
    sizes = [resident_bytes()]
    for number in range(2, hours + 1):
        wall, cpu = hour(service, clock, START + number * HOUR)
        sizes.append(resident_bytes())
        print(f"hour {number}: {wall:.1f} s wall, {cpu:.1f} s CPU, {sizes[-1] >> 20} MB resident")
    print(
        f"memory after {monitors} windows {sizes[0] >> 20} MB, after {monitors * hours} {sizes[-1] >> 20} MB "
        f"({sizes[-1] / sizes[0]:.2f})"
    )
    began = time.monotonic()
    body, _ = service.metrics.exposition()
    took = time.monotonic() - began
    print(
        f"scrape: {len(body.splitlines())} lines, {len(body) / 1e6:.1f} MB "
        f"({len(gzip.compress(body, 1)) / 1e6:.2f} packed), {took:.2f} s ({took / SCRAPE_SECONDS:.2f} of the limit)"
    )
    leading = service.state.leading
    assert leading is not None
    print(f"store: {leading.database.size_bytes() / 1e6:.0f} MB after {monitors * hours} windows")
    service.stop()
    return {**figures, "resident_mb": sizes[-1] / 2**20, "scrape_seconds": took}


if __name__ == "__main__":
    main()
