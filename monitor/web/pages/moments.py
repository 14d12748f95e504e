"""Times as pages show them: in UTC, and how far away they are."""

from datetime import datetime, timedelta


def moment(at: datetime) -> str:
    """To the minute.

    >>> from datetime import UTC
    >>> moment(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    '2026-01-02 03:04'
    """
    return f"{at:%Y-%m-%d %H:%M}"


def iso(at: datetime) -> str:
    """For programs.

    >>> from datetime import UTC
    >>> iso(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    '2026-01-02T03:04:05Z'
    """
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def ago(at: datetime, now: datetime) -> str:
    """How far a moment is away.

    >>> from datetime import UTC
    >>> at = datetime(2026, 1, 2, tzinfo=UTC)
    >>> ago(at, at + timedelta(minutes=75)), ago(at + timedelta(days=3), at), ago(at, at)
    ('1 h ago', 'in 3 days', 'now')
    """
    gap = now - at
    text = lasting(abs(gap))
    if abs(gap) < timedelta(seconds=60):
        return "now"
    return f"{text} ago" if gap > timedelta(0) else f"in {text}"


def lasting(gap: timedelta) -> str:
    """A stretch of time in one unit, rounded down.

    >>> [lasting(timedelta(minutes=minutes)) for minutes in (0.5, 59, 47 * 60, 49 * 60, 24 * 60 * 21)]
    ['30 s', '59 min', '47 h', '2 days', '3 weeks']
    """
    seconds = int(gap.total_seconds())
    for unit, size, least in (("weeks", 604800, 14 * 86400), ("days", 86400, 48 * 3600), ("h", 3600, 3600)):
        if seconds >= least:
            return f"{seconds // size} {unit}"
    return f"{seconds // 60} min" if seconds >= 60 else f"{seconds} s"


def stretch(start: datetime, end: datetime) -> str:
    """From when to when; the day once where it is one.

    >>> from datetime import UTC
    >>> at = datetime(2026, 1, 2, 3, tzinfo=UTC)
    >>> stretch(at, at + timedelta(hours=1)), stretch(at, at + timedelta(days=1))
    ('2026-01-02 03:00 to 04:00', '2026-01-02 03:00 to 2026-01-03 03:00')
    """
    until = f"{end:%H:%M}" if start.date() == end.date() else moment(end)
    return f"{moment(start)} to {until}"
