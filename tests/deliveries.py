"""How many deliveries there are, by receiver and state."""

from sqlalchemy import Connection, func, select

from monitor.store.after import DELIVERY


def counts(connection: Connection) -> dict[str, dict[str, int]]:
    """As the store has them."""
    c = DELIVERY.c
    asked = select(c.receiver, c.state, func.count()).group_by(c.receiver, c.state)
    found: dict[str, dict[str, int]] = {}
    for receiver, state, count in connection.execute(asked):
        found.setdefault(receiver, {})[state] = count
    return found
