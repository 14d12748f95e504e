"""Daemons die at random, two on one store: every planned window is judged exactly once, and nothing is told twice."""

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import chaos
import pytest
import servers

from monitor.store import queries
from monitor.store.database import Database
from monitor.store.ledger import Ledger

ROOT = Path(__file__).parents[2]
RUN = """
import sys
sys.path[:0] = [sys.argv[1], sys.argv[1] + "/tests"]
import chaos
from pathlib import Path
chaos.main(sys.argv[2], Path(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5]))
"""
COUNTS = {
    "windows": "SELECT count(*) FROM window",
    "done once": "SELECT count(*) FROM window WHERE state = 'done' AND revision = 1 AND failures = 0",
    "results": "SELECT count(*) FROM result",
    "outbox": "SELECT count(*) FROM outbox",
    "done runs": "SELECT count(*) FROM run WHERE state = 'done'",
}


@pytest.fixture(scope="module")
def server() -> Iterator[servers.Postgres]:
    with servers.postgres() as server:
        yield server


def survive(url: str, state: Path, seconds: float, seed: int) -> None:
    command = [sys.executable, "-c", RUN, str(ROOT), url, str(state), str(seconds), str(seed)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60, check=True)
    said = json.loads(ended.stdout)
    assert (ended.stderr, said["ended"]) == ("", 0)
    assert said["kills"] > 5
    database = Database.open(url, state)
    ledger, rng = Ledger(database, "last"), random.Random(seed)
    ledger.take_over(chaos.clock())
    until = time.monotonic() + 60
    while sum(ledger.pending().values()):
        chaos.work(ledger, rng)
        assert time.monotonic() < until
    print(said, end=" ")
    whole(database)
    database.close()


def whole(database: Database) -> None:
    window = '"window"'
    with database.read() as connection:
        found = {
            name: connection.exec_driver_sql(query.replace("window", window)).scalar() for name, query in COUNTS.items()
        }
        runs = connection.exec_driver_sql("SELECT count(*) FROM run WHERE state = 'interrupted'").scalar()
        for monitor, row in queries.monitors(connection).items():
            windows = [each.window for each in queries.windows(connection, monitor, limit=100_000)][::-1]
            assert [each.start for each in windows[1:]] == [each.end for each in windows[:-1]], "no gap"
            assert (windows[-1].end, row.watermark) == (row.planned_to, row.planned_to)
        if database.is_sqlite:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
    print(found, "interrupted runs:", runs)
    assert len(set(found.values())) == 1
    assert found["windows"] >= 4 * timedelta(seconds=1) // chaos.LENGTH
    assert runs > 2, "killed in the middle of a window"


def test_sqlite_is_handed_over_by_kills_and_loses_nothing(tmp_path: Path) -> None:
    survive("sqlite", tmp_path / "state", 6, 20260101)


def test_postgresql_is_worked_on_by_two_at_once_through_kills(server: servers.Postgres, tmp_path: Path) -> None:
    survive(server.database(), tmp_path / "state", 6, 20260102)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_for_half_a_minute(server: servers.Postgres, tmp_path: Path, seed: int) -> None:
    survive("sqlite", tmp_path / "state", 30, seed)
    survive(server.database(), tmp_path / "state", 30, seed)
