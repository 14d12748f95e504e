"""What the API says in rows of its own: a monitor in a line, a monitor in full, a page of anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.metrics.view import MonitorView
from monitor.web.daemon import Upcoming


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorRow:
    """A monitor in a line. `status` is that of its last report; empty: there is none yet."""

    name: str
    enabled: bool
    status: str
    trouble: str
    model: str
    model_version: str
    baseline: str
    window_start: datetime | None
    window_end: datetime | None
    records: int | None
    features: int | None
    drifted: int | None
    violations: int | None
    pending: int | None
    last_success: datetime | None
    next_run: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorPage:
    """A monitor in full, and its next windows."""

    monitor: MonitorView
    status: str
    upcoming: Sequence[Upcoming]


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfilled:
    """A stretch whose windows are judged again, and how many they are."""

    monitor: str
    start: datetime
    end: datetime
    windows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """The id of an occasion that is forgotten."""

    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """How many dead letters of a receiver are sent once more."""

    receiver: str
    letters: int


def row(view: MonitorView) -> MonitorRow:
    """The line of a monitor."""
    figures = view.figures
    return MonitorRow(
        name=view.name,
        enabled=view.enabled,
        status=figures.status if figures is not None else "",
        trouble=view.trouble,
        model=view.model,
        model_version=view.model_version,
        baseline=view.baseline,
        window_start=view.window_start,
        window_end=view.window_end,
        records=figures.records if figures is not None else None,
        features=figures.features if figures is not None else None,
        drifted=len(figures.drifted) if figures is not None else None,
        violations=sum(figures.violations.values()) if figures is not None else None,
        pending=view.pending,
        last_success=view.last_success,
        next_run=view.next_run,
    )
