"""How long the pages take at the server, and how large they are, with months of many monitors behind them.

usage: python benchmarks/pages.py [MONITORS FEATURES WINDOWS] (default 200 50 1000)
       python benchmarks/pages.py --serve [MONITORS FEATURES WINDOWS]

An SQLite store is filled in a temporary folder (`filled.py`; seeded), and each page is asked for nine times through the
application that the daemon serves, without a network between. Printed are the first and the median time in
milliseconds and the size in kB. With --serve it is served on 127.0.0.1:9465 until it is interrupted, to look at.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.filled import END, HOUR, NOW, Size, baselines, config, fill, names
from monitor.daemon.board import Board
from monitor.daemon.site import Site, State
from monitor.daemon.watched import loaded
from monitor.metrics.registry import Metrics
from monitor.store import queries
from monitor.store.database import Database
from monitor.store.ledger import Ledger
from monitor.web.app import app
from monitor.web.options import WebOptions
from monitor.web.server import Server

TIMES = 9
PAGES = {
    "overview": "/",
    "overview, filtered": "/?text=fraud&status=ok&sort=name",
    "monitor": "/monitors/{monitor}",
    "monitor, earlier": "/monitors/{monitor}?until={until}",
    "feature, numbers": "/monitors/{monitor}/feature?name=amount",
    "feature, texts": "/monitors/{monitor}/feature?name=country",
    "feature, earlier": "/monitors/{monitor}/feature?name=amount&until={until}",
    "window": "/monitors/{monitor}/windows/{window}",
    "incidents": "/incidents",
    "incident": "/incidents/{incident}",
    "baselines": "/baselines",
    "versions": "/baselines?monitor={monitor}&first=v1&second=v2",
    "configuration": "/config",
    "audit": "/audit",
    "status": "/status",
}


def site(folder: Path, size: Size) -> Site:
    """The daemon as the web sees it, over a store that is full."""
    database = Database.open("sqlite", folder / "state")
    database.upgrade()
    fill(database, size, baselines(folder, size))
    metrics = Metrics(version="0", clock=lambda: NOW)
    board = Board(metrics, lambda: NOW)
    known = loaded(config(folder, size), {})
    with database.read() as connection:
        board.load(known, queries.monitors(connection), queries.latest(connection), NOW)
    leading: Any = SimpleNamespace(
        database=database, ledger=Ledger(database, "bench"), heard=lambda _: None, dispatcher=SimpleNamespace(busy=0)
    )
    state = State(loaded=known, leading=leading, is_ready=True, started=NOW)
    return Site(state, board, metrics, lambda: NOW, lambda _: "", {})


async def asked(made: Any, path: str) -> tuple[list[float], int]:
    """Milliseconds of each time, and the bytes of the answer."""
    took = []
    async with httpx.AsyncClient(transport=httpx.ASGITransport(made), base_url="http://127.0.0.1:9465") as client:
        for _ in range(TIMES):
            began = time.perf_counter()
            answer = await client.get(path)
            took.append((time.perf_counter() - began) * 1000)
            assert answer.status_code == 200, answer.text
    return took, len(answer.content)


def main() -> None:
    arguments = [one for one in sys.argv[1:] if one != "--serve"]
    size = Size(**dict(zip(("monitors", "features", "windows"), map(int, arguments), strict=False)))
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        daemon = site(Path(folder), size)
        print(f"{size.monitors} monitors x {size.features} features x {size.windows} windows, filled in "
              f"{time.perf_counter() - began:.0f} s, {daemon.runtime()['store_size_bytes'] / 1e6:.0f} MB")  # fmt: skip
        if "--serve" in sys.argv:
            server = Server(WebOptions())
            server.start(daemon)
            print(server.url, flush=True)
            time.sleep(1e6)
        made = app(daemon, WebOptions())
        print(f"{'page':<20} {'first ms':>9} {'median ms':>9} {'kB':>7}")
        for name, path in PAGES.items():
            at = path.format(
                monitor=names(size)[0],
                until=f"{END.replace(day=1):%Y-%m-%dT%H:%M:%SZ}",
                window="_".join(f"{one:%Y%m%dT%H%M%SZ}" for one in (END - HOUR, END)),
                incident=f"{names(size)[0]}:{END - 5 * HOUR:%Y%m%dT%H%M%SZ}:1",
            )
            took, content = asyncio.run(asked(made, at))
            print(f"{name:<20} {took[0]:>9.0f} {statistics.median(took):>9.0f} {content / 1000:>7.0f}")


if __name__ == "__main__":
    main()
