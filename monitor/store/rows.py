"""What queries answer with: monitors, windows, runs and results as the store knows them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitor.store.columns import microseconds
from monitor.window import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorRow:
    """What the ledger knows of one monitor. `late` and `dead` count over all of its windows, `alarms` since ever."""

    name: str
    planned_to: datetime | None
    watermark: datetime | None
    last_run: datetime | None
    last_success: datetime | None
    last_record: datetime | None
    last_seconds: float | None
    pending: int
    skipped: int
    dead: int
    late: int
    alarms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowRow:
    """A window as it stands. `status` is the verdict of its latest revision, `revision` 0 before the first."""

    monitor: str
    window: Window
    state: str
    revision: int
    attempt: int
    failures: int
    status: str | None
    reason: str
    why: str
    late: int
    owner: str | None
    not_before: datetime | None
    due_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """One attempt at one revision of a window."""

    run_id: str
    monitor: str
    window: Window
    revision: int
    attempt: int
    owner: str
    state: str
    status: str | None
    started_at: datetime
    finished_at: datetime | None
    records: int | None
    reason: str
    why: str

    @property
    def cursor(self) -> str:
        """Where the next page begins."""
        return f"{microseconds(self.started_at)}-{self.run_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRow:
    """A judged revision without its report and profile. `rejected` and `figures` are JSON objects."""

    monitor: str
    window: Window
    revision: int
    run_id: str
    status: str
    judged_at: datetime
    took_seconds: float
    records: int
    rows: int
    rejected: dict[str, int]
    config_digest: str
    baseline: str
    input_digest: str
    folder: str
    figures: dict[str, Any]
