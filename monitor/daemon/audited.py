"""Who did what, when, as the store has it: words on incidents, actions, marks, occasions, reloads, backfills."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection

from monitor.errors import InputError
from monitor.store import closer, trail
from monitor.store.closer import Deed
from monitor.store.database import Database
from monitor.store.occasions import Occasion
from monitor.web.details import AuditRow
from monitor.web.paging import Page

DRIFTD = "driftd"
WORDS = {
    "incident.acknowledged": "acknowledged an incident",
    "incident.muted": "muted an incident",
    "action.requested": "asked for an action",
    "action.refused": "refused an action",
    "action.done": "did an action",
    "action.failed": "an action failed",
    trail.LOADED: "loaded the configuration",
    trail.NOT_LOADED: "could not load the configuration",
    trail.BACKFILLED: "had windows judged again",
}
MARKS = {
    "expected": "said: expected, to be learned anew",
    "noise": "said: noise, the band to be widened",
    "accepted": "said: a known difference to training",
}


def page(database: Database, limit: int, cursor: str) -> Page[AuditRow]:
    """The latest first; the cursor is how many were shown."""
    if cursor and not (cursor.isdecimal() and len(cursor) < 10):
        raise InputError(f"cursor {cursor!r}: is none that was given out")
    skipped = int(cursor or 0)
    with database.read() as connection:
        rows = sorted(_rows(connection, skipped + limit), key=lambda row: row.at, reverse=True)
    items = rows[skipped : skipped + limit]
    return Page(items=items, cursor=str(skipped + limit) if len(rows) > skipped + limit else "")


def _rows(connection: Connection, most: int) -> Iterator[AuditRow]:
    """So many of each kind, and one more: which of them come first is not known before."""
    for deed in closer.deeds(connection, most + 1):
        yield _mark(deed) if deed.kind == closer.MARKED else _event(deed)
    for at, occasion in closer.told(connection, most + 1):
        yield _occasion(at, occasion)


def _event(deed: Deed) -> AuditRow:
    data = deed.body["data"]
    outcome = data.get("outcome", {}).get("why", "")
    said = {"incident.acknowledged": data.get("verdict", ""), "incident.muted": f"until {data.get('until', '')}"}
    about = said.get(deed.kind) or str(data.get("action") or deed.body.get("subject", ""))
    return AuditRow(
        at=deed.at,
        who=str(data.get("who", DRIFTD)) if deed.kind in (*said, "action.requested", *trail.KINDS) else DRIFTD,
        what=WORDS[deed.kind],
        monitor=deed.monitor,
        about=about,
        why=str(outcome or data.get("why") or data.get("reason") or ""),
        incident=str(data.get("incident", "")),
    )


def _mark(deed: Deed) -> AuditRow:
    body = deed.body
    return AuditRow(
        at=deed.at,
        who=body["who"],
        what=MARKS[body["kind"]],
        monitor=deed.monitor,
        about=body["feature"] or "all that was open",
        why=body["why"],
    )


def _occasion(at: datetime, one: Occasion) -> AuditRow:
    return AuditRow(
        at=at, who=one.who, what=f"told an occasion: {one.kind}", monitor=one.monitor or "", about=one.id, why=one.why
    )
