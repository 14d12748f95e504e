"""Crontab: cron lines as people write them, the five fields of crontab(5) and the six of AWS, as a Cron.

What is wrong is a ValueError that names the field and says what would be right.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, timedelta, tzinfo

from monitor.cron import Cron, Days

MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6,
    "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
WEEKDAYS = {"sun": 0, "mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6}
AWS_WEEKDAYS = {name: n + 1 for name, n in WEEKDAYS.items()}
SHORT = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
RATES = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
FIVE_FIELDS = re.compile(r"[^\s()]+([ \t]+[^\s()]+){4}")
AWS_CRON = re.compile(r"cron\( *([^\s()]+( +[^\s()]+){5}) *\)")
AWS_RATE = re.compile(r"rate\( *([1-9][0-9]{0,6}) +(minute|hour|day)s? *\)")
ITEM = re.compile(r"(\*|[0-9a-z]+)(?:-([0-9a-z]+))?(?:/([0-9]{1,4}))?")
AWS_ONLY = re.compile(r"\?|[0-9]*(l|w|lw)|[a-z]{3}l|[0-9a-z]+#.*")
STAR, AWS_STAR = re.compile(r"\*.*"), re.compile(r"\*.*|[0-9]+/[0-9]+")
RIGHT = "five cron fields ('0 * * * *'), cron(0 * ? * * *), rate(1 hour) or NOW would be right"
RARE = "is a schedule without a day in 5 years; days and months that meet would be right, such as '0 0 1 * *'"
SEEN = (date(2023, 12, 31), date(2028, 12, 31))
"""Five years, two of them leap: what has no day here is a slip of the pen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    name: str
    low: int
    high: int
    names: Mapping[str, int] = field(default_factory=dict)

    def numbers(self, text: str) -> frozenset[int]:
        """What a list of numbers, ranges and steps stands for."""
        return frozenset(number for item in text.split(",") for number in self._item(item))

    def _item(self, item: str) -> range:
        found = ITEM.fullmatch(item)
        if found is None or (found[1] == "*" and found[2] is not None):
            raise self.wrong(item, self._right())
        step = self._step(item, found[3])
        if found[1] == "*":
            return range(self.low, self.high + 1, step)
        start = self._number(found[1])
        if found[2] is None:
            return range(start, (start if found[3] is None else self.high) + 1, step)
        end = self._number(found[2])
        if self.name == "weekday" and self.low == 0 and end == 0 < start:
            end = 7  # fri-sun
        if end < start:
            more = f"{start}-{self.high},{self.low}-{end}"
            raise self.wrong(item, f"it runs backwards, and '{more}' would be right")
        return range(start, end + 1, step)

    def _step(self, item: str, text: str | None) -> int:
        step, most = int(text or 1), self.high - self.low + 1
        if not 1 <= step <= most:
            raise self.wrong(item, f"a step from 1 to {most} would be right")
        return step

    def _number(self, text: str) -> int:
        number = self.names.get(text)
        if number is None and text.isascii() and text.isdigit():
            number = int(text)
        top = 7 if self.name == "weekday" else self.high
        if number is None or not self.low <= number <= top:
            raise self.wrong(text, self._right())
        return number

    def _right(self) -> str:
        top = 7 if self.name == "weekday" else self.high
        names = f" or {next(iter(self.names))} to {list(self.names)[-1]}" if self.names else ""
        return f"{self.low} to {top}{names}, *, lists, ranges and steps would be right"

    def wrong(self, item: str, right: str) -> ValueError:
        shown = item if len(item) <= 20 else item[:17] + "..."
        return ValueError(f"is not a schedule: {self.name} {shown!r}; {right}")


MINUTE = _Field(name="minute", low=0, high=59)
HOUR = _Field(name="hour", low=0, high=23)
DAY = _Field(name="day of month", low=1, high=31)
MONTH = _Field(name="month", low=1, high=12, names=MONTHS)
WEEKDAY = _Field(name="weekday", low=0, high=6, names=WEEKDAYS)
AWS_WEEKDAY = _Field(name="weekday", low=1, high=7, names=AWS_WEEKDAYS)
YEAR = _Field(name="year", low=1970, high=2199)
WITH_QUESTION = "'?' belongs in one of day of month and weekday, and only in one: cron(0 * ? * * *) would be right"


