"""Delivering: what is due to some receivers is sent, an attempt each, and what came of it is written down after."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from random import Random
from typing import TypeAlias

from monitor.actions import delivery as policy
from monitor.actions.outcome import Outcome
from monitor.actions.receiver import Receiver
from monitor.daemon.clock import Clock
from monitor.daemon.deeds import Acted, action_of, told
from monitor.document import from_document
from monitor.event import Event
from monitor.logs import logger
from monitor.store import outgoing as kept
from monitor.store.database import Database

AT_ONCE = 100
RATE, BREAKER = policy.Rate(), policy.Breaker()
FAILURES = {"refused": "clientError", "gone": "clientError", "again": "serverError", "delivered": "timeout"}
"""Why something was given up, by how the last attempt ended; one that was not tried any more had waited too long."""
WHOLE = ("incident.", "events.", "action.")
"""Kinds whose body in the outbox is the event itself; that of others is its data."""

Counted: TypeAlias = Callable[[str, float, str], None]

log = logger("notify")


class Delivering:
    """For one thread. Attempts, waits and dead letters are in the store.

    What is known of a line (its rate, its pauses, that it wants nothing more) is in memory only. A daemon that begins
    anew so tries a receiver that is away once more before it pauses again; nothing is lost by that.
    """

    def __init__(self, database: Database, clock: Clock, counted: Counted, acted: Acted) -> None:
        """`counted` hears of what was delivered or given up: by what kind of receiver, after how many seconds, why."""
        self._database, self._clock, self._counted, self._acted = database, clock, counted, acted
        self._lines: dict[str, policy.Line] = {}
        self._rng = Random()  # noqa: S311  spreads attempts, keeps no secret

    def turn(self, ready: Mapping[str, Receiver], kinds: Mapping[str, str], is_over: Callable[[], bool]) -> None:
        """Send what is due to these, by name; `kinds` says what sort each is, `is_over` whether to stop in between."""
        now = self._clock()
        to = [name for name in ready if self._is_open(name, now)]
        with self._database.read() as connection:
            due = kept.due(connection, now, AT_ONCE, to)
        for one in due:
            if is_over():
                return
            if self._is_open(one.receiver, self._clock()):
                self._send(one, ready[one.receiver], kinds.get(one.receiver, ""))

    def _is_open(self, name: str, now: datetime) -> bool:
        at = policy.open_at(self._lines.get(name, policy.Line()), RATE, now)
        return at is not None and at <= now

    def _send(self, one: kept.Delivery, receiver: Receiver, kind: str) -> None:
        now, event = self._clock(), event_of(one.event)
        before = policy.Delivery(made_at=one.made_at, next_at=one.next_at, attempts=one.attempts, why=one.why)
        after = policy.expired(before, now)
        outcome = Outcome(kind="delivered" if after.state == "dead" else "refused", why="no event that can be read")
        if after.state == "waiting":
            line = policy.taken(self._lines.get(one.receiver, policy.Line()), RATE, now)
            if event is not None:
                outcome = _tried(receiver, event, now)
            after = policy.stepped(before, outcome, self._clock(), self._rng)
            self._lines[one.receiver] = policy.heard(line, outcome, BREAKER, self._clock())
        with self._database.write() as connection:
            if after.state == "delivered":
                kept.sent(connection, one, self._clock())
            else:
                again = after.next_at if after.state == "waiting" else None
                kept.failed(connection, one, after.why, again, self._clock())
            if after.state != "waiting" and action_of(one):
                why, has_failed = ("", False) if after.state == "delivered" else (after.why, True)
                told(connection, one, why, {"attempts": after.attempts}, self._clock(), has_failed=has_failed)
        if after.state != "waiting":
            if action_of(one):
                self._acted(one.event.monitor, action_of(one), "done" if after.state == "delivered" else "failed")
            seconds = max(0.0, (self._clock() - one.event.made_at).total_seconds())
            self._counted(kind, seconds, "" if after.state == "delivered" else FAILURES[outcome.kind])
        _say(one, after)


def event_of(told: kept.Told) -> Event | None:
    """The event to tell; None where the outbox has something that no event can be made of."""
    try:
        body = json.loads(told.body)
        if told.kind.startswith(WHOLE):
            return from_document(Event, body)
        return Event(
            id=told.id,
            kind=told.kind,
            time=told.made_at,
            monitor=told.monitor,
            severity="info",
            summary=f"{told.kind.replace('.', ' ')}: window {told.window.start:%Y-%m-%d %H:%M} UTC",
            status="firing",
            since=told.window.start,
            data=body,
        )
    except (AttributeError, TypeError, ValueError):  # whatever else stands there
        return None


def _tried(receiver: Receiver, event: Event, now: datetime) -> Outcome:
    """What came of it; a receiver that breaks is tried again, as one that is away."""
    try:
        return receiver.send(event, now)
    except Exception as error:  # noqa: BLE001  a bug of ours; its text may show an address
        log.error("internal error, please report it", extra={"about": {"why": type(error).__name__}})
        return Outcome(kind="again", why=type(error).__name__)


def _say(one: kept.Delivery, after: policy.Delivery) -> None:
    about = {
        "receiver": one.receiver,
        "event": one.event.id[:16],
        "kind": one.event.kind,
        "attempt": after.attempts,
    }
    if after.state == "delivered":
        log.info("event told", extra={"about": about})
    elif after.state == "dead":
        log.error("event not told; it is a dead letter", extra={"about": {**about, "why": after.why}})
    else:
        log.warning("event not told yet", extra={"about": {**about, "why": after.why}})
