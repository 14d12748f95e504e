"""Conditions: the configured alarms of a monitor, judged on its numbers in the windows that the store has."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection

from monitor.alarm import Judgement, Kept, Point, State
from monitor.alarming import judgement
from monitor.config.alarms import AlarmLine
from monitor.daemon.watched import Watched
from monitor.document import from_document, to_document
from monitor.figures import Figures
from monitor.formula.evaluation import evaluated
from monitor.formula.reach import reach
from monitor.formula.words import Reference, references_of
from monitor.ladder import Firing, Key, Rung
from monitor.numbers import number
from monitor.series import Series, Windows
from monitor.store import incidents, queries
from monitor.store.incidents import AlarmRow
from monitor.store.rows import ResultRow
from monitor.window import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """How an alarm stands after a window, and how far back it looked."""

    name: str
    state: State
    previous: State
    reason: str
    is_withheld: bool
    looks_back: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What the alarms of a monitor come to after a window: rows to keep, what fires, what cannot be told."""

    alarms: tuple[Stood, ...] = ()
    rows: tuple[AlarmRow, ...] = ()
    firings: tuple[Firing, ...] = ()
    unanswered: frozenset[Key] = frozenset()


def conditions(connection: Connection, one: Watched, window: Window, outputs: Sequence[str]) -> Conditions:
    """Every alarm of the monitor after this window, its newest."""
    lines = one.monitor.alarms
    if not lines:
        return Conditions()
    interval = one.schedule.usual_interval
    longest = max(reach(line.formula, interval) + (line.alarm("x").looked_at + 1) * interval for line in lines.values())
    results = queries.results(connection, one.name, window.end - longest, window.end)
    before = incidents.alarms(connection, one.name)
    rows, firings, unanswered, stood = [], [], [], []
    for name, line in lines.items():
        found = _judged(name, line, results, interval, before.get(name))
        key = f"alarm {name}"
        if found.kept.state is State.ALARM:
            firings.append(_firing(key, line, found, outputs))
        elif found.kept.state is State.INSUFFICIENT_DATA:
            unanswered.append((key, None))
        rows.append(_row(name, found, window))
        back = reach(line.formula, interval) + line.alarm("x").looked_at * interval
        stood.append(
            Stood(
                name=name,
                state=found.kept.state,
                previous=found.previous,
                reason=found.reason,
                is_withheld=False,
                looks_back=back,
            )
        )
    return Conditions(alarms=tuple(stood), rows=tuple(rows), firings=tuple(firings), unanswered=frozenset(unanswered))


def _judged(
    name: str, line: AlarmLine, results: Sequence[ResultRow], interval: timedelta, before: AlarmRow | None
) -> Judgement:
    by_end = {row.window.end: row for row in results}  # of windows that end together the last counts
    kept = [by_end[end] for end in sorted(by_end)]
    windows = Windows.of([row.window for row in kept], interval)
    figures = [from_document(Figures, _figures(row)) for row in kept]
    rows = [row.rows for row in kept]

    def series(about: Reference) -> Series:
        return Series.of(windows, [number(one, about.name, about.feature) for one in figures], rows)

    formula = line.formula
    truth = evaluated(formula, windows, {about: series(about) for about in references_of(formula)})
    alarm = line.alarm(name)
    points = [
        Point(window=row.window, value=float(value))
        for row, value in zip(kept[-alarm.looked_at :], truth.values[-alarm.looked_at :], strict=True)
    ]
    return judgement(points, alarm, None if before is None else from_document(Kept, json.loads(before.body)))


def _figures(row: ResultRow) -> dict[str, object]:
    """As they were kept with the window, without what was put beside them."""
    return {name: value for name, value in row.figures.items() if name != "baseline"}


def _firing(key: str, line: AlarmLine, found: Judgement, outputs: Sequence[str]) -> Firing:
    about = {one.feature for one in references_of(line.formula)}
    return Firing(
        rule=key,
        rung=Rung.DRIFT,
        severity=line.severity,
        why=f"{line.when} ({found.alarm}: {line.of} windows)",
        is_output=bool(about & set(outputs)),
        is_asked=True,
    )


def _row(name: str, found: Judgement, window: Window) -> AlarmRow:
    return AlarmRow(
        name=name,
        state=found.kept.state.value,
        since=found.kept.since or window.end,
        seen_to=window.end,
        body=json.dumps(to_document(found.kept), separators=(",", ":")),
    )
