"""Hourly windows, plans and judged windows, as small as the ledger lets them be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from monitor.store.words import Awaited, Done, Event, EvidenceRow, Input, Object
from monitor.window import Window

ZERO = datetime(2026, 1, 5, tzinfo=UTC)
HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
LEASE = timedelta(seconds=30)
VIOLATED = (
    b'{"findings":[{"status":"ok","rule":"range"},'
    b'{"status":"violated","rule":"drift","feature":"age","severity":"page","value":0.5,"low":0.4,"high":0.6,'
    b'"threshold":0.1,"direction":"at_most","method":"shift","reason":null,"why":"older"}]}'
)


@dataclass(frozen=True)
class Plan:
    windows: tuple[Window, ...] = ()
    skipped: tuple[Window, ...] = ()
    planned_to: datetime | None = None
    more_skipped: int = 0


def window(number: int) -> Window:
    return Window(start=ZERO + number * HOUR, end=ZERO + (number + 1) * HOUR)


def plan(first: int, until: int, *, skipped: Sequence[int] = ()) -> Plan:
    windows = tuple(window(number) for number in range(first, until))
    return Plan(windows, tuple(window(number) for number in skipped), ZERO + until * HOUR)


def after(number: int) -> datetime:
    """Ten minutes after the window has ended."""
    return window(number).end + 10 * MINUTE


def done(
    status: str = "ok",
    *,
    report: bytes = b"{}",
    rows: Mapping[str, int] | None = None,
    elsewhere: Mapping[str, Mapping[int, int]] | None = None,
    last: datetime | None = None,
    evidence: Sequence[EvidenceRow] = (),
    replays: bool = False,
    events: Sequence[Event] = (),
    awaited: Awaited | None = None,
    labelled: bool = False,
) -> Done:
    """Judged; `rows` by object of the window itself, `elsewhere` by object and window of others."""
    paths = {*(rows or {}), *(elsewhere or {})}
    return Done(
        status=status,
        report=report,
        profile=b'{"rows":1}',
        figures={"status": status},
        records=sum((rows or {}).values()),
        inputs=[Input(path=path, size=1, stamp="s", rows=count) for path, count in (rows or {}).items()],
        objects=[Object(path=path, size=1, stamp="s", first=ZERO, last=last) for path in sorted(paths)],
        rows_elsewhere={
            path: {(window(number).start, window(number).end): count for number, count in counts.items()}
            for path, counts in (elsewhere or {}).items()
        },
        outbox=[Event(kind="report", body="{}"), *events],
        evidence=evidence,
        replays=replays,
        awaited=awaited,
        is_labelled=labelled,
        last_record=last,
        took_seconds=0.5,
        folder="reports/churn",
    )


def kept(number: int, *, learned: bool = False, since: int | None = None, memory: bool = True) -> EvidenceRow:
    """What the policy would keep of a window, each part with its number in it."""
    return EvidenceRow(
        window=window(number),
        look=b"look %d" % number,
        memory=b"memory %d" % number if memory else b"",
        learned=b"learned %d" % number if learned else b"",
        since=None if since is None else window(since).start,
        layout="cells",
        said={"seen": number},
    )
