"""One window, one feature, one incident as pages and API show them in full; and the baselines of a monitor."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from monitor.feature import Feature
from monitor.report import Report
from monitor.web.daemon import RunRow, WindowRow
from monitor.web.paging import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class InputRow:
    """A file that was read for a window: its size, and how many of the window's records it has."""

    path: str
    size: int
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """From when to when a window is."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowDetail:
    """A window in one revision; `report` is None where it was not judged. `late` records came after that, `runs` are
    all attempts, the newest first, `revisions` the numbers of those that were judged, `inputs` the first of
    `input_count` files."""

    window: WindowRow
    revision: int
    status: str
    report: Report | None
    late: int
    runs: Sequence[RunRow]
    revisions: Sequence[int]
    inputs: Sequence[InputRow]
    input_count: int
    earlier: Stretch | None
    later: Stretch | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A feature in one window: `quantiles` of its numbers (5, 25, 50, 75, 95 %), the share of rows without a value, and
    how far it has moved against which limit; None where that is not known. `violated` counts any rule."""

    start: datetime
    end: datetime
    status: str
    quantiles: Sequence[float] | None = None
    missing: float | None = None
    score: float | None = None
    limit: float | None = None
    violated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A feature over windows, and the quantiles of its baseline, None where it has no numbers."""

    monitor: str
    feature: str
    points: Sequence[Point]
    baseline: str
    baseline_quantiles: Sequence[float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureDetail:
    """A feature in one window, and how it went up to that. `now` and `base` are None where the window, or the baseline,
    has none of it; `trouble` is why the baseline could not be read. `report` holds its findings alone; `band` is what
    the policy says of it. `names` are the features that there are."""

    start: datetime
    end: datetime
    now: Feature | None
    base: Feature | None
    trouble: str
    report: Report
    band: Mapping[str, Any] | None
    course: Course
    names: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """A feature that carries an incident: how far it has moved in its last window, and its part of all that moved."""

    feature: str
    rule: str
    why: str
    since: datetime
    fires: bool
    score: float | None = None
    limit: float | None = None
    share: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """Something of the set-up that was another one from a window on: `what` it was, before and after."""

    at: datetime
    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRow:
    """An action that a monitor has: for which alarm, and what is done."""

    name: str
    alarm: str
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentDetail:
    """What stands behind an incident: features by how much of it they carry, what was changed about then, and which
    actions its monitor has."""

    drivers: Sequence[Driver]
    changes: Sequence[Changed]
    actions: Sequence[ActionRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """A version of a baseline: what it was made from, when, by what."""

    version: str
    is_current: bool
    digest: str
    made_at: str
    made_by: str
    made_from: Sequence[str]
    rows: int
    features: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The versions of a monitor's baseline in the order in which they were made. `can_promote` is whether the monitor
    follows what is current; `trouble` is why there are none to be seen."""

    monitor: str
    place: str
    versions: Sequence[VersionRow] = ()
    version_count: int = 0
    can_promote: bool = False
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promoted:
    """The version of a baseline that is current now."""

    monitor: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What the second version of a baseline has that the first has not, in lines of text."""

    first: str
    second: str
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """Who did what, when; `about` is what it was done to, `link` the incident where it was one."""

    at: datetime
    who: str
    what: str
    monitor: str
    about: str
    why: str
    incident: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Requested:
    """An action that somebody asked for: the id of the event that asks for it."""

    monitor: str
    action: str
    event: str


class Details(Protocol):
    """One thing from near. What there is none of is None; what cannot be done raises MonitorError."""

    def window(self, monitor: str, start: datetime, end: datetime, revision: int | None) -> WindowDetail | None:
        """A window, in its newest revision where none is named."""

    def feature(self, monitor: str, name: str, end: datetime | None, count: int) -> FeatureDetail | None:
        """A feature in the newest judged window that ends by a time, and in so many windows up to that."""

    def incident(self, key: str) -> IncidentDetail | None:
        """What stands behind an incident."""

    def features(self, monitor: str) -> Sequence[str]:
        """The features of a monitor, as its newest judged window has them."""

    def shelf(self, monitor: str) -> Shelf:
        """The versions of a monitor's baseline."""

    def difference(self, monitor: str, first: str, second: str) -> str:
        """What the second version has that the first has not, in lines of text."""

    def promote(self, monitor: str, version: str, why: str, by: str) -> str:
        """Make a version the current one; its whole name."""

    def act(self, monitor: str, action: str, incident: str | None, why: str, by: str) -> Requested:
        """Ask for an action now."""

    def audit(self, limit: int, cursor: str) -> Page[AuditRow]:
        """What people did, and what driftd did in their name, the latest first."""
