"""Deeds that are kept to be told and change nothing by themselves: who had the configuration loaded, or windows judged
again. They stand in the outbox as other deeds do, and go to nobody."""

import hashlib
import json
from datetime import datetime

from sqlalchemy import Connection

from monitor.store import queries, upserts
from monitor.store.columns import MICROSECOND
from monitor.store.outgoing import HANDED
from monitor.store.tables import OUTBOX
from monitor.window import Window
from monitor.wording import counted, one_line

LOADED, NOT_LOADED, BACKFILLED = KINDS = ("config.loaded", "config.not_loaded", "windows.backfilled")
NOBODY = ""
"""The monitor of what is of none."""
SHORT = 12
"""Digits of a configuration's digest, as they are shown."""


def loaded(connection: Connection, before: str, after: str, trouble: str, who: str, now: datetime) -> None:
    """Keeps that the configuration was loaded while driftd runs, by its digests; with `trouble`, that it was not."""
    digests = [digest.removeprefix("sha256:")[:SHORT] for digest in (before, after)]
    about = f"{digests[0]}: nothing has changed" if before == after else " → ".join(digests)
    first, *more = trouble.splitlines() or [""]
    why = f"{first}; and {counted(len(more), 'mistake')} more" if more else first
    kind, about = (NOT_LOADED, f"{digests[0]} stays") if trouble else (LOADED, about)
    _noted(connection, NOBODY, Window(start=now, end=now + MICROSECOND), kind, about, why, who, now)


def backfilled(
    connection: Connection, monitor: str, last: Window, stretch: Window, count: int, who: str, now: datetime
) -> None:
    """Keeps that windows of a stretch were to be judged again: as long as the monitor's newest window, or the `last` of
    these where none was judged yet."""
    newest = queries.newest_judged(connection, monitor)
    about = f"{counted(count, 'window')} from {stretch.start:%Y-%m-%d %H:%M} to {stretch.end:%Y-%m-%d %H:%M} UTC"
    _noted(connection, monitor, last if newest is None else newest.window, BACKFILLED, about, "", who, now)


def _noted(
    connection: Connection, monitor: str, window: Window, kind: str, about: str, why: str, who: str, now: datetime
) -> None:
    body = json.dumps({"subject": about, "data": {"who": who, "why": one_line(why)}})
    key = hashlib.sha256(json.dumps([monitor, kind, body, now.isoformat()]).encode()).hexdigest()
    row = {
        "id": key,
        "monitor": monitor,
        "start_at": window.start,
        "end_at": window.end,
        "revision": 0,
        "kind": kind,
        "body": body,
        "state": HANDED,
        "attempts": 0,
        "next_at": now,
        "made_at": now,
    }
    upserts.added(connection, OUTBOX, [row])
