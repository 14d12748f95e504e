"""A judged window is written down: state, result, inputs, events and what came late, all or nothing."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from monitor.store import claiming, evidence, labels, lateness, planning, reopening, upserts
from monitor.store.columns import pack
from monitor.store.states import RunState, State
from monitor.store.tables import INPUT, MONITOR, OBJECT, OUTBOX, RESULT, RUN, VIOLATION, WINDOW
from monitor.store.words import ALARM, Claim, Done, Event, Finished, Retries
from monitor.window import Window

Row = dict[str, Any]


def rows_of(claim: Claim, done: Done, now: datetime) -> dict[str, list[Row]]:
    """The rows of a result, made before the transaction begins: packing takes longer than writing."""
    key = {**_key(claim.monitor, claim.window), "revision": claim.revision}
    result = key | {
        "run_id": claim.run_id,
        "status": done.status,
        "judged_at": now,
        "took_seconds": done.took_seconds,
        "records": done.records,
        "rows": done.rows,
        "rejected": _json(done.rejected),
        "config_digest": done.config_digest,
        "baseline": done.baseline,
        "input_digest": done.input_digest,
        "folder": done.folder,
        "figures": _json(done.figures),
        "report": pack(done.report),
        "profile": pack(done.profile),
    }
    read = [
        lateness.input_row(claim.monitor, claim.window, claim.revision, i.path, i.size, i.stamp, i.rows, 0)
        for i in done.inputs
    ]
    return {"result": [result], "violation": _violations(key, done.report), "input": read}


def finished(
    connection: Connection,
    owner: str,
    claim: Claim,
    done: Done,
    rows: dict[str, list[Row]],
    now: datetime,
    reprocess: timedelta | None,
) -> Finished | None:
    """None when the window is no longer this owner's in this attempt: then nothing is written."""
    planning.locked(connection, claim.monitor)
    if not _closed(connection, owner, claim, done.status, now):
        return None
    for table in (RESULT, VIOLATION, INPUT):
        if rows[table.name]:
            connection.execute(insert(table), rows[table.name])
    _ended(connection, claim, RunState.DONE, now, status=done.status, records=done.records)
    _remember(connection, claim.monitor, done, now)
    told = _events(claim, done, now)
    alarms = upserts.added(connection, OUTBOX, [row for row in told if row["kind"] == ALARM])
    upserts.added(connection, OUTBOX, [row for row in told if row["kind"] != ALARM])
    evidence.written(connection, claim.monitor, claim.revision, done.evidence)
    labels.waits(connection, claim, done)
    objects = {each.path: each for each in done.objects}
    late = lateness.counted(connection, claim, done.rows_elsewhere, objects)
    horizon = None if reprocess is None else claim.window.end - reprocess
    again = reopening.seen_late(connection, claim.monitor, list(late), horizon, now)
    replayed = _replayed(connection, claim, now) if done.replays else None
    _noted(connection, claim.monitor, now, done)
    _counted(connection, claim.monitor, alarms)
    planning.settle(connection, claim.monitor)
    return Finished(late=late, reopened=again, replayed=replayed, alarms=alarms)


def _replayed(connection: Connection, claim: Claim, now: datetime) -> Window | None:
    """The newest window is judged again: what came late for this one has changed what holds there."""
    newest = evidence.newest(connection, claim.monitor)
    if newest is None or newest.window == claim.window:
        return None
    which = planning.at(claim.monitor, newest.window) & (WINDOW.c.state == State.DONE)
    return newest.window if reopening.opened(connection, which, "replay", now) else None


def _counted(connection: Connection, monitor: str, alarms: int) -> None:
    if alarms:
        count = func.coalesce(MONITOR.c.alarms, 0) + alarms
        connection.execute(update(MONITOR).where(MONITOR.c.name == monitor).values(alarms=count))


def _closed(connection: Connection, owner: str, claim: Claim, status: str, now: datetime) -> bool:
    """The fence: the one statement that decides whose result it is. Reopened meanwhile: pending once more."""
    mine = update(WINDOW).where(claiming.held(claim, owner))
    values: Row = {
        "revision": claim.revision,
        "status": status,
        "owner": None,
        "lease_until": None,
        "failures": 0,
        "why": "",
    }
    closing = mine.where(WINDOW.c.again == 0).values(**values, state=State.DONE, closed_at=now, reason="")
    if connection.execute(closing).rowcount == 1:
        return True
    once_more = mine.where(WINDOW.c.again == 1).values(**values, state=State.PENDING, again=0, reason="reopened")
    return connection.execute(once_more).rowcount == 1


