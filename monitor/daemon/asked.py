"""Actions that somebody asks for, and no alarm: the same event, on the same ways, and never while data are broken."""

import json
from datetime import datetime

from monitor.config.actions import ActionLine
from monitor.config.mistakes import meant
from monitor.daemon.aftermath import incident_of
from monitor.daemon.deeds import MOST_FEATURES, key
from monitor.daemon.watched import Watched
from monitor.document import to_document
from monitor.errors import InputError
from monitor.event import Event as Telling
from monitor.incident import Incident, why_not_trained
from monitor.store import incidents as kept
from monitor.store import queries
from monitor.store.database import Database
from monitor.store.rows import ResultRow
from monitor.store.words import Event
from monitor.web.details import Requested
from monitor.wording import one_line


def act(
    database: Database, one: Watched, action: str, incident: str | None, *, why: str, by: str, now: datetime
) -> Requested:
    """Ask for an action of a monitor now. Raises InputError where there is none, or it is not to be done."""
    line = _line(one, action)
    with database.read() as connection:
        newest = queries.newest_judged(connection, one.name)
        opened = [incident_of(row) for row in kept.open_ones(connection, one.name)]
        row = None if incident is None else kept.one(connection, incident)
    if newest is None:
        raise InputError(f"monitor {one.name!r}: no window was judged yet, so nothing is to be done about one")
    if incident is not None and (row is None or row.monitor != one.name):
        raise InputError(f"incident {incident!r}: monitor {one.name!r} has none of this id")
    broken = why_not_trained(opened, newest.window.start)
    if broken is not None and line.state != "insufficient_data":
        raise InputError(f"action {action!r}: not done while data are broken: {broken.why}")
    event = _event(one, line, newest, None if row is None else incident_of(row), why=why, by=by, now=now)
    told = Event(kind=event.kind, key=event.id, body=json.dumps(to_document(event)))
    found = kept.Followed(window=newest.window, revision=newest.revision, events=[told])
    with database.write() as connection:
        kept.changed(connection, one.name, found, now)
    return Requested(monitor=one.name, action=action, event=event.id)


def _line(one: Watched, action: str) -> ActionLine:
    for line in one.monitor.actions:
        if line.name == action:
            return line
    names = [line.name for line in one.monitor.actions]
    right = meant(action, names) if names else "there are none; `actions:` with one would be right"
    raise InputError(f"action {action!r}: monitor {one.name!r} has none of this name; {right}")


def _event(
    one: Watched, line: ActionLine, newest: ResultRow, incident: Incident | None, *, why: str, by: str, now: datetime
) -> Telling:
    occasion = f"asked:{now:%Y%m%dT%H%M%S.%fZ}"
    of_incident = {}
    if incident is not None:
        features = list(incident.features)
        of_incident = {
            "incident": incident.id,
            "cause": incident.cause.value,
            "features": features[:MOST_FEATURES],
            "feature_count": len(features),
        }
    window = {"start": to_document(newest.window.start), "end": to_document(newest.window.end)}
    labels = {name: one_line(text) for name, text in {**one.monitor.labels, "owner": one.monitor.owner}.items() if text}
    return Telling(
        id=key(one.name, line.name, occasion),
        kind="action.requested",
        time=now,
        monitor=one.name,
        severity="info",
        summary=one_line(f"{line.name}: asked for by {by}" + (f": {why}" if why else "")),
        status="firing",
        since=incident.first.start if incident is not None else now,
        subject=line.name,
        data={
            "action": line.name,
            "alarm": line.alarm,
            "occasion": occasion,
            "reason": one_line(why),
            "who": one_line(by),
            "window": window,
            **of_incident,
        },
        labels=labels,
        runbook=one_line(one.monitor.runbook),
    )
