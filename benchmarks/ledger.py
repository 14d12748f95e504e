"""What one claim and one finish cost with 200 monitors and 100,000 windows done: `python benchmarks/ledger.py`.

Optionally with the address of an empty PostgreSQL database. Reports of 50 features are about 25 kB of JSON.
"""

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from monitor.store import queries
from monitor.store.database import Database
from monitor.store.ledger import Ledger
from monitor.store.tables import INPUT, RESULT, WINDOW
from monitor.store.words import Done, Event, Input, Object
from monitor.window import Window

MONITORS, PAST, LEASE, HOUR = 200, 500, timedelta(seconds=30), timedelta(hours=1)
ZERO = datetime(2026, 1, 1, tzinfo=UTC)
FINDING = {
    "status": "ok",
    "rule": "drift",
    "value": 0.01,
    "low": 0.0,
    "high": 0.02,
    "method": "shift",
    "why": "x" * 250,
}
REPORT = json.dumps({"findings": [FINDING | {"feature": f"f{n}"} for n in range(50)]}).encode()


class Plan:
    skipped: tuple[Window, ...] = ()
    more_skipped = 0

    def __init__(self, number: int) -> None:
        self.windows = (window(number),)
        self.planned_to = window(number).end


def window(number: int) -> Window:
    return Window(start=ZERO + number * HOUR, end=ZERO + (number + 1) * HOUR)


def fill(database: Database, ledger: Ledger, names: list[str]) -> None:
    """A past of judged windows, written in bulk."""
    ledger.plan_all(dict.fromkeys(names, Plan(0)), ZERO)
    for name in names:
        ledger.reopen(name, [window(n) for n in range(1, PAST)], "", ZERO)
    blank = {"run_id": "", "config_digest": "", "baseline": "", "input_digest": "", "folder": ""}
    for name in names:
        keys = [{"monitor": name, "start_at": window(n).start, "end_at": window(n).end} for n in range(PAST)]
        result = {"revision": 1, "status": "ok", "judged_at": ZERO, "took_seconds": 0.1, "records": 1, "rows": 1}
        texts = {"rejected": "{}", "figures": "{}", "report": b"x" * 500, "profile": b"x" * 500}
        row = result | texts | blank
        with database.write() as connection:
            connection.execute(
                WINDOW.update().where(WINDOW.c.monitor == name).values(state="done", revision=1, closed_at=ZERO)
            )
            connection.execute(insert(RESULT), [key | row for key in keys])
            read = {"revision": 1, "path": "a", "size": 1, "stamp": "s", "rows": 1, "late": 0}
            connection.execute(insert(INPUT), [key | read for key in keys])


def timed(what: Callable[[], Any], times: list[float]) -> Any:
    begun = time.perf_counter()
    answer = what()
    times.append((time.perf_counter() - begun) * 1000)
    return answer


def done(number: int) -> Done:
    return Done(
        status="ok",
        report=REPORT,
        profile=REPORT * 2,
        figures={"records": 1000, "scores": [["feature", "shift", 0.1, 0.2]] * 50},
        inputs=[Input(path=f"a{n}", size=1, stamp="s", rows=10) for n in range(6)],
        objects=[Object(path=f"a{n}", size=1, stamp="s", first=ZERO, last=ZERO) for n in range(6)],
        rows_elsewhere={"a0": {(window(number - 1).start, window(number - 1).end): 5}},
        outbox=[Event(kind="report", body="{}")],
    )


def main(url: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = Database.open(url, Path(folder))
        database.upgrade()
        ledger, names = Ledger(database, "bench"), [f"monitor-{n:03}" for n in range(MONITORS)]
        fill(database, ledger, names)
        times: dict[str, list[float]] = {name: [] for name in ("plan", "claim", "finish", "renew", "start")}
        now = window(PAST).end
        timed(lambda: ledger.plan_all(dict.fromkeys(names, Plan(PAST)), now), times["plan"])
        for _ in range(MONITORS):
            claim = timed(lambda: ledger.claim(names, LEASE, now), times["claim"])
            timed(lambda: ledger.renew(LEASE, now), times["renew"])
            timed(lambda claim=claim: ledger.finish(claim, done(PAST), now, reprocess=HOUR), times["finish"])

        def restored() -> None:
            with database.read() as connection:
                queries.monitors(connection), queries.latest(connection)

        timed(restored, times["start"])
        for name, each in times.items():
            print(f"{name:8} n={len(each):4}  median {statistics.median(each):7.2f} ms  worst {max(each):7.2f} ms")
        print(f"size     {database.size_bytes() / 1e6:.0f} MB, pending {sum(ledger.pending().values())}")
        database.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "sqlite")
