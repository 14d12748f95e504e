"""Suppression: while another alarm, the suppressor, is in alarm, an alarm's changes of state start no actions.

As the user guide of CloudWatch says of composite alarms ("Composite alarm action suppression"): after a change it is
waited whether the suppressor comes up, and once that is over it is waited longer, whether the alarm follows; then
actions go out for the state that the alarm is in. Every change of state begins the wait anew. Actions that nothing has
changed since are not started again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.alarm import State
from monitor.wording import span

NONE, MINUTE, MOST = timedelta(0), timedelta(minutes=1), timedelta(days=366)


class Withheld(StrEnum):
    """What holds actions back."""

    WAIT = "wait"
    SUPPRESSOR = "suppressor"
    EXTENSION = "extension"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppressor:
    """The alarm of this name holds actions back.

    `wait`: so long after a change it may come into alarm itself. `extension`: so long after it has left alarm the
    change that it explained may pass. Either may be 0.
    """

    name: str
    wait: timedelta = MINUTE
    extension: timedelta = MINUTE

    def __post_init__(self) -> None:
        for what, value in (("wait", self.wait), ("extension", self.extension)):
            if not NONE <= value <= MOST:
                raise ValueError(f"suppressor {self.name!r}: {what} {value} must be from 0 to {span(MOST)}")

    def period(self, withheld: Withheld) -> timedelta:
        """How long actions are held back; the suppressor holds as long as it is in alarm."""
        return {Withheld.WAIT: self.wait, Withheld.EXTENSION: self.extension}.get(withheld, MOST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """What is kept of an alarm that has a suppressor.

    `state` is the alarm's as it was seen last, `told` the one that actions last went out for. `is_due`: there was a
    change since. `by` holds back what is or becomes due, `until` then where that has an end. `suppressor` is its name.
    """

    state: State = State.INSUFFICIENT_DATA
    told: State = State.INSUFFICIENT_DATA
    is_due: bool = False
    by: Withheld | None = None
    until: datetime | None = None
    suppressor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Whether actions go out now, for `state`, and if not what withholds them; None where none are due.

    `previous` is what actions last went out for: the same as `state` where a change came and went while they were
    withheld. `until` is when to ask again at the latest. `hold` is to be kept.
    """

    goes_out: bool
    state: State
    previous: State
    withheld: Withheld | None
    until: datetime | None
    reason: str
    hold: Hold


def released(now: datetime, state: State, suppressor_state: State, suppressor: Suppressor, before: Hold) -> Release:
    """Whether actions go out at this moment, with the alarm and its suppressor in these states.

    A change, or the suppressor in alarm, goes before an end of waiting at the same moment. Another suppressor than
    before: what was waited for is over. Never is it waited longer from now than the period says, whatever clocks did.

    >>> from datetime import UTC
    >>> found = released(datetime(2026, 1, 1, tzinfo=UTC), State.ALARM, State.OK, Suppressor(name="deploy"), Hold())
    >>> found.goes_out, found.reason
    (False, "actions are withheld until 2026-01-01T00:01:00Z, in case 'deploy' comes into alarm")
    """
    same = before.suppressor == suppressor.name
    by, until = (before.by, before.until) if same else (None, None)
    has_changed = state is not before.state
    if suppressor_state is State.ALARM:
        by, until = Withheld.SUPPRESSOR, None
    elif has_changed:
        by, until = Withheld.WAIT, now + suppressor.wait
    elif by is Withheld.SUPPRESSOR:
        by, until = Withheld.EXTENSION, now + suppressor.extension
    elif by is not None and until is not None:
        until = min(until, now + suppressor.period(by))
    if until is not None and until <= now:
        by, until = None, None
    is_due = before.is_due or has_changed
    goes_out = is_due and by is None
    hold = Hold(
        state=state,
        told=state if goes_out else before.told,
        is_due=is_due and not goes_out,
        by=by,
        until=until,
        suppressor=suppressor.name,
    )
    return _release(hold, suppressor, goes_out=goes_out, previous=before.told)


def _release(hold: Hold, suppressor: Suppressor, *, goes_out: bool, previous: State) -> Release:
    withheld = hold.by if hold.is_due else None
    return Release(
        goes_out=goes_out,
        state=hold.state,
        previous=previous,
        withheld=withheld,
        until=hold.until if hold.is_due else None,
        reason=_reason(hold, suppressor, withheld, goes_out=goes_out),
        hold=hold,
    )


def _reason(hold: Hold, suppressor: Suppressor, withheld: Withheld | None, *, goes_out: bool) -> str:
    until = "" if hold.until is None else f" until {hold.until.isoformat().replace('+00:00', 'Z')}"
    match withheld:
        case Withheld.WAIT:
            return f"actions are withheld{until}, in case {suppressor.name!r} comes into alarm"
        case Withheld.SUPPRESSOR:
            return f"actions are withheld while {suppressor.name!r} is in alarm"
        case Withheld.EXTENSION:
            return f"actions are withheld{until}, since {suppressor.name!r} was in alarm until lately"
        case None:
            return "actions go out: nothing withholds them" if goes_out else "no actions are due"
