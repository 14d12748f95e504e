"""Labels that come late: which files of them were read, which windows wait for them and are judged again."""

import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, literal, or_, select, update

from monitor.store import claiming, planning, reopening, upserts
from monitor.store.after import AWAITED, LABELS
from monitor.store.states import RunState, State
from monitor.store.tables import INPUT, RUN, WINDOW
from monitor.store.words import LABELLED, Awaited, Claim, Done, LabelFile, Received
from monitor.window import Window


def files(connection: Connection, monitor: str) -> list[LabelFile]:
    """All files of labels that were read, in order of their own times; of one time, of their paths."""
    c = LABELS.c
    rows = connection.execute(select(LABELS).where(c.monitor == monitor).order_by(c.own_at, c.path))
    return [
        LabelFile(
            path=row.path,
            size=row.size,
            stamp=row.stamp,
            own=row.own_at,
            digest=row.digest,
            segments=tuple(json.loads(row.segments)),
            labels=row.labels,
            rejected=json.loads(row.rejected),
            found=row.found,
            place=row.place,
            is_expired=bool(row.expired),
        )
        for row in rows
    ]


def awaited(connection: Connection, monitor: str) -> list[Awaited]:
    """The windows that wait for labels, in order."""
    c = AWAITED.c
    rows = connection.execute(select(AWAITED).where(c.monitor == monitor).order_by(c.end_at, c.start_at))
    return [
        Awaited(
            window=Window(start=row.start_at, end=row.end_at),
            due=row.due_at,
            until=row.until_at,
            revision=row.revision,
            predictions=row.predictions,
            labelled=row.labelled,
            is_judged=bool(row.judged),
            seen_to=row.seen_to,
            counted_to=row.counted_to,
            is_touched=bool(row.touched),
        )
        for row in rows
    ]


def waits(connection: Connection, claim: Claim, done: Done) -> None:
    """A judged window waits for labels from now on, or no longer does. What was read for it stays where it was judged
    again for labels."""
    at = _at(claim.monitor, claim.window)
    if done.is_labelled:
        _read_as_before(connection, claim)
        counted = connection.execute(select(AWAITED.c.counted_to).where(at)).scalar() or 0
    else:
        counted = 0
    connection.execute(delete(AWAITED).where(at))
    if done.awaited is not None:
        one = done.awaited
        connection.execute(
            insert(AWAITED).values(
                **_key(claim.monitor, claim.window),
                revision=claim.revision,
                due_at=one.due,
                until_at=one.until,
                predictions=one.predictions,
                labelled=one.labelled,
                judged=int(one.is_judged),
                seen_to=one.seen_to,
                counted_to=counted,
                touched=0,
            )
        )


def _read_as_before(connection: Connection, claim: Claim) -> None:
    """The inputs of the revision before are those of this one, so that nothing of them passes for late."""
    c = INPUT.c
    others = [column for column in INPUT.columns if column.name != "revision"]
    before = select(*others, literal(claim.revision)).where(
        c.monitor == claim.monitor,
        c.start_at == claim.window.start,
        c.end_at == claim.window.end,
        c.revision == claim.revision - 1,
    )
    connection.execute(insert(INPUT).from_select([*(column.name for column in others), "revision"], before))


def unchanged(connection: Connection, owner: str, claim: Claim, one: Awaited, now: datetime) -> bool:
    """The labels that have come change nothing: the window is done as it was, in its revision. False when it was not
    this owner's any more."""
    planning.locked(connection, claim.monitor)
    mine = update(WINDOW).where(claiming.held(claim, owner))
    free: dict[str, Any] = {"owner": None, "lease_until": None, "failures": 0, "why": ""}
    closing = mine.where(WINDOW.c.again == 0).values(**free, state=State.DONE, closed_at=now, reason="")
    once_more = mine.where(WINDOW.c.again == 1).values(**free, state=State.PENDING, again=0, reason="reopened")
    if not connection.execute(closing).rowcount and not connection.execute(once_more).rowcount:
        return False
    ended = update(RUN).where(RUN.c.run_id == claim.run_id)
    connection.execute(ended.values(state=RunState.DONE, finished_at=now, reason="unchanged"))
    seen = update(AWAITED).where(_at(claim.monitor, claim.window))
    connection.execute(seen.values(seen_to=one.seen_to, touched=0, labelled=one.labelled))
    planning.settle(connection, claim.monitor)
    return True


