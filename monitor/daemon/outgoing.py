"""Outgoing: events of the outbox to their receivers, in a thread of its own, at least once each.

An event is sent, and then it is written down that it was: a daemon that is killed in between sends it once more, under
the same id. Alertmanager is told what fires again and again, as it wants it: from the incidents, not from the outbox.
"""

import threading
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from monitor.actions.alertmanager import AFTERWARDS, Alertmanager
from monitor.actions.receiver import Receiver
from monitor.config.routes import Route
from monitor.daemon.clock import Clock
from monitor.daemon.deeds import Acted
from monitor.daemon.delivering import Counted, Delivering, event_of
from monitor.daemon.receivers import acting_on, going_to, receivers, too_quiet_for
from monitor.daemon.summaries import Named, Summaries
from monitor.daemon.watched import Loaded
from monitor.document import from_document
from monitor.errors import StoreError
from monitor.event import Event
from monitor.logs import logger
from monitor.store import gathered, incidents
from monitor.store import outgoing as kept
from monitor.store.columns import EPOCH
from monitor.store.database import Database

PAUSE_SECONDS = 1.0
AT_ONCE = 100

log = logger("notify")


class Outgoing:
    """Begun with the lead and ended with it; `load` gives it another configuration."""

    def __init__(self, database: Database, clock: Clock, counted: Counted, acted: Acted) -> None:
        self._database, self._clock, self._acted = database, clock, acted
        self._delivering, self._summaries = Delivering(database, clock, counted, acted), Summaries(database)
        self._routes: tuple[Route, ...] = ()
        self._receivers: Mapping[str, Receiver] = {}
        self._named: Named = {}
        self._pushed: dict[str, datetime] = {}
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
        """Hand out what is new, make summaries, and send what is due."""
        with self._loading:
            routes, ready, named = self._routes, self._receivers, self._named
        self._hand_out(routes, named)
        self._summaries.group(routes, self._clock())
        kinds = dict.fromkeys(ready, "webhook") | {route.name: route.kind for route in routes}  # actions are webhooks
        self._delivering.turn(ready, kinds, self._stop.is_set)
        self._summaries.digest(routes, named, self._clock())
        self._summaries.repeat(routes, named, self._clock())
        self._push(routes, ready, named)

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

    def _hand_out(self, routes: Sequence[Route], named: Named) -> None:
        with self._database.read() as connection:
            new = kept.waiting(connection, AT_ONCE)
        if not new:
            return
        events = {told.id: event_of(told) for told in new}
        with self._database.write() as connection:
            for key, event in events.items():
                if event is None:
                    kept.handed(connection, key, [], self._clock())
                else:
                    self._hand(connection, key, event, routes, named)

    def _hand(self, connection: Connection, key: str, event: Event, routes: Sequence[Route], named: Named) -> None:
        """An event to the routes that tell it at once, with others, or in their digest."""
        now, names = self._clock(), going_to(event, routes, named)
        if event.kind == "action.refused":
            self._acted(event.monitor, event.subject, "refused")
        gather = {route.name: now + route.group for route in routes if route.name in names and route.group}
        at_once = [name for name in names if name not in gather]
        kept.handed(connection, key, [*at_once, *acting_on(event)], now)
        for name, until in gather.items():
            gathered.kept_back(connection, key, name, gathered.GATHERING, until, now)
        for name in too_quiet_for(event, routes, named):
            gathered.kept_back(connection, key, name, gathered.QUIET, now, now)

    def _push(self, routes: Sequence[Route], ready: Mapping[str, Receiver], named: Named) -> None:
        """An Alertmanager takes for over what it is not told again: all that is open, and what was over lately."""
        now = self._clock()
        for name, receiver in ready.items():
            if not isinstance(receiver, Alertmanager) or now - self._pushed.get(name, EPOCH) < receiver.resend:
                continue
            self._pushed[name] = now
            with self._database.read() as connection:
                events = [from_document(Event, body) for body in incidents.telling(connection, now, now - AFTERWARDS)]
            mine = [event for event in events if name in going_to(event, routes, named)]
            if mine:
                outcome = receiver.push(mine, now)
                if outcome.kind != "delivered":
                    log.warning("alerts not repeated", extra={"about": {"receiver": name, "why": outcome.why}})
