"""Events on their way out: from the outbox to each receiver, until it has them or they are dead letters."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, or_, select, update

from monitor.store import upserts
from monitor.store.after import DELIVERY
from monitor.store.tables import OUTBOX
from monitor.window import Window

MOST_DELIVERIES = 10_000
WAITING, HANDED, SENT, DEAD = "waiting", "handed", "sent", "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An event as the outbox has it; `body` is JSON."""

    id: str
    monitor: str
    window: Window
    revision: int
    kind: str
    body: str
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """An event on its way to one receiver, after so many attempts: since when, and when that was over."""

    event: Told
    receiver: str
    state: str
    attempts: int
    next_at: datetime
    made_at: datetime
    ended_at: datetime | None = None
    why: str = ""


def waiting(connection: Connection, most: int) -> list[Told]:
    """Events that were not handed to receivers yet, the oldest first."""
    c = OUTBOX.c
    rows = connection.execute(select(OUTBOX).where(c.state == WAITING).order_by(c.made_at, c.id).limit(most))
    return [_told(row) for row in rows]


def handed(connection: Connection, event: str, receivers: Collection[str], now: datetime) -> None:
    """An event goes to these receivers, to none where there are none; twice is once."""
    fresh = {"state": WAITING, "attempts": 0, "next_at": now, "made_at": now, "why": ""}
    upserts.added(connection, DELIVERY, [{"event": event, "receiver": name} | fresh for name in receivers])
    connection.execute(update(OUTBOX).where(OUTBOX.c.id == event).values(state=HANDED))


def due(connection: Connection, now: datetime, most: int, receivers: Collection[str]) -> list[Delivery]:
    """What may be sent to these receivers now, the longest waiting first."""
    c = DELIVERY.c
    return deliveries(connection, [c.state == WAITING, c.next_at <= now, c.receiver.in_(receivers)], most)


def held(connection: Connection, receiver: str, state: str, most: int) -> list[Delivery]:
    """What is in a state for one receiver, in the order in which it came."""
    c = DELIVERY.c
    return deliveries(connection, [c.state == state, c.receiver == receiver], most)


def sent(connection: Connection, one: Delivery, now: datetime) -> None:
    """The receiver has it."""
    _settled(connection, one, state=SENT, attempts=one.attempts + 1, ended_at=now, why="")


def failed(connection: Connection, one: Delivery, why: str, again: datetime | None, now: datetime) -> None:
    """It is tried again at a time, or is a dead letter from now on."""
    if again is None:
        _settled(connection, one, state=DEAD, attempts=one.attempts + 1, ended_at=now, why=why)
    else:
        _settled(connection, one, attempts=one.attempts + 1, next_at=again, why=why)


def dead(connection: Connection, most: int, skipped: int = 0) -> list[Delivery]:
    """Dead letters, the oldest first, without the first few."""
    return deliveries(connection, [DELIVERY.c.state == DEAD], most, skipped)


def revived(connection: Connection, receiver: str, now: datetime) -> int:
    """The dead letters of a receiver are sent once more, as if they were new; how many."""
    c = DELIVERY.c
    again = {"state": WAITING, "attempts": 0, "next_at": now, "made_at": now, "ended_at": None, "why": ""}
    return connection.execute(update(DELIVERY).where(c.receiver == receiver, c.state == DEAD).values(**again)).rowcount


def of_incident(
    connection: Connection, monitor: str, key: str, since: datetime
) -> list[tuple[Told, Sequence[Delivery]]]:
    """What was told of an incident from a window's end on, in order, and to whom."""
    c = OUTBOX.c
    asked = select(OUTBOX).where(c.monitor == monitor, c.kind.like("incident.%"), c.end_at >= since)
    rows = connection.execute(asked.order_by(c.made_at, c.id))
    events = [_told(row) for row in rows if json.loads(row.body).get("data", {}).get("incident") == key]
    found = deliveries(connection, [DELIVERY.c.event.in_([event.id for event in events])], MOST_DELIVERIES)
    return [(event, [one for one in found if one.event.id == event.id]) for event in events]


def told(connection: Connection, monitor: str, kinds: Sequence[str], after: datetime, until: datetime) -> list[Told]:
    """Events of a monitor of these kinds that were made in (after, until], in order; % in a kind is anything."""
    c = OUTBOX.c
    which = select(OUTBOX).where(c.monitor == monitor, c.made_at > after, c.made_at <= until)
    rows = connection.execute(which.where(or_(*(c.kind.like(kind) for kind in kinds))).order_by(c.made_at, c.id))
    return [_told(row) for row in rows]


def lost(connection: Connection, monitor: str, after: datetime, until: datetime) -> list[Delivery]:
    """What became a dead letter in (after, until] of a monitor's events."""
    c = DELIVERY.c
    which = [c.state == DEAD, c.ended_at > after, c.ended_at <= until, OUTBOX.c.monitor == monitor]
    return deliveries(connection, which, MOST_DELIVERIES)


def _settled(connection: Connection, one: Delivery, **values: object) -> None:
    c = DELIVERY.c
    connection.execute(update(DELIVERY).where(c.event == one.event.id, c.receiver == one.receiver).values(**values))


def deliveries(
    connection: Connection, which: Sequence[ColumnElement[bool]], most: int, skipped: int = 0
) -> list[Delivery]:
    """Those that meet all conditions, the longest waiting first, without the first few."""
    c = DELIVERY.c
    same = {"stands": c.state, "tries": c.attempts, "then": c.next_at, "begun": c.made_at}  # named so in both tables
    both = select(OUTBOX, c.receiver, c.why, c.ended_at, *(column.label(name) for name, column in same.items()))
    rows = connection.execute(
        both.join(DELIVERY, c.event == OUTBOX.c.id)
        .where(*which)
        .order_by(c.next_at, OUTBOX.c.made_at, c.event, c.receiver)
        .offset(skipped)
        .limit(most)
    )
    return [
        Delivery(
            event=_told(row),
            receiver=row.receiver,
            state=row.stands,
            attempts=row.tries,
            next_at=row.then,
            made_at=row.begun,
            ended_at=row.ended_at,
            why=row.why,
        )
        for row in rows
    ]


def _told(row: object) -> Told:
    window = Window(start=row.start_at, end=row.end_at)  # type: ignore[attr-defined]
    names = ("id", "monitor", "revision", "kind", "body", "made_at")
    return Told(window=window, **{name: getattr(row, name) for name in names})
