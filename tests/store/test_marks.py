"""What people say is kept in order, and holds for what is judged with it."""

import pytest
from ledgers import LEASE, MINUTE, after, done, kept, plan, window

from monitor.store import marks
from monitor.store.database import Database
from monitor.store.ledger import Ledger


@pytest.fixture
def ledger(database: Database) -> Ledger:
    ledger = Ledger(database, "one")
    ledger.plan("churn", plan(0, 3), after(3))
    return ledger


def judge(ledger: Ledger) -> None:
    claim = ledger.claim(["churn"], LEASE, after(3))
    assert claim is not None
    number = next(n for n in range(3) if window(n) == claim.window)
    ledger.finish(claim, done(evidence=[kept(number)]), after(3))


def test_marks_come_back_in_order_with_who_and_why(database: Database, ledger: Ledger) -> None:
    judge(ledger)
    first = ledger.mark("churn", "expected", "age", who="ann", why="new market", now=after(3))
    judge(ledger)
    second = ledger.mark("churn", "noise", None, who="bob", why="", now=after(3))
    assert first is not None
    assert (first.after, first.kind, first.feature, first.who, first.why) == (
        window(0).end,
        "expected",
        "age",
        "ann",
        "new market",
    )
    assert second is not None
    assert second.after == window(1).end
    with database.read() as connection:
        assert marks.marks(connection, "churn") == [first, second]
        assert marks.marks(connection, "other") == []


def test_before_any_window_there_is_nothing_to_mark(database: Database, ledger: Ledger) -> None:
    assert ledger.mark("churn", "noise", None, who="ann", why="", now=after(3)) is None
    with database.read() as connection:
        assert marks.marks(connection, "churn") == []


def test_a_mark_holds_from_behind_the_window_that_is_being_judged_without_it(ledger: Ledger) -> None:
    judge(ledger)
    assert ledger.claim(["churn"], LEASE, after(3) + MINUTE) is not None
    made = ledger.mark("churn", "noise", None, who="ann", why="", now=after(3))
    assert made is not None
    assert made.after == window(1).end
