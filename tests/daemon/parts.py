"""The daemon's parts with little around them: a configuration, a ledger in a folder, answers made by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from daemons import Farm

from monitor.daemon.task import Answer, Seen, Task, Worked
from monitor.daemon.watched import Loaded, Watched, loaded
from monitor.document import to_document
from monitor.errors import StoreError
from monitor.figures import Figures
from monitor.metrics.registry import Metrics
from monitor.store.database import Database
from monitor.store.words import Claim, Finished
from monitor.window import Window

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def window(number: int) -> Window:
    """The hour so many hours after nine."""
    return Window(start=NINE + number * HOUR, end=NINE + (number + 1) * HOUR)


def configuration(folder: Path, more: str = "", *, top: str = "", names: tuple[str, ...] = ("m",)) -> Loaded:
    """Monitors that are judged each hour, at once."""
    every = f"captures: captures, baseline: base, schedule: {{every: 1h, delay: 0s{more}}}"
    path = folder / "driftd.yaml"
    path.write_text(f"{top}\nmonitors:\n" + "".join(f"  {name}: {{{every}}}\n" for name in names))
    return loaded(path, {})


def watched(folder: Path, more: str = "") -> Watched:
    return configuration(folder, more).monitors["m"]


@contextmanager
def store(folder: Path) -> Iterator[Database]:
    database = Database.open("sqlite", folder / "state")
    database.upgrade()
    try:
        yield database
    finally:
        database.close()


def claim(number: int = 0, **more: Any) -> Claim:
    known: dict[str, Any] = {"revision": 1, "attempt": 1, "failures": 0, "run_id": f"run-{number}"}
    return Claim(monitor="m", window=window(number), **{**known, **more})


def answer(**more: Any) -> Answer:
    """Of a window that was judged; `figures` may be given as they are in the daemon."""
    figures = more.pop(
        "figures", Figures(status="ok", judged=3, asked=4, records=12, rows=10, rejected={"not_json": 2})
    )
    known: dict[str, Any] = {
        "status": figures.status,
        "baseline": {"name": "base", "version": "v1", "digest": "d", "made_at": "2026-03-01T00:00:00+00:00", "rows": 7},
        "folder": "/reports/w_r1",
        "input_digest": "sha256:1",
        "took_seconds": 0.5,
    }
    return Answer(**{**known, "figures": to_document(figures), **more})


def seen(path: str, **more: Any) -> Seen:
    return Seen(**{"path": path, "size": 5, "stamp": "s", "first": NINE, "last": NINE, **more})


def worked(**more: Any) -> Worked:
    return Worked(answer=answer(**more), report=b'{"findings": []}', profile=b"{}")


def shown(metrics: Metrics, name: str) -> list[str]:
    """The lines of one metric, without its name."""
    text = metrics.exposition()[0].decode()
    return [line.removeprefix(name) for line in text.splitlines() if line.startswith((f"{name}{{", f"{name} "))]


@dataclass
class Heard:
    """A listener that remembers."""

    told: list[tuple[str, ...]] = field(default_factory=list)

    def judged(self, one: Watched, claim: Claim, worked: Worked, finished: Finished) -> None:
        self.told.append(("judged", one.name, claim.run_id))

    def failed(self, one: Watched, claim: Claim, answer: Answer, state: str) -> None:
        self.told.append(("failed", answer.failure, answer.why, state))

    def looked(self, one: Watched, answer: Answer) -> None:
        self.told.append(("looked", one.name))

    def troubled(self, operation: str, error: StoreError) -> None:
        self.told.append(("troubled", operation))


WINDOW = window(0)
MONITOR = "  m: {captures: captures/m, baseline: baselines/model, schedule: {every: 1h, delay: 0s}}"


def task(farm: Farm, monitor: str = "m", window: Window | None = WINDOW) -> Task:
    """As the daemon makes it."""
    found = loaded(farm.config, {})
    return Task(
        name=monitor,
        monitor=found.monitors[monitor].document,
        folder=str(found.folder),
        rules=tuple(found.described),
        config_digest=found.digest,
        window=window,
        run_id="m-1",
        reports=str(farm.state / "reports" / monitor),
    )
