"""Windows wait for labels, and are judged again as these come."""

from dataclasses import replace
from datetime import timedelta

import pytest
from ledgers import HOUR, LEASE, MINUTE, ZERO, after, done, plan, window

from monitor.store import labels, queries
from monitor.store.database import Database
from monitor.store.ledger import Ledger
from monitor.store.words import Awaited, Claim, LabelFile, Received

DAY = timedelta(days=1)
WEEK = 7 * DAY


@pytest.fixture
def ledger(database: Database) -> Ledger:
    ledger = Ledger(database, "one")
    ledger.plan("churn", plan(0, 2), after(1))
    return ledger


def waiting(number: int, **changes: object) -> Awaited:
    one = window(number)
    return replace(Awaited(window=one, due=one.end + DAY, until=one.end + WEEK, predictions=10), **changes)  # type: ignore[arg-type]


def file(path: str, **changes: object) -> LabelFile:
    found = LabelFile(path=path, size=1, stamp="s", own=ZERO, digest=path, segments=(f"{path}-0",), labels=5)
    return replace(found, **changes)  # type: ignore[arg-type]


def take(ledger: Ledger, number: int, now: object = None) -> Claim:
    claim = ledger.claim(["churn"], LEASE, now or after(number))  # type: ignore[arg-type]
    assert claim is not None
    assert claim.window == window(number)
    return claim


def judge(ledger: Ledger, number: int, **changes: object) -> None:
    claim = take(ledger, number, after(20 * 24))
    assert ledger.finish(claim, done(rows={"a": 10}, awaited=waiting(number, **changes)), after(number)) is not None


def of(database: Database, number: int) -> Awaited:
    with database.read() as connection:
        (found,) = [one for one in labels.awaited(connection, "churn") if one.window == window(number)]
    return found


def state(database: Database, number: int) -> tuple[str, str, int]:
    with database.read() as connection:
        row = queries.window(connection, "churn", window(number))
    assert row is not None
    return row.state, row.reason, row.revision


def test_a_window_is_judged_again_when_its_labels_are_due(database: Database, ledger: Ledger) -> None:
    judge(ledger, 0)
    assert ledger.call("churn", WEEK, window(0).end + DAY - MINUTE) == (0, 0)
    assert ledger.call("churn", WEEK, window(0).end + DAY) == (1, 0)
    assert ledger.call("churn", WEEK, window(0).end + DAY) == (0, 0)
    claim = take(ledger, 0, window(0).end + DAY)
    assert (claim.revision, claim.reason) == (2, "labels")
    ledger.finish(claim, done(awaited=waiting(0, is_judged=True), labelled=True), window(0).end + DAY)
    assert ledger.call("churn", WEEK, window(0).end + 2 * DAY) == (0, 0)
    assert state(database, 0) == ("done", "", 2)


def test_what_was_read_stays_where_a_window_is_judged_again_for_labels(database: Database, ledger: Ledger) -> None:
    judge(ledger, 0)
    ledger.call("churn", WEEK, window(0).end + DAY)
    ledger.finish(take(ledger, 0, after(48)), done(awaited=waiting(0), labelled=True), after(48))
    seen = done(rows={"a": 1}, elsewhere={"a": {0: 10}})
    finished = ledger.finish(take(ledger, 1, after(48)), seen, after(48), reprocess=DAY)
    assert finished is not None
    assert (finished.late, finished.reopened) == ({}, ())
    with database.read() as connection:
        assert queries.inputs(connection, "churn", window(0))["a"].rows == 10


def test_new_labels_of_a_window_are_due_at_once_after_the_first_time(database: Database, ledger: Ledger) -> None:
    judge(ledger, 0)
    judge(ledger, 1, is_judged=True)
    found = Received(
        files=[file("x"), file("y")], looked_through=[of(database, 0), of(database, 1)], touched=[window(0)]
    )
    assert ledger.receive("churn", found, after(1)) == 0
    assert (of(database, 0).is_touched, of(database, 0).seen_to, of(database, 1).is_touched) == (True, 2, False)
    found = Received(files=[file("x")], looked_to=2, looked_through=[of(database, 1)], touched=[window(1)])
    assert ledger.receive("churn", found, window(1).end + 2 * DAY) == 2
    with database.read() as connection:
        assert [(one.path, one.place) for one in labels.files(connection, "churn")] == [("x", 3), ("y", 2)]
    assert state(database, 1) == ("pending", "labels", 1)


