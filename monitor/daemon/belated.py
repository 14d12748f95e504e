"""What labels that came late say of an older window, in the place of what the newest one cannot say yet."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from monitor.daemon.watched import Watched
from monitor.finding import Reason
from monitor.store import labels, queries
from monitor.store.rows import ResultRow

Row = Mapping[str, Any]


def late_findings(connection: Connection, one: Watched, newest: ResultRow) -> Sequence[Row]:
    """The findings of the newest window that was judged with its labels, where that is not the newest of all; of each
    it is said which window that was."""
    if one.monitor.truth is None:
        return ()
    judged = [row for row in labels.awaited(connection, one.name) if row.is_judged and row.window != newest.window]
    if not judged:
        return ()
    window = judged[-1].window
    report = json.loads(queries.report(connection, one.name, window) or b"{}")
    of = f"of the window from {window.start:%Y-%m-%d %H:%M} to {window.end:%Y-%m-%d %H:%M} UTC, by its labels"
    return [{**row, "why": f"{row['why']} ({of})" if row["why"] else of} for row in report.get("findings", ())]


def with_late(findings: Sequence[Row], late: Sequence[Row]) -> Sequence[Row]:
    """The findings of the newest window; of rules that want for labels there, those of the older one."""
    wanting = {row["rule"] for row in findings if row["reason"] == Reason.TRUTH_MISSING}
    there = [row for row in late if row["rule"] in wanting]
    known = {row["rule"] for row in there}
    return [*(row for row in findings if row["rule"] not in known), *there]
