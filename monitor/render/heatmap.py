"""Heat map: features by windows, each cell what was found of the feature in that window; on a page as SVG.

`heatmap` gives text that a template with escaping leaves as it is, for what stands in it is escaped already. Its style
is heatmap.css, which asks for the colours of the page around it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from monitor.finding import Status
from monitor.render.drawing import LETTER, Label, label, line, place
from monitor.render.rows import fitting
from monitor.render.timeaxis import LEFT, RIGHT, WIDTH, TimeAxis
from monitor.render.untrusted import shown
from monitor.window import Window
from monitor.wording import counted

if TYPE_CHECKING:
    from jinja2 import Template

MOST_COLUMNS = 240
"""Columns that can be told apart: of more windows several share one, which shows the worst of them."""
PITCH, HIGH, TOP = 16, 14, 2
NAME, LONGEST = 24, 200
WIDE = 1.15 * LETTER  # capitals are wider than the letters of a name
NEAR, FAR = 0.5, 2.0
"""How far on the way to its limit something is near it, and how many times the limit is far beyond."""


class Mark(StrEnum):
    """What a cell shows, from what matters least to what matters most; `NONE`: there was no window, or no question."""

    NONE = ""
    OK = "ok"
    NEAR = "near"
    UNKNOWN = "unknown"
    FAILED = "failed"
    VIOLATED = "violated"
    FAR = "far"


TOLD = {
    Mark.OK: "OK",
    Mark.NEAR: "OK, over half way to its limit",
    Mark.VIOLATED: "VIOLATED",
    Mark.FAR: "VIOLATED, twice the limit and more",
    Mark.UNKNOWN: "UNKNOWN",
    Mark.FAILED: "a check broke",
}
ORDER = {mark: number for number, mark in enumerate(Mark)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A feature with a mark for each window; `href` is where its name leads."""

    name: str
    marks: Sequence[Mark]
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """From where to where a column reaches, which windows share it, and where it leads."""

    left: float
    right: float
    first: int
    last: int
    told: str
    href: str = ""

    @property
    def area(self) -> str:
        """Where it is asked what it is."""
        return f"M{place(self.left)} 0H{place(self.right)}"


def mark(status: Status, reached: float | None = None) -> Mark:
    """The mark of an answer that is so far on the way to its limit, 1 being there; None where nobody knows.

    >>> mark(Status.OK, 0.7), mark(Status.VIOLATED, 3.1), mark(Status.SKIPPED)
    (<Mark.NEAR: 'near'>, <Mark.FAR: 'far'>, <Mark.NONE: ''>)
    """
    if status is Status.OK:
        return Mark.NEAR if reached is not None and reached >= NEAR else Mark.OK
    if status is Status.VIOLATED:
        return Mark.FAR if reached is not None and reached >= FAR else Mark.VIOLATED
    return {Status.UNKNOWN: Mark.UNKNOWN, Status.FAILED: Mark.FAILED}.get(status, Mark.NONE)


def worst(marks: Iterable[Mark]) -> Mark:
    """The one that matters most.

    >>> worst([Mark.OK, Mark.UNKNOWN]), worst([])
    (<Mark.UNKNOWN: 'unknown'>, <Mark.NONE: ''>)
    """
    return max(marks, key=ORDER.__getitem__, default=Mark.NONE)


