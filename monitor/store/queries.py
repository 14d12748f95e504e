"""What pages, metrics and the daemon's start ask of the store. Each takes the connection of a `Database.read()`."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select

from monitor.store.after import DELIVERY
from monitor.store.columns import EPOCH, MICROSECOND, unpack
from monitor.store.rows import MonitorRow, ResultRow, RunRow, WindowRow
from monitor.store.states import OPEN, State
from monitor.store.tables import INPUT, MONITOR, OBJECT, OUTBOX, RESULT, RUN, VIOLATION, WINDOW
from monitor.store.words import Input, Object
from monitor.window import Window

Edition: TypeAlias = tuple[int, int, datetime | None]
"""How many results there are, their revisions added up, and the end of the first."""


def monitors(connection: Connection) -> dict[str, MonitorRow]:
    """All monitors that were ever planned."""
    c = WINDOW.c
    counts: dict[str, dict[str, int]] = {}
    late: dict[str, int] = {}
    for name, state, number, behind in connection.execute(
        select(c.monitor, c.state, func.count(), func.sum(c.late)).group_by(c.monitor, c.state)
    ):
        counts.setdefault(name, {})[state] = number
        late[name] = late.get(name, 0) + int(behind)
    found = {}
    for row in connection.execute(select(MONITOR)):
        of = counts.get(row.name, {})
        found[row.name] = MonitorRow(
            name=row.name,
            planned_to=row.planned_to,
            watermark=row.watermark,
            last_run=row.last_run,
            last_success=row.last_success,
            last_record=row.last_record,
            last_seconds=row.last_seconds,
            pending=sum(of.get(state, 0) for state in OPEN),
            skipped=of.get(State.SKIPPED, 0) + row.more_skipped,
            dead=of.get(State.DEAD, 0),
            late=late.get(row.name, 0),
            alarms=row.alarms or 0,
        )
    return found


def latest(connection: Connection) -> dict[str, ResultRow]:
    """Each monitor's newest window that was judged, in its latest revision; reads no report."""
    c = RESULT.c
    last = select(c.monitor, func.max(c.end_at).label("end_at")).group_by(c.monitor).subquery()
    rows = connection.execute(
        _results().join(last, and_(c.monitor == last.c.monitor, c.end_at == last.c.end_at)).order_by(c.revision)
    )
    return {row.monitor: _result(row) for row in rows}


def results(connection: Connection, monitor: str, after: datetime, until: datetime) -> list[ResultRow]:
    """The latest revisions of judged windows that end in (after, until], in order."""
    c = RESULT.c
    rows = connection.execute(
        _results()
        .where(c.monitor == monitor, c.end_at > after, c.end_at <= until)
        .order_by(c.end_at, c.start_at, c.revision)
    )
    return list({(row.start_at, row.end_at): _result(row) for row in rows}.values())


def edition(connection: Connection, monitor: str, after: datetime, until: datetime) -> Edition:
    """Another one where `results` of this stretch are others than before: judged again, come or gone. Reads none."""
    c = RESULT.c
    which = select(func.count(), func.sum(c.revision), func.min(c.end_at))
    row = connection.execute(which.where(c.monitor == monitor, c.end_at > after, c.end_at <= until)).one()
    return int(row[0]), int(row[1] or 0), row[2]


def newest_judged(connection: Connection, monitor: str) -> ResultRow | None:
    """The newest window of a monitor that was judged, in its latest revision."""
    c = RESULT.c
    last = select(func.max(c.end_at)).where(c.monitor == monitor).scalar_subquery()
    row = connection.execute(
        _results().where(c.monitor == monitor, c.end_at == last).order_by(c.start_at, c.revision.desc()).limit(1)
    ).first()
    return None if row is None else _result(row)


def result(connection: Connection, monitor: str, window: Window, revision: int | None = None) -> ResultRow | None:
    """One revision of a window, or its latest."""
    row = connection.execute(_revision(_results(), monitor, window, revision)).one_or_none()
    return None if row is None else _result(row)


