"""Period: what was found of one monitor in the windows that end between two times, and what people did about it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from monitor.finding import Finding, Status
from monitor.incident import Incident
from monitor.report import Origin
from monitor.window import Window

VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A window that was due: how it stands in the ledger, and what its latest report says.

    `status` is None where nobody has judged it, which `reason` and `why` say more of; of an UNKNOWN one `unknown` is
    the commonest reason. `revision` above 1: it was judged again; `late` counts its records that came after that.
    """

    window: Window
    state: str
    status: Status | None = None
    reason: str = ""
    why: str = ""
    unknown: str = ""
    revision: int = 0
    judged_at: datetime | None = None
    judged: int = 0
    asked: int = 0
    violated: int = 0
    records: int = 0
    rows: int = 0
    dropped: int = 0
    rejected: Mapping[str, int] = field(default_factory=dict)
    late: int = 0
    baseline: Origin = field(default_factory=Origin)
    config_digest: str = ""
    input_digest: str = ""

    @property
    def verdict(self) -> str:
        """The status, or the state of what was not judged."""
        return self.state if self.status is None else self.status.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was found of a feature in one window, over all rules; `reached` is how far it is on the way to its limit."""

    status: Status
    reached: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Violations:
    """What one rule had against one feature, or against the window (`feature` None), in `windows` of `judged`.

    `worst` is the finding furthest beyond its limit, of the window `at`. `since` is when the move began that was open
    last. `stands`: the last window that answered was violated.
    """

    rule: str
    feature: str | None
    windows: int
    judged: int
    first: Window
    last: Window
    worst: Finding
    at: Window
    stands: bool
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """What could not be judged for one reason: which rules asked, of which features (none: of the window as a whole),
    in how many `windows`; `latest` is the last such finding."""

    reason: str
    rules: Sequence[str]
    features: Sequence[str]
    windows: int
    latest: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """How often a rule answered what, counted in findings, and in how many windows it was violated."""

    rule: str
    findings: Mapping[Status, int]
    violated: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """What a rule said of one of the model's metrics (None: of all together), in windows; `latest` is of window `at`,
    the last that answered, or the last at all where none did."""

    rule: str
    metric: str | None
    windows: Mapping[Status, int]
    latest: Finding
    at: Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """A baseline or configuration that windows were judged by without a break, from the first of them to the last."""

    name: str
    digest: str
    first: Window
    last: Window
    windows: int
    more: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What somebody did, or had done: `kind` in a word, `about` what, `who` where that is known."""

    at: datetime
    kind: str
    about: str = ""
    who: str = ""
    why: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """An event that a receiver never got."""

    at: datetime
    receiver: str
    kind: str
    attempts: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """All of it. `due` is in the order of the windows' ends; `features` has an answer for each of them, None where
    there is none, in the order of the baseline; `policy` is how the policy stood after the last window.
    """

    monitor: str
    start: datetime
    end: datetime
    due: Sequence[Due] = ()
    features: Mapping[str, Sequence[Answer | None]] = field(default_factory=dict)
    violations: Sequence[Violations] = ()
    unanswered: Sequence[Unanswered] = ()
    rules: Sequence[Answers] = ()
    metrics: Sequence[Quality] = ()
    baselines: Sequence[Used] = ()
    configs: Sequence[Used] = ()
    incidents: Sequence[Incident] = ()
    deeds: Sequence[Deed] = ()
    lost: Sequence[Lost] = ()
    policy: Mapping[str, Any] | None = None
    version: int = VERSION

    @property
    def verdicts(self) -> Mapping[str, int]:
        """How many windows have which verdict; of those that nobody judged, which state."""
        return Counter(one.verdict for one in self.due)

    @property
    def unknown(self) -> Mapping[str, int]:
        """How many windows are UNKNOWN for which reason."""
        return Counter(one.unknown for one in self.due if one.status is Status.UNKNOWN)

    @property
    def judged(self) -> int:
        """Findings that say yes or no."""
        return sum(one.judged for one in self.due)

    @property
    def asked(self) -> int:
        """Findings to which the question applied."""
        return sum(one.asked for one in self.due)

    @property
    def status(self) -> Status:
        """The gravest of its windows: VIOLATED, FAILED where one broke or could not be judged, UNKNOWN where one is
        or none was judged; else OK."""
        found = set(self.verdicts)
        if Status.VIOLATED in found:
            return Status.VIOLATED
        if found & {Status.FAILED.value, "dead"}:
            return Status.FAILED
        return Status.UNKNOWN if Status.UNKNOWN in found or Status.OK not in found else Status.OK