def received(connection: Connection, monitor: str, found: Received, now: datetime) -> int:
    """Writes down what was read; how many windows are judged again for it.

    A window that was judged meanwhile is left for the next look.
    """
    planning.known(connection, monitor)
    planning.locked(connection, monitor)
    c, a = LABELS.c, AWAITED.c
    last = connection.execute(select(func.max(c.place)).where(c.monitor == monitor)).scalar() or 0
    rows = [_row(monitor, file, last + number, now) for number, file in enumerate(found.files, 1)]
    upserts.put(connection, LABELS, rows, [column.name for column in LABELS.columns if not column.primary_key])
    for path, count in found.found.items():
        connection.execute(update(LABELS).where(c.monitor == monitor, c.path == path).values(found=count))
    place = last + len(rows) if last == found.looked_to else found.looked_to
    for one in found.looked_through:
        is_same = and_(_at(monitor, one.window), a.revision == one.revision)
        connection.execute(update(AWAITED).where(is_same).values(seen_to=place, counted_to=place))
        if one.window in found.touched:
            connection.execute(update(AWAITED).where(is_same, a.until_at >= now).values(touched=1))
    return called(connection, monitor, now)


def called(connection: Connection, monitor: str, now: datetime) -> int:
    """Windows whose labels are due and that were not judged since, or have new ones, are judged again; how many."""
    c = AWAITED.c
    asked = select(c.start_at, c.end_at).where(c.monitor == monitor, c.due_at <= now, _wanted())
    count = 0
    for row in connection.execute(asked).all():
        which = planning.at(monitor, Window(start=row.start_at, end=row.end_at)) & (WINDOW.c.state == State.DONE)
        count += reopening.opened(connection, which, LABELLED, now)
    if count:
        planning.settle(connection, monitor)
    return count


def let_go(connection: Connection, monitor: str, now: datetime, max_delay: timedelta) -> int:
    """Windows wait no longer after their time, nor do labels once no window that waits may have them; how many labels
    have expired without a prediction."""
    planning.locked(connection, monitor)
    a, c = AWAITED.c, LABELS.c
    connection.execute(delete(AWAITED).where(a.monitor == monitor, a.until_at < now, ~_wanted()))
    first = connection.execute(select(func.min(a.start_at)).where(a.monitor == monitor)).scalar()
    old = and_(c.monitor == monitor, c.read_at < min(now, first or now) - max_delay, c.expired == 0)
    count = connection.execute(select(func.sum(c.labels - c.found)).where(old)).scalar() or 0
    connection.execute(update(LABELS).where(old).values(expired=1, segments="[]"))
    return int(count)


def _wanted() -> ColumnElement[bool]:
    """Whether a window is to be judged again, now or when its labels are due."""
    return or_(AWAITED.c.judged == 0, AWAITED.c.touched == 1)


def _row(monitor: str, file: LabelFile, place: int, now: datetime) -> dict[str, Any]:
    return {
        "monitor": monitor,
        "path": file.path,
        "size": file.size,
        "stamp": file.stamp,
        "own_at": file.own,
        "place": place,
        "digest": file.digest,
        "segments": json.dumps(file.segments),
        "labels": file.labels,
        "found": 0,
        "rejected": json.dumps(dict(file.rejected)),
        "read_at": now,
        "expired": 0,
    }


def _key(monitor: str, window: Window) -> dict[str, Any]:
    return {"monitor": monitor, "start_at": window.start, "end_at": window.end}


def _at(monitor: str, window: Window) -> ColumnElement[bool]:
    c = AWAITED.c
    return and_(c.monitor == monitor, c.start_at == window.start, c.end_at == window.end)
