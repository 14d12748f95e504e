"""Telling: the events of what has changed of a monitor's incidents, as receivers are told them.

They say what moved, since when, how much against what threshold and of how many rows, what was told of the world
outside at that time, and whom to ask; never a captured row.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from monitor.daemon.watched import Watched
from monitor.document import to_document
from monitor.event import Event as Telling
from monitor.incident import Incident
from monitor.incidents import Change
from monitor.routing import Cap, Route, capped
from monitor.store.occasions import Occasion
from monitor.store.words import Event
from monitor.wording import one_line

SEVERITIES = {Route.DIGEST: "info", Route.NOTIFY: "warning", Route.PAGE: "page"}
"""What an event is to receivers: how urgently it is told, not how grave a finding is."""
MOST_FINDINGS, MOST_FEATURES = 20, 50
NUMBERS = ("value", "low", "high", "threshold", "n_now", "n_base")
REMEMBERED = timedelta(weeks=4)
"""How far back occasions are looked for, and windows, which tell how many rows are usual."""
BEFORE, MOST_OCCASIONS = timedelta(days=1), 10
"""Of an incident: occasions of this time before it are told with it."""


def events_of(
    changes: Sequence[Change],
    one: Watched,
    report: dict[str, Any],
    near: Sequence[Occasion],
    cap: Cap,
    pages: Sequence[datetime],
    now: datetime,
) -> list[Event]:
    """What is told, each page with those before it in mind; `near` are occasions of the time around the window."""
    events = []
    for change in changes:
        if change.tells:
            event = _event(change, one, report, near, cap, pages, now)
            pages = (*pages, now) if event["severity"] == "page" else pages
            events.append(_told(change, event))
    return events


def _event(
    change: Change,
    one: Watched,
    report: dict[str, Any],
    near: Sequence[Occasion],
    cap: Cap,
    pages: Sequence[datetime],
    now: datetime,
) -> dict[str, Any]:
    incident = change.incident
    routed = capped(change.route, cap, pages, now)
    over = change.what == "resolved"
    summary = (
        f"over: {incident.why}" if over else incident.why or f"{incident.cause.value} since {incident.first.start}"
    )
    telling = Telling(
        id=_id(change),
        kind=f"incident.{change.what}",
        time=now,
        monitor=one.name,
        severity=SEVERITIES[routed.route],  # type: ignore[arg-type]
        summary=one_line(summary),
        status="resolved" if over else "firing",
        since=incident.first.start,
        subject=incident.cause.value,
        data=_data(change, report, near, routed.why, now),
        labels={name: one_line(text) for name, text in {**one.monitor.labels, "owner": incident.owner}.items() if text},
        link=one.link(incident.id),
        runbook=one_line(one.monitor.runbook),
    )
    document: dict[str, Any] = to_document(telling)
    return document


def _data(
    change: Change, report: dict[str, Any], near: Sequence[Occasion], not_paged: str, now: datetime
) -> dict[str, Any]:
    incident = change.incident
    return {
        "incident": incident.id,
        "cause": incident.cause.value,
        "window": {"start": _text(change.window.start), "end": _text(change.window.end)},
        "features": list(incident.features[:MOST_FEATURES]),
        "feature_count": len(incident.features),
        "inhibited": len(incident.inhibited),
        "findings": _findings(incident, report),
        "occasions": _occasions(incident, near, now),
        **({"not_paged": not_paged} if not_paged else {}),
    }


def _findings(incident: Incident, report: dict[str, Any]) -> list[dict[str, Any]]:
    """What moved, by how much, against what, of how many rows; figures and names, never a row."""
    keys = {part.firing.key for part in incident.parts if part.by is None}
    mine = [row for row in report.get("findings", ()) if (row["rule"], row["feature"]) in keys]
    violated = [row for row in mine if row["status"] == "violated"][:MOST_FINDINGS]
    return [
        {name: row.get(name) for name in ("rule", "feature", "since", *NUMBERS) if row.get(name) is not None}
        for row in violated
    ]


def _occasions(incident: Incident, near: Sequence[Occasion], now: datetime) -> list[dict[str, Any]]:
    """What was told of the day before it, and of its own time: the likely reason, the latest first."""
    since = incident.first.start - BEFORE
    found = [one for one in near if one.start <= now and (one.end or one.start) >= since][-MOST_OCCASIONS:]
    return [
        {
            "kind": one.kind,
            "start": _text(one.start),
            **({"end": _text(one.end)} if one.end is not None else {}),
            **({"why": one_line(one.why)} if one.why else {}),
        }
        for one in reversed(found)
    ]


def _told(change: Change, event: dict[str, Any]) -> Event:
    return Event(kind=event["kind"], key=_id(change), body=json.dumps(event, separators=(",", ":")))


def _id(change: Change) -> str:
    return hashlib.sha256(change.key.encode()).hexdigest()


def _text(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
