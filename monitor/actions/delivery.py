"""When something is told again, when no more, and how much at once: decided from what came of it. No clock, no network.

A **delivery** is one event on its way to one receiver; a **line** is what is known of one receiver. Both are words that
the outbox keeps, so that a daemon that was killed goes on where it was.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Literal

from monitor.actions.outcome import Outcome

WAITS = tuple(timedelta(minutes=each) for each in (1, 2, 4, 8, 15))
"""Between one attempt and the next: five more over half an hour, which outlasts a restart or a short outage."""
JITTER = 0.25
"""A wait is drawn from 75 to 125 % of these, so that what failed together does not come back together."""
LONGEST_WAIT = timedelta(days=1)
"""The most that a receiver may ask for."""
OLDEST = timedelta(days=1)
"""What could not be told within a day of being due is dead: nobody acts on it any more."""

State = Literal["waiting", "delivered", "dead"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One event on its way to one receiver. `why` is what came of the last attempt."""

    made_at: datetime
    next_at: datetime
    attempts: int = 0
    state: State = "waiting"
    why: str = ""


def stepped(delivery: Delivery, outcome: Outcome, now: datetime, rng: Random) -> Delivery:
    """The delivery after an attempt that ended like this.

    Delivered, or dead at once where trying again would be no use, or else waiting for the next attempt: as long as the
    receiver asked for, and never less than the usual wait. Dead after the last one.
    """
    attempts = delivery.attempts + 1
    if outcome.kind == "delivered":
        return replace(delivery, attempts=attempts, state="delivered", why=outcome.why)
    if outcome.kind != "again":
        return replace(delivery, attempts=attempts, state="dead", why=outcome.why)
    if attempts > len(WAITS):
        return replace(delivery, attempts=attempts, state="dead", why=f"{outcome.why} ({attempts} attempts)")
    usual = WAITS[attempts - 1] * rng.uniform(1 - JITTER, 1 + JITTER)
    wait = max(usual, min(outcome.wait or timedelta(0), LONGEST_WAIT))
    return replace(delivery, attempts=attempts, next_at=now + wait, why=outcome.why)


def expired(delivery: Delivery, now: datetime) -> Delivery:
    """The delivery, dead if it has waited too long, as it may for a receiver that is away."""
    if delivery.state != "waiting" or now - delivery.made_at < OLDEST:
        return delivery
    last = f"; last: {delivery.why}" if delivery.why else ""
    return replace(delivery, state="dead", why=f"not delivered within a day{last}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """So many at once, and one more each so often."""

    burst: int = 30
    every: timedelta = timedelta(seconds=1)

    def __post_init__(self) -> None:
        if self.burst < 1 or self.every <= timedelta(0):
            raise ValueError(f"rate {self.burst} at once, one each {self.every}: must be 1 or more, and above 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaker:
    """After so many failures in a row nothing is sent for a while; then one attempt shows whether it is back."""

    failures: int = 5
    shortest: timedelta = timedelta(minutes=1)
    longest: timedelta = timedelta(minutes=15)

    def __post_init__(self) -> None:
        if self.failures < 1 or not timedelta(0) < self.shortest <= self.longest:
            raise ValueError(f"breaker {self}: failures must be 1 or more, and 0 < shortest <= longest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What is known of a receiver: failures in a row, until when nothing is sent, how much of the rate is used.

    `used` is what was sent at `used_at`, less what has come free since. `trying_until` is set while the one attempt
    after a pause is under way. `stopped` says why it is to get nothing any more; empty where it is.
    """

    failures: int = 0
    closed_until: datetime | None = None
    trying_until: datetime | None = None
    used: float = 0.0
    used_at: datetime | None = None
    stopped: str = ""


TRIAL = timedelta(minutes=1)
"""An attempt of which nothing was heard for so long was lost, with the process that made it."""


def open_at(line: Line, rate: Rate, now: datetime) -> datetime | None:
    """From when on something may be sent on this line: not after `now` means now. None: never again."""
    if line.stopped:
        return None
    used = _used(line, rate, now)
    free = now if used <= rate.burst - 1 else now + (used - (rate.burst - 1)) * rate.every
    return max(free, line.closed_until or now, line.trying_until or now)


def taken(line: Line, rate: Rate, now: datetime) -> Line:
    """The line once something is being sent on it."""
    trying = now + TRIAL if line.closed_until is not None else None
    return replace(line, used=_used(line, rate, now) + 1, used_at=now, trying_until=trying)


def heard(line: Line, outcome: Outcome, breaker: Breaker, now: datetime) -> Line:
    """The line after an attempt that ended like this.

    A refusal is an answer: who gives it is there. One that asks for time gets it, for all that is to be sent.
    """
    if outcome.kind == "gone":
        return replace(line, stopped=outcome.why, trying_until=None)
    if outcome.kind != "again":
        return replace(line, failures=0, closed_until=None, trying_until=None)
    failures = line.failures + 1
    wait = min(outcome.wait or timedelta(0), LONGEST_WAIT)
    if failures >= breaker.failures:
        doubled = min(failures - breaker.failures, 16)  # enough to pass any `longest`, and no overflow
        wait = max(wait, min(breaker.shortest * 2**doubled, breaker.longest))
    closed = max(now + wait, line.closed_until or now) if wait else line.closed_until
    return replace(line, failures=failures, closed_until=closed, trying_until=None)


def _used(line: Line, rate: Rate, now: datetime) -> float:
    """What of the rate is used by now; a clock that was set back frees nothing."""
    passed = max(timedelta(0), now - line.used_at) if line.used_at else timedelta(0)
    return max(0.0, line.used - passed / rate.every)
