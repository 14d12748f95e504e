"""What people say of incidents, as events for those receivers that ask for them."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from monitor.document import to_document
from monitor.event import Event as Telling
from monitor.incident import Incident
from monitor.store.incidents import SAID
from monitor.store.words import Event
from monitor.wording import one_line

ACKNOWLEDGED, MUTED = SAID


def acknowledged(incident: Incident, labels: Mapping[str, str], runbook: str) -> Event:
    """That somebody has said what it was; `labels` and `runbook` are its monitor's."""
    said = incident.acknowledged
    assert said is not None
    summary = f"acknowledged as {said.verdict} by {said.who}{f': {said.why}' if said.why else ''}"
    more = {"verdict": said.verdict.value, "who": said.who, "why": said.why}
    return _event(ACKNOWLEDGED, incident, said.at, summary, more, labels, runbook)


def muted(incident: Incident, labels: Mapping[str, str], runbook: str) -> Event:
    """That nothing is told of it until then."""
    mute = incident.mute
    assert mute is not None
    summary = f"muted until {mute.until:%Y-%m-%dT%H:%M:%SZ} by {mute.who}: {mute.why}"
    more = {"until": to_document(mute.until), "who": mute.who, "why": mute.why}
    return _event(MUTED, incident, mute.at, summary, more, labels, runbook)


def _event(
    kind: str,
    incident: Incident,
    at: datetime,
    summary: str,
    more: Mapping[str, Any],
    labels: Mapping[str, str],
    runbook: str,
) -> Event:
    """Status is as the incident stands; it is never urgent."""
    key = hashlib.sha256(f"{incident.id}:{kind}:{at.isoformat()}".encode()).hexdigest()
    telling = Telling(
        id=key,
        kind=kind,
        time=at,
        monitor=incident.monitor,
        severity="info",
        summary=one_line(summary),
        status="firing" if incident.is_open else "resolved",
        since=incident.first.start,
        subject=incident.cause.value,
        data={"incident": incident.id, "cause": incident.cause.value, **more},
        labels={name: one_line(text) for name, text in {**labels, "owner": incident.owner}.items() if text},
        runbook=one_line(runbook),
    )
    return Event(kind=kind, key=key, body=json.dumps(to_document(telling), separators=(",", ":")))
