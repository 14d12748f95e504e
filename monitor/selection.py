"""Selection: which records a window takes, by their event times, and what was seen of each file.

A record belongs to the window its event time lies in, `start <= time < end`. One without a time, and a line that holds
no record, goes with the last record before it in its file that has one; before any, with the first in its block; in a
file or block without times, with the file's own time. None of this depends on the window, so that contiguous windows
take every record and every such line once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from monitor.window import Window

Seconds = NDArray[np.int64]
Mask = NDArray[np.bool_]
NONE = np.zeros(0, np.int64)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SLACK = timedelta(hours=1)  # a half may be logged this far from its window and is still looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a file held: first and last time by which something in it was chosen, whole seconds; `rows` records taken.

    `elsewhere` counts records that belong to closed windows, by window, none where there are none; `outside` those
    of no window asked for. `is_half`: it holds requests or answers that were logged apart, each counted by its own
    time. Lines that hold no record are counted as records are.
    """

    first: datetime | None = None
    last: datetime | None = None
    rows: int = 0
    elsewhere: Mapping[Window, int]
    outside: int = 0
    is_half: bool = False


class _Tally:
    """What is counted of a file while it is read."""

    __slots__ = ("elsewhere", "first", "is_half", "last", "latest", "outside", "own", "rows")

    def __init__(self, own: int, closed: int) -> None:
        self.own = own
        self.latest: int | None = None
        self.first: int | None = None
        self.last: int | None = None
        self.rows = self.outside = 0
        self.elsewhere = np.zeros(closed, np.int64)
        self.is_half = False

    def widen(self, low: int, high: int) -> None:
        self.first = low if self.first is None else min(self.first, low)
        self.last = high if self.last is None else max(self.last, high)


