from datetime import timedelta

import pytest
from ledgers import ZERO, window

from monitor.finding import Status
from monitor.period import Due, Period


def period(*states):
    """`states`: statuses of judged windows, or states of others."""
    statuses = {status.value for status in Status}
    due = [
        Due(window=window(n), state="done" if s in statuses else s, status=Status(s) if s in statuses - {"skipped"} else
            None, unknown="no_data" if s == "unknown" else "", judged=1, asked=2)
        for n, s in enumerate(states)
    ]  # fmt: skip
    due = [one if one.status or one.state != "done" else Due(window=one.window, state="skipped") for one in due]
    return Period(monitor="m", start=ZERO, end=ZERO + timedelta(days=1), due=due)


@pytest.mark.parametrize(
    ("states", "told"),
    [
        (["ok", "violated", "failed"], Status.VIOLATED),
        (["ok", "failed", "unknown"], Status.FAILED),
        (["ok", "dead"], Status.FAILED),
        (["ok", "unknown"], Status.UNKNOWN),
        (["pending", "skipped"], Status.UNKNOWN),
        ([], Status.UNKNOWN),
        (["ok", "skipped", "pending"], Status.OK),
    ],
)
def test_its_status_is_that_of_the_gravest_window(states: list[str], told: Status) -> None:
    assert period(*states).status is told


def test_windows_are_counted_by_verdict_and_unknown_ones_by_reason() -> None:
    found = period("ok", "ok", "unknown", "dead", "pending")
    assert dict(found.verdicts) == {"ok": 2, "unknown": 1, "dead": 1, "pending": 1}
    assert dict(found.unknown) == {"no_data": 1}
    assert (found.judged, found.asked) == (5, 10)
