"""What pages need of many windows: the last ones of every monitor in a few figures, those of one monitor in full."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from monitor.figures import Figures
from monitor.finding import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Lately:
    """The last windows of a monitor, oldest first: the verdict of each, empty without one, and how many of its findings
    are violated. `violated` are those of the newest that was judged."""

    verdicts: Sequence[tuple[str, int]] = ()
    since: datetime | None = None
    until: datetime | None = None
    violated: Sequence[Finding] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A window of the ledger. Without `figures` it has no verdict, `reason` says why.

    `late` are records that came after it was `judged`. `baseline` is name/version. `violated` holds the rules of whose
    findings one is violated, by feature; None stands for the whole window.
    """

    start: datetime
    end: datetime
    due: datetime
    state: str
    revision: int = 0
    reason: str = ""
    late: int = 0
    judged: datetime | None = None
    took_seconds: float | None = None
    baseline: str = ""
    config_digest: str = ""
    figures: Figures | None = None
    violated: Mapping[str | None, Sequence[str]] = field(default_factory=dict)

    @property
    def status(self) -> str:
        """Its verdict; empty without one."""
        return "" if self.figures is None else self.figures.status


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something that happened to a monitor, in a moment or over a time. `lane` is what it is one of, `key` an id."""

    lane: str
    start: datetime
    end: datetime | None = None
    text: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A monitor's windows, oldest first, and what happened meanwhile. `findings` are those of the newest that was
    judged. `earlier` and `later` are where the windows before and after these end, None where there are none."""

    windows: Sequence[Seen] = ()
    happenings: Sequence[Happening] = ()
    findings: Sequence[Finding] = ()
    earlier: datetime | None = None
    later: datetime | None = None


class Past(Protocol):
    """What the store has of windows. What cannot be read raises MonitorError."""

    def lately(self, monitors: Sequence[str], count: int) -> Mapping[str, Lately]:
        """The last windows of each of these monitors."""

    def history(self, monitor: str, until: datetime | None, count: int) -> History:
        """So many windows of a monitor: the newest that end by a time."""
