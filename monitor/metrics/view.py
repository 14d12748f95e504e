"""What metrics, pages and API know of each monitor at one moment; nothing in it changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from monitor.figures import Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Incidents:
    """Of a monitor: open ones by severity, muted or not; those opened since ever by cause; what share of those that
    people called true or false lately was true, None without any; how many of the last year were called false. And how
    each configured alarm stands."""

    open: Mapping[str, int] = field(default_factory=dict)
    opened: Mapping[str, int] = field(default_factory=dict)
    precision: float | None = None
    false: int = 0
    alarms: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """Where labels come apart from captures: how many wait for their prediction, and what share of the predictions has
    one, by age."""

    waiting: int = 0
    coverage: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorView:
    """A monitor as of the last closed window. None: not known, or not yet.

    `rules` are those configured, `labels` the monitor's own, `is_shadow` whether it judges without acting. `alarms`
    were told since ever; None where windows are not followed. `figures` belong to the window from `window_start` to
    `window_end`, `trouble` is why its last run ended without a verdict. `weights` are the parts of the budget of
    false alarms that single features have by the configuration.
    """

    name: str
    kind: str = "data_quality"
    model: str = ""
    model_version: str = ""
    model_endpoint: str = ""
    baseline: str = ""
    timezone: str = "UTC"
    labels: Mapping[str, str] = field(default_factory=dict)
    rules: tuple[str, ...] = ()
    enabled: bool = True
    is_shadow: bool = False
    alarms: int | None = None
    interval_seconds: float = 3600.0
    last_run: datetime | None = None
    last_success: datetime | None = None
    next_run: datetime | None = None
    watermark: datetime | None = None
    last_record: datetime | None = None
    pending: int | None = None
    last_run_seconds: float | None = None
    window_start: datetime | None = None
    window_end: datetime | None = None
    revision: int = 0
    run_id: str = ""
    trouble: str = ""
    figures: Figures | None = None
    incidents: Incidents | None = None
    truth: Labels | None = None
    baseline_created: datetime | None = None
    baseline_records: int | None = None
    weights: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """All monitors in the order of the configuration."""

    monitors: tuple[MonitorView, ...] = ()
    taken_at: datetime | None = None
