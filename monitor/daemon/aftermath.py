"""Aftermath: what a judged window means for its monitor's incidents, written down with the events that tell of it.

A window that is not the monitor's newest changes nothing: what is open is a matter of now. After a crash the newest
window is gone through once more; incidents take the same window twice, and events have keys of their own.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection

from monitor.baselines import load
from monitor.cause import Explanation, Scene, explained
from monitor.daemon.belated import belated
from monitor.daemon.conditions import conditions
from monitor.daemon.deeds import deeds, past
from monitor.daemon.telling import REMEMBERED, events_of
from monitor.daemon.watched import Watched
from monitor.document import from_document, to_document
from monitor.finding import Finding, Reason, Status
from monitor.incident import Incident, Terms
from monitor.incidents import Change, stepped
from monitor.ladder import Fired, Firing, Key, fired
from monitor.persistence import WINDOWS, persisting, waiting
from monitor.profile import Profile
from monitor.routing import Cap
from monitor.series import Series, Windows
from monitor.store import incidents as kept
from monitor.store import lately, occasions, queries
from monitor.store.database import Database
from monitor.store.incidents import Followed, IncidentRow
from monitor.store.occasions import Occasion
from monitor.store.rows import ResultRow
from monitor.usual import usual
from monitor.window import Window


def followed_up(
    database: Database, one: Watched, window: Window, revision: int, cap: Cap, now: datetime
) -> Sequence[Change]:
    """Follow a monitor's newest window, as the store has it; what has changed."""
    if one.monitor.shadow:
        return ()
    with database.read() as connection:
        newest = queries.newest_judged(connection, one.name)
        if newest is None or newest.window != window or newest.revision != revision:
            return ()
        open_ones = [incident_of(row) for row in kept.of_window(connection, one.name, window.end)]
        outputs = newest.figures.get("outputs", ())
        alarms = conditions(connection, one, window, outputs)
        late = belated(connection, one, newest)
        is_quiet = newest.status != Status.VIOLATED and not late.violates and newest.rows > 0
        if is_quiet and not open_ones and not alarms.rows:
            return ()
        report = json.loads(queries.report(connection, one.name, window, revision) or b"{}")
        pages = kept.pages_since(connection, now - cap.per)
        before = past(connection, one, window, alarms)
        near = occasions.between(connection, window.start - REMEMBERED, now, one.name)
    seen = fired([_finding(row) for row in late.instead(report.get("findings", ()))], outputs)
    seen = replace(seen, firings=(*seen.firings, *alarms.firings), unanswered=seen.unanswered | alarms.unanswered)
    seen = _counting(database, one.name, (window, late.window), seen, open_ones)
    explain = _Scene(database, one, newest, near).explained
    terms = Terms(owner=one.monitor.owner)
    step = stepped(open_ones, seen, window, monitor=one.name, now=now, explain=explain, terms=terms)
    events = events_of(step.changes, one, report, near, cap, pages, now)
    events += deeds(one, window, alarms, before, step.incidents, now)
    with database.write() as connection:
        kept.kept_only(connection, one.name, list(one.monitor.alarms))
        rows = [row_of(incident, now) for incident in _with_words(connection, one.name, step.incidents)]
        found = Followed(window=window, revision=revision, alarms=alarms.rows, incidents=rows, events=events)
        return step.changes if kept.followed(connection, one.name, found, now) else ()


def incident_of(row: IncidentRow) -> Incident:
    """The incident that the store has."""
    return from_document(Incident, json.loads(row.body))


def row_of(incident: Incident, now: datetime) -> IncidentRow:
    """As the store has it."""
    said = incident.acknowledged
    return IncidentRow(
        id=incident.id,
        monitor=incident.monitor,
        state=incident.state(now).value,
        severity=incident.severity,
        cause=incident.cause.value,
        first=incident.first.end,
        last=incident.last.end,
        resolved=incident.resolved,
        verdict=None if said is None else said.verdict.value,
        said=None if said is None else said.at,
        body=json.dumps(to_document(incident), separators=(",", ":")),
    )


def _with_words(connection: Connection, monitor: str, incidents: Sequence[Incident]) -> list[Incident]:
    """With what people have said by now: somebody may have spoken since the incidents were read."""
    said = kept.locked(connection, monitor, [one.id for one in incidents])
    found = []
    for one in incidents:
        now = incident_of(said[one.id]) if one.id in said else one
        found.append(replace(one, acknowledged=now.acknowledged, mute=now.mute))
    return found


def _counting(
    database: Database, monitor: str, windows: Sequence[Window | None], seen: Fired, incidents: Sequence[Incident]
) -> Fired:
    """What counts of a window, and of the older one that labels tell of; those before them are read only where
    something waits for them."""
    if not waiting(seen, incidents):
        return seen
    before: list[frozenset[Key]] = [frozenset()] * (WINDOWS - 1)
    with database.read() as connection:
        for window in windows:
            found = lately.violated(connection, monitor, window.end, WINDOWS - 1) if window is not None else ()
            for number, keys in enumerate(reversed(found), 1):
                before[-number] |= frozenset(keys)
    return persisting(seen, before, incidents)


class _Scene:
    """The two profiles and the usual rows, loaded when a cause is asked for: that is seldom, and profiles are large."""

    def __init__(self, database: Database, one: Watched, newest: ResultRow, near: Sequence[Occasion]) -> None:
        self._database, self._one, self._window, self._revision = database, one, newest.window, newest.revision
        self._version, self._odd = str(newest.baseline).rpartition("/")[2], [occasion.period for occasion in near]

    def explained(self, firings: Sequence[Firing]) -> Explanation:
        """The cause of what fires."""
        return explained(firings, self._scene)

    @cached_property
    def _scene(self) -> Scene:
        name, end = self._one.name, self._window.end
        with self._database.read() as connection:
            blob = queries.profile(connection, name, self._window, self._revision)
            rows = lately.rows(connection, name, end - REMEMBERED, end)
        now = from_document(Profile, json.loads(blob or b"{}"))
        base = load(self._one.monitor.baseline, self._version, with_statistics=False).profile
        base = base.settled() if base.is_dated else base
        return Scene(now=now.settled(), base=base, usual_rows=self._usual(rows))

    def _usual(self, rows: Sequence[tuple[Window, int]]) -> float | None:
        """How many rows a window at this hour of the week has, occasions left aside; None of too few windows."""
        windows = Windows.of([window for window, _ in rows], self._one.schedule.usual_interval)
        series, timezone = Series.of(windows, [count for _, count in rows]), self._one.monitor.schedule.timezone
        found = usual(series, timezone=timezone, excluded=self._odd)
        return None if found is None else found.band(self._window).centre


def _finding(row: Mapping[str, Any]) -> Finding:
    return Finding(
        status=Status(row["status"]),
        rule=row["rule"],
        feature=row["feature"],
        severity=row["severity"],
        why=row["why"] or "",
        reason=None if row["reason"] is None else Reason(row["reason"]),
        since=None if row.get("since") is None else datetime.fromisoformat(row["since"]),
    )
