"""Incident: everything that fires together in one monitor, with a cause; and what people say of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from monitor.cause import TRAINABLE, Cause
from monitor.ladder import BROKEN, Firing, Key, Rung, worst
from monitor.routing import Route, route_of
from monitor.window import Window


class State(StrEnum):
    """Where an incident is in its life."""

    OPENED = "opened"
    NOTIFIED = "notified"
    ACKNOWLEDGED = "acknowledged"
    MUTED = "muted"
    RESOLVED = "resolved"


class Verdict(StrEnum):
    """What somebody says that it was: a fault, a false alarm, or a change that was meant to be."""

    TRUE = "true"
    FALSE = "false"
    EXPECTED = "expected"


NO_FAULT: Final = (Verdict.FALSE, Verdict.EXPECTED)
QUIET: Final = 2
"""Windows in a row after which something is over that knows of one window alone: it may lie on its limit, and come and
go with chance. What is damped is over with the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """Somebody has looked, and says what it was."""

    verdict: Verdict
    who: str
    at: datetime
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """Nothing is to be told until then."""

    until: datetime
    who: str
    why: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One firing of an incident: as it was in `last`, the last window that it fired in; `quiet` windows have answered
    since that it does not. `by` is the key of the firing that explains it, None where it stands for itself."""

    firing: Firing
    first: Window
    last: Window
    by: Key | None = None
    quiet: int = 0

    @property
    def is_over(self) -> bool:
        """Whether it has been quiet for long enough."""
        return self.quiet >= (1 if self.firing.is_damped else QUIET)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the last notification went out for."""

    severity: str
    route: Route
    rungs: tuple[Rung, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """`id` is the same however often its windows are replayed: monitor, end of the first window, number in that.

    `first` to `last` are the windows in which it fired, `looked` the last that was asked, `grown` the last in which
    something joined. `rung` is the one that `cause` was told from; `why` names no value of a row, `evidence` may name
    categories. `notified` is when it was first told. `parts` is everything that ever belonged to it.
    """

    id: str
    monitor: str
    owner: str = ""
    cause: Cause
    rung: Rung
    why: str = ""
    evidence: tuple[str, ...] = ()
    first: Window
    last: Window
    looked: Window
    grown: Window
    parts: tuple[Part, ...] = ()
    told: Told | None = None
    notified: datetime | None = None
    acknowledged: Acknowledgement | None = None
    mute: Mute | None = None
    resolved: datetime | None = None

    def state(self, now: datetime) -> State:
        """Where it is in its life; a mute ends by itself."""
        if self.resolved is not None:
            return State.RESOLVED
        if self.is_muted(now):
            return State.MUTED
        if self.acknowledged is not None:
            return State.ACKNOWLEDGED
        return State.OPENED if self.notified is None else State.NOTIFIED

    def is_muted(self, now: datetime) -> bool:
        return self.mute is not None and now < self.mute.until

    def is_quiet(self, now: datetime) -> bool:
        """Whether it is not to be repeated: somebody knows, or wants to hear nothing. What grows worse is told."""
        return self.state(now) not in (State.OPENED, State.NOTIFIED)

    @property
    def is_open(self) -> bool:
        return self.resolved is None

    @property
    def is_no_fault(self) -> bool:
        """Whether somebody called it a false alarm, or expected."""
        return self.acknowledged is not None and self.acknowledged.verdict in NO_FAULT

    @property
    def live(self) -> tuple[Part, ...]:
        """The parts that are not over; all, where every one is."""
        return tuple(part for part in self.parts if not part.is_over) or self.parts

    @property
    def severity(self) -> str:
        """The gravest of what fires, what is inhibited too: it tells how far a fault reaches."""
        return worst(part.firing.severity for part in self.live)

    @property
    def route(self) -> Route:
        """How urgently it is told by default, by what fires and what is inhibited."""
        return route_of(part.firing for part in self.live)

    @property
    def rungs(self) -> tuple[Rung, ...]:
        """Those that it stands on by itself, the lowest first."""
        found = {part.firing.rung for part in self.live if part.by is None}
        return tuple(rung for rung in Rung if rung in found)

    @property
    def features(self) -> tuple[str, ...]:
        """Of everything that ever belonged to it and was not explained by something else, in the order they came."""
        own = [part.firing for part in self.parts if part.by is None]
        names = (name for one in own for name in (one.about if one.feature is None else (one.feature,)))
        return tuple(dict.fromkeys(names))

    @property
    def inhibited(self) -> tuple[Part, ...]:
        """What something on a lower rung explains."""
        return tuple(part for part in self.parts if part.by is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Whose the incidents of a monitor are, and how they grow: what is new joins an incident of the same cause to
    which something was added within the last `joins`; later it is news."""

    owner: str = ""
    joins: timedelta = timedelta(days=7)

    def __post_init__(self) -> None:
        if self.joins < timedelta(0):
            raise ValueError(f"joins {self.joins}: 0 or more would be right")


def acknowledged(incident: Incident, verdict: Verdict, *, who: str, at: datetime, why: str = "") -> Incident:
    """The incident with what somebody says of it; said again, the last word holds. A resolved one takes it too."""
    _refuse_nobody(incident, who)
    return replace(incident, acknowledged=Acknowledgement(verdict=verdict, who=who, at=at, why=why))


def muted(incident: Incident, until: datetime, *, who: str, why: str, at: datetime) -> Incident:
    """The incident, silent until then; ValueError without an end in the future, without a reason, or if it is over."""
    _refuse_nobody(incident, who)
    if not incident.is_open:
        raise ValueError(
            f"incident {incident.id!r}: is over since {incident.resolved}, so nothing more is told of it; to "
            "acknowledge it would be right"
        )
    if not why.strip():
        raise ValueError(f"incident {incident.id!r}: muted without a reason; `why` in a few words would be right")
    if until <= at:
        raise ValueError(f"incident {incident.id!r}: muted until {until}, which is past; after {at} would be right")
    return replace(incident, mute=Mute(until=until, who=who, why=why, at=at))


def _refuse_nobody(incident: Incident, who: str) -> None:
    if not who.strip():
        raise ValueError(f"incident {incident.id!r}: nobody is named; the name of who says so would be right")


def precision(said: Mapping[str, int]) -> float | None:
    """Alert precision: the share of true ones among those called true or false, from how many were called what.

    >>> precision({"true": 3, "false": 1, "expected": 2}), precision({"expected": 1})
    (0.75, None)
    """
    told = said.get(Verdict.TRUE, 0) + said.get(Verdict.FALSE, 0)
    return said.get(Verdict.TRUE, 0) / told if told else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """Why nothing may be concluded from what came: the incident, and that in words."""

    incident: str
    why: str


def why_not_trained(incidents: Iterable[Incident], since: datetime) -> Broken | None:
    """Why no model may be trained on what came after `since`; None where nothing speaks against it.

    Data are broken where something fires, or has fired in a window that ends later, that stands on a rung below drift;
    or whose incident has a cause that is to be mended where it arose. A false alarm says nothing against it; that
    somebody expected the data to be broken mends nothing.
    """
    for incident in incidents:
        if incident.acknowledged is not None and incident.acknowledged.verdict is Verdict.FALSE:
            continue
        fired = {part.firing.rung for part in incident.parts if part.by is None and part.last.end > since}
        rungs = fired | set(incident.rungs if incident.is_open else ())
        broken = [rung for rung in BROKEN if rung in rungs]
        if broken or (rungs and incident.cause not in TRAINABLE):
            where = f"stands on {broken[0]}" if broken else f"has the cause {incident.cause}"
            ends = "is open" if incident.is_open else f"fired until {incident.last.end:%Y-%m-%d %H:%M} UTC"
            return Broken(incident=incident.id, why=f"incident {incident.id} {ends} and {where}: {incident.why}")
    return None
