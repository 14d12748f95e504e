"""Events that a receiver is not told at once: those that wait for others, and those that wait for the digest.

They are deliveries in a state of their own. What is told in their place is written down together with what becomes of
them, before it is sent: a daemon that is killed then tells the same events under the same id.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, select, update

from monitor.store import upserts
from monitor.store.after import DELIVERY
from monitor.store.outgoing import HANDED, WAITING, Delivery, Told, held
from monitor.store.tables import OUTBOX

GATHERING: Final = "gathering"
QUIET: Final = "quiet"
JOINED: Final = "joined"
"""Told as a part of another event, which `why` names."""
MOST = 1000
"""Events that are told as one; what is beyond goes with the next."""


def kept_back(connection: Connection, event: str, receiver: str, state: str, until: datetime, now: datetime) -> None:
    """An event waits for others until then, or for the digest; twice is once."""
    upserts.added(connection, DELIVERY, [_delivery(event, receiver, state, until, now)])


def ripe(connection: Connection, now: datetime) -> list[str]:
    """The receivers for whom a wait is over."""
    c = DELIVERY.c
    which = select(c.receiver).distinct().where(c.state == GATHERING, c.next_at <= now).order_by(c.receiver)
    return list(connection.execute(which).scalars())


def gathering(connection: Connection, receiver: str) -> list[Delivery]:
    """What waits for others, in the order in which it came."""
    return held(connection, receiver, GATHERING, MOST)


def quiet(connection: Connection, receiver: str, before: datetime) -> list[Delivery]:
    """What waits for the digest and was made before then, in the order in which it came."""
    return [one for one in held(connection, receiver, QUIET, MOST) if one.event.made_at < before]


def released(connection: Connection, members: Sequence[Delivery], now: datetime) -> None:
    """They are sent as they are."""
    _become(connection, members, {"state": WAITING, "next_at": now})


def told_instead(
    connection: Connection, event: Told, receiver: str, members: Sequence[Delivery], now: datetime
) -> bool:
    """The event is sent in the place of these; False, and nothing is written, where it was there already."""
    if not told_more(connection, event, receiver, WAITING, now, now):
        return False
    _become(connection, members, {"state": JOINED, "ended_at": now, "why": f"told with {event.id}"})
    return True


def told_more(connection: Connection, event: Told, receiver: str, state: str, until: datetime, now: datetime) -> bool:
    """One more event, for one receiver; False, and nothing is written, where it was there already."""
    window = {"monitor": event.monitor, "start_at": event.window.start, "end_at": event.window.end}
    told = {name: getattr(event, name) for name in ("id", "revision", "kind", "body", "made_at")}
    row = {**window, **told, "state": HANDED, "attempts": 0, "next_at": now}
    if not upserts.added(connection, OUTBOX, [row]):
        return False
    kept_back(connection, event.id, receiver, state, until, now)
    return True


def are_told(connection: Connection, events: Collection[str]) -> set[str]:
    """Which of these ids there are."""
    return set(connection.execute(select(OUTBOX.c.id).where(OUTBOX.c.id.in_(events))).scalars())


def _become(connection: Connection, members: Sequence[Delivery], values: dict[str, object]) -> None:
    c = DELIVERY.c
    for receiver in {one.receiver for one in members}:
        mine = [one.event.id for one in members if one.receiver == receiver]
        connection.execute(update(DELIVERY).where(c.receiver == receiver, c.event.in_(mine)).values(**values))


def _delivery(event: str, receiver: str, state: str, until: datetime, now: datetime) -> dict[str, object]:
    return {
        "event": event,
        "receiver": receiver,
        "state": state,
        "attempts": 0,
        "next_at": until,
        "made_at": now,
        "why": "",
    }