def heatmap(
    windows: Sequence[Window], rows: Sequence[Row], stretch: Window, *, links: Sequence[str] = (), key: str = "heat"
) -> str:
    """SVG of a row for each of `rows`, in their order, and a column for each of `windows`, over the time `stretch`.

    `windows` are in the order of their ends, and each row has as many marks. A column stands where its window lies in
    time, so what nobody judged is a gap. `links` are where the columns lead, one for each window. Nothing is longer
    than it need be: 50 rows of 1,000 windows take less than 150 kB whatever happens, and a tenth of that as a rule.
    `key` makes ids on the page its own, where there are several.
    """
    axis = TimeAxis(stretch=stretch)
    columns = _columns(windows, axis, links)
    foot = TOP + PITCH * len(rows)
    areas: dict[Mark, list[str]] = {}
    for number, row in enumerate(rows):
        marks = [worst(row.marks[column.first : column.last + 1]) for column in columns]
        for kind, left, right in _runs(columns, marks):
            areas.setdefault(kind, []).append(line(left, TOP + number * PITCH + HIGH / 2, across=right - left))
    legend, height = _legend([kind for kind in TOLD if kind in areas], foot + 22)
    drawn: str = vars(_template().module)["heat"](  # a macro, which marks what it escaped
        width=WIDTH,
        height=height,
        key=key,
        alt=f"{counted(len(rows), 'row')}, from {stretch.start:%Y-%m-%d %H:%M} to {stretch.end:%Y-%m-%d %H:%M} UTC",
        is_linked=bool(links) or any(row.href for row in rows),
        frame="".join(line(axis.at(at), 0, down=foot + 4) for at in axis.ticks()),
        paths=[(kind.value, "".join(parts)) for kind, parts in areas.items()],
        names=[_name(number, row) for number, row in enumerate(rows)],
        columns=columns,
        foot=place(foot),
        ticks=axis.labels(foot + 16),
        legend=legend,
    )
    return drawn


@cache
def _template() -> "Template":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("monitor", "render")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("heatmap.svg.j2")


def _name(number: int, row: Row) -> tuple[Label, str, str]:
    """The name as it fits, in full, and where it leads."""
    text = fitting(row.name, NAME) or "(no name)"
    return label(LEFT - 8, TOP + number * PITCH + 11, text, "end"), shown(row.name, LONGEST), row.href


def _columns(windows: Sequence[Window], axis: TimeAxis, links: Sequence[str]) -> list[Column]:
    """Windows that overlap the one before begin where that ends."""
    groups, wide = list[list[int]](), axis.stretch.length / MOST_COLUMNS
    most = -(-len(windows) // MOST_COLUMNS)
    for number, window in enumerate(windows):
        is_apart = number > 0 and window.start - windows[number - 1].end >= wide
        if groups and len(groups[-1]) < most and not is_apart:
            groups[-1].append(number)
        else:
            groups.append([number])
    found = []
    for group in groups:
        first, last = windows[group[0]], windows[group[-1]]
        begin = max(first.start, windows[group[0] - 1].end) if group[0] else first.start
        more = f", {len(group)} windows, the worst of them" if len(group) > 1 else ""
        found.append(
            Column(
                left=axis.at(begin),
                right=max(axis.at(last.end), axis.at(begin) + 0.5),
                first=group[0],
                last=group[-1],
                told=f"{first.start:%Y-%m-%d %H:%M} to {last.end:%Y-%m-%d %H:%M} UTC{more}",
                href=links[group[0]] if links else "",
            )
        )
    return found


def _runs(columns: Sequence[Column], marks: Sequence[Mark]) -> Iterator[tuple[Mark, float, float]]:
    """Neighbours that are alike, as one."""
    ends = [number for number, (a, b) in enumerate(pairwise(columns)) if marks[number] != marks[number + 1]
            or b.left - a.right > 0.05]  # fmt: skip
    begin = 0
    for end in [*ends, len(columns) - 1]:
        if columns and marks[begin]:
            yield marks[begin], columns[begin].left, columns[end].right
        begin = end + 1


def _legend(kinds: Sequence[Mark], y: float) -> tuple[list[tuple[str, str, Label]], int]:
    """What the cells mean that are there, in as many lines as it takes; and how high the picture is then."""
    found, x, y = list[tuple[str, str, Label]](), LEFT, y + 8
    for kind in kinds:
        width = 30 + len(TOLD[kind]) * WIDE
        if x > LEFT and x + width > RIGHT:
            x, y = LEFT, y + PITCH
        found.append((kind.value, line(x, y + 5, across=HIGH), label(x + 19, y + 9, TOLD[kind], "start")))
        x += width
    return found, round(y + (PITCH if kinds else 0))
