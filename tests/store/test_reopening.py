"""Closed windows are judged again: for the next revision, in their place, and never lost while they run."""

import pytest
from ledgers import HOUR, LEASE, after, done, plan, window

from monitor.store import queries
from monitor.store.database import Database
from monitor.store.ledger import Ledger
from monitor.store.words import Claim


@pytest.fixture
def ledger(database: Database) -> Ledger:
    ledger = Ledger(database, "one")
    ledger.plan("churn", plan(0, 3), after(3))
    return ledger


def take(ledger: Ledger, number: int, now: int = 9) -> Claim:
    claim = ledger.claim(["churn"], LEASE, after(now))
    assert claim is not None
    assert claim.window == window(number)
    return claim


def judge_all(ledger: Ledger) -> None:
    for number in range(3):
        ledger.finish(take(ledger, number), done(), after(9))


def test_a_done_window_gets_its_next_revision(ledger: Ledger) -> None:
    judge_all(ledger)
    assert ledger.reopen("churn", [window(1)], "backfill", after(9)) == 1
    claim = take(ledger, 1)
    assert (claim.revision, claim.attempt) == (2, 2)
    assert ledger.finish(claim, done(), after(9))
    assert ledger.claim(["churn"], LEASE, after(9)) is None
    assert ledger.watermark("churn") == window(2).end


def test_an_open_window_is_left_as_it_is(ledger: Ledger) -> None:
    assert ledger.reopen("churn", [window(1)], "backfill", after(9)) == 0
    assert take(ledger, 0).revision == 1


def test_reopened_while_it_runs_it_is_judged_once_more(ledger: Ledger) -> None:
    claim = take(ledger, 0)
    assert ledger.reopen("churn", [window(0)], "backfill", after(9)) == 1
    assert ledger.reopen("churn", [window(0)], "backfill", after(9)) == 0
    assert ledger.finish(claim, done(), after(9))
    again = take(ledger, 0)
    assert again.revision == 2
    assert ledger.finish(again, done(), after(9))
    assert take(ledger, 1).revision == 1


def test_reopened_while_it_runs_and_fails_it_starts_afresh(database: Database, ledger: Ledger) -> None:
    for now in (9, 10):
        ledger.fail(take(ledger, 0, now), "crash", "", after(now))
    claim = take(ledger, 0, 11)
    ledger.reopen("churn", [window(0)], "backfill", after(11))
    assert ledger.fail(claim, "crash", "", after(11)) == "pending"
    assert take(ledger, 0, 12).failures == 0


def test_reopened_while_it_runs_and_handed_back_it_is_judged_once(ledger: Ledger) -> None:
    claim = take(ledger, 0)
    ledger.reopen("churn", [window(0)], "backfill", after(9))
    ledger.release(claim, after(9))
    assert ledger.finish(take(ledger, 0), done(), after(9))
    assert take(ledger, 1).revision == 1


def test_a_dead_window_comes_alive_with_fresh_attempts(ledger: Ledger) -> None:
    for now in (9, 10, 11):
        state = ledger.fail(take(ledger, 0, now), "crash", "", after(now))
    assert state == "dead"
    assert ledger.reopen("churn", [window(0)], "backfill", after(12)) == 1
    claim = take(ledger, 0, 12)
    assert (claim.revision, claim.failures, claim.attempt) == (1, 0, 4)


def test_skipped_and_unknown_windows_can_be_asked_for(database: Database) -> None:
    ledger = Ledger(database, "one")
    ledger.plan("churn", plan(2, 2, skipped=[1]), after(2))
    assert ledger.reopen("churn", [window(0), window(1)], "backfill", after(2)) == 2
    assert ledger.reopen("new", [window(0)], "backfill", after(2)) == 1
    assert take(ledger, 0).revision == 1
    assert ledger.planned_to("new") is None


def test_with_replay_the_later_done_windows_are_judged_again_too(database: Database, ledger: Ledger) -> None:
    judge_all(ledger)
    ledger.plan("churn", plan(3, 4), after(4))
    assert ledger.reopen("churn", [window(1)], "late", after(9), replay=True) == 2
    judged = []
    while (claim := ledger.claim(["churn"], LEASE, after(9))) is not None:
        judged.append((claim.window, claim.revision))
        ledger.finish(claim, done(), after(9))
    assert judged == [(window(1), 2), (window(2), 2), (window(3), 1)]
    with database.read() as connection:
        assert len(queries.results(connection, "churn", window(0).start, window(3).end + HOUR)) == 4
