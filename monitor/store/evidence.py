"""What the policy keeps of windows: its memory stands in the ledger's own transactions, and is let go of again."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, delete, func, null, or_, select, tuple_, update

from monitor.store import memories, upserts
from monitor.store.tables import EVIDENCE
from monitor.store.words import EvidenceRow, Prior
from monitor.window import Window

LIGHT = tuple(column for column in EVIDENCE.columns if column.name not in ("memory", "said"))


def prior(connection: Connection, monitor: str, window: Window) -> Prior:
    """What a window's verdict rests on, and what rests on it.

    Before it: the nearest memory, what was last learned up to that, looks from the memory's `since` on, and all looks
    after it; without any memory all looks. After it: all looks, and the newest window with its memory and words.
    """
    c = EVIDENCE.c
    ours = c.monitor == monitor
    nearest = _last(connection, ours, _before(window), c.memory.is_not(None))
    if nearest is None:
        return Prior(before=_looks(connection, ours, _before(window)), after=_later(connection, ours, window))
    at = nearest.window
    learned = _last(connection, ours, or_(_is(at), _before(at)), c.learned.is_not(None))
    needed = _after(at) if nearest.since is None else or_(_after(at), c.start_at >= nearest.since)
    looks = _looks(connection, ours, _before(window), needed)
    rows = {row.window: row for row in (*([learned] if learned is not None else []), *looks)}
    rows[at] = nearest
    if learned is not None and learned.window != at:
        rows[learned.window] = replace(learned, memory=b"")
    before = sorted(rows.values(), key=lambda row: memories.place(row.window))
    return Prior(before=before, after=_later(connection, ours, window))


def _later(connection: Connection, ours: ColumnElement[bool], window: Window) -> list[EvidenceRow]:
    rows = _looks(connection, ours, _after(window))
    newest = _last(connection, ours, _after(window)) if rows else None
    return rows if newest is None else [*rows[:-1], newest]


def newest(connection: Connection, monitor: str) -> EvidenceRow | None:
    """What is kept of a monitor's newest window."""
    return _last(connection, EVIDENCE.c.monitor == monitor)


def look(connection: Connection, monitor: str, window: Window) -> list[EvidenceRow]:
    """What is kept of one window, as of all by `looks`; of none nothing."""
    return _looks(connection, EVIDENCE.c.monitor == monitor, _is(window))


def looks(connection: Connection, monitor: str) -> list[EvidenceRow]:
    """All that is kept of a monitor's windows, in order, without memories and what was learned."""
    return _looks(connection, EVIDENCE.c.monitor == monitor)


def written(connection: Connection, monitor: str, revision: int, rows: Sequence[EvidenceRow]) -> None:
    """Keeps the first row, which is the judged window's, and of the later windows behind it what is new of them."""
    if not rows:
        return
    own = _key(monitor, rows[0].window) | _changed(rows[0]) | {"revision": revision, "look": rows[0].look}
    own |= {"layout": rows[0].layout, "said": _text(rows[0])}
    upserts.put(connection, EVIDENCE, [own], [name for name in own if name not in ("monitor", "start_at", "end_at")])
    _rewritten(connection, monitor, rows[1:])
    _thinned(connection, monitor)


def _rewritten(connection: Connection, monitor: str, rows: Sequence[EvidenceRow]) -> None:
    c = EVIDENCE.c
    at = and_(c.monitor == monitor, c.start_at == bindparam("at_start"), c.end_at == bindparam("at_end"))
    for has_words in (False, True):
        chosen = [row for row in rows if (row.said is not None) == has_words]
        values = [
            {"at_start": row.window.start, "at_end": row.window.end, **_changed(row)}
            | ({"said": _text(row)} if has_words else {})
            for row in chosen
        ]
        if values:
            names = [name for name in values[0] if not name.startswith("at_")]
            change = update(EVIDENCE).where(at).values({name: bindparam(name) for name in names})
            connection.execute(change, values)


def _thinned(connection: Connection, monitor: str) -> None:
    c = EVIDENCE.c
    found = connection.execute(select(c.start_at, c.end_at).where(c.monitor == monitor, c.memory.is_not(None)))
    windows = [Window(start=row.start_at, end=row.end_at) for row in found]
    old = set(windows) - memories.kept(windows)
    if old:
        which = tuple_(c.start_at, c.end_at).in_([(window.start, window.end) for window in old])
        connection.execute(update(EVIDENCE).where(c.monitor == monitor, which).values(memory=null()))


def forgotten(connection: Connection, monitor: str, upto: Window) -> None:
    """Removes what is kept of windows up to one, but for what the memories that are kept rest on."""
    c = EVIDENCE.c
    ours = c.monitor == monitor
    first = connection.execute(
        select(c.start_at, c.end_at).where(ours, c.memory.is_not(None)).order_by(c.end_at, c.start_at).limit(1)
    ).one_or_none()
    if first is None:  # nothing was followed: what is there are looks to begin with
        connection.execute(delete(EVIDENCE).where(ours, or_(_is(upto), _before(upto))))
        return
    at = Window(start=first.start_at, end=first.end_at)
    since = connection.execute(select(func.min(c.since_at)).where(ours, c.memory.is_not(None))).scalar()
    old = [ours, or_(_is(upto), _before(upto)), _before(at)]
    if since is not None:
        old.append(c.start_at < since)
    learned = _last(connection, ours, or_(_is(at), _before(at)), c.learned.is_not(None))
    if learned is not None:
        old.append(~_is(learned.window))
    connection.execute(delete(EVIDENCE).where(*old))


def _last(connection: Connection, *which: ColumnElement[bool]) -> EvidenceRow | None:
    c = EVIDENCE.c
    query = select(EVIDENCE).where(*which).order_by(c.end_at.desc(), c.start_at.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return None if row is None else _row(row)


def _looks(connection: Connection, *which: ColumnElement[bool]) -> list[EvidenceRow]:
    c = EVIDENCE.c
    return [_row(row) for row in connection.execute(select(*LIGHT).where(*which).order_by(c.end_at, c.start_at))]


def _row(row: Row[Any]) -> EvidenceRow:
    values = row._mapping
    return EvidenceRow(
        window=Window(start=row.start_at, end=row.end_at),
        look=row.look,
        memory=values.get("memory") or b"",
        learned=values.get("learned") or b"",
        since=row.since_at,
        layout=row.layout,
        said=json.loads(row.said) if "said" in values else None,
    )


def _changed(row: EvidenceRow) -> dict[str, Any]:
    return {"since_at": row.since, "learned": row.learned or None, "memory": row.memory or None}


def _text(row: EvidenceRow) -> str:
    return json.dumps(row.said or {}, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _key(monitor: str, window: Window) -> dict[str, Any]:
    return {"monitor": monitor, "start_at": window.start, "end_at": window.end}


def _is(window: Window) -> ColumnElement[bool]:
    return and_(EVIDENCE.c.start_at == window.start, EVIDENCE.c.end_at == window.end)


def _before(window: Window) -> ColumnElement[bool]:
    c = EVIDENCE.c
    return or_(c.end_at < window.end, and_(c.end_at == window.end, c.start_at < window.start))


def _after(window: Window) -> ColumnElement[bool]:
    c = EVIDENCE.c
    return or_(c.end_at > window.end, and_(c.end_at == window.end, c.start_at > window.start))
