"""What incidents ask of the windows before one."""

from dataclasses import replace
from datetime import datetime, timedelta

import ledgers
import pytest
from ledgers import LEASE, SECOND, ZERO, after, done, plan, window
from sqlalchemy import event

from monitor.store import lately
from monitor.store.database import Database
from monitor.store.ledger import Ledger

LATER = after(9)


@pytest.fixture
def judged(database: Database) -> Database:
    """Windows 0..4 of churn: 1 and 3 are violated, until 3 is judged anew; one of credit is."""
    ledger = Ledger(database, "one")
    ledger.plan("churn", plan(0, 5), after(5))
    ledger.plan("credit", plan(3, 4), after(5))
    for number in range(5):
        judge(ledger, "churn", number, number in (1, 3), number)
    judge(ledger, "credit", 3, True, 9)
    return database


def judge(ledger: Ledger, monitor: str, number: int, is_violated: bool, rows: int, now: datetime = LATER) -> None:
    claim = ledger.claim([monitor], LEASE, now + number * SECOND)
    assert claim is not None
    assert claim.window == window(number)
    report = ledgers.VIOLATED if is_violated else b'{"findings":[]}'
    ledger.finish(claim, replace(done(report=report), rows=rows), now + number * SECOND)


def test_what_was_violated_in_the_last_windows_comes_in_order_and_by_its_latest_revision(judged: Database) -> None:
    drift = frozenset([("drift", "age")])
    with judged.read() as connection:
        assert lately.violated(connection, "churn", window(4).end, 2) == [frozenset(), drift]
        assert lately.violated(connection, "churn", window(3).end, 2) == [drift, frozenset()]
        assert lately.violated(connection, "churn", window(1).end, 2) == [frozenset()]
        assert lately.violated(connection, "churn", window(0).end, 2) == []
        assert lately.violated(connection, "nobody", window(4).end, 2) == []
    ledger = Ledger(judged, "one")
    ledger.reopen("churn", [window(3)], "backfill", after(10))
    judge(ledger, "churn", 3, False, 30, after(10))
    with judged.read() as connection:
        assert lately.violated(connection, "churn", window(4).end, 2) == [frozenset(), frozenset()]
        assert lately.rows(connection, "churn", ZERO, window(4).end)[-1] == (window(3), 30)


def test_rows_of_windows_are_read_without_anything_else_of_them(judged: Database) -> None:
    said: list[str] = []
    with judged.read() as connection:
        event.listen(connection, "before_cursor_execute", lambda c, cursor, statement, *_: said.append(statement))
        found = lately.rows(connection, "churn", window(0).end, window(3).end)
        assert lately.rows(connection, "churn", window(3).end - timedelta(hours=9), window(0).end) == []
    assert found == [(window(1), 1), (window(2), 2)]
    assert not any(word in statement for statement in said for word in ("figures", "report", "profile"))
