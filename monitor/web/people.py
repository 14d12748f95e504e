"""Incidents, occasions and dead letters as pages, API and command line show them; and what can be done with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from monitor.web.paging import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRow:
    """An incident in a line. `since` is the start of its first window, `until` the end of the last in which it fired.
    `features` are the first of `feature_count`, `verdict` what somebody called it, if anybody did."""

    id: str
    monitor: str
    state: str
    severity: str
    cause: str
    since: datetime
    until: datetime
    resolved: datetime | None
    owner: str
    why: str
    verdict: str | None
    muted_until: datetime | None
    features: Sequence[str]
    feature_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What somebody said of an incident: what it was (`verdict`), or that nothing is to be told `until` then."""

    who: str
    at: datetime
    why: str
    verdict: str | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRow:
    """Something that fired: a rule on a feature, or on the whole window. `explained_by` is what on a lower rung brings
    it about, in words; empty where it stands for itself. `fires` is whether no window has answered since that it does
    not."""

    rule: str
    feature: str | None
    rung: str
    severity: str
    why: str
    since: datetime
    until: datetime
    fires: bool
    explained_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldRow:
    """An event that told of an incident, and how it stands at a receiver: waiting, sent or dead, since `ended`; none
    where no route takes it, or it was not handed out yet."""

    at: datetime
    kind: str
    severity: str
    receiver: str = ""
    state: str = ""
    ended: datetime | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRow:
    """How a configured alarm of the monitor stands."""

    name: str
    state: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OccasionRow:
    """Something told of the world outside: a deploy, a holiday, an outage. No monitor: of all; no end: a moment."""

    id: str
    kind: str
    start: datetime
    end: datetime | None = None
    monitor: str | None = None
    why: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentPage:
    """An incident in full. `evidence` is what speaks for its cause. `occasions` are those from a day before it began
    until its last window, `alarms` those of its monitor as they stand now."""

    incident: IncidentRow
    rung: str
    evidence: Sequence[str]
    looked: datetime
    notified: datetime | None
    acknowledged: Word | None
    mute: Word | None
    parts: Sequence[PartRow]
    told: Sequence[ToldRow]
    occasions: Sequence[OccasionRow]
    alarms: Sequence[AlarmRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRow:
    """An event that a receiver did not get, for the reason `why`; dead `since` then."""

    receiver: str
    kind: str
    monitor: str
    made: datetime
    since: datetime | None
    why: str
    event: str


class People(Protocol):
    """What people ask and do. What cannot be done raises MonitorError, whose text they are told."""

    def incidents(self, monitor: str | None, is_open: bool, limit: int, cursor: str) -> Page[IncidentRow]:
        """Incidents of a monitor or all, newest first; open ones alone where that is asked."""

    def incident(self, key: str) -> IncidentPage | None:
        """One of them in full; None where there is none of this id."""

    def acknowledge(self, key: str, verdict: str, why: str, by: str) -> IncidentPage:
        """Keep what somebody says that it was."""

    def mute(self, key: str, until: datetime, why: str, by: str) -> IncidentPage:
        """Tell nothing of it until then."""

    def occasions(self, monitor: str | None, since: datetime | None, limit: int, cursor: str) -> Page[OccasionRow]:
        """What was told of a monitor or of all, latest first, without what was over before `since`."""

    def tell(
        self,
        kind: str,
        *,
        monitor: str | None,
        start: datetime | None,
        end: datetime | None,
        why: str,
        key: str | None,
        by: str,
    ) -> OccasionRow:
        """Keep an occasion; without a start it is now, without an id it gets one. The same id again replaces it."""

    def withdraw(self, key: str) -> bool:
        """Forget an occasion; whether it was there."""

    def dead_letters(self, limit: int, cursor: str) -> Page[LetterRow]:
        """Events that were given up, the oldest first."""

    def replay(self, receiver: str) -> int:
        """Send the dead letters of a receiver once more; how many."""
