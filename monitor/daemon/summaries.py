"""Summaries: events made of events, for routes to people. What comes together, what was quiet, what nobody answered.

Each is written down with what becomes of its members before it is sent, under an id that its members, or its route and
day, decide: a daemon that is killed in between tells the same.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from monitor.config.routes import Route
from monitor.daemon.delivering import event_of
from monitor.daemon.receivers import concerned, going_to
from monitor.document import from_document, to_document
from monitor.event import Event
from monitor.gathering import going, grouped
from monitor.reminding import digest, digest_time, repeated, repetition
from monitor.store import gathered as kept
from monitor.store import incidents
from monitor.store.columns import EPOCH
from monitor.store.database import Database
from monitor.store.outgoing import WAITING, Told
from monitor.window import Window

Named = Mapping[str, Sequence[str] | None]
LOOK = timedelta(minutes=1)
"""How often it is asked whether something is to be told again."""


class Summaries:
    """For one thread. It remembers what it looked for, which only spares it looking again."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._digested: dict[str, datetime] = {}
        self._looked = EPOCH

    def group(self, routes: Sequence[Route], now: datetime) -> None:
        """What gathered goes, where the wait of the first is over."""
        with self._database.read() as connection:
            ripe = kept.ripe(connection, now)
        for name in {route.name for route in routes} & set(ripe):
            self._group(name, now)

    def _group(self, receiver: str, now: datetime) -> None:
        with self._database.write() as connection:
            waiting = kept.gathering(connection, receiver)
            members = going([(one.next_at, one) for one in waiting], now)
            events = {one.event.id: event for one in members if (event := event_of(one.event)) is not None}
            if len(events) < 2:
                kept.released(connection, members, now)
                return
            together = [one for one in members if one.event.id in events]
            kept.released(connection, [one for one in members if one.event.id not in events], now)
            event = grouped(list(events.values()), receiver, now)
            newest = max(one.event.made_at for one in together)
            kept.told_instead(connection, _told(event, together[-1].event, newest), receiver, together, now)

    def digest(self, routes: Sequence[Route], named: Named, now: datetime) -> None:
        """Make the digests that are due."""
        for route in routes:
            due = EPOCH if route.digest == "never" else digest_time(route.digest, now)
            if self._digested.get(route.name, EPOCH) != due:
                self._digest(route, named, due, now)
                self._digested[route.name] = due

    def _digest(self, route: Route, named: Named, due: datetime, now: datetime) -> None:
        with self._database.read() as connection:
            firing = _firing(connection, now)
            is_any = bool(kept.quiet(connection, route.name, due))
        unanswered = [event for event in firing if event.time < due and concerned(event, [route], named)]
        if not unanswered and not is_any:
            return
        with self._database.write() as connection:
            members = kept.quiet(connection, route.name, due)
            quiet = [event for one in members if (event := event_of(one.event)) is not None]
            event = digest(quiet, unanswered, route.name, due, now)
            if event is not None:
                like = members[-1].event if members else _of(unanswered[-1])
                kept.told_instead(connection, _told(event, like, now), route.name, members, now)

    def repeat(self, routes: Sequence[Route], named: Named, now: datetime) -> None:
        """Tell again what nobody answered."""
        asking = [route for route in routes if route.repeat is not None]
        if not asking or now - self._looked < LOOK:
            return
        self._looked = now
        with self._database.read() as connection:
            firing = _firing(connection, now)
        for route in asking:
            self._repeat(route, [event for event in firing if going_to(event, [route], named)], now)

    def _repeat(self, route: Route, firing: Sequence[Event], now: datetime) -> None:
        assert route.repeat is not None
        again = []
        for event in firing:
            number = repetition(event.time, route.repeat, now)
            if number:
                again.append(_told(repeated(event, route.name, number, now), _of(event), now))
        with self._database.read() as connection:
            known = kept.are_told(connection, [one.id for one in again])
        if known.issuperset(one.id for one in again):
            return
        state, until = (kept.GATHERING, now + route.group) if route.group else (WAITING, now)
        with self._database.write() as connection:
            for one in again:
                kept.told_more(connection, one, route.name, state, until, now)


def _firing(connection: Connection, now: datetime) -> list[Event]:
    """The last word of each incident that is open, and that nobody acknowledged or muted."""
    events = [from_document(Event, body) for body in incidents.telling(connection, now, now)]
    return [event for event in events if event.status == "firing"]


def _told(event: Event, like: Told, made_at: datetime) -> Told:
    """The event as the outbox keeps it: as long as the one that it is like, which it goes with when that is old."""
    return Told(
        id=event.id,
        monitor=like.monitor,
        window=like.window,
        revision=like.revision,
        kind=event.kind,
        body=json.dumps(to_document(event), separators=(",", ":")),
        made_at=made_at,
    )


def _of(event: Event) -> Told:
    """The event of an incident as it stands in the outbox."""
    window = from_document(Window, event.data["window"])
    return Told(
        id=event.id, monitor=event.monitor, window=window, revision=0, kind=event.kind, body="", made_at=event.time
    )
