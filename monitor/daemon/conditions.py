"""Conditions: what the configured alarms of a monitor come to after a window, where others withhold some of them."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from monitor.alarm import Kept, State
from monitor.config.alarms import AlarmLine
from monitor.daemon.alarmed import Alarmed, alarmed
from monitor.daemon.watched import Watched
from monitor.document import from_document, to_document
from monitor.ladder import Firing, Key, Rung
from monitor.store import incidents
from monitor.store.incidents import AlarmRow
from monitor.suppression import Hold, Release, released
from monitor.window import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """How an alarm stands after a window.

    `previous` is how it stood before; where nothing withholds a change any more, how it stood when it was last told.
    `is_withheld`: there is a change, and a suppressor holds it back. `looks_back` is how far before the window's end
    the numbers lie that it rests on, without what a band has learned from; of a composite the furthest of its alarms.
    """

    name: str
    state: State
    previous: State
    reason: str
    is_withheld: bool
    looks_back: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What the alarms of a monitor come to after a window: rows to keep, what fires, what cannot be told; and each."""

    rows: tuple[AlarmRow, ...] = ()
    firings: tuple[Firing, ...] = ()
    unanswered: frozenset[Key] = frozenset()
    alarms: tuple[Stood, ...] = ()


def conditions(connection: Connection, one: Watched, window: Window, outputs: Collection[str]) -> Conditions:
    """Every alarm of the monitor after this window, its newest.

    What is withheld neither fires nor is over: an incident that is open stays as it is.
    """
    lines = one.monitor.alarms
    if not lines:
        return Conditions()
    bodies = {name: json.loads(row.body) for name, row in incidents.alarms(connection, one.name).items()}
    found = alarmed(connection, one, window, {name: from_document(Kept, body) for name, body in bodies.items()})
    rows, firings, unanswered, alarms = [], [], [], []
    for name, each in found.items():
        release = _released(lines[name], each, found, bodies.get(name, {}), window)
        stood = _stood(name, each, release)
        key = f"alarm {name}"
        if stood.is_withheld or stood.state is State.INSUFFICIENT_DATA:
            unanswered.append((key, None))
        elif stood.state is State.ALARM and each.is_told:
            firings.append(_firing(key, lines[name], each, outputs))
        rows.append(_row(stood, each, release, window))
        alarms.append(stood)
    return Conditions(rows=tuple(rows), firings=tuple(firings), unanswered=frozenset(unanswered), alarms=tuple(alarms))


def _released(
    line: AlarmLine, each: Alarmed, found: Mapping[str, Alarmed], body: Mapping[str, Any], window: Window
) -> Release | None:
    """What its suppressor says at the window's end; None without one. What stood before it had one was told."""
    if line.suppressor is None:
        return None
    held = body.get("hold")
    before = Hold(state=each.before.state, told=each.before.state) if held is None else from_document(Hold, held)
    other = found[line.suppressor.alarm].kept.state
    return released(window.end, each.kept.state, other, line.suppressor.word, before)


def _stood(name: str, each: Alarmed, release: Release | None) -> Stood:
    is_withheld = release is not None and release.withheld is not None
    return Stood(
        name=name,
        state=each.kept.state,
        previous=release.previous if release is not None and release.goes_out else each.before.state,
        reason=f"{each.reason}; {release.reason}" if release is not None and is_withheld else each.reason,
        is_withheld=is_withheld,
        looks_back=each.looks_back,
    )


def _firing(key: str, line: AlarmLine, each: Alarmed, outputs: Collection[str]) -> Firing:
    return Firing(
        rule=key,
        rung=Rung.DRIFT,
        severity=line.severity,
        why=each.why,
        is_output=not set(each.about).isdisjoint(outputs),
        is_asked=True,
        about=each.about,
    )


def _row(stood: Stood, each: Alarmed, release: Release | None, window: Window) -> AlarmRow:
    """The body is what `Kept` has, the reason, and the hold where it has a suppressor."""
    hold = {} if release is None else {"hold": to_document(release.hold)}
    return AlarmRow(
        name=stood.name,
        state=stood.state.value,
        since=each.kept.since or window.end,
        seen_to=window.end,
        body=json.dumps({**to_document(each.kept), "reason": stood.reason, **hold}, separators=(",", ":")),
    )