class Selection:
    """Which records a window takes (None: all), and how many of each file belong to `closed` windows.

    `column` names the column that holds the time where columns have one (`columns.time`); it then counts in the place
    of the time that the log tells. `slack`: halves are looked for this far around the window. Files are begun one
    behind the other; what is told of rows is of the file begun last.
    """

    def __init__(
        self,
        window: Window | None,
        closed: Sequence[Window] = (),
        *,
        slack: timedelta = SLACK,
        column: str | None = None,
    ) -> None:
        self.window = window
        self.closed = tuple(closed)
        self.column = column
        self.slack = slack
        self._start, self._end = (_second(window.start), _second(window.end)) if window is not None else (0, 0)
        self._starts = np.array([_second(w.start) for w in self.closed], np.int64)
        self._ends = np.array([_second(w.end) for w in self.closed], np.int64)
        self._known = _joined([*self.closed, *([window] if window is not None else [])])
        self._tallies: dict[str, _Tally] = {}
        self._elsewhere: dict[str, Seen] = {}
        self._now = ""

    def restart(self) -> None:
        """Forget what was seen: everything is read once more."""
        self._tallies.clear()
        self._elsewhere.clear()

    def see(self, seen: Mapping[str, Seen]) -> None:
        """Files that were read elsewhere, by a selection of the same windows, and what it saw of them."""
        self._elsewhere.update(seen)

    def begin(self, path: str, own: datetime) -> None:
        """A file begins; `own` is its own time."""
        self._tallies[path] = _Tally(_second_of(own), len(self.closed))
        self._now = path

    def times(
        self, path: str, line: Seconds, seconds: Seconds, timed: Mask, others: Seconds = NONE
    ) -> tuple[Seconds, Seconds]:
        """By which time each record is chosen, and each of the `others`, lines that hold no record; all are counted.

        `line` says where in the file each record stood, ascending.
        """
        tally = self._tallies[path]
        if timed.all() and not len(others):
            found, beside = seconds, NONE
        else:
            dated = seconds[timed]
            before = tally.latest if tally.latest is not None else int(dated[0]) if len(dated) else tally.own
            known = np.append(np.int64(before), dated)
            found = known[np.cumsum(timed)]
            beside = known[np.searchsorted(line[timed], others)]
        if timed.any():
            tally.latest = int(seconds[timed][-1])
        self._count(tally, np.concatenate([found, beside]) if len(beside) else found)
        return found, beside

    def chosen(self, path: str, seconds: Seconds, timed: Mask) -> Mask:
        """Which of these records the window takes, that stood one behind the other; all are counted."""
        return self.takes(self.times(path, np.arange(len(seconds)), seconds, timed)[0])

    def takes_untimed(self, path: str) -> bool:
        """Whether it takes what cannot be read here: it goes with what was read last, else with the file."""
        tally = self._tallies[path]
        at = np.array([tally.own if tally.latest is None else tally.latest], np.int64)
        self._count(tally, at)
        return bool(self.takes(at)[0])

    def takes(self, seconds: Seconds) -> Mask:
        """Whether each time lies in the window."""
        return self._within(seconds, self._start, self._end)

    def is_near(self, seconds: Seconds) -> Mask:
        """Whether each time lies in the window or, by the slack, near it."""
        slack = -(-self.slack // timedelta(seconds=1))
        return self._within(seconds, self._start - slack, self._end + slack)

    def takes_rows(self, seconds: Seconds) -> Mask:
        """Whether each of these rows lies in the window by its own time; the file reaches as far."""
        if len(seconds):
            self._tallies[self._now].widen(int(seconds.min()), int(seconds.max()))
        return self.takes(seconds)

    def mark_halves(self, path: str) -> None:
        """The file holds halves."""
        self._tallies[path].is_half = True

    def own(self, path: str) -> int:
        """The file's own time."""
        return self._tallies[path].own

    @property
    def seen(self) -> Mapping[str, Seen]:
        """What was seen of each file."""
        return {**self._elsewhere, **{path: self._seen(tally) for path, tally in self._tallies.items()}}

    def _seen(self, tally: _Tally) -> Seen:
        counts = zip(self.closed, tally.elsewhere.tolist(), strict=True)
        return Seen(
            first=None if tally.first is None else EPOCH + timedelta(seconds=tally.first),
            last=None if tally.last is None else EPOCH + timedelta(seconds=tally.last),
            rows=tally.rows,
            elsewhere={window: count for window, count in counts if count},
            outside=tally.outside,
            is_half=tally.is_half,
        )

    def _within(self, seconds: Seconds, start: int, end: int) -> Mask:
        if self.window is None:
            return np.ones(len(seconds), dtype=bool)
        return (seconds >= start) & (seconds < end)

    def _count(self, tally: _Tally, seconds: Seconds) -> None:
        if not len(seconds):
            return
        low, high = int(seconds.min()), int(seconds.max())
        tally.widen(low, high)
        is_inside = self.window is None or (self._start <= low and high < self._end)
        is_closed = ((self._starts <= high) & (self._ends > low)).any()
        if is_inside:
            tally.rows += len(seconds)
            if not is_closed:
                return
        ordered = np.sort(seconds)
        if not is_inside:
            tally.rows += _between(ordered, self._start, self._end)
            tally.outside += len(seconds) - sum(_between(ordered, start, end) for start, end in self._known)
        if is_closed:
            starts, ends = (np.searchsorted(ordered, edges) for edges in (self._starts, self._ends))
            tally.elsewhere += ends - starts


def _second(edge: datetime) -> int:
    """The first whole second that is not before an edge of a window."""
    return -((EPOCH - edge) // timedelta(seconds=1))


def _second_of(at: datetime) -> int:
    """The whole second of a time, rounded down as times of records are."""
    return (at - EPOCH) // timedelta(seconds=1)


def _between(ordered: Seconds, start: int, end: int) -> int:
    low, high = np.searchsorted(ordered, [start, end])
    return int(high - low)


def _joined(windows: Sequence[Window]) -> list[tuple[int, int]]:
    """The stretches that the windows cover together, none of which overlap."""
    found: list[tuple[int, int]] = []
    for start, end in sorted((_second(w.start), _second(w.end)) for w in windows):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found
