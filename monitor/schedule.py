"""Schedule: when windows end, how long they are, and how long to wait for captures before they are judged.

Without a length of its own a window runs from where the one before ended to the next end. So windows meet whatever
happens to the ends: when a schedule is changed, the next window runs from the last end planned to the first new one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice

from monitor.cron import FIRST, LAST, TICK, Cron
from monitor.window import Window

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SHORTEST, LONGEST = timedelta(minutes=1), timedelta(days=5 * 365)
"""How often windows end at most, and at least."""
MOST = timedelta(days=36_525)
"""The longest that a window or a wait may be."""
MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
"""From where on ends are counted to tell how far apart they are; any moment would do, and no clock."""
DAY, YEAR = timedelta(days=1), timedelta(weeks=52)


@dataclass(frozen=True, slots=True, kw_only=True)
class Every:
    """Moments at one distance; the anchor is one of them. They follow elapsed time, whatever clocks do."""

    every: timedelta
    anchor: datetime = EPOCH

    def __post_init__(self) -> None:
        if not SHORTEST <= self.every <= LONGEST:
            raise ValueError(f"every {self.every}: must be from {SHORTEST} to {LONGEST}")

    def after(self, at: datetime) -> datetime | None:
        """The first moment later than this one."""
        return None if at >= LAST else self._at((at - self.anchor) // self.every + 1)

    def before(self, at: datetime) -> datetime | None:
        """The last moment not later than this one."""
        return None if at <= FIRST else self._at((min(at, LAST) - self.anchor) // self.every)

    def count(self, after: datetime, until: datetime) -> int:
        """How many lie in (after, until]."""
        return max(0, (until - self.anchor) // self.every - (after - self.anchor) // self.every)

    def _at(self, number: int) -> datetime:
        return self.anchor + number * self.every


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """One window ever, which ends when it is planned. So there is no moment to tell beforehand."""

    def after(self, at: datetime) -> None:
        """None."""

    def before(self, at: datetime) -> None:
        """None."""

    def count(self, after: datetime, until: datetime) -> int:  # noqa: ARG002
        """None at all."""
        return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When windows end, how long they are, how long to wait for captures."""

    ends: Every | Cron | Once
    length: timedelta | None = None
    """None: from one end to the next."""
    offset: timedelta = timedelta(0)
    """A window ends so long before the moment that `ends` says."""
    delay: timedelta = timedelta(0)
    start: datetime | None = None
    """The first moment looked at: the window that it lies in begins with it, and no window lies before."""

    def __post_init__(self) -> None:
        if self.length is not None and not timedelta(0) < self.length <= MOST:
            raise ValueError(f"length {self.length}: must be above 0, and at most {MOST}")
        for name, value in (("offset", self.offset), ("delay", self.delay)):
            if not timedelta(0) <= value <= MOST:
                raise ValueError(f"{name} {value}: must be from 0 to {MOST}")

    def windows(self, after: datetime, until: datetime) -> Iterator[Window]:
        """Windows whose end lies in (after, until], in order, one at a time as they are asked for.

        `after` is where the last window ended: with the default length the first one begins there, on the grid of
        ends or not, so that no time is lost or judged twice. A length of its own is looked back from each end.
        """
        last = self.clipped(after)
        while (end := self.next_end(last)) is not None and end <= until:
            yield self.window(last, end)
            last = end

    def window(self, last: datetime, end: datetime) -> Window:
        """The window that ends here, where the one before it ended at `last`."""
        begin = last if self.length is None else end - self.length
        return Window(start=self.clipped(begin), end=end)

    def window_of(self, at: datetime) -> Window | None:
        """The first window whose end is after `at`; by default it holds `at`. None where no end is to come."""
        return next(self.windows(self.begin(at), LAST), None)

    def begin(self, at: datetime) -> datetime:
        """Where windows begin if `at` is the first moment that matters: the last end not after it, or `start`."""
        found = self.last_end(at)
        return self.clipped(at.replace(microsecond=0) if found is None else found)

    def clipped(self, at: datetime) -> datetime:
        """This moment, but not before `start`."""
        return at if self.start is None else max(at, self.start)

    def next_end(self, at: datetime) -> datetime | None:
        """The first end after this moment."""
        found = self.ends.after(at + self.offset) if at < LAST else None
        return None if found is None else found - self.offset

    def last_end(self, at: datetime) -> datetime | None:
        """The last end not after this moment."""
        found = self.ends.before(min(at, LAST) + self.offset)
        return None if found is None else found - self.offset

    def newest_ends(self, after: datetime, until: datetime) -> Iterator[datetime]:
        """Ends in (after, until], the newest first, one at a time as they are asked for."""
        end = self.last_end(until)
        while end is not None and end > after:
            yield end
            end = self.last_end(end - TICK)

    def count(self, after: datetime, until: datetime) -> int:
        """How many ends lie in (after, until], at no cost that grows with it; single clock changes may be left out."""
        return self.ends.count(after + self.offset, until + self.offset)

    def upcoming(self, now: datetime, count: int = 3, planned_to: datetime | None = None) -> tuple[Window, ...]:
        """The next windows: behind those planned, or without history the first that are not due yet."""
        after = planned_to or self.last_end(self.ended(now)) or self.ended(now)
        return tuple(islice(self.windows(after, LAST), count))

    def interval(self, at: datetime) -> timedelta:
        """The distance of the two ends around a moment; none where there are no two."""
        last, following = self.last_end(at), self.next_end(at)
        return following - last if last is not None and following is not None else timedelta(0)

    @property
    def usual_interval(self) -> timedelta:
        """How far apart ends are: over a year, where they are not always as far. A day where there is one at most."""
        if isinstance(self.ends, Every):
            return self.ends.every
        if isinstance(self.ends, Once):
            return self.length or DAY
        count = self.ends.count(MONDAY, MONDAY + YEAR)
        first = None if count > 1 else self.ends.after(MONDAY)
        second = None if first is None else self.ends.after(first)
        return YEAR / count if first is None and count > 1 else second - first if first and second else DAY

    def due(self, window: Window) -> datetime:
        """When a window is to be judged: captures have had the time that `delay` gives them."""
        return window.end if isinstance(self.ends, Once) else window.end + self.offset + self.delay

    def ended(self, now: datetime) -> datetime:
        """What has ended by this moment is due now."""
        return now - self.offset - self.delay