def report(connection: Connection, monitor: str, window: Window, revision: int | None = None) -> bytes | None:
    """report.json of one revision of a window, or of its latest."""
    blob = connection.execute(_revision(select(RESULT.c.report), monitor, window, revision)).scalar()
    return None if blob is None else unpack(blob)


def profile(connection: Connection, monitor: str, window: Window, revision: int | None = None) -> bytes | None:
    """The window profile of one revision, or of the latest."""
    blob = connection.execute(_revision(select(RESULT.c.profile), monitor, window, revision)).scalar()
    return None if blob is None else unpack(blob)


def runs(connection: Connection, monitor: str | None, *, limit: int = 50, cursor: str = "") -> list[RunRow]:
    """Attempts of a monitor or all, newest first, from behind the cursor of a run on; ValueError for a cursor that is
    none."""
    c = RUN.c
    query = select(RUN) if monitor is None else select(RUN).where(c.monitor == monitor)
    if cursor:
        text, _, run_id = cursor.partition("-")
        at = EPOCH + int(text) * MICROSECOND
        query = query.where(or_(c.started_at < at, and_(c.started_at == at, c.run_id < run_id)))
    rows = connection.execute(query.order_by(c.started_at.desc(), c.run_id.desc()).limit(limit))
    return [_run(row) for row in rows]


def run(connection: Connection, run_id: str) -> RunRow | None:
    """One attempt."""
    row = connection.execute(select(RUN).where(RUN.c.run_id == run_id)).one_or_none()
    return None if row is None else _run(row)


def windows(
    connection: Connection,
    monitor: str,
    *,
    before: datetime | None = None,
    after: datetime | None = None,
    limit: int | None = 50,
    states: Sequence[str] = (),
) -> list[WindowRow]:
    """Windows, newest first, that end before a time, and after another one."""
    c = WINDOW.c
    query = select(WINDOW).where(c.monitor == monitor)
    if after is not None:
        query = query.where(c.end_at > after)
    if before is not None:
        query = query.where(c.end_at < before)
    if states:
        query = query.where(c.state.in_(states))
    return [_window_row(row) for row in connection.execute(query.order_by(c.end_at.desc()).limit(limit))]


def window(connection: Connection, monitor: str, which: Window) -> WindowRow | None:
    """One window."""
    c = WINDOW.c
    at = select(WINDOW).where(c.monitor == monitor, c.start_at == which.start, c.end_at == which.end)
    row = connection.execute(at).one_or_none()
    return None if row is None else _window_row(row)


def judged(connection: Connection, monitor: str, start: datetime, end: datetime) -> list[Window]:
    """Windows with a result that overlap a stretch, in order: for these, records may come late."""
    c = WINDOW.c
    rows = connection.execute(
        select(c.start_at, c.end_at)
        .where(c.monitor == monitor, c.end_at > start, c.start_at < end, c.revision > 0)
        .order_by(c.end_at, c.start_at)
    )
    return [_window(row) for row in rows]


def overlapping(connection: Connection, monitor: str, start: datetime, end: datetime) -> list[Window]:
    """Windows in whatever state that have a part in [start, end), in order."""
    c = WINDOW.c
    rows = connection.execute(
        select(c.start_at, c.end_at)
        .where(c.monitor == monitor, c.end_at > start, c.start_at < end)
        .order_by(c.end_at, c.start_at)
    )
    return [_window(row) for row in rows]


def violations(connection: Connection, monitor: str, window: Window, revision: int) -> list[dict[str, Any]]:
    """The violated findings of one revision, in the report's order."""
    c = VIOLATION.c
    shown = [column for column in VIOLATION.columns if column.name not in ("monitor", "start_at", "end_at", "revision")]
    rows = connection.execute(select(*shown).where(_of(c, monitor, window), c.revision == revision).order_by(c.place))
    return [dict(row._mapping) for row in rows]