def failed(
    connection: Connection,
    owner: str,
    claim: Claim,
    reason: str,
    why: str,
    now: datetime,
    retries: Retries,
    failures: int,
) -> str:
    """The window's new state: pending after a wait, dead after too many failures, empty when it was not ours."""
    planning.locked(connection, claim.monitor)
    again = connection.execute(select(WINDOW.c.again).where(claiming.held(claim, owner))).scalar()
    if again is None:
        return ""
    failures = 0 if again else failures
    dead = failures >= retries.most
    connection.execute(
        update(WINDOW)
        .where(claiming.held(claim, owner))
        .values(
            state=State.DEAD if dead else State.PENDING,
            owner=None,
            lease_until=None,
            again=0,
            failures=failures,
            not_before=None if dead else now + retries.wait(max(failures, 1)),
            closed_at=now if dead else None,
            reason=reason,
            why=why,
        )
    )
    _ended(connection, claim, RunState.FAILED, now, reason=reason, why=why)
    _noted(connection, claim.monitor, now, None)
    planning.settle(connection, claim.monitor)
    return (State.DEAD if dead else State.PENDING).value


def _ended(connection: Connection, claim: Claim, state: RunState, now: datetime, **values: Any) -> None:
    change = update(RUN).where(RUN.c.run_id == claim.run_id)
    connection.execute(change.values(state=state, finished_at=now, **values))


def _noted(connection: Connection, monitor: str, now: datetime, done: Done | None) -> None:
    values: Row = {"last_run": now, "turn_at": now}
    if done is not None:
        values |= {"last_success": now, "last_seconds": done.took_seconds}
        if done.last_record is not None:
            known = connection.execute(select(MONITOR.c.last_record).where(MONITOR.c.name == monitor)).scalar()
            values["last_record"] = max(known or done.last_record, done.last_record)
    connection.execute(update(MONITOR).where(MONITOR.c.name == monitor).values(**values))


def _remember(connection: Connection, monitor: str, done: Done, now: datetime) -> None:
    rows = [
        {
            "monitor": monitor,
            "path": each.path,
            "size": each.size,
            "stamp": each.stamp,
            "first_at": each.first,
            "last_at": each.last,
            "is_half": int(each.is_half),
            "dated_to": each.dated_to,
            "seen_at": now,
        }
        for each in done.objects
    ]
    upserts.put(connection, OBJECT, rows, ["size", "stamp", "first_at", "last_at", "is_half", "dated_to", "seen_at"])


def event_id(monitor: str, window: Window, revision: int, kind: str) -> str:
    """The same event has the same id, however often it is written or delivered."""
    told = f"{monitor}|{window.start.isoformat()}|{window.end.isoformat()}|{revision}|{kind}"
    return hashlib.sha256(told.encode()).hexdigest()


def _id(claim: Claim, event: Event) -> str:
    """With a key of its own, whatever the revision: it was told of an earlier one."""
    if not event.key:
        return event_id(claim.monitor, claim.window, claim.revision, event.kind)
    return event_id(claim.monitor, claim.window, 0, f"{event.kind}|{event.key}")


def _events(claim: Claim, done: Done, now: datetime) -> list[Row]:
    return [
        _key(claim.monitor, claim.window)
        | {
            "id": _id(claim, event),
            "revision": claim.revision,
            "kind": event.kind,
            "body": event.body,
            "state": "waiting",
            "attempts": 0,
            "next_at": now,
            "made_at": now,
        }
        for event in done.outbox
    ]


def _violations(key: Row, report: bytes) -> list[Row]:
    names = ("rule", "feature", "severity", "value", "low", "high", "threshold", "direction", "method", "why")
    found: Sequence[Row] = [each for each in json.loads(report).get("findings", []) if each["status"] == "violated"]
    texts = {"rule": "", "severity": "", "method": "", "why": ""}
    return [
        key | {"place": place} | {name: each.get(name, texts.get(name)) for name in names}
        for place, each in enumerate(found)
    ]


def _key(monitor: str, window: Window) -> Row:
    return {"monitor": monitor, "start_at": window.start, "end_at": window.end}


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False, default=dict)
