"""What labels that came late say of an older window, in the place of what the newest one cannot say yet."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from monitor.daemon.watched import Watched
from monitor.finding import Reason, Status
from monitor.store import labels, queries
from monitor.store.rows import ResultRow
from monitor.window import Window

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Belated:
    """The findings of the newest window that was judged with labels enough, where that is not the newest of all; of
    each it is said which window that was. None of a `window` where there is none."""

    window: Window | None = None
    findings: Sequence[Row] = ()

    @property
    def violates(self) -> bool:
        return any(row["status"] == Status.VIOLATED for row in self.findings)

    def instead(self, findings: Sequence[Row]) -> Sequence[Row]:
        """The findings of the newest window; of rules that want for labels there, those of the older one."""
        wanting = {row["rule"] for row in findings if row["reason"] == Reason.TRUTH_MISSING}
        there = [row for row in self.findings if row["rule"] in wanting]
        known = {row["rule"] for row in there}
        return [*(row for row in findings if row["rule"] not in known), *there]


def belated(connection: Connection, one: Watched, newest: ResultRow) -> Belated:
    """What labels say of an older window than the newest; nothing where labels do not come apart."""
    truth = one.monitor.truth
    if truth is None:
        return Belated()
    judged = [row for row in labels.awaited(connection, one.name) if row.is_judged and row.window != newest.window]
    enough = [row.window for row in judged if row.labelled >= truth.min_coverage * row.predictions]
    if not enough:
        return Belated()
    window = enough[-1]
    report = json.loads(queries.report(connection, one.name, window) or b"{}")
    of = f"of the window from {window.start:%Y-%m-%d %H:%M} to {window.end:%Y-%m-%d %H:%M} UTC, by its labels"
    found = [{**row, "why": f"{row['why']} ({of})" if row["why"] else of} for row in report.get("findings", ())]
    return Belated(window=window, findings=found)
