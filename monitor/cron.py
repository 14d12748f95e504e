"""Cron: times of day on certain days, as a zone's clocks show them, found as moments in UTC without scanning minutes.

Where clocks change, the rule is Vixie cron's. A schedule with `*` in its hour field follows elapsed time: it fires at
every moment whose local time fits, so twice in a repeated hour and not in one left out. Any other is a time of day and
fires once per local date: not in the second pass of a repeated hour, and at the first moment there is in place of a
local time that does not exist.
"""

from bisect import bisect_right
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

FIRST, LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(9900, 1, 1, tzinfo=UTC)
"""Beyond these nothing fires."""
CYCLE = timedelta(days=146_097)
"""400 years: dates and weekdays repeat."""
LOOK = 41
"""Years without a day that fits after which there is none: 29 February as a certain weekday may be 40 years away."""
DAY, TICK, SECOND = timedelta(days=1), timedelta(microseconds=1), timedelta(seconds=1)
NEAR = 2 * DAY
"""No two clock changes lie closer together, and none is as large."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Days that fit by day of month and by weekday (from Sunday, 0); with `either`, by one of them."""

    days: frozenset[int] = frozenset(range(1, 32))
    months: frozenset[int] = frozenset(range(1, 13))
    weekdays: frozenset[int] = frozenset(range(7))
    years: frozenset[int] | None = None
    either: bool = False
    is_last: bool = False
    """Also the last day of the month."""
    nearest: frozenset[int] = frozenset()
    """Also the working day nearest to these days of the month, in the same month."""
    numbered: frozenset[tuple[int, int]] = frozenset()
    """Also the n-th of a weekday in the month: (weekday, n), the last where n is -1."""

    def __contains__(self, day: date) -> bool:
        if day.month not in self.months or (self.years is not None and day.year not in self.years):
            return False
        by_day, by_weekday = self._by_day(day), self._by_weekday(day)
        return by_day or by_weekday if self.either else by_day and by_weekday

    def _by_day(self, day: date) -> bool:
        if day.day in self.days:
            return True
        length = monthrange(day.year, day.month)[1] if self.is_last or self.nearest else 0
        return (self.is_last and day.day == length) or any(day.day == _working(day, n, length) for n in self.nearest)

    def _by_weekday(self, day: date) -> bool:
        weekday = day.isoweekday() % 7
        if weekday in self.weekdays or not self.numbered:
            return weekday in self.weekdays
        is_final = day.day > monthrange(day.year, day.month)[1] - 7
        return (weekday, (day.day + 6) // 7) in self.numbered or (is_final and (weekday, -1) in self.numbered)

    def after(self, day: date) -> date | None:
        """The first of them later than this day."""
        return self._step(day, 1)

    def before(self, day: date) -> date | None:
        """The last of them earlier than this day."""
        return self._step(day, -1)

    def _step(self, day: date, by: int) -> date | None:
        limit = day.year + by * LOOK
        day += by * DAY
        while day not in self:
            if self.years is not None and day.year not in self.years:
                years = [year for year in self.years if (year - day.year) * by > 0]
                if not years:
                    return None
                day = date(min(years), 1, 1) if by > 0 else date(max(years), 12, 31)
            elif self.years is None and (day.year - limit) * by > 0:
                return None
            elif day.month not in self.months:
                day = day.replace(day=monthrange(day.year, day.month)[1] if by > 0 else 1) + by * DAY
            else:
                day += by * DAY
        return day

    def count(self, first: date, last: date) -> int:
        """How many of them there are from one day to another, both included."""
        if self == Days():
            return max(0, (last - first).days + 1)
        cycles = max(0, (last - first) // CYCLE) if self.years is None else 0
        whole = cycles * self._counted(first, first + CYCLE - DAY) if cycles else 0
        return whole + self._counted(first + cycles * CYCLE, last)

    def _counted(self, first: date, last: date) -> int:
        found, day = 0, self.after(first - DAY)
        while day is not None and day <= last:
            found, day = found + 1, self.after(day)
        return found


def _working(day: date, number: int, length: int) -> int:
    """The day of the month, of this length, that is the working day nearest to `number`."""
    if number > length:
        return 0
    weekday = day.replace(day=number).isoweekday()
    if weekday == 6:
        return number - 1 if number > 1 else number + 2
    if weekday == 7:
        return number + 1 if number < length else number - 2
    return number


@dataclass(frozen=True, slots=True, kw_only=True)
class Cron:
    """Moments at certain minutes of certain days in a zone."""

    minutes: tuple[int, ...]
    """Minutes since local midnight, ascending."""
    days: Days = Days()
    zone: tzinfo = UTC
    is_elapsed: bool = False
    """Follows elapsed time; otherwise it is a time of day."""

    def __post_init__(self) -> None:
        if not self.minutes or list(self.minutes) != sorted({m for m in self.minutes if 0 <= m < 1440}):
            raise ValueError(f"minutes {self.minutes[:5]}: must be some from 0 to 1439, ascending")

    def after(self, at: datetime) -> datetime | None:
        """The first moment later than this one; None where there is none."""
        at = max(at, FIRST)
        if at >= LAST:
            return None
        return self._elapsed_after(at) if self.is_elapsed else self._daily_after(at)

    def before(self, at: datetime) -> datetime | None:
        """The last moment not later than this one; None where there is none."""
        at = min(at, LAST)
        if at <= FIRST:
            return None
        return self._elapsed_before(at) if self.is_elapsed else self._daily_before(at)

    def count(self, after: datetime, until: datetime) -> int:
        """How many fit in (after, until] by the calendar: what single clock changes add or drop is left out."""
        first, last = (self._local(min(max(at, FIRST), LAST)) for at in (after, until))
        if last <= first:
            return 0
        whole = self.days.count(first.date(), last.date()) * len(self.minutes)
        early = bisect_right(self.minutes, _minute(first)) if first.date() in self.days else 0
        late = len(self.minutes) - bisect_right(self.minutes, _minute(last)) if last.date() in self.days else 0
        return whole - early - late

    def _daily_after(self, at: datetime) -> datetime | None:
        local = self._later(self._local(at))
        while local is not None and (found := self._moment(local)) <= at:
            local = self._later(local)
        return found if local is not None else None

    def _daily_before(self, at: datetime) -> datetime | None:
        there = at.astimezone(self.zone)
        again = _offset(there.replace(fold=0)) - _offset(there) if there.fold else timedelta(0)
        local = self._earlier(
            there.replace(tzinfo=None, fold=0) + again
        )  # all of a repeated hour fired in its first pass
        while local is not None and (found := self._moment(local)) > at:
            local = self._earlier(local - TICK)
        return found if local is not None else None

    def _moment(self, local: datetime) -> datetime:
        """The first moment that clocks show this; where none do, the first behind the time that is left out."""
        found = local.replace(tzinfo=self.zone).astimezone(UTC)
        if self._local(found) == local:
            return found
        return self._change(local.replace(tzinfo=self.zone, fold=1).astimezone(UTC), found)

    def _elapsed_after(self, at: datetime) -> datetime | None:
        offset = self._offset(at)
        local = self._later(at + offset)
        while local is not None:
            found = local.replace(tzinfo=UTC) - offset
            near = min(found, at + NEAR)
            if self._offset(near) != offset:  # from the change on, by the new clock
                at = self._change(at, near)
                offset = self._offset(at)
                local = self._later(at + offset - TICK)
            elif near == found:
                return found
            else:
                at = max(near, found - NEAR)
                offset = self._offset(at)
                local = self._later(at + offset)
        return None

    def _elapsed_before(self, at: datetime) -> datetime | None:
        offset = self._offset(at)
        local = self._earlier(at + offset)
        while local is not None:
            found = local.replace(tzinfo=UTC) - offset
            near = max(found, at - NEAR)
            if self._offset(near) != offset:
                at = self._change(near, at) - TICK
            elif near == found:
                return found
            else:
                at = min(near, found + NEAR)
            offset = self._offset(at)
            local = self._earlier(at + offset)
        return None

    def _later(self, local: datetime) -> datetime | None:
        """The first local time that fits, later than this one."""
        if local.date() in self.days and (place := bisect_right(self.minutes, _minute(local))) < len(self.minutes):
            return _at(local.date(), self.minutes[place])
        day = self.days.after(local.date())
        return None if day is None else _at(day, self.minutes[0])

    def _earlier(self, local: datetime) -> datetime | None:
        """The last local time that fits, not later than this one."""
        if local.date() in self.days and (place := bisect_right(self.minutes, _minute(local))):
            return _at(local.date(), self.minutes[place - 1])
        day = self.days.before(local.date())
        return None if day is None else _at(day, self.minutes[-1])

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone).replace(tzinfo=None, fold=0)

    def _offset(self, at: datetime) -> timedelta:
        return _offset(at.astimezone(self.zone))

    def _change(self, before: datetime, after: datetime) -> datetime:
        """The first moment with the clocks of `after`; at `before` they were others. Clocks change on whole seconds."""
        new = self._offset(after)
        low, high = 0, int((after - before) // SECOND) + 1
        start = before.replace(microsecond=0)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self._offset(start + middle * SECOND) == new else (middle, high)
        return start + high * SECOND


def _minute(local: datetime) -> int:
    return local.hour * 60 + local.minute


def _at(day: date, minute: int) -> datetime:
    return datetime.combine(day, time(minute // 60, minute % 60))


def _offset(there: datetime) -> timedelta:
    found = there.utcoffset()
    assert found is not None
    return found
