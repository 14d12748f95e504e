"""How the policy of a monitor stands, as the store has it; and what people say of it."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection

from monitor.document import from_document
from monitor.errors import InputError
from monitor.policy.answer import OF_REPORTS_ONLY, a_year
from monitor.store import evidence, marks, queries
from monitor.store.words import EvidenceRow
from monitor.store.words import MarkRow as Mark
from monitor.web.daemon import Band, MarkRow, Moved, PolicyPage

MOST_NAMED = 10


def page(connection: Connection, monitor: str, alarms: int) -> PolicyPage:
    """How it stands after the newest window that was followed."""
    said = tuple(shown(mark) for mark in marks.marks(connection, monitor))
    newest = evidence.newest(connection, monitor)
    if newest is None or not newest.said:
        return PolicyPage(monitor=monitor, alarms=alarms, marks=said)
    found, promise = newest.said, newest.said["promise"]
    return PolicyPage(
        monitor=monitor,
        window_start=newest.window.start,
        window_end=newest.window.end,
        phase=found["phase"],
        **found["learned"],
        evidence=found["evidence"],
        promised=a_year(promise["at_most"], promise["per_seconds"]),
        alarms=alarms,
        shadow=found["shadow"],
        open=tuple(from_document(Moved, one) for one in found["open"]),
        skews=tuple(from_document(Moved, one) for one in found["skews"]),
        bands=tuple(from_document(Band, one) for one in _bands(connection, monitor, newest)),
        marks=said,
        channels=tuple(found["channels"]),
        seasons=tuple(found["seasons"]),
        groups=tuple(tuple(group) for group in found["groups"]),
        correlated=tuple(tuple(group) for group in found.get("correlated", ())),
        notes=tuple(found["notes"]),
    )


def known(connection: Connection, monitor: str, feature: str | None) -> None:
    """Raise InputError where nothing of this name is followed: such a mark would never do anything."""
    newest = evidence.newest(connection, monitor)
    if newest is None or not newest.said:
        raise InputError(f"monitor {monitor!r}: no window was judged yet, so there is nothing to say anything of")
    rows = [*newest.said["open"], *newest.said["skews"], *_bands(connection, monitor, newest)]
    names = list(dict.fromkeys(row["feature"] for row in rows))
    if feature is not None and feature not in names:
        raise InputError(f"monitor {monitor!r}: no feature {feature!r} is followed; {_some(names)} would be right")


def shown(mark: Mark) -> MarkRow:
    """A mark as the web shows it."""
    return MarkRow(
        kind=mark.kind, feature=mark.feature, why=mark.why, who=mark.who, made=mark.made_at, after=mark.after
    )


def _bands(connection: Connection, monitor: str, newest: EvidenceRow) -> list[Mapping[str, Any]]:
    """They are long, and stand in the report only."""
    report = queries.report(connection, monitor, newest.window)
    policy = json.loads(report).get("policy") if report is not None else None
    return list(policy[OF_REPORTS_ONLY]) if policy else []


def _some(names: Collection[str]) -> str:
    more = f" or one of {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(map(repr, [*names][:MOST_NAMED])) + more
