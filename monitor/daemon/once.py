"""Windows judged without a daemon: the same ledger, planner and workers, until nothing is left to do."""

import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from monitor import __version__, logs
from monitor.daemon.board import Board
from monitor.daemon.clock import machine_clock
from monitor.daemon.leading import Leading, store_url
from monitor.daemon.watched import loaded
from monitor.daemon.workers import Workers
from monitor.errors import Held, InputError
from monitor.metrics.registry import Metrics
from monitor.store import queries
from monitor.store.database import Database
from monitor.store.leadership import Leadership

GLANCE_SECONDS = 0.2


def backfilled(
    path: Path, environment: Mapping[str, str], monitor: str, start: datetime, end: datetime, by: str
) -> tuple[int, dict[str, int]]:
    """Judge the windows of a stretch again, or for the first time; how many, and how often each verdict.

    Raises Held where a daemon holds the store.
    """
    found = loaded(path, environment)
    if monitor not in found.monitors:
        raise InputError(f"{path}: has no monitor {monitor!r}; one of {', '.join(found.monitors)} would be right")
    found = replace(found, monitors={monitor: found.monitors[monitor]})
    config = found.config
    logs.start(config.log.level, config.log.format)
    url = store_url(config)
    with ExitStack() as stack:
        leadership = Leadership(url, config.state)
        stack.callback(leadership.release)
        if not leadership.acquire():
            raise Held(f"store {config.state}: a running driftd holds it")
        database = Database.open(url, config.state)
        stack.callback(database.close)
        workers = Workers(found.libraries)
        workers.start()
        metrics = Metrics(version=__version__)
        board = Board(metrics, machine_clock)
        leading = Leading(
            database=database, loaded=found, workers=workers, board=board, metrics=metrics, clock=machine_clock
        )
        stack.callback(leading.dispatcher.end)
        stack.callback(workers.stop)
        leading.begin()
        count = leading.backfill(monitor, start, end, by)
        _until_idle(leading, monitor)
        with database.read() as connection:
            results = queries.results(connection, monitor, start, end)
    statuses = [result.status for result in results]
    return count, {status: statuses.count(status) for status in sorted(set(statuses))}


def _until_idle(leading: Leading, monitor: str) -> None:
    """Tick until nothing is due any more; what waits after a failure is waited for."""
    while True:
        leading.tick(machine_clock())
        leading.renew(machine_clock())
        if not leading.ledger.pending().get(monitor) and not leading.dispatcher.busy:
            return
        time.sleep(GLANCE_SECONDS)
