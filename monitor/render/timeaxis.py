"""Where moments stand in a picture over time, and the round ones below it; all pictures of a page share it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from monitor.render.drawing import LETTER, Label, label
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
