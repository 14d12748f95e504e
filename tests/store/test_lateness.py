"""Records that come after their window was closed are counted once and, where asked for, judged in a new revision."""

import ledgers
import pytest
from ledgers import HOUR, LEASE, after, done, plan, window

from monitor.store import queries
from monitor.store.database import Database
from monitor.store.ledger import Ledger
from monitor.store.words import Done, Finished


@pytest.fixture
def ledger(database: Database) -> Ledger:
    return Ledger(database, "one")


def judge(ledger: Ledger, number: int, judged: Done, *, reprocess: int | None = None, now: int = 9) -> Finished:
    claim = ledger.claim(["churn"], LEASE, after(now))
    assert claim is not None
    assert claim.window == window(number)
    found = ledger.finish(claim, judged, after(now), reprocess=None if reprocess is None else reprocess * HOUR)
    assert found is not None
    return found


def late(database: Database, number: int) -> int:
    with database.read() as connection:
        row = queries.window(connection, "churn", window(number))
    assert row is not None
    return row.late


def test_late_records_are_what_is_there_now_less_what_was_judged(database: Database, ledger: Ledger) -> None:
    ledger.plan("churn", plan(0, 2), after(2))
    judge(ledger, 0, done(rows={"a": 10, "b": 5}))
    found = judge(ledger, 1, done(rows={"a": 3}, elsewhere={"a": {0: 12}, "b": {0: 5}, "new": {0: 4}}))
    assert found.late == {window(0): 6}
    assert found.late_records == 6
    assert found.reopened == ()
    assert late(database, 0) == 6


def test_seen_again_they_are_not_counted_again_but_more_of_them_are(database: Database, ledger: Ledger) -> None:
    ledger.plan("churn", plan(0, 4), after(4))
    judge(ledger, 0, done(rows={"a": 10}))
    assert judge(ledger, 1, done(elsewhere={"a": {0: 12}})).late_records == 2
    assert judge(ledger, 2, done(elsewhere={"a": {0: 12}})).late_records == 0
    assert judge(ledger, 3, done(elsewhere={"a": {0: 15, 1: 1}})).late == {window(0): 3, window(1): 1}
    assert (late(database, 0), late(database, 1)) == (5, 1)


def test_an_object_that_shrank_brings_none(database: Database, ledger: Ledger) -> None:
    ledger.plan("churn", plan(0, 2), after(2))
    judge(ledger, 0, done(rows={"a": 10}))
    assert judge(ledger, 1, done(elsewhere={"a": {0: 7}})).late == {}


def test_windows_that_are_not_judged_get_none(database: Database, ledger: Ledger) -> None:
    ledger.plan("churn", plan(2, 4, skipped=[1]), after(4))
    assert judge(ledger, 2, done(elsewhere={"a": {0: 1, 1: 1, 3: 1}}), reprocess=24).late == {}


def test_reprocessed_windows_are_judged_next_and_old_revisions_stay(database: Database, ledger: Ledger) -> None:
    ledger.plan("churn", plan(0, 3), after(3))
    judge(ledger, 0, done("ok", rows={"a": 10}))
    assert judge(ledger, 1, done(rows={"a": 3}, elsewhere={"a": {0: 12}}), reprocess=24).reopened == (window(0),)
    judge(ledger, 0, done("violated", rows={"a": 12}, elsewhere={"a": {1: 3}}), reprocess=24)
    assert judge(ledger, 2, done(elsewhere={"a": {0: 12, 1: 3}}), reprocess=24).late == {}
    with database.read() as connection:
        first = queries.result(connection, "churn", window(0), 1)
        latest = queries.result(connection, "churn", window(0))
        read = [queries.inputs(connection, "churn", window(0), revision)["a"].rows for revision in (1, 2)]
    assert first is not None
    assert latest is not None
    assert (first.status, latest.status, latest.revision) == ("ok", "violated", 2)
    assert read == [10, 12]
    assert ledger.pending() == {"churn": 0}
    assert late(database, 0) == 2


def test_windows_older_than_allowed_are_counted_only(database: Database, ledger: Ledger) -> None:
    ledger.plan("churn", plan(0, 4), after(4))
    for number in range(3):
        judge(ledger, number, done())
    found = judge(ledger, 3, done(elsewhere={"a": {0: 1, 1: 1, 2: 1}}), reprocess=2)
    assert found.reopened == (window(1), window(2))
    assert set(found.late) == {window(0), window(1), window(2)}


def test_what_is_late_for_a_reopened_window_does_not_open_it_twice(database: Database, ledger: Ledger) -> None:
    ledger.plan("churn", plan(0, 2), after(2))
    judge(ledger, 0, done())
    judge(ledger, 1, done(elsewhere={"a": {0: 1}}), reprocess=24)
    with database.read() as connection:
        row = queries.window(connection, "churn", window(0))
    assert row is not None
    assert (row.state, row.reason, row.revision) == ("pending", "late", 1)
    judge(ledger, 0, done(rows={"a": 1}))
    assert ledger.pending() == {"churn": 0}


def test_the_object_is_remembered_with_what_is_late(database: Database, ledger: Ledger) -> None:
    ledger.plan("churn", plan(0, 2), after(2))
    judge(ledger, 0, done(rows={"a": 1}, last=ledgers.ZERO))
    judge(ledger, 1, done(elsewhere={"b": {0: 4}}))
    with database.read() as connection:
        assert sorted(queries.objects(connection, "churn")) == ["a", "b"]
        assert queries.inputs(connection, "churn", window(0))["b"].rows == 0
