"""What a monitor's numbers were in the windows that the store has: series for alarms."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from monitor.document import from_document
from monitor.figures import Figures
from monitor.formula.evaluation import evaluated
from monitor.formula.words import Formula, Reference
from monitor.numbers import number
from monitor.series import Series, Windows
from monitor.store import queries
from monitor.store.rows import ResultRow
from monitor.window import Window

AT_ONCE = 250
"""Windows: their figures are large, and few numbers are kept of them."""
SHORT = ("status", "judged", "asked", "records", "rows", "rejected", "violations", "quality", "policy")
LONG = {"missing": "missing", "scores": "score", "drift": "drifted"}
"""Figures that are there for every feature, and the number that is made of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """Judged windows, oldest first, and what each number was in them; `interval` is how far apart they usually end."""

    windows: tuple[Window, ...]
    series: Mapping[Reference, Series]
    interval: timedelta

    def answers(self, formula: Formula, after: datetime | None = None) -> Series:
        """A formula in each of the windows, or in those that end after a moment as if there were no others."""
        seen = [one for one in self.windows if after is None or one.end > after]
        return evaluated(formula, Windows.of(seen, self.interval), self.series)


def numbers(
    connection: Connection,
    monitor: str,
    asked: Collection[Reference],
    *,
    after: datetime,
    until: datetime,
    interval: timedelta,
) -> Numbers:
    """The numbers asked for, in windows that end in (after, until]; of windows that end together in the last one."""
    found: dict[datetime, tuple[Window, int, list[float]]] = {}
    for row in _rows(connection, monitor, after, until, AT_ONCE * interval):
        figures = from_document(Figures, _figures(row, asked))
        values = [number(figures, one.name, one.feature) for one in asked]
        found[row.window.end] = row.window, row.rows, values
    kept = tuple(window for window, _, _ in found.values())
    windows, rows = Windows.of(kept, interval), [rows for _, rows, _ in found.values()]
    series = {
        one: Series.of(windows, [values[place] for _, _, values in found.values()], rows)
        for place, one in enumerate(asked)
    }
    return Numbers(windows=kept, series=series, interval=interval)


def _rows(
    connection: Connection, monitor: str, after: datetime, until: datetime, at_once: timedelta
) -> Iterator[ResultRow]:
    while after < until:
        end = min(until, after + at_once)
        yield from queries.results(connection, monitor, after, end)
        after = end


def _figures(row: ResultRow, asked: Collection[Reference]) -> dict[str, object]:
    """As they were kept with the window, without what is not asked for: to read all of them takes long."""
    names = {one.name for one in asked}
    kept = [*SHORT, *(part for part, name in LONG.items() if name in names)]
    found = {part: row.figures[part] for part in kept if part in row.figures}
    known = row.figures.get("numbers", {})
    pairs = [(one.name, one.feature) for one in asked if one.feature in known.get(one.name, {})]
    return found | {"numbers": {name: {of: known[name][of] for what, of in pairs if what == name} for name, _ in pairs}}