def test_a_window_that_was_judged_meanwhile_is_left_for_the_next_look(database: Database, ledger: Ledger) -> None:
    judge(ledger, 0, is_judged=True)
    before = of(database, 0)
    ledger.reopen("churn", [window(0)], "backfill", after(1))
    judge(ledger, 0, is_judged=True)
    found = Received(files=[file("x")], looked_through=[before], touched=[window(0)])
    assert ledger.receive("churn", found, window(0).end + DAY) == 0
    assert (of(database, 0).seen_to, of(database, 0).is_touched, of(database, 0).revision) == (0, False, 2)


def test_labels_that_change_nothing_leave_the_window_as_it_was(database: Database, ledger: Ledger) -> None:
    judge(ledger, 0, is_judged=True)
    found = Received(files=[file("x")], looked_through=[of(database, 0)], touched=[window(0)])
    assert ledger.receive("churn", found, window(0).end + DAY) == 1
    claim = take(ledger, 0, after(48))
    assert ledger.leave(claim, waiting(0, seen_to=1, labelled=3), after(48))
    assert not ledger.leave(claim, waiting(0), after(48))
    assert state(database, 0) == ("done", "", 1)
    assert (of(database, 0).is_touched, of(database, 0).labelled) == (False, 3)
    with database.read() as connection:
        assert "unchanged" in [run.reason for run in queries.runs(connection, "churn")]
    assert take(ledger, 1, after(48)).reason == ""


def test_one_reopened_while_it_is_left_as_it_was_is_judged_once_more(database: Database, ledger: Ledger) -> None:
    judge(ledger, 0)
    ledger.call("churn", WEEK, after(48))
    claim = take(ledger, 0, after(48))
    ledger.reopen("churn", [window(0)], "backfill", after(48))
    assert ledger.leave(claim, waiting(0), after(48))
    assert state(database, 0) == ("pending", "reopened", 1)


def test_late_captures_count_before_late_labels(database: Database, ledger: Ledger) -> None:
    judge(ledger, 0)
    claim = take(ledger, 1, after(1))
    ledger.call("churn", WEEK, window(0).end + DAY)
    assert state(database, 0) == ("pending", "labels", 1)
    late = done(rows={"b": 1}, elsewhere={"b": {0: 3}})
    finished = ledger.finish(claim, late, after(1), reprocess=DAY)
    assert finished is not None
    assert finished.reopened == (window(0),)
    assert take(ledger, 0, after(48)).reason == "late"
    assert of(database, 0).counted_to == 0


def test_labels_expire_once_no_window_waits_for_them(database: Database, ledger: Ledger) -> None:
    judge(ledger, 0, is_judged=True)
    found = Received(files=[file("x"), file("y")], looked_through=[of(database, 0)], found={"x": 2})
    ledger.receive("churn", found, after(0))
    assert ledger.call("churn", WEEK, window(0).end + WEEK) == (0, 0)
    assert ledger.call("churn", WEEK, after(0) + WEEK + HOUR) == (0, 8)
    assert ledger.call("churn", WEEK, after(0) + WEEK + HOUR) == (0, 0)
    with database.read() as connection:
        assert labels.awaited(connection, "churn") == []
        assert [(one.segments, one.is_expired) for one in labels.files(connection, "churn")] == [((), True)] * 2


def test_a_window_that_was_never_judged_with_labels_is_so_before_it_is_let_go(
    database: Database, ledger: Ledger
) -> None:
    judge(ledger, 0)
    much_later = window(0).end + 30 * DAY
    assert ledger.call("churn", WEEK, much_later) == (1, 0)
    assert of(database, 0).window == window(0)
    ledger.finish(take(ledger, 0, much_later), done(labelled=True), much_later)
    with database.read() as connection:
        assert labels.awaited(connection, "churn") == []
