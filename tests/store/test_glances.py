"""Many windows at once, in few statements: last verdicts, what was violated, what was told."""

from datetime import datetime

import ledgers
import pytest
from ledgers import HOUR, LEASE, SECOND, after, done, plan, window
from sqlalchemy import event, text

from monitor.store import glances
from monitor.store.database import Database
from monitor.store.ledger import Ledger
from monitor.store.words import Event


@pytest.fixture
def judged(database: Database) -> Database:
    """Windows 0..4 of churn: all violated and judged, then the third once more, ok; 5 waits, and so does credit's."""
    ledger = Ledger(database, "one")
    ledger.plan("churn", plan(0, 6), after(6))
    ledger.plan("credit", plan(0, 1), after(6))
    for number in range(5):
        told = [Event(kind="policy.alarm", body="{}", key=str(number)), Event(kind="window.judged", body="{}")]
        finish(ledger, number, "violated", report=ledgers.VIOLATED, events=told)
    ledger.reopen("churn", [window(2)], "backfill", after(10))
    finish(ledger, 9, "ok")
    return database


def finish(ledger: Ledger, number: int, status: str, **more: object) -> None:
    claim = ledger.claim(["churn"], LEASE, after(9) + number * SECOND)
    assert claim is not None
    ledger.finish(claim, done(status, **more), after(9) + number * SECOND)  # type: ignore[arg-type]


def test_the_last_windows_of_all_monitors_come_in_one_statement(judged: Database) -> None:
    said: list[str] = []
    with judged.read() as connection:
        event.listen(connection, "before_cursor_execute", lambda c, cursor, statement, *_: said.append(statement))
        found = glances.last(connection, ["churn", "credit", "nobody"], 48)
    assert len(said) == 1
    assert not any("report" in statement or "figures" in statement for statement in said)
    verdicts = [("violated", 1), ("violated", 1), ("ok", 0), ("violated", 1), ("violated", 1), ("", 0)]
    assert (found["churn"].verdicts, found["churn"].judged, found["churn"].revision) == (verdicts, window(4), 1)
    assert (found["churn"].since, found["churn"].until) == (window(0).start, window(5).end)
    assert (found["credit"].verdicts, found["credit"].judged) == ([("", 0)], None)
    assert set(found) == {"churn", "credit"}


def test_of_a_window_that_was_judged_twice_the_latest_counts(judged: Database) -> None:
    ledger = Ledger(judged, "one")
    ledger.reopen("churn", [window(3)], "backfill", after(11))
    finish(ledger, 12, "violated", report=ledgers.VIOLATED)
    with judged.read() as connection:
        found = glances.last(connection, ["churn"], 48)["churn"]
    assert found.verdicts[3] == ("violated", 1)


def test_so_many_of_them_as_were_asked_for(judged: Database) -> None:
    with judged.read() as connection:
        found = glances.last(connection, ["churn"], 2)
    assert (found["churn"].verdicts, found["churn"].since) == ([("violated", 1), ("", 0)], window(4).start)


def test_what_is_violated_is_that_of_the_newest_verdict(judged: Database) -> None:
    with judged.read() as connection:
        found = glances.violated(connection, glances.last(connection, ["churn", "credit"], 48))
        assert glances.violated(connection, {}) == {}
    assert [(row["rule"], row["feature"], row["end_at"]) for row in found["churn"]] == [("drift", "age", window(4).end)]


def test_violated_rules_stand_with_the_revision_they_are_of(judged: Database) -> None:
    with judged.read() as connection:
        found = glances.rules(connection, "churn", window(1).end, window(3).end)
    assert found == {(window(2), 1): {"age": ["drift"]}, (window(3), 1): {"age": ["drift"]}}


def test_what_was_told_is_found_without_what_was_said_of_each_window(judged: Database) -> None:
    with judged.read() as connection:
        found = glances.told(connection, "churn", window(1).end, window(3).end)
        if judged.is_sqlite:
            plan_of_it = connection.execute(
                text("EXPLAIN QUERY PLAN SELECT kind FROM outbox WHERE monitor = 'churn' AND kind <> 'window.judged'")
            )
            assert any("ix_outbox_told" in row[3] for row in plan_of_it)
    assert {word.kind for word in found} == {"policy.alarm", "report"}
    assert [word.window for word in found if word.kind == "policy.alarm"] == [window(2), window(3)]


@pytest.mark.parametrize(
    ("until", "count", "end"),
    [(window(1).end, 2, window(3).end), (window(4).end, 9, window(5).end), (window(5).end, 1, None)],
)
def test_where_later_windows_end(judged: Database, until: datetime, count: int, end: datetime | None) -> None:
    with judged.read() as connection:
        assert glances.later(connection, "churn", until, count) == end
        assert glances.later(connection, "churn", until - HOUR, 1) == until
