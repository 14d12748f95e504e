"""What is written down is found again, by page and by revision, without reading reports that nobody asked for."""

import ledgers
import pytest
from ledgers import HOUR, LEASE, MINUTE, SECOND, ZERO, after, done, plan, window
from sqlalchemy import event

from monitor.store import queries
from monitor.store.database import Database
from monitor.store.ledger import Ledger


@pytest.fixture
def judged(database: Database) -> Database:
    """Windows 0..4 of churn: all judged, the third in two revisions; one of credit waits."""
    ledger = Ledger(database, "one")
    ledger.plan("churn", plan(0, 5), after(5))
    ledger.plan("credit", plan(0, 1), after(5))
    for number in range(5):
        claim = ledger.claim(["churn"], LEASE, after(9) + number * SECOND)
        assert claim is not None
        ledger.finish(claim, done("violated", report=ledgers.VIOLATED, rows={"a": number}), after(9) + number * SECOND)
    ledger.reopen("churn", [window(2)], "backfill", after(10))
    claim = ledger.claim(["churn"], LEASE, after(10))
    assert claim is not None
    ledger.finish(claim, done("ok", rows={"a": 20}), after(10))
    return database


def test_the_latest_results_are_read_without_their_reports(judged: Database) -> None:
    said: list[str] = []
    with judged.read() as connection:
        event.listen(connection, "before_cursor_execute", lambda c, cursor, statement, *_: said.append(statement))
        found = queries.latest(connection)
    assert not any("report" in statement or "profile" in statement for statement in said)
    assert len(said) == 1
    assert sorted(found) == ["churn"]
    assert (found["churn"].window, found["churn"].figures) == (window(4), {"status": "violated"})


def test_of_each_window_the_latest_revision_counts(judged: Database) -> None:
    with judged.read() as connection:
        rows = queries.results(connection, "churn", window(0).end, window(3).end)
    assert [(row.window, row.revision, row.status) for row in rows] == [
        (window(1), 1, "violated"),
        (window(2), 2, "ok"),
        (window(3), 1, "violated"),
    ]


def test_an_edition_is_another_where_results_have_changed(judged: Database) -> None:
    def edition(first: int, last: int) -> queries.Edition:
        with judged.read() as connection:
            return queries.edition(connection, "churn", window(first).start, window(last).end)

    before = edition(0, 3)
    assert before == (5, 6, window(0).end)  # four windows, one of them twice
    assert edition(3, 3) == (1, 1, window(3).end)
    assert edition(7, 9) == (0, 0, None)
    ledger = Ledger(judged, "one")
    ledger.reopen("churn", [window(0)], "backfill", after(11))
    claim = ledger.claim(["churn"], LEASE, after(11))
    assert claim is not None
    ledger.finish(claim, done("ok", rows={"a": 20}), after(11))
    assert edition(0, 3) == (6, 8, window(0).end)
    assert edition(1, 3) == (4, 5, window(1).end)


def test_reports_and_profiles_come_back_by_revision(judged: Database) -> None:
    with judged.read() as connection:
        assert queries.report(connection, "churn", window(2)) == b"{}"
        assert queries.report(connection, "churn", window(2), 1) == ledgers.VIOLATED
        assert queries.report(connection, "churn", window(2), 3) is None
        assert queries.report(connection, "churn", window(9)) is None
        assert queries.profile(connection, "churn", window(2)) == b'{"rows":1}'


def test_violations_are_rows_of_their_own(judged: Database) -> None:
    with judged.read() as connection:
        (found,) = queries.violations(connection, "churn", window(1), 1)
        assert queries.violations(connection, "churn", window(2), 2) == []
    assert (found["rule"], found["feature"], found["severity"], found["value"]) == ("drift", "age", "page", 0.5)
    assert (found["low"], found["high"], found["threshold"], found["why"]) == (0.4, 0.6, 0.1, "older")


def test_runs_come_newest_first_page_by_page(judged: Database) -> None:
    with judged.read() as connection:
        whole = queries.runs(connection, "churn")
        pages, cursor = [], ""
        for size in (4, 2, 0):
            page = queries.runs(connection, "churn", limit=4, cursor=cursor)
            assert len(page) == size
            pages += page
            cursor = page[-1].cursor if page else ""
        assert queries.run(connection, whole[0].run_id) == whole[0]
        assert queries.run(connection, "nonsense") is None
        with pytest.raises(ValueError, match="invalid literal"):
            queries.runs(connection, "churn", cursor="nonsense")
    assert pages == whole
    assert [(run.window, run.revision) for run in whole][:2] == [(window(2), 2), (window(4), 1)]
    assert len(whole) == 6


def test_windows_come_newest_first_by_state_and_time(judged: Database) -> None:
    with judged.read() as connection:
        rows = queries.windows(connection, "churn", before=window(3).end, limit=2)
        later = queries.windows(connection, "churn", after=window(1).end, before=window(4).end, limit=None)
        waiting = queries.windows(connection, "credit", states=["pending", "running"])
        assert queries.windows(connection, "churn", states=["dead"]) == []
        assert queries.window(connection, "churn", window(9)) is None
    assert [row.window for row in rows] == [window(2), window(1)]
    assert [row.window for row in later] == [window(3), window(2)]
    assert [(row.state, row.due_at) for row in waiting] == [("pending", window(0).end)]


def test_judged_windows_of_a_stretch_are_those_that_touch_it(judged: Database) -> None:
    with judged.read() as connection:
        found = queries.judged(connection, "churn", window(1).end, window(3).start + MINUTE)
        assert queries.judged(connection, "credit", ZERO, ZERO + 9 * HOUR) == []
    assert found == [window(2), window(3)]


def test_inputs_are_those_of_the_latest_revision_or_of_the_one_asked_for(judged: Database) -> None:
    with judged.read() as connection:
        assert queries.inputs(connection, "churn", window(2))["a"].rows == 20
        assert queries.inputs(connection, "churn", window(2), 1)["a"].rows == 2
        assert queries.inputs(connection, "churn", window(9)) == {}


def test_monitors_are_counted(judged: Database) -> None:
    with judged.read() as connection:
        found = queries.monitors(connection)
        assert queries.outbox_length(connection) == 6
    assert {name: row.pending for name, row in found.items()} == {"churn": 0, "credit": 1}
    assert found["credit"].last_success is None
    assert found["churn"].watermark == window(4).end
