"""Incidents as people see them: from what the store has to rows and pages."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from monitor.daemon.aftermath import incident_of
from monitor.incident import Incident, Part
from monitor.ladder import Key
from monitor.store import incidents, occasions, outgoing
from monitor.store.incidents import IncidentRow as Row
from monitor.store.occasions import Occasion
from monitor.store.outgoing import Delivery
from monitor.web.people import AlarmRow, IncidentPage, IncidentRow, LetterRow, OccasionRow, PartRow, ToldRow, Word

MOST_FEATURES = 50
BEFORE, AFTER = timedelta(days=1), timedelta(microseconds=1)
"""Occasions from so long before an incident until the end of its last window may have to do with it."""


def row(incident: Incident, now: datetime) -> IncidentRow:
    """An incident in a line."""
    said, features = incident.acknowledged, incident.features
    return IncidentRow(
        id=incident.id,
        monitor=incident.monitor,
        state=incident.state(now).value,
        severity=incident.severity,
        cause=incident.cause.value,
        since=incident.first.start,
        until=incident.last.end,
        resolved=incident.resolved,
        owner=incident.owner,
        why=incident.why,
        verdict=None if said is None else said.verdict.value,
        muted_until=incident.mute.until if incident.mute is not None and incident.is_muted(now) else None,
        features=features[:MOST_FEATURES],
        feature_count=len(features),
    )


def page(connection: Connection, found: Row, now: datetime) -> IncidentPage:
    """An incident in full."""
    incident = incident_of(found)
    said, mute = incident.acknowledged, incident.mute
    near = occasions.between(connection, incident.first.start - BEFORE, incident.last.end + AFTER, incident.monitor)
    alarms = incidents.alarms(connection, incident.monitor)
    return IncidentPage(
        incident=row(incident, now),
        rung=incident.rung.value,
        evidence=incident.evidence,
        looked=incident.looked.end,
        notified=incident.notified,
        acknowledged=None if said is None else Word(who=said.who, at=said.at, why=said.why, verdict=said.verdict.value),
        mute=None if mute is None else Word(who=mute.who, at=mute.at, why=mute.why, until=mute.until),
        parts=tuple(_part(part) for part in incident.parts),
        told=tuple(_told(connection, incident)),
        occasions=tuple(occasion(one) for one in near),
        alarms=tuple(AlarmRow(name=name, state=one.state, since=one.since) for name, one in alarms.items()),
    )


def occasion(one: Occasion) -> OccasionRow:
    """An occasion as it is shown."""
    return OccasionRow(
        id=one.id, kind=one.kind, start=one.start, end=one.end, monitor=one.monitor, why=one.why, who=one.who
    )


def letter(one: Delivery) -> LetterRow:
    """A dead letter as it is shown."""
    event = one.event
    return LetterRow(
        receiver=one.receiver,
        kind=event.kind,
        monitor=event.monitor,
        made=event.made_at,
        since=one.ended_at,
        why=one.why,
        event=event.id,
    )


def _part(part: Part) -> PartRow:
    firing = part.firing
    return PartRow(
        rule=firing.rule,
        feature=firing.feature,
        rung=firing.rung.value,
        severity=firing.severity,
        why=firing.why,
        since=part.first.start,
        until=part.last.end,
        fires=not part.quiet,
        explained_by="" if part.by is None else _named(part.by),
    )


def _named(key: Key) -> str:
    rule, feature = key
    return rule if feature is None else f"{rule} of {feature}"


def _told(connection: Connection, incident: Incident) -> Iterator[ToldRow]:
    for event, deliveries in outgoing.of_incident(connection, incident.monitor, incident.id, incident.first.end):
        told = ToldRow(at=event.made_at, kind=event.kind, severity=json.loads(event.body)["severity"])
        if not deliveries:
            yield told
        for one in deliveries:
            yield replace(told, receiver=one.receiver, state=one.state, ended=one.ended_at, why=one.why)
