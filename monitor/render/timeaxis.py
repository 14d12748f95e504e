"""Where moments stand in a picture over time, and the round ones below it; all pictures of a page share it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from monitor.render.drawing import LETTER, Label, label, place
from monitor.window import Window

WIDTH, LEFT, RIGHT = 760, 168.0, 748.0
"""Of every picture over time, in units; names stand on the left of the axis."""
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
MONDAY = datetime(2001, 1, 1, tzinfo=UTC)
STEPS = (
    *(number * MINUTE for number in (1, 5, 15, 30)),
    *(number * HOUR for number in (1, 3, 6, 12)),
    *(number * DAY for number in (1, 2, 7, 14, 28, 91, 364, 3640)),
)
MOST_COLUMNS = 240
"""Columns that can be told apart: of more windows several share one, which shows the worst of them."""
MOST_TICKS, MOST_HOURS = 8, 5  # days, and days with an hour, which are longer


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeAxis:
    """A stretch of time from left to right."""

    stretch: Window
    left: float = LEFT
    right: float = RIGHT

    def at(self, moment: datetime) -> float:
        """Its place; what lies outside stands at the nearer end."""
        inside = min(max(moment, self.stretch.start), self.stretch.end)
        return self.left + (inside - self.stretch.start) / self.stretch.length * (self.right - self.left)

    def ticks(self) -> Sequence[datetime]:
        """Round moments within, eight at most: whole minutes, hours, days, weeks from a Monday on."""
        most = MOST_HOURS if self._has_hours else MOST_TICKS
        step = next((step for step in STEPS if self.stretch.length / step <= most), STEPS[-1])
        first = MONDAY + -(-(self.stretch.start - MONDAY) // step) * step
        many = (self.stretch.end - first) // step + 1
        return [first + number * step for number in range(max(0, many))]

    def labels(self, y: float) -> list[Label]:
        """The ticks in words: days, with the hour where they are closer together, the year where they are far apart."""
        found, last = list[Label](), -1e9
        for at in self.ticks():
            text = self._text(at)
            width = len(text) * LETTER
            x = min(max(self.at(at), self.left + width / 2), self.right - width / 2)
            if x - width / 2 > last:
                found.append(label(x, y, text))
                last = x + width / 2 + LETTER
        return found

    def _text(self, at: datetime) -> str:
        if self.stretch.length > 300 * DAY:
            return f"{at.day} {at:%b %Y}"
        day = f"{at.day} {at:%b}"
        return f"{day} {at:%H:%M}" if self._has_hours else day

    @property
    def _has_hours(self) -> bool:
        return self.stretch.length <= 2.5 * DAY


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


def columns(windows: Sequence[Window], axis: TimeAxis, links: Sequence[str] = ()) -> list[Column]:
    """Where windows stand, in the order of their ends; of many, neighbours share a column, but none over a gap.

    Windows that overlap the one before begin where that ends.
    """
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
