"""Alarms and incidents as they stand, and how far each monitor's windows were followed by them."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, delete, or_, select, update

from monitor.reminding import REPEATED
from monitor.store import planning, tallies, upserts
from monitor.store.after import ALARM, INCIDENT
from monitor.store.columns import EPOCH, MICROSECOND, microseconds
from monitor.store.tables import MONITOR, OUTBOX
from monitor.store.words import Event
from monitor.window import Window

RESOLVED, MUTED = "resolved", "muted"
LOUD = ("opened", "notified")
STANDING = ("incident.opened", "incident.changed", "incident.resolved")
SAID = ("incident.acknowledged", "incident.muted")
"""Events that tell how an incident stands, and those that tell what people say of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRow:
    """How an alarm stands since when, by windows up to the end `seen_to`; `body` is its last judgement, JSON."""

    name: str
    state: str
    since: datetime
    seen_to: datetime
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRow:
    """An incident; `first` and `last` are the ends of its first and last window, `body` all of it as JSON; `verdict` is
    what somebody `said` of it last, and when."""

    id: str
    monitor: str
    state: str
    severity: str
    cause: str
    first: datetime
    last: datetime
    body: str
    resolved: datetime | None = None
    verdict: str | None = None
    said: datetime | None = None

    @property
    def cursor(self) -> str:
        """Its place among all, the newest first."""
        return f"{microseconds(self.first)}-{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What a window came to: alarms and incidents that are other than they were, and events to tell, with keys."""

    window: Window
    revision: int
    alarms: Sequence[AlarmRow] = ()
    incidents: Sequence[IncidentRow] = ()
    events: Sequence[Event] = ()


def followed_to(connection: Connection, monitor: str) -> datetime | None:
    """The end of the newest window that alarms and incidents followed; None before the first."""
    found: datetime | None = connection.execute(select(MONITOR.c.followed_to).where(MONITOR.c.name == monitor)).scalar()
    return found


def followed(connection: Connection, monitor: str, found: Followed, now: datetime) -> bool:
    """Writes down what a window came to; False, and nothing is written, where a newer one was followed already."""
    planning.locked(connection, monitor)
    before = followed_to(connection, monitor)
    if before is not None and before > found.window.end:
        return False
    c = MONITOR.c
    connection.execute(update(MONITOR).where(c.name == monitor).values(followed_to=found.window.end))
    _count(connection, monitor, found.incidents)
    changed(connection, monitor, found, now)
    return True


def changed(connection: Connection, monitor: str, found: Followed, now: datetime) -> None:
    """Writes down what changed besides: somebody acknowledged, or muted. Events of the same key are told once."""
    alarms = [
        {
            "monitor": monitor,
            "name": one.name,
            "state": one.state,
            "since_at": one.since,
            "seen_to": one.seen_to,
            "body": one.body,
        }
        for one in found.alarms
    ]
    upserts.put(connection, ALARM, alarms, ["state", "since_at", "seen_to", "body"])
    incidents = [
        {
            "id": one.id,
            "monitor": monitor,
            "state": one.state,
            "severity": one.severity,
            "cause": one.cause,
            "first_at": one.first,
            "last_at": one.last,
            "resolved_at": one.resolved,
            "verdict": one.verdict,
            "said_at": one.said,
            "body": one.body,
        }
        for one in found.incidents
    ]
    changing = ["state", "severity", "cause", "last_at", "resolved_at", "verdict", "said_at", "body"]
    upserts.put(connection, INCIDENT, incidents, changing)
    window = {"monitor": monitor, "start_at": found.window.start, "end_at": found.window.end}
    fresh = {"revision": found.revision, "state": "waiting", "attempts": 0, "next_at": now, "made_at": now}
    told = [window | fresh | {"id": one.key, "kind": one.kind, "body": one.body} for one in found.events]
    upserts.added(connection, OUTBOX, told)


def alarms(connection: Connection, monitor: str) -> dict[str, AlarmRow]:
    """How a monitor's alarms stand, by name."""
    c = ALARM.c
    rows = connection.execute(select(ALARM).where(c.monitor == monitor).order_by(c.name))
    return {
        row.name: AlarmRow(name=row.name, state=row.state, since=row.since_at, seen_to=row.seen_to, body=row.body)
        for row in rows
    }


def kept_only(connection: Connection, monitor: str, names: Sequence[str]) -> None:
    """Alarms that the configuration does not have any more are forgotten."""
    c = ALARM.c
    connection.execute(delete(ALARM).where(c.monitor == monitor, c.name.not_in(names)))


def open_ones(connection: Connection, monitor: str | None = None) -> list[IncidentRow]:
    """What is not over, the oldest first; of one monitor, or of all."""
    c = INCIDENT.c
    which = select(INCIDENT).where(c.state != RESOLVED).order_by(c.first_at, c.id)
    return _rows(connection, which if monitor is None else which.where(c.monitor == monitor))


def of_window(connection: Connection, monitor: str, end: datetime) -> list[IncidentRow]:
    """What is open of a monitor, and what opened or was over in the window with this end."""
    c = INCIDENT.c
    own = or_(c.state != RESOLVED, c.first_at == end, c.last_at == end)
    return _rows(connection, select(INCIDENT).where(c.monitor == monitor, own).order_by(c.first_at, c.id))


