"""Many windows as pages see them: what the store has of a monitor's last windows, and what happened meanwhile."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from monitor.daemon.aftermath import incident_of
from monitor.document import from_document
from monitor.figures import Figures, Score
from monitor.finding import Finding, Status
from monitor.store import glances, incidents, marks, occasions, queries
from monitor.store.database import Database
from monitor.store.glances import Word
from monitor.store.rows import ResultRow, WindowRow
from monitor.web.history import Happening, History, Lately, Seen

MOMENT = timedelta(microseconds=1)
SHORT = ("status", "judged", "asked", "records", "rows", "rejected", "features", "quality", "policy")
LANES: Mapping[str, str] = {
    "policy.alarm": "alarm",
    "policy.armed": "learned",
    "policy.refused": "learned",
    "action.requested": "action",
    "action.refused": "action",
    "action.done": "action",
    "action.failed": "action",
}
"""The events that are shown, and what they are one of; incidents are shown from the incidents themselves."""
POLICY: Mapping[str, str] = {
    "policy.armed": "production has been learned; from here on drift is judged",
    "policy.refused": "learning was refused, as production moved meanwhile; it begins anew",
}


class Histories:
    """The past of monitors, as the store has it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def lately(self, monitors: Sequence[str], count: int) -> Mapping[str, Lately]:
        """The last windows of each of these monitors."""
        with self._database.read() as connection:
            found = glances.last(connection, monitors, count)
            violated = glances.violated(connection, found)
        return {
            name: Lately(
                verdicts=one.verdicts,
                since=one.since,
                until=one.until,
                violated=tuple(_finding({**row, "status": "violated"}) for row in violated.get(name, ())),
            )
            for name, one in found.items()
        }

    def history(self, monitor: str, until: datetime | None, count: int) -> History:
        """So many windows of a monitor: the newest that end by a time."""
        before = None if until is None else until + MOMENT
        with self._database.read() as connection:
            *windows, further = [*queries.windows(connection, monitor, before=before, limit=count + 1), None]
            if len(windows) > count:
                further = windows.pop()
            if not windows:
                return History()
            windows.reverse()
            return History(
                windows=tuple(_seen(connection, windows)),
                happenings=tuple(_happenings(connection, windows)),
                findings=tuple(_findings(connection, windows)),
                earlier=None if further is None else further.window.end,
                later=glances.later(connection, monitor, windows[-1].window.end, count),
            )


def _seen(connection: Connection, windows: Sequence[WindowRow]) -> Iterator[Seen]:
    monitor, after, until = _reach(windows)
    results = {row.window: row for row in queries.results(connection, monitor, after, until)}
    rules = glances.rules(connection, monitor, after, until)
    for row in windows:
        result = results.get(row.window)
        yield Seen(
            start=row.window.start,
            end=row.window.end,
            due=row.due_at,
            state=row.state,
            revision=row.revision,
            reason=f"{row.reason}: {row.why}" if row.why else row.reason,
            late=row.late,
            **({} if result is None else _of_result(result)),
            violated=rules.get((row.window, row.revision), {}),
        )


def _reach(windows: Sequence[WindowRow]) -> tuple[str, datetime, datetime]:
    first, last = windows[0], windows[-1]
    return first.monitor, first.window.end - MOMENT, last.window.end


def _of_result(row: ResultRow) -> dict[str, Any]:
    """What was judged. What is there for every feature is long: taken as it is, or left out where no page shows it."""
    figures = from_document(Figures, {name: row.figures[name] for name in SHORT if name in row.figures})
    drift, scores = row.figures.get("drift", {}), row.figures.get("scores", ())
    figures = replace(figures, drift=drift, scores=tuple(Score(**one) for one in scores))
    return {
        "judged": row.judged_at,
        "took_seconds": row.took_seconds,
        "baseline": row.baseline,
        "config_digest": row.config_digest,
        "figures": figures,
    }


def _findings(connection: Connection, windows: Sequence[WindowRow]) -> Iterator[Finding]:
    """All of the newest window that was judged."""
    newest = next((row for row in reversed(windows) if row.revision), None)
    if newest is None:
        return
    report = queries.report(connection, newest.monitor, newest.window, newest.revision)
    for row in json.loads(report or b"{}").get("findings", ()):
        yield _finding(row)


def _finding(row: Mapping[str, Any]) -> Finding:
    known = {name: value for name, value in row.items() if name in Finding.__dataclass_fields__ and value is not None}
    known |= {"status": Status(row["status"])}
    known.pop("measures", None)
    return Finding(**known | ({"since": datetime.fromisoformat(row["since"])} if row.get("since") else {}))


def _happenings(connection: Connection, windows: Sequence[WindowRow]) -> Iterator[Happening]:
    """What was told, what was open, what people said, in the time of these windows."""
    monitor, after, until = _reach(windows)
    start = windows[0].window.start
    for word in glances.told(connection, monitor, after, until):
        if word.kind in LANES:
            at = word.window.start
            yield Happening(lane=LANES[word.kind], start=at, end=at, text=_text(word))
    for row in incidents.fired_since(connection, monitor, start):
        incident = incident_of(row)
        if incident.first.start >= until:
            continue
        over = None if incident.is_open else incident.last.end
        yield Happening(lane="incident", start=incident.first.start, end=over, text=incident.why, key=incident.id)
        if incident.mute is not None:
            text = f"muted by {incident.mute.who}: {incident.mute.why}"
            yield Happening(lane="mute", start=incident.mute.at, end=incident.mute.until, text=text, key=incident.id)
    for one in occasions.between(connection, start, until, monitor):
        yield Happening(
            lane="told", start=one.start, end=one.end or one.start, text=f"{one.kind}: {one.why}".strip(": ")
        )
    for mark in marks.marks(connection, monitor):
        if start <= mark.after <= until:
            text = f"{mark.who} called {mark.feature or 'all that was open'} {mark.kind}: {mark.why}"
            yield Happening(lane="said", start=mark.after, end=mark.after, text=text)


def _text(word: Word) -> str:
    if word.kind in POLICY:
        return POLICY[word.kind]
    if word.kind == "policy.alarm":
        names = ", ".join(str(one["feature"]) for one in word.body["features"][:5])
        return f"{word.body['question']}: {names}"
    return str(word.body.get("summary", ""))