def newest_violations(
    connection: Connection, monitor: str | None, *, limit: int = 50, cursor: str = ""
) -> tuple[list[dict[str, Any]], str]:
    """Violated findings of the latest revision of each window, of a monitor or all, newest first; and where the next
    ones begin, empty where there are no more. ValueError for a cursor that is none."""
    c, skipped = VIOLATION.c, int(cursor or 0)
    is_latest = c.revision == (
        select(WINDOW.c.revision)
        .where(WINDOW.c.monitor == c.monitor, WINDOW.c.start_at == c.start_at, WINDOW.c.end_at == c.end_at)
        .scalar_subquery()
    )
    query = select(VIOLATION).where(is_latest)
    if monitor is not None:
        query = query.where(c.monitor == monitor)
    order = (c.end_at.desc(), c.monitor, c.start_at.desc(), c.place)
    rows = connection.execute(query.order_by(*order).offset(skipped).limit(limit)).all()
    found = [{**row._mapping, "start": row.start_at, "end": row.end_at} for row in rows]
    return found, str(skipped + limit) if len(rows) == limit else ""


def objects(connection: Connection, monitor: str, since: datetime | None = None) -> dict[str, Object]:
    """The capture objects that this monitor has read, by path; without those in folders dated before `since`."""
    c = OBJECT.c
    query = select(OBJECT).where(c.monitor == monitor)
    if since is not None:
        query = query.where(or_(c.dated_to.is_(None), c.dated_to > since))
    return {
        row.path: Object(
            path=row.path,
            size=row.size,
            stamp=row.stamp,
            first=row.first_at,
            last=row.last_at,
            is_half=bool(row.is_half),
            dated_to=row.dated_to,
        )
        for row in connection.execute(query)
    }


def inputs(connection: Connection, monitor: str, window: Window, revision: int | None = None) -> dict[str, Input]:
    """What was read for one revision of a window, or for its latest, by path."""
    c = INPUT.c
    at = _latest(c, monitor, window) if revision is None else revision
    rows = connection.execute(
        select(c.path, c.size, c.stamp, c.rows).where(_of(c, monitor, window), c.revision == at).order_by(c.path)
    )
    return {row.path: Input(path=row.path, size=row.size, stamp=row.stamp, rows=row.rows) for row in rows}


def outbox_length(connection: Connection) -> int:
    """Events that wait to be handed out, and those on their way to a receiver."""
    here = connection.execute(select(func.count()).where(OUTBOX.c.state == "waiting")).scalar_one()
    under_way = DELIVERY.c.state.in_(("waiting", "gathering"))
    return here + connection.execute(select(func.count()).where(under_way)).scalar_one()


def _results() -> Select[Any]:
    return select(*(column for column in RESULT.columns if column.name not in ("report", "profile")))


def _revision(query: Select[Any], monitor: str, window: Window, revision: int | None) -> Select[Any]:
    c = RESULT.c
    query = query.where(_of(c, monitor, window))
    if revision is not None:
        return query.where(c.revision == revision)
    return query.order_by(c.revision.desc()).limit(1)


def _latest(c: Any, monitor: str, window: Window) -> Any:
    return select(func.max(c.revision)).where(_of(c, monitor, window)).scalar_subquery()


def _of(c: Any, monitor: str, window: Window) -> ColumnElement[bool]:
    return and_(c.monitor == monitor, c.start_at == window.start, c.end_at == window.end)


def _window(row: Any) -> Window:
    return Window(start=row.start_at, end=row.end_at)


def _result(row: Row[Any]) -> ResultRow:
    values = dict(row._mapping)
    del values["start_at"], values["end_at"]
    values |= {"rejected": json.loads(row.rejected), "figures": json.loads(row.figures)}
    return ResultRow(window=_window(row), **values)


def _run(row: Row[Any]) -> RunRow:
    values = dict(row._mapping)
    del values["start_at"], values["end_at"]
    return RunRow(window=_window(row), **values)


def _window_row(row: Row[Any]) -> WindowRow:
    values = {name: value for name, value in row._mapping.items() if name in WindowRow.__dataclass_fields__}
    return WindowRow(window=_window(row), **values)
