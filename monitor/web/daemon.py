"""What pages and API need of the daemon, and the rows that they show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from monitor.metrics.registry import Metrics
from monitor.metrics.view import Snapshot
from monitor.web.history import Past
from monitor.web.paging import Page
from monitor.web.people import People

if TYPE_CHECKING:  # whose rows are made of those here
    from monitor.web.details import Details


@dataclass(frozen=True, slots=True, kw_only=True)
class Upcoming:
    """A window to come, and when it is judged."""

    start: datetime
    end: datetime
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowRow:
    """A window of the ledger. `sagemaker_status` is the same state in that product's words."""

    monitor: str
    start: datetime
    end: datetime
    state: str
    sagemaker_status: str
    revision: int = 0
    attempt: int = 0
    failures: int = 0
    reason: str = ""
    due: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """A window judged, or not: `status` is the report's, `reason` why there is none."""

    run_id: str
    monitor: str
    start: datetime
    end: datetime
    revision: int
    status: str
    sagemaker_status: str
    reason: str = ""
    records: int = 0
    rows: int = 0
    violations: int = 0
    took_seconds: float | None = None
    finished: datetime | None = None
    baseline: str = ""
    config_digest: str = ""
    input_digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ViolationRow:
    """A finding that is a violation, of the newest revision of its window."""

    monitor: str
    start: datetime
    end: datetime
    revision: int
    rule: str
    feature: str | None = None
    severity: str = "warning"
    value: float | None = None
    threshold: float | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineRow:
    """The baseline that a monitor judges against."""

    monitor: str
    name: str
    version: str = ""
    digest: str = ""
    created: datetime | None = None
    records: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A share of rows of a feature: `now`, and the `centre` that it is held against; `place` says which, in words."""

    feature: str
    since: datetime | None = None
    place: str = ""
    now: float | None = None
    centre: float | None = None
    low: float | None = None
    high: float | None = None
    question: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Between which shares of rows a feature may wander, where it is nearest to an end; `evidence` is 1 at an alarm."""

    feature: str
    place: str
    now: float | None = None
    centre: float | None = None
    least: float | None = None
    most: float | None = None
    widened: float = 1.0
    evidence: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkRow:
    """What somebody said of what was found; it holds for windows that end later than `after`. No feature: of all that
    were open."""

    kind: str
    feature: str | None
    why: str
    who: str
    made: datetime
    after: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyPage:
    """How the policy of a monitor stands after the window that ends at `window_end`, None before the first.

    `phase` is learning or armed; of `needed` windows `seen` are learned. `promised` false alarms are to be expected in
    52 weeks, `alarms` were told since ever. `skews` are not accepted yet.
    """

    monitor: str
    window_start: datetime | None = None
    window_end: datetime | None = None
    phase: str = ""
    seen: int = 0
    needed: int = 0
    evidence: float | None = None
    promised: float | None = None
    alarms: int = 0
    shadow: bool = False
    open: Sequence[Moved] = ()
    skews: Sequence[Moved] = ()
    bands: Sequence[Band] = ()
    marks: Sequence[MarkRow] = ()
    channels: Sequence[str] = ()
    seasons: Sequence[str] = ()
    groups: Sequence[Sequence[str]] = ()
    correlated: Sequence[Sequence[str]] = ()
    notes: Sequence[str] = ()


class Daemon(Protocol):
    """The daemon as the web sees it. Every method is called from a thread of the web server's, and may block.

    A method that is asked for a monitor that there is not is asked all the same; it answers with nothing. A request
    that cannot be met raises MonitorError, whose text the caller is told.
    """

    @property
    def metrics(self) -> Metrics:
        """What a scrape is answered from."""

    def healthy(self) -> str:
        """Why the daemon is not alive: its loop stands still. Empty: it is alive."""

    def ready(self) -> str:
        """Why it is not ready: nothing loaded yet, or stopping. Empty: it is ready."""

    def snapshot(self) -> Snapshot:
        """All monitors as metrics show them."""

    def upcoming(self, monitor: str, count: int) -> Sequence[Upcoming]:
        """The next windows of a monitor."""

    def windows(self, monitor: str, limit: int, cursor: str) -> Page[WindowRow]:
        """Windows of the ledger, newest first."""

    def runs(self, monitor: str | None, limit: int, cursor: str) -> Page[RunRow]:
        """Runs, newest first, of one monitor or all."""

    def violations(self, monitor: str | None, limit: int, cursor: str) -> Page[ViolationRow]:
        """Violations, newest first."""

    def baselines(self) -> Sequence[BaselineRow]:
        """The baseline of each monitor."""

    def report_folder(self, monitor: str, start: datetime, end: datetime, revision: int | None) -> Path | None:
        """The folder with a window's report; revision None: the newest."""

    def config_text(self) -> str:
        """The effective configuration as YAML, without secrets."""

    def runtime(self) -> Mapping[str, Any]:
        """When it started, who leads, how large the store is: what JSON can hold."""

    def flags(self) -> Mapping[str, str]:
        """The options of the command line it was started with."""

    def reload(self, by: str) -> str:
        """Load the configuration anew; why that failed, or empty. `by` is who asked, for the audit log."""

    def backfill(self, monitor: str, start: datetime, end: datetime, by: str) -> int:
        """Have windows of a stretch judged again; how many they are."""

    def policy(self, monitor: str) -> PolicyPage:
        """How the policy of a monitor stands, and what people said."""

    def mark(self, monitor: str, kind: str, feature: str | None, why: str, by: str) -> MarkRow:
        """Keep what somebody says of what was found."""

    @property
    def past(self) -> Past:
        """Many windows at once."""

    @property
    def people(self) -> People:
        """Incidents, what people do with them, and what they tell."""

    @property
    def details(self) -> "Details":
        """One window, one feature, one incident from near."""

    def audit(self, event: str, by: str, resource: str, outcome: str) -> None:
        """Write down a change, or a change that was denied."""
