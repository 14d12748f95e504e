"""Acting: whether an action is due, by how its alarm stands; and where it is due and must not be done, why.

An action in state alarm is done once for each incident, in another state once for each change. It is never done while
data are broken, nor as long as the alarm looks back at windows in which they were: what was concluded from those is no
ground for training a model. That an alarm has insufficient data may be because of that, and is told to whoever asked.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.alarm import State
from monitor.incident import Incident, Verdict, why_not_trained
from monitor.wording import span

KEY = "alarm {}"
"""What an alarm's firing is called among the rules."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What is done when an alarm of the monitor comes into a state, at most once in `cooldown`."""

    name: str
    alarm: str
    state: State = State.ALARM
    cooldown: timedelta = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """How the alarm stands since the window that ends at `since`; a change that is withheld starts nothing.
    `looks_back`: how far before the end of the newest window its numbers reach."""

    state: State
    since: datetime
    reason: str = ""
    is_withheld: bool = False
    looks_back: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """An action that was asked for before: for what, and when."""

    action: str
    occasion: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """An action that is due for `occasion`: to be done, or refused for a reason. `ground` is the same as long as the
    reason is: a refusal is told once for each."""

    occasion: str
    ground: str = ""
    why: str = ""
    incident: Incident | None = None

    @property
    def is_refused(self) -> bool:
        return bool(self.ground)


def decided(
    action: Action, stands: Stands, incidents: Sequence[Incident], done: Collection[Done], end: datetime, now: datetime
) -> Decision | None:
    """What is to be done about an action after the window that ends at `end`; None where it is not due.

    `incidents` are those of the monitor that are open or fired within what the alarm looks back at.
    """
    if stands.state is not action.state or stands.is_withheld:
        return None
    incident = _incident(action, incidents)
    occasion = incident.id if incident is not None else f"{action.alarm}:{stands.since:%Y%m%dT%H%M%SZ}"
    if action.state is State.ALARM and incident is None:
        return None
    mine = [one for one in done if one.action == action.name]
    if any(one.occasion == occasion for one in mine):
        return None
    ground, why = _refusal(action, stands, incident, incidents, mine, end, now)
    return Decision(occasion=occasion, ground=ground, why=why, incident=incident)


def _incident(action: Action, incidents: Sequence[Incident]) -> Incident | None:
    """The open incident that an alarm in alarm belongs to."""
    if action.state is not State.ALARM:
        return None
    key = (KEY.format(action.alarm), None)
    of_it = [one for one in incidents if one.is_open and any(part.firing.key == key for part in one.live)]
    return max(of_it, key=lambda one: (one.first.end, one.id), default=None)


def _refusal(
    action: Action,
    stands: Stands,
    incident: Incident | None,
    incidents: Sequence[Incident],
    mine: Sequence[Done],
    end: datetime,
    now: datetime,
) -> tuple[str, str]:
    """On what ground it is refused, and that in words; empty where nothing speaks against it."""
    if action.state is not State.INSUFFICIENT_DATA:
        broken = why_not_trained(incidents, end - stands.looks_back)
        if broken is not None:
            return broken.incident, broken.why
    said = incident.acknowledged if incident is not None else None
    if said is not None and said.verdict is Verdict.FALSE:
        return "false", f"{said.who} called it a false alarm"
    last = max((one.at for one in mine), default=None)
    if last is not None and now < last + action.cooldown:
        until = last + action.cooldown
        return "cooldown", f"cool-down of {span(action.cooldown)} until {until:%Y-%m-%d %H:%M} UTC"
    return "", ""
