"""Outcome: what came of telling a receiver, and what an HTTP status means for trying again."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Literal

OK = frozenset({200, 201, 202, 204})
"""What says that it was taken (CloudEvents, HTTP webhooks for event delivery, section 2.1)."""
AGAIN = frozenset({408, 425, 429})
"""With 5xx, what a later attempt may change."""
GONE = 410
SAID = {
    415: "the receiver does not read this content type; another `mode` may be right",
    401: "a token or signature that it knows would be right",
    403: "a token or signature that it knows would be right",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`delivered`; `again`: a later attempt may do; `refused`: none will; `gone`: nothing more is to be sent at all.

    `wait` is how long the receiver asked to be left alone. `why` never holds a secret.
    """

    kind: Literal["delivered", "again", "refused", "gone"]
    why: str = ""
    wait: timedelta | None = None


def of_status(status: int, retry_after: str, now: datetime, said: str = "") -> Outcome:
    """What an HTTP answer means; `said` is the beginning of its text.

    >>> now = datetime(2026, 1, 1, tzinfo=UTC)
    >>> of_status(204, "", now).kind, of_status(410, "", now).kind, of_status(404, "", now).why
    ('delivered', 'gone', 'answered 404')
    >>> of_status(429, "120", now).wait
    datetime.timedelta(seconds=120)
    """
    text = f"answered {status}" + (f": {said}" if said else "")
    if status in OK:
        return Outcome(kind="delivered", why=f"answered {status}")
    if status == GONE:
        return Outcome(kind="gone", why="answered 410: the receiver wants nothing any more")
    if status in AGAIN or status >= 500:
        return Outcome(kind="again", why=text, wait=wait(retry_after, now))
    if 300 <= status < 400:
        return Outcome(kind="refused", why=f"answered {status}: redirects are not followed; the new address is needed")
    return Outcome(kind="refused", why=f"{text}; {SAID[status]}" if status in SAID else text)


def wait(retry_after: str, now: datetime) -> timedelta | None:
    """How long a Retry-After header asks for: seconds, or a date (RFC 9110, 10.2.3). None where it says neither.

    >>> wait("Thu, 01 Jan 2026 00:05:00 GMT", datetime(2026, 1, 1, tzinfo=UTC)), wait("soon", datetime.min)
    (datetime.timedelta(seconds=300), None)
    """
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=int(text[:8]) if len(text) <= 8 else 10**8)
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(timedelta(0), (at if at.tzinfo else at.replace(tzinfo=UTC)) - now)
