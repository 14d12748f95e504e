"""What an HTTP answer means for trying again."""

from datetime import timedelta

import pytest
from actions.receivers import NOW

from monitor.actions.outcome import of_status, wait

AGAIN = {408, 425, 429, *range(500, 600)}


def test_every_status_has_its_meaning() -> None:
    ok = {200, 201, 202, 204}
    for status in range(200, 600):
        wanted = "delivered" if status in ok else "gone" if status == 410 else "again" if status in AGAIN else "refused"
        found = of_status(status, "7", NOW, "sorry")
        assert (status, found.kind) == (status, wanted)
        assert str(status) in found.why
        assert found.wait == (timedelta(seconds=7) if wanted == "again" else None)


def test_a_refusal_says_what_would_help() -> None:
    assert of_status(302, "", NOW).why == "answered 302: redirects are not followed; the new address is needed"
    assert "another `mode` may be right" in of_status(415, "", NOW, "what?").why
    assert of_status(401, "", NOW).why.startswith("answered 401; a token")
    assert of_status(404, "", NOW, "no such hook").why == "answered 404: no such hook"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        (" 120 ", 120),
        ("9" * 300, 10**8),
        ("Mon, 05 Jan 2026 12:02:00 GMT", 120),
        ("Mon, 05 Jan 2026 11:00:00 GMT", 0),
        ("Monday, 05-Jan-26 12:01:00 GMT", 60),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str, seconds: int) -> None:
    assert wait(header, NOW) == timedelta(seconds=seconds)


@pytest.mark.parametrize("header", ["", "soon", "-5", "1.5", "१२", "Mon, 99 Jan 2026 12:02:00 GMT", "1e3"])
def test_what_is_neither_asks_for_nothing(header: str) -> None:
    assert wait(header, NOW) is None
