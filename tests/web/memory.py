"""A daemon that has everything in memory, and remembers what it was told."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from metrics.views import END, NOW, view
from starlette.applications import Starlette
from web.folk import Folk, paged
from web.near import Near
from web.past import Remembered

from monitor.errors import MonitorError
from monitor.metrics.registry import Metrics
from monitor.metrics.view import MonitorView, Snapshot
from monitor.web.app import app
from monitor.web.daemon import (
    Band,
    BaselineRow,
    MarkRow,
    Moved,
    PolicyPage,
    RunRow,
    Upcoming,
    ViolationRow,
    WindowRow,
)
from monitor.web.options import Token, WebOptions
from monitor.web.paging import Page

HOUR = timedelta(hours=1)
SECRETS = {"reader": "r-secret", "writer": "w-secret", "boss": "b-secret"}
TOKENS = tuple(
    Token(id=name, sha256=hashlib.sha256(SECRETS[name].encode()).hexdigest(), scopes=(scope,))
    for name, scope in (("reader", "read"), ("writer", "write"), ("boss", "admin"))
)
BROKEN = "the disk is on fire: /secret/path"


def bearer(name: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {SECRETS[name]}"}


@dataclass
class Memory:
    """Answers as the daemon would."""

    views: tuple[MonitorView, ...] = (view(), view("upsell", ("amount",), figures=None, trouble="timeout"))
    folder: Path | None = None
    config: str = "monitors: {}\ntoken: (hidden)\n"
    unhealthy: str = ""
    unready: str = ""
    broken_config: str = ""
    breaks: bool = False
    told: list[tuple[str, ...]] = field(default_factory=list)
    marks: list[MarkRow] = field(default_factory=list)
    past: Remembered = field(default_factory=Remembered)
    metrics: Metrics = field(default_factory=lambda: Metrics(version="0.1.0", clock=lambda: NOW))

    def __post_init__(self) -> None:
        self.people = Folk(self.told)
        self.details = Near(self.told)
        self.metrics.show(self.snapshot())

    def healthy(self) -> str:
        return self.unhealthy

    def ready(self) -> str:
        return self.unready

    def snapshot(self) -> Snapshot:
        if self.breaks:
            raise RuntimeError(BROKEN)
        return Snapshot(monitors=self.views, taken_at=NOW)

    def upcoming(self, monitor: str, count: int) -> Sequence[Upcoming]:
        return [
            Upcoming(start=END + i * HOUR, end=END + (i + 1) * HOUR, due=END + (i + 1) * HOUR + timedelta(minutes=10))
            for i in range(count)
        ]

    def windows(self, monitor: str, limit: int, cursor: str) -> Page[WindowRow]:
        rows = [
            WindowRow(
                monitor=monitor, start=END - (i + 1) * HOUR, end=END - i * HOUR, state="done",
                sagemaker_status="CompletedWithViolations", due=END,
            )
            for i in range(7)
        ]  # fmt: skip
        return paged(rows, limit, cursor)

    def runs(self, monitor: str | None, limit: int, cursor: str) -> Page[RunRow]:
        rows = [
            RunRow(
                run_id=f"r{i}", monitor=one.name, start=END - HOUR, end=END, revision=i, status="violated",
                sagemaker_status="CompletedWithViolations", took_seconds=1.5, finished=NOW,
            )
            for one in self.views
            if monitor in (None, one.name)
            for i in range(3)
        ]  # fmt: skip
        return paged(rows, limit, cursor)

    def violations(self, monitor: str | None, limit: int, cursor: str) -> Page[ViolationRow]:
        rows = [
            ViolationRow(
                monitor=one.name, start=END - HOUR, end=END, revision=0, rule="drift", feature='</script>"age"',
                value=float("nan"), threshold=0.1,
            )
            for one in self.views
            if monitor in (None, one.name)
        ]  # fmt: skip
        return paged(rows, limit, cursor)

    def baselines(self) -> Sequence[BaselineRow]:
        return [BaselineRow(monitor=one.name, name="churn", version="3", records=2333) for one in self.views]

    def report_folder(self, monitor: str, start: datetime, end: datetime, revision: int | None) -> Path | None:
        self.told.append(("folder", monitor, start.isoformat(), end.isoformat(), str(revision)))
        return self.folder

    def config_text(self) -> str:
        return self.config

    def runtime(self) -> Mapping[str, Any]:
        return {"started": NOW, "leader": True, "store_size_bytes": 4096}

    def flags(self) -> Mapping[str, str]:
        return {"config": "driftd.yaml"}

    def reload(self, by: str) -> str:
        self.told.append(("reload", by))
        return self.broken_config

    def backfill(self, monitor: str, start: datetime, end: datetime, by: str) -> int:
        if end - start > timedelta(days=30):
            raise MonitorError("backfill of 31 days: at most 30 at once would be right")
        self.told.append(("backfill", monitor, start.isoformat(), end.isoformat(), by))
        return 3

    def policy(self, monitor: str) -> PolicyPage:
        moved = Moved(feature="age", since=END, place="above 40", now=0.6, centre=0.5, question="drift")
        return PolicyPage(
            monitor=monitor, window_end=END, phase="armed", seen=336, needed=336, evidence=float("nan"), promised=1.0,
            open=(moved,), bands=(Band(feature="age", place="above 40", least=0.45, most=0.55),),
            marks=tuple(self.marks), channels=("level",), groups=(("age", "zip"),),
        )  # fmt: skip

    def mark(self, monitor: str, kind: str, feature: str | None, why: str, by: str) -> MarkRow:
        if feature == "none":
            raise MonitorError("no feature 'none' is followed; 'age' would be right")
        self.told.append(("mark", monitor, kind, str(feature), why, by))
        self.marks.append(MarkRow(kind=kind, feature=feature, why=why, who=by, made=NOW, after=END))
        return self.marks[-1]

    def audit(self, event: str, by: str, resource: str, outcome: str) -> None:
        self.told.append(("audit", event, by, resource, outcome))


class Browser:
    """A client without a server between: each request runs to its end."""

    def __init__(self, made: Starlette) -> None:
        self._made = made

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        """The answer; what breaks inside is an answer too."""
        return asyncio.run(self._answer(method, path, more))

    async def _answer(self, method: str, path: str, more: dict[str, Any]) -> httpx.Response:
        transport = httpx.ASGITransport(self._made, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:9465") as asking:
            return await asking.request(method, path, **more)

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.request("GET", path, **more)

    def head(self, path: str, **more: Any) -> httpx.Response:
        return self.request("HEAD", path, **more)

    def delete(self, path: str, **more: Any) -> httpx.Response:
        return self.request("DELETE", path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        return self.request("POST", path, **more)


def client(daemon: Memory | None = None, **options: Any) -> Browser:
    """A browser for the pages of a daemon."""
    seconds = options.pop("seconds", 30.0)
    return Browser(app(daemon or Memory(), WebOptions(**options), seconds=seconds))
