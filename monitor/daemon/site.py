"""What the web asks of the daemon: answers from the board, the store and the configuration."""

import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from monitor import __version__
from monitor.daemon import standing
from monitor.daemon.board import Board
from monitor.daemon.clock import Clock
from monitor.daemon.details import Details
from monitor.daemon.folders import folder_name
from monitor.daemon.histories import Histories
from monitor.daemon.leading import Leading
from monitor.daemon.people import People
from monitor.daemon.rows import run_row, window_row
from monitor.daemon.watched import Loaded
from monitor.errors import InputError, StoreError
from monitor.logs import logger
from monitor.metrics.registry import Metrics
from monitor.metrics.view import Snapshot
from monitor.store import queries
from monitor.web.daemon import BaselineRow, MarkRow, PolicyPage, RunRow, Upcoming, ViolationRow, WindowRow
from monitor.web.paging import Page
from monitor.window import Window

MOST_SILENT = timedelta(seconds=60)
"""How long the planner may be silent before the daemon is no longer called alive."""

audit = logger("audit")


@dataclass(slots=True)
class State:
    """What changes while the daemon runs."""

    loaded: Loaded
    leading: Leading | None = None
    is_ready: bool = False
    is_stopping: bool = False
    last_tick: datetime | None = None
    started: datetime | None = None


