"""Outgoing: events of the outbox to their receivers, in a thread of its own, at least once each.

An event is sent, and then it is written down that it was: a daemon that is killed in between sends it once more, under
the same id. Alertmanager is told what fires again and again, as it wants it: from the incidents, not from the outbox.
"""

import json
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from random import Random
from typing import Any, TypeAlias

from monitor.actions import delivery as policy
from monitor.actions.alertmanager import AFTERWARDS, Alertmanager
from monitor.actions.outcome import Outcome
from monitor.actions.receiver import Receiver
from monitor.config.routes import Route
from monitor.daemon.clock import Clock
from monitor.daemon.receivers import going_to, receivers
from monitor.daemon.watched import Loaded
from monitor.document import from_document
from monitor.errors import StoreError
from monitor.event import Event
from monitor.logs import logger
from monitor.store import incidents
from monitor.store import outgoing as kept
from monitor.store.columns import EPOCH
from monitor.store.database import Database

PAUSE_SECONDS = 1.0
AT_ONCE = 100
RATE, BREAKER = policy.Rate(), policy.Breaker()
FAILURES = {"refused": "clientError", "gone": "clientError", "again": "serverError", "delivered": "timeout"}
"""Why something was given up, by how the last attempt ended; one that was not tried any more had waited too long."""

Counted: TypeAlias = Callable[[str, float, str], None]

log = logger("notify")


class Outgoing:
    """Begun with the lead and ended with it; `load` gives it another configuration."""

    def __init__(self, database: Database, clock: Clock, counted: Counted) -> None:
        """`counted` hears of what was delivered or given up: by what kind of receiver, after how many seconds, why."""
        self._database, self._clock, self._counted = database, clock, counted
        self._routes: tuple[Route, ...] = ()
        self._receivers: Mapping[str, Receiver] = {}
        self._named: dict[str, Any] = {}
        self._lines: dict[str, policy.Line] = {}
        self._repeated: dict[str, datetime] = {}
        self._rng = Random()  # noqa: S311  spreads attempts, keeps no secret
        self._stop, self._wake = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="outgoing", daemon=True)
        self._loading = threading.Lock()

    def load(self, loaded: Loaded) -> None:
        """From now on by these routes."""
        found = receivers(loaded.config)
        with self._loading:
            self._routes, self._receivers = loaded.config.routes, found
            self._named = {name: one.monitor.notify for name, one in loaded.monitors.items()}
        self._wake.set()

    def begin(self) -> None:
        self._thread.start()

    def end(self, seconds: float) -> None:
        """What is being sent may end; the rest waits for the next start."""
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(seconds)

    def turn(self) -> None:
        """Hand out what is new, and send what is due."""
        with self._loading:
            routes, ready, named = self._routes, self._receivers, self._named
        self._hand_out(routes, named)
        self._send_due(ready)
        self._repeat(routes, ready, named)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self.turn()
            except StoreError as error:
                log.warning("the store does not answer; events wait", extra={"about": {"why": str(error)}})
            except Exception:  # a bug of ours: what comes later is told all the same
                log.exception("internal error, please report it")
            self._wake.wait(PAUSE_SECONDS)
            self._wake.clear()

    def _hand_out(self, routes: tuple[Route, ...], named: Mapping[str, Any]) -> None:
        with self._database.read() as connection:
            new = kept.waiting(connection, AT_ONCE)
        if not new:
            return
        events = {told.id: event_of(told) for told in new}
        with self._database.write() as connection:
            for key, event in events.items():
                names = going_to(event, routes, named) if event is not None else []
                kept.handed(connection, key, names, self._clock())

    def _send_due(self, ready: Mapping[str, Receiver]) -> None:
        now = self._clock()
        closed = [name for name in self._lines if not self._is_open(name, now)]
        with self._database.read() as connection:
            due = kept.due(connection, now, AT_ONCE, closed)
        for one in due:
            if self._stop.is_set():
                return
            if one.receiver in ready and self._is_open(one.receiver, self._clock()):
                self._send(one, ready[one.receiver])

    def _repeat(self, routes: tuple[Route, ...], ready: Mapping[str, Receiver], named: Mapping[str, Any]) -> None:
        """An Alertmanager takes for over what it is not told again: all that is open, and what was over lately."""
        now = self._clock()
        for name, receiver in ready.items():
            if not isinstance(receiver, Alertmanager) or now - self._repeated.get(name, EPOCH) < receiver.resend:
                continue
            self._repeated[name] = now
            with self._database.read() as connection:
                events = [from_document(Event, body) for body in incidents.telling(connection, now, now - AFTERWARDS)]
            mine = [event for event in events if name in going_to(event, routes, named)]
            if mine:
                outcome = receiver.push(mine, now)
                if outcome.kind != "delivered":
                    log.warning("alerts not repeated", extra={"about": {"receiver": name, "why": outcome.why}})

    def _is_open(self, name: str, now: datetime) -> bool:
        at = policy.open_at(self._lines.get(name, policy.Line()), RATE, now)
        return at is not None and at <= now

    def _send(self, one: kept.Delivery, receiver: Receiver) -> None:
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
        if after.state != "waiting":
            seconds = max(0.0, (self._clock() - one.event.made_at).total_seconds())
            kind = next((route.kind for route in self._routes if route.name == one.receiver), "")
            self._counted(kind, seconds, "" if after.state == "delivered" else FAILURES[outcome.kind])
        self._logged(one, after)

    def _logged(self, one: kept.Delivery, after: policy.Delivery) -> None:
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


def _tried(receiver: Receiver, event: Event, now: datetime) -> Outcome:
    """What came of it; a receiver that breaks is tried again, as one that is away."""
    try:
        return receiver.send(event, now)
    except Exception as error:  # noqa: BLE001  a bug of ours; its text may show an address
        log.error("internal error, please report it", extra={"about": {"why": type(error).__name__}})
        return Outcome(kind="again", why=type(error).__name__)


def event_of(told: kept.Told) -> Event | None:
    """The event to tell; None where the outbox has something that no event can be made of."""
    try:
        body = json.loads(told.body)
        if told.kind.startswith("incident."):
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
    except ValueError:
        return None