def between(connection: Connection, monitor: str, after: datetime, until: datetime) -> list[IncidentRow]:
    """What was open at any time in (after, until], the oldest first."""
    c = INCIDENT.c
    lived = or_(c.resolved_at.is_(None), c.resolved_at > after, c.last_at > after)
    which = select(INCIDENT).where(c.monitor == monitor, c.first_at <= until, lived)
    return _rows(connection, which.order_by(c.first_at, c.id))


def fired_since(connection: Connection, monitor: str, at: datetime) -> list[IncidentRow]:
    """What is open of a monitor, and what fired in a window that ends after a moment."""
    c = INCIDENT.c
    either = or_(c.state != RESOLVED, c.last_at > at)
    return _rows(connection, select(INCIDENT).where(c.monitor == monitor, either).order_by(c.first_at, c.id))


def requested(connection: Connection, monitor: str) -> list[dict[str, Any]]:
    """The events that asked for an action of a monitor, the oldest first."""
    c = OUTBOX.c
    which = select(c.body).where(c.monitor == monitor, c.kind == "action.requested").order_by(c.made_at, c.id)
    return [json.loads(row.body) for row in connection.execute(which)]


def pages_since(connection: Connection, at: datetime) -> tuple[datetime, ...]:
    """When pages were told at or after a moment; not when they were told again."""
    c = OUTBOX.c
    which = (c.made_at >= at, c.kind.like("incident.%"), c.kind != REPEATED)
    rows = connection.execute(select(c.made_at, c.body).where(*which))
    return tuple(row.made_at for row in rows if json.loads(row.body).get("severity") == "page")


def telling(connection: Connection, now: datetime, resolved: datetime) -> list[dict[str, Any]]:
    """The last event that told how each incident stands that is open and not quiet, or was over at or after a moment.

    None of one that is over and whose end nobody was to hear of.
    """
    c, event = INCIDENT.c, OUTBOX.c
    lately = or_(c.state.in_((*LOUD, MUTED)), c.resolved_at >= resolved)
    rows = connection.execute(select(c.id, c.first_at, c.state, c.body).where(lately))
    wanted = {row.id: row for row in rows if row.state != MUTED or _is_heard_again(row.body, now)}
    if not wanted:
        return []
    since = min(row.first_at for row in wanted.values())
    told = select(event.body).where(event.kind.in_(STANDING), event.end_at >= since)
    bodies = [json.loads(row.body) for row in connection.execute(told.order_by(event.made_at, event.end_at))]
    last = {body["data"]["incident"]: body for body in bodies}
    standing = {key: "resolved" if row.state == RESOLVED else "firing" for key, row in wanted.items()}
    return [body for key, body in last.items() if standing.get(key) == body["status"]]


def _is_heard_again(body: str, now: datetime) -> bool:
    """Whether a mute has ended, as it does by itself between two windows, and nobody has acknowledged."""
    incident = json.loads(body)
    return incident["acknowledged"] is None and datetime.fromisoformat(incident["mute"]["until"]) <= now


def page(
    connection: Connection, monitor: str | None = None, *, is_open: bool = False, limit: int = 50, cursor: str = ""
) -> list[IncidentRow]:
    """Incidents of a monitor or all, open ones alone where `is_open`, the newest first, from behind a cursor on;
    ValueError for a cursor that is none."""
    c = INCIDENT.c
    which = select(INCIDENT)
    if monitor is not None:
        which = which.where(c.monitor == monitor)
    if is_open:
        which = which.where(c.state != RESOLVED)
    if cursor:
        text, _, key = cursor.partition("-")
        at = EPOCH + int(text) * MICROSECOND
        which = which.where(or_(c.first_at < at, and_(c.first_at == at, c.id < key)))
    return _rows(connection, which.order_by(c.first_at.desc(), c.id.desc()).limit(limit))


def one(connection: Connection, key: str) -> IncidentRow | None:
    """By its id."""
    found = _rows(connection, select(INCIDENT).where(INCIDENT.c.id == key))
    return found[0] if found else None


def locked(connection: Connection, monitor: str, keys: Collection[str]) -> dict[str, IncidentRow]:
    """These incidents of a monitor by id, as they stand until the transaction ends: meanwhile no window is followed,
    and nobody says anything."""
    planning.locked(connection, monitor)
    return {row.id: row for row in _rows(connection, select(INCIDENT).where(INCIDENT.c.id.in_(keys)))}


def _count(connection: Connection, monitor: str, incidents: Sequence[IncidentRow]) -> None:
    if incidents:
        keys = [one.id for one in incidents]
        known = set(connection.execute(select(INCIDENT.c.id).where(INCIDENT.c.id.in_(keys))).scalars())
        tallies.count(connection, monitor, [one.cause for one in incidents if one.id not in known])


def _rows(connection: Connection, which: Select[tuple[object, ...]]) -> list[IncidentRow]:
    return [
        IncidentRow(
            id=row.id,
            monitor=row.monitor,
            state=row.state,
            severity=row.severity,
            cause=row.cause,
            first=row.first_at,
            last=row.last_at,
            body=row.body,
            resolved=row.resolved_at,
            verdict=row.verdict,
            said=row.said_at,
        )
        for row in connection.execute(which)
    ]
