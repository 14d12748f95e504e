"""Deeds: what a judged window means for the actions of its monitor: events that ask for one, or say why none is done.

What was asked for stands in the outbox and nowhere else: the key of an event is made of action and occasion, so that
none is asked for twice, whatever is replayed.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import Connection

from monitor.acting import Decision, Done, Stands, decided
from monitor.alarm import State
from monitor.config.actions import ActionLine
from monitor.daemon.conditions import Conditions
from monitor.daemon.watched import Watched
from monitor.document import from_document, to_document
from monitor.event import Event as Telling
from monitor.incident import Incident
from monitor.logs import logger
from monitor.store import deeds as kept_deeds
from monitor.store import incidents as kept
from monitor.store.outgoing import Delivery
from monitor.store.words import Event
from monitor.window import Window
from monitor.wording import one_line

MOST_FEATURES = 50
Acted: TypeAlias = Callable[[str, str, str], None]
"""Hears what came of an action: of which monitor, its name, the outcome."""

audit = logger("audit")

STATES = {State.ALARM: "is in alarm", State.OK: "is ok", State.INSUFFICIENT_DATA: "has insufficient data"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What was asked for before, and the incidents that are over and still count."""

    done: tuple[Done, ...] = ()
    over: tuple[Incident, ...] = ()


def past(connection: Connection, one: Watched, window: Window, alarms: Conditions) -> Past:
    """What the store has of it; nothing where the monitor has no actions."""
    if not one.monitor.actions:
        return Past()
    longest = max(stood.looks_back for stood in alarms.alarms)
    rows = kept.fired_since(connection, one.name, window.end - longest)
    over = [from_document(Incident, json.loads(row.body)) for row in rows if row.state == kept.RESOLVED]
    return Past(done=tuple(_done(row) for row in kept.requested(connection, one.name)), over=tuple(over))


def deeds(
    one: Watched, window: Window, alarms: Conditions, before: Past, incidents: Sequence[Incident], now: datetime
) -> list[Event]:
    """The events of what is due; `incidents` as they are after the window."""
    rows = {row.name: row for row in alarms.rows}
    stood = {each.name: each for each in alarms.alarms}
    known = (*incidents, *(each for each in before.over if all(each.id != other.id for other in incidents)))
    done, events = list(before.done), []
    for line in one.monitor.actions:
        at = stood[line.alarm]
        stands = Stands(
            state=at.state,
            since=rows[line.alarm].since,
            reason=at.reason,
            is_withheld=at.is_withheld,
            looks_back=at.looks_back,
        )
        decision = decided(line.action, stands, known, done, window.end, now)
        if decision is not None:
            event = _event(one, line, stands, decision, window, now)
            events.append(Event(kind=event.kind, key=event.id, body=json.dumps(to_document(event))))
            done += [] if decision.is_refused else [Done(action=line.name, occasion=decision.occasion, at=now)]
    return events


def told(
    connection: Connection, one: Delivery, why: str, result: Mapping[str, Any], now: datetime, *, has_failed: bool
) -> None:
    """Write down the event that says what came of an action. A command's own words are in it, and no captured row."""
    asked = from_document(Telling, json.loads(one.event.body))
    what = "failed" if has_failed else "done"
    event = replace(
        asked,
        id=key(asked.id, "ended", one.made_at.isoformat()),  # one that somebody has done again is told again
        kind=f"action.{what}",
        time=now,
        severity="warning" if has_failed else "info",
        summary=one_line(f"{asked.subject} {what}" + (f": {why}" if why else "")),
        data={**asked.data, "asked": asked.id, "outcome": {"why": why, **result}},
    )
    row = Event(kind=event.kind, key=event.id, body=json.dumps(to_document(event)))
    found = kept.Followed(window=one.event.window, revision=one.event.revision, events=[row])
    kept.changed(connection, one.event.monitor, found, now)
    audit.info("action", extra={"about": {"by": "driftd", "resource": one.receiver, "outcome": why or what}})


def action_of(one: Delivery) -> str:
    """The name of the action that a delivery goes to; empty where it goes to a route."""
    return one.receiver.partition(kept_deeds.BETWEEN)[2]


def _done(row: dict[str, Any]) -> Done:
    return Done(action=row["data"]["action"], occasion=row["data"]["occasion"], at=datetime.fromisoformat(row["time"]))


def _event(
    one: Watched, line: ActionLine, stands: Stands, decision: Decision, window: Window, now: datetime
) -> Telling:
    incident, is_refused = decision.incident, decision.is_refused
    what = "refused" if is_refused else "requested"
    ground = incident.why if incident is not None else stands.reason
    summary = (
        f"{line.name} refused: {decision.why}"
        if is_refused
        else f"{line.name}: {line.alarm} " + STATES[stands.state] + (f": {ground}" if ground else "")
    )
    of_incident = {} if incident is None else _of(incident)
    return Telling(
        id=key(one.name, line.name, decision.occasion, decision.ground),
        kind=f"action.{what}",
        time=now,
        monitor=one.name,
        severity="warning" if is_refused else "info",
        summary=one_line(summary),
        status="firing",
        since=incident.first.start if incident is not None else stands.since,
        subject=line.name,
        data={
            "action": line.name,
            "alarm": line.alarm,
            "state": stands.state.value,
            "occasion": decision.occasion,
            "reason": one_line(stands.reason),
            "window": {"start": _text(window.start), "end": _text(window.end)},
            **of_incident,
            **({"why": one_line(decision.why)} if is_refused else {}),
        },
        labels={
            name: one_line(text) for name, text in {**one.monitor.labels, "owner": one.monitor.owner}.items() if text
        },
        runbook=one_line(one.monitor.runbook),
    )


def _of(incident: Incident) -> dict[str, Any]:
    return {
        "incident": incident.id,
        "cause": incident.cause.value,
        "features": list(incident.features[:MOST_FEATURES]),
        "feature_count": len(incident.features),
    }


def key(*parts: str) -> str:
    """The id of an event, of what makes it this one."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _text(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
