"""Texts that stand for something else: durations, sizes, shares, moments, schedules. Each says what would be right."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from difflib import get_close_matches
from math import isfinite
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo, available_timezones

from monitor import crontab
from monitor.schedule import LONGEST, MOST, SHORTEST

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
SIZES = {"B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12,
         "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40}  # fmt: skip
UNITS = re.compile(r"(?=[0-9])([0-9]{1,7}w)?([0-9]{1,7}d)?([0-9]{1,7}h)?([0-9]{1,7}m)?([0-9]{1,7}s)?")
ISO = re.compile(r"P(?=[0-9T])([0-9]{1,7}W)?([0-9]{1,7}D)?(?:T(?=[0-9])([0-9]{1,7}H)?([0-9]{1,7}M)?([0-9]{1,7}S)?)?")
ISO_CALENDAR = re.compile(r"P[0-9]{1,7}[YM].*")
NOW = "NOW"


def duration(value: Any) -> timedelta:
    """A stretch of time: a number with its unit, several from large to small, or as ISO 8601 has it.

    >>> duration("15m"), duration("1d12h") == duration("P1DT12H")
    (datetime.timedelta(seconds=900), True)
    """
    found = None
    if isinstance(value, str):
        found = UNITS.fullmatch(value) or ISO.fullmatch(value)
        if found is None and ISO_CALENDAR.fullmatch(value):
            raise ValueError("is not a duration; years and months differ in length, and days would be right: P30D")
    if found is None:
        raise ValueError("is not a duration; a number with its unit would be right: 90s, 15m, 1h, 2d or 1w")
    length = sum(int(text[:-1]) * SECONDS[text[-1].lower()] for text in found.groups() if text)
    if length > MOST.total_seconds():
        raise ValueError("is longer than a hundred years; a shorter duration would be right")
    return timedelta(seconds=length)


def positive_duration(value: Any) -> timedelta:
    """A stretch of time that is more than none."""
    found = duration(value)
    if not found:
        raise ValueError("is no time at all; a duration above 0 would be right, such as 1h")
    return found


def interval(value: Any) -> timedelta:
    """How often windows may end."""
    found = positive_duration(value)
    if found < SHORTEST:
        raise ValueError("is more often than once a minute; 1m or more would be right")
    if found > LONGEST:
        raise ValueError("is more than 5 years; 1d or 52w would be right")
    return found


def duration_text(value: timedelta) -> str:
    """The shortest text that `duration` reads as this.

    >>> duration_text(timedelta(hours=36)), duration_text(timedelta(0))
    ('36h', '0s')
    """
    seconds = int(value.total_seconds())
    unit = next(unit for unit in "wdhms" if seconds % SECONDS[unit] == 0 and (seconds or unit == "s"))
    return f"{seconds // SECONDS[unit]}{unit}"


Stretch: TypeAlias = tuple[timedelta, timedelta]


def stretch(value: Any) -> timedelta | Stretch:
    """What a window holds: a length that ends with it, or from when to when before its moment, as SageMaker has it.

    >>> stretch("-PT1H"), stretch(["-2h", "-1h"])
    (datetime.timedelta(seconds=3600), (datetime.timedelta(seconds=7200), datetime.timedelta(seconds=3600)))
    """
    if isinstance(value, str) and not value.startswith("-"):
        return positive_duration(value)
    both = value if isinstance(value, list | tuple) else [value, "0s"]
    if len(both) != 2 or not all(isinstance(text, str) for text in both):
        raise ValueError("is not a window; a length, or from when to when would be right: 1h, -PT1H, [-PT2H, -PT1H]")
    begin, end = _before(both[0]), _before(both[1])
    if begin <= end:
        raise ValueError("begins where it ends, or behind; the earlier offset first would be right: [-PT2H, -PT1H]")
    return (begin, end) if end else begin


def _before(value: str) -> timedelta:
    """How long before the moment an offset is."""
    try:
        found = duration(value.removeprefix("-"))
    except ValueError:
        raise ValueError(f"has offset {value!r}; a duration before the end would be right: -PT1H or -1h") from None
    if found and not value.startswith("-"):
        raise ValueError(f"has offset {value!r}, which lies ahead; -{value} would be right")
    return found


def stretch_text(value: timedelta | Stretch) -> str | list[str]:
    """What `stretch` reads as this."""
    if isinstance(value, tuple):
        return [f"-{duration_text(length)}" for length in value]
    return duration_text(value)


def size_bytes(value: Any) -> int:
    """An amount of memory in bytes.

    >>> size_bytes("512MiB"), size_bytes("1GB")
    (536870912, 1000000000)
    """
    found = re.fullmatch(r"([0-9]{1,9}) ?([KMGT]i?B|B)", value) if isinstance(value, str) else None
    if found is None or int(found[1]) == 0:
        raise ValueError("is not a size; a number above 0 with its unit would be right: 512MiB, 1GiB or 1GB")
    return int(found[1]) * SIZES[found[2]]


def size_text(value: int) -> str:
    """The shortest text that `size_bytes` reads as this.

    >>> size_text(1 << 30), size_text(1500)
    ('1GiB', '1500B')
    """
    unit = max((unit for unit, size in SIZES.items() if value % size == 0), key=SIZES.__getitem__)
    return f"{value // SIZES[unit]}{unit}"


def number(value: Any) -> float:
    """A number, or a per cent.

    >>> number("2.5%"), number(3)
    (0.025, 3.0)
    """
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,20})? ?%", value):
        return float(Decimal(value.rstrip("% ")) / 100)
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e300 or not isfinite(value):
        raise ValueError("is not a number; a number such as 0.025 or a per cent such as 2.5% would be right")
    return float(value)


def share(value: Any) -> float:
    """A share from 0 to 1, or a per cent."""
    try:
        found = number(value)
    except ValueError:
        found = -1.0
    if not 0 <= found <= 1:
        raise ValueError("is not a share; a per cent such as 2.5% or a number from 0 to 1 would be right")
    return found


def share_text(value: float) -> str | float:
    """A share as per cent; as it is where that would be long.

    >>> share_text(0.025)
    '2.5%'
    """
    text = f"{(Decimal(repr(value)) * 100).normalize():f}%"
    return text if len(text) <= 20 else value


def moment(value: Any) -> datetime:
    """A moment in UTC; a date alone is its midnight.

    >>> moment("2026-01-01T01:00:00+01:00")
    datetime.datetime(2026, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)
    """
    try:
        found = datetime.fromisoformat(value)
        if len(value) == len("2026-01-01"):
            found = found.replace(tzinfo=UTC)
        if found.tzinfo is not None:
            return found.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        pass
    raise ValueError("is not a moment; a time with its zone would be right: 2026-01-01T00:00:00Z")


def cron(value: Any) -> str:
    """A cron line of five fields, @hourly and the like, cron(...) or rate(...) as SageMaker has them, or NOW."""
    if not isinstance(value, str):
        raise ValueError(f"is not a schedule; {crontab.RIGHT}")
    if value != NOW and (found := crontab.rate(value)) is None:
        crontab.cron(value)
    elif value != NOW and found is not None and found > LONGEST:
        raise ValueError("is more than 5 years; rate(1 hour) would be right")
    return value


def timezone(value: Any) -> str:
    """The name of a time zone of the IANA database."""
    try:
        return ZoneInfo(value).key
    except (KeyError, ValueError, OSError, TypeError, AttributeError):
        pass
    near = get_close_matches(str(value), available_timezones(), n=1)
    right = f"did you mean {near[0]!r}?" if near else "an IANA name would be right: UTC, Europe/Berlin"
    raise ValueError(f"is not a time zone; {right}")
