"""What pages ask of many windows at once: few columns, in few statements however many windows there are."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, and_, case, func, select, text, tuple_, type_coerce

from monitor.store.columns import EPOCH, MICROSECOND, WHOLE
from monitor.store.tables import MONITOR, OUTBOX, VIOLATION, WINDOW
from monitor.window import Window

MOST_FINDINGS = 50
NOT_JUDGED = text("kind <> 'window.judged'")  # as the index has it, word for word


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """The last windows of a monitor, oldest first: the latest verdict of each, empty without one, and how many of its
    findings are violated. `judged` is the newest that has a verdict, in its latest `revision`."""

    verdicts: Sequence[tuple[str, int]]
    since: datetime
    until: datetime
    judged: Window | None = None
    revision: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """An event that told of something; `body` is its JSON, read."""

    window: Window
    kind: str
    made_at: datetime
    body: Mapping[str, Any]


def last(connection: Connection, monitors: Sequence[str], count: int) -> dict[str, Glance]:
    """The newest windows of each of these monitors."""
    c, m = WINDOW.c, MONITOR.c
    other = WINDOW.alias("other")
    newest = select(other.c.end_at).where(other.c.monitor == m.name).order_by(other.c.end_at.desc())
    bound = newest.limit(1).offset(count).correlate(MONITOR).scalar_subquery()
    v = VIOLATION.c
    of_it = and_(v.monitor == c.monitor, v.start_at == c.start_at, v.end_at == c.end_at, v.revision == c.revision)
    found = select(func.count()).select_from(VIOLATION).where(of_it).correlate(WINDOW).scalar_subquery()
    violations = case((c.status == "violated", found), else_=0).label("violations")
    here = and_(c.monitor == m.name, c.end_at > func.coalesce(bound, -1, type_=c.end_at.type))
    start, end = (type_coerce(column, WHOLE) for column in (c.start_at, c.end_at))  # few of so many become times
    query = select(c.monitor, start, end, c.status, c.revision, violations).join_from(MONITOR, WINDOW, here)
    rows = connection.execute(query.where(m.name.in_(monitors)).order_by(c.monitor, c.end_at, c.start_at))
    return {monitor: _glance([*group]) for monitor, group in groupby(rows, key=itemgetter(0))}


def _glance(rows: Sequence[Any]) -> Glance:
    newest = next(((start, end, revision) for _, start, end, status, revision, _ in reversed(rows) if status), None)
    return Glance(
        verdicts=[(status or "", violations) for _, _, _, status, _, violations in rows],
        since=_time(rows[0][1]),
        until=_time(rows[-1][2]),
        judged=None if newest is None else Window(start=_time(newest[0]), end=_time(newest[1])),
        revision=0 if newest is None else newest[2],
    )


def _time(microseconds: int) -> datetime:
    return EPOCH + microseconds * MICROSECOND


def violated(connection: Connection, which: Mapping[str, Glance]) -> dict[str, list[dict[str, Any]]]:
    """The violated findings of each monitor's newest verdict, in the report's order, the first of many."""
    c = VIOLATION.c
    keys = [(name, one.judged.start, one.judged.end, one.revision) for name, one in which.items() if one.judged]
    query = select(VIOLATION).where(tuple_(c.monitor, c.start_at, c.end_at, c.revision).in_(keys))
    found: dict[str, list[dict[str, Any]]] = {}
    for row in connection.execute(query.order_by(c.monitor, c.place)):
        if len(rows := found.setdefault(row.monitor, [])) < MOST_FINDINGS:
            rows.append(dict(row._mapping))
    return found


def rules(
    connection: Connection, monitor: str, after: datetime, until: datetime
) -> dict[tuple[Window, int], dict[str | None, list[str]]]:
    """The rules that were violated, by feature, in each revision of the windows that end in (after, until]."""
    c = VIOLATION.c
    query = select(c.start_at, c.end_at, c.revision, c.feature, c.rule).where(c.monitor == monitor)
    found: dict[tuple[Window, int], dict[str | None, list[str]]] = {}
    rows = connection.execute(query.where(c.end_at > after, c.end_at <= until).order_by(c.start_at, c.place))
    for row in rows:
        key = Window(start=row.start_at, end=row.end_at), row.revision
        found.setdefault(key, {}).setdefault(row.feature, []).append(row.rule)
    return found


def told(connection: Connection, monitor: str, after: datetime, until: datetime) -> list[Word]:
    """What was told of windows that end in (after, until], in order; but that they were judged."""
    c = OUTBOX.c
    which = (c.monitor == monitor, c.end_at > after, c.end_at <= until, NOT_JUDGED)
    query = select(c.start_at, c.end_at, c.kind, c.made_at, c.body).where(*which).order_by(c.made_at, c.id)
    return [
        Word(
            window=Window(start=row.start_at, end=row.end_at),
            kind=row.kind,
            made_at=row.made_at,
            body=json.loads(row.body),
        )
        for row in connection.execute(query)
    ]


def later(connection: Connection, monitor: str, until: datetime, count: int) -> datetime | None:
    """The end of the last of so many windows that end after a time; None where there are none."""
    c = WINDOW.c
    query = select(c.end_at).where(c.monitor == monitor, c.end_at > until).order_by(c.end_at).limit(count)
    found: Sequence[datetime] = connection.execute(query).scalars().all()
    return found[-1] if found else None