def cron(text: str, zone: tzinfo = UTC) -> Cron:
    """The moments of a cron line, read in a zone.

    >>> cron("30 9 * * mon-fri").days.weekdays == cron("cron(30 9 ? * 2-6 *)").days.weekdays == frozenset(range(1, 6))
    True
    """
    plain = SHORT.get(text.lower(), text)
    aws = AWS_CRON.fullmatch(plain)
    if aws is None and FIVE_FIELDS.fullmatch(plain) is None:
        right = f"one of {', '.join(SHORT)} would be right" if text.startswith("@") else RIGHT
        raise ValueError(f"is not a schedule; {right}")
    minute, hour, *rest = (aws[1] if aws is not None else plain).lower().split()
    days = _aws_days(*rest) if aws is not None else _days(*rest)
    found = days.after(SEEN[0] if days.years is None else date(1969, 12, 31))
    if found is None or (days.years is None and found > SEEN[1]):
        raise ValueError(RARE)
    hours = HOUR.numbers(hour)
    minutes = tuple(sorted(60 * h + m for h in hours for m in MINUTE.numbers(minute)))
    star = AWS_STAR if aws is not None else STAR
    is_star = any(star.fullmatch(item) for item in hour.split(","))
    return Cron(minutes=minutes, days=days, zone=zone, is_elapsed=is_star and len(hours) > 1)


def rate(text: str) -> timedelta | None:
    """The distance that `rate(1 hour)` stands for; None for another text.

    >>> rate("rate(5 minutes)")
    datetime.timedelta(seconds=300)
    """
    found = AWS_RATE.fullmatch(text)
    return None if found is None else int(found[1]) * RATES[found[2]]


def _days(day: str, month: str, weekday: str) -> Days:
    for kind, text in ((DAY, day), (WEEKDAY, weekday)):
        if any(AWS_ONLY.fullmatch(item) for item in text.split(",")):
            raise kind.wrong(text, "? L W # belong to AWS's form: cron(0 0 L * ? *) would be right")
    return Days(
        days=DAY.numbers(day),
        months=MONTH.numbers(month),
        weekdays=frozenset(number % 7 for number in WEEKDAY.numbers(weekday)),
        either=not (day.startswith("*") or weekday.startswith("*")),  # as crontab(5) has it, */2 is a star
    )


def _aws_days(day: str, month: str, weekday: str, year: str) -> Days:
    if (day == "?") == (weekday == "?"):
        raise ValueError(f"is not a schedule: day of month {day!r}, weekday {weekday!r}; {WITH_QUESTION}")
    plain = [item for item in day.split(",") if not re.fullmatch(r"l|[0-9]{1,2}w", item)]
    nearest = {int(item[:-1]) for item in day.split(",") if re.fullmatch(r"[0-9]{1,2}w", item)}
    if any(not 1 <= number <= 31 for number in nearest):
        raise DAY.wrong(day, "1W to 31W would be right")
    numbered, weekdays = _aws_weekdays(weekday)
    return Days(
        days=DAY.numbers("*") if day == "?" else DAY.numbers(",".join(plain)) if plain else frozenset(),
        months=MONTH.numbers(month),
        weekdays=weekdays,
        years=None if year == "*" else YEAR.numbers(year),
        is_last="l" in day.split(","),
        nearest=frozenset(nearest),
        numbered=numbered,
    )


def _aws_weekdays(text: str) -> tuple[frozenset[tuple[int, int]], frozenset[int]]:
    """The n-th weekdays and the weekdays of AWS's field, from Sunday, 0."""
    if text == "?":
        return frozenset(), frozenset(range(7))
    numbered, plain = set(), []
    for item in text.split(","):
        found = re.fullmatch(r"([1-7]|[a-z]{3})(?:#([1-5])|(l))", item)
        if found is not None:
            (weekday,) = AWS_WEEKDAY.numbers(found[1])
            numbered.add((weekday - 1, -1 if found[3] else int(found[2])))
        else:
            plain.append("7" if item == "l" else item)  # the last day of the week
    numbers = AWS_WEEKDAY.numbers(",".join(plain)) if plain else frozenset()
    return frozenset(numbered), frozenset(number - 1 for number in numbers)