class Site:
    """The daemon as the web sees it."""

    def __init__(
        self,
        state: State,
        board: Board,
        metrics: Metrics,
        clock: Clock,
        reload: Callable[[str], str],
        flags: Mapping[str, str],
    ) -> None:
        self._state, self._board, self._clock = state, board, clock
        self._metrics, self._reload, self._flags = metrics, reload, flags

    @property
    def metrics(self) -> Metrics:
        return self._metrics

    def healthy(self) -> str:
        last = self._state.last_tick
        if last is None or self._clock() - last < MOST_SILENT:
            return ""
        return f"the planner has not woken up since {last:%Y-%m-%dT%H:%M:%SZ}"

    def ready(self) -> str:
        if self._state.is_stopping:
            return "stopping"
        return "" if self._state.is_ready else "starting"

    def snapshot(self) -> Snapshot:
        return self._board.snapshot()

    def upcoming(self, monitor: str, count: int) -> Sequence[Upcoming]:
        one = self._state.loaded.monitors.get(monitor)
        if one is None or not one.monitor.enabled:
            return ()
        leading = self._state.leading
        planned_to = leading.ledger.planned_to(monitor) if leading is not None else None
        found = one.schedule.upcoming(self._clock(), count, planned_to)
        return [Upcoming(start=w.start, end=w.end, due=one.schedule.due(w)) for w in found]

    def windows(self, monitor: str, limit: int, cursor: str) -> Page[WindowRow]:
        before = _moment(cursor) if cursor else None
        with self._leading.database.read() as connection:
            rows = queries.windows(connection, monitor, before=before, limit=limit)
        items = [window_row(row) for row in rows]
        return Page(items=items, cursor=_text(items[-1].end) if len(items) == limit else "")

    def runs(self, monitor: str | None, limit: int, cursor: str) -> Page[RunRow]:
        with self._leading.database.read() as connection:
            try:
                rows = queries.runs(connection, monitor, limit=limit, cursor=cursor)
            except (ValueError, OverflowError):
                raise InputError(f"cursor {cursor!r}: is none that was given out") from None
            found = [(row, queries.result(connection, row.monitor, row.window, row.revision)) for row in rows]
        items = [run_row(row, result) for row, result in found]
        return Page(items=items, cursor=rows[-1].cursor if len(rows) == limit else "")

    def violations(self, monitor: str | None, limit: int, cursor: str) -> Page[ViolationRow]:
        with self._leading.database.read() as connection:
            try:
                rows, following = queries.newest_violations(connection, monitor, limit=limit, cursor=cursor)
            except (ValueError, OverflowError):
                raise InputError(f"cursor {cursor!r}: is none that was given out") from None
        names = ViolationRow.__dataclass_fields__.keys()
        return Page(
            items=[ViolationRow(**{name: value for name, value in row.items() if name in names}) for row in rows],
            cursor=following,
        )

    def baselines(self) -> Sequence[BaselineRow]:
        with self._leading.database.read() as connection:
            latest = queries.latest(connection)
        found = []
        for name, one in self._state.loaded.monitors.items():
            known = latest[name].figures.get("baseline", {}) if name in latest else {}
            made_at = known.get("made_at")
            found.append(
                BaselineRow(
                    monitor=name,
                    name=known.get("name") or str(one.monitor.baseline).rstrip("/").rpartition("/")[2],
                    version=known.get("version", ""),
                    digest=known.get("digest", ""),
                    created=datetime.fromisoformat(made_at) if made_at else None,
                    records=known.get("rows"),
                )
            )
        return found

    def report_folder(self, monitor: str, start: datetime, end: datetime, revision: int | None) -> Path | None:
        if start >= end:
            return None
        window = Window(start=start, end=end)
        with self._leading.database.read() as connection:
            row = queries.result(connection, monitor, window, revision)
        if row is None:
            return None
        return self._state.loaded.reports / monitor / folder_name(window, row.revision)

    def config_text(self) -> str:
        return self._state.loaded.text

    def runtime(self) -> Mapping[str, Any]:
        state, leading = self._state, self._state.leading
        return {
            "version": __version__,
            "python": platform.python_version(),
            "started": _text(state.started) if state.started is not None else None,
            "is_leader": leading is not None,
            "monitors": len(state.loaded.monitors),
            "workers": state.loaded.config.workers,
            "workers_busy": leading.dispatcher.busy if leading is not None else 0,
            "store": leading.database.place if leading is not None else None,
            "store_size_bytes": leading.database.size_bytes() if leading is not None else None,
            "config_digest": state.loaded.digest,
        }

    def flags(self) -> Mapping[str, str]:
        return self._flags

    def reload(self, by: str) -> str:
        return self._reload(by)

    def backfill(self, monitor: str, start: datetime, end: datetime, by: str) -> int:
        if monitor not in self._state.loaded.monitors:
            raise InputError(f"monitor {monitor!r}: is not in the configuration")
        count = self._leading.backfill(monitor, start, end, by)
        self.audit("backfill", by, monitor, f"{count} windows")
        return count

    def policy(self, monitor: str) -> PolicyPage:
        self._followed(monitor)
        alarms = next((view.alarms for view in self.snapshot().monitors if view.name == monitor), None)
        with self._leading.database.read() as connection:
            return standing.page(connection, monitor, alarms or 0)

    def mark(self, monitor: str, kind: str, feature: str | None, why: str, by: str) -> MarkRow:
        self._followed(monitor)
        with self._leading.database.read() as connection:
            standing.known(connection, monitor, feature)
        made = self._leading.ledger.mark(monitor, kind, feature, who=by, why=why, now=self._clock())
        assert made is not None  # a window was judged
        return standing.shown(made)

    def _followed(self, monitor: str) -> None:
        one = self._state.loaded.monitors.get(monitor)
        if one is None or not one.is_followed:
            raise InputError(f"monitor {monitor!r}: its windows are not followed; a check of rule drift would be right")

    @property
    def past(self) -> Histories:
        return Histories(self._leading.database)

    @property
    def people(self) -> People:
        leading = self._leading
        return People(leading.database, self._state.loaded.config, self._clock, leading.heard)

    @property
    def details(self) -> Details:
        return Details(self._leading.database, self._state.loaded, self._clock, self.people)

    def audit(self, event: str, by: str, resource: str, outcome: str) -> None:
        audit.info(event, extra={"about": {"by": by, "resource": resource, "outcome": outcome}})

    @property
    def _leading(self) -> Leading:
        if self._state.leading is None:
            raise StoreError("this instance stands by; ask the one that leads")
        return self._state.leading


def _text(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is not None:
            return found
    except ValueError:
        pass
    raise InputError(f"cursor {text!r}: is none that was given out")
