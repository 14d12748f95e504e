"""Actions that were asked for, on their way to being done: deliveries to receivers that are named monitor/action."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, update

from monitor.store.after import DELIVERY
from monitor.store.outgoing import WAITING, Delivery, deliveries

RUNNING = "running"
BETWEEN = "/"
"""Between monitor and action; neither name, nor that of a route, has it."""
MOST = 100


def receiver(monitor: str, action: str) -> str:
    """What the receiver of an action is called."""
    return f"{monitor}{BETWEEN}{action}"


def due(connection: Connection, now: datetime, without: Collection[str]) -> list[Delivery]:
    """Actions to be done now, the longest waiting first, but for those of these names."""
    c = DELIVERY.c
    which = [c.state == WAITING, c.next_at <= now, c.receiver.contains(BETWEEN), c.receiver.not_in(without)]
    return deliveries(connection, which, MOST)


def begun(connection: Connection, one: Delivery) -> None:
    """It runs from now on."""
    c = DELIVERY.c
    which = (c.event == one.event.id, c.receiver == one.receiver)
    connection.execute(update(DELIVERY).where(*which).values(state=RUNNING))


def running(connection: Connection) -> list[Delivery]:
    """What has begun, and of which nobody has said that it ended."""
    return deliveries(connection, [DELIVERY.c.state == RUNNING], MOST)
