"""Windows go from planned to judged, in order, once each, whoever else is at it."""

from datetime import timedelta

import ledgers
import pytest
from ledgers import HOUR, LEASE, MINUTE, SECOND, ZERO, after, done, plan, window

from monitor.store import queries
from monitor.store.database import Database
from monitor.store.ledger import Ledger
from monitor.store.words import Claim
from monitor.window import Window


@pytest.fixture
def ledger(database: Database) -> Ledger:
    return Ledger(database, "one")


@pytest.fixture
def other(database: Database) -> Ledger:
    return Ledger(database, "other")


def state(database: Database, number: int, monitor: str = "churn") -> queries.WindowRow:
    with database.read() as connection:
        row = queries.window(connection, monitor, window(number))
    assert row is not None
    return row


def take(ledger: Ledger, number: int, now_after: int | None = None) -> Claim:
    claim = ledger.claim(["churn"], LEASE, after(number if now_after is None else now_after))
    assert claim is not None
    assert claim.window == window(number)
    return claim


def test_planning_again_changes_nothing_and_never_goes_back(ledger: Ledger) -> None:
    assert ledger.planned_to("churn") is None
    assert ledger.plan("churn", plan(0, 3), after(3)) == 3
    assert ledger.plan("churn", plan(0, 3), after(3)) == 0
    assert ledger.plan("churn", plan(1, 2), after(3)) == 0
    assert ledger.planned_to("churn") == window(2).end
    assert ledger.plan("churn", plan(2, 4), after(4)) == 1
    assert ledger.pending() == {"churn": 4}


def test_what_catch_up_leaves_out_is_recorded_as_skipped(database: Database, ledger: Ledger) -> None:
    ledger.plan("churn", plan(2, 3, skipped=[0, 1]), after(3))
    assert (state(database, 0).state, state(database, 0).reason) == ("skipped", "expired")
    assert ledger.watermark("churn") == window(1).end
    with database.read() as connection:
        assert queries.monitors(connection)["churn"].skipped == 2


def test_more_windows_than_are_recorded_are_counted_once(database: Database, ledger: Ledger) -> None:
    stretch = Window(start=window(-7).start, end=window(-1).end)
    many = ledgers.Plan((window(0),), (stretch,), window(0).end, more_skipped=7)
    for _ in range(2):
        ledger.plan("churn", many, after(0))
    with database.read() as connection:
        assert queries.monitors(connection)["churn"].skipped == 7


def test_a_plan_that_cannot_begin_yet_leaves_no_trace(ledger: Ledger) -> None:
    assert ledger.plan("churn", ledgers.Plan(), after(0)) == 0
    assert ledger.pending() == {}


def test_a_window_is_judged_once_and_a_second_answer_is_fenced_off(database: Database, ledger: Ledger) -> None:
    ledger.plan("churn", plan(0, 1), after(0))
    claim = take(ledger, 0)
    assert (claim.revision, claim.attempt, claim.failures) == (1, 1, 0)
    assert ledger.finish(claim, done(), after(0))
    assert ledger.finish(claim, done("violated"), after(0)) is None
    assert ledger.fail(claim, "crash", "", after(0)) == ""
    row = state(database, 0)
    assert (row.state, row.status, row.revision, row.closed_at) == ("done", "ok", 1, after(0))
    assert ledger.claim(["churn"], LEASE, after(0)) is None
    with database.read() as connection:
        assert queries.outbox_length(connection) == 1


def test_a_claim_is_worth_nothing_in_other_hands(database: Database, ledger: Ledger, other: Ledger) -> None:
    ledger.plan("churn", plan(0, 1), after(0))
    claim = take(ledger, 0)
    assert other.finish(claim, done(), after(0)) is None
    assert other.fail(claim, "crash", "", after(0)) == ""
    other.release(claim, after(0))
    assert state(database, 0).owner == "one"


def test_windows_of_a_monitor_come_in_order_one_at_a_time(ledger: Ledger, other: Ledger) -> None:
    ledger.plan("churn", plan(0, 3), after(3))
    claim = take(ledger, 0, 3)
    assert other.claim(["churn"], LEASE, after(3)) is None
    ledger.finish(claim, done(), after(3))
    assert take(other, 1, 3).window == window(1)


def test_monitors_with_a_backlog_take_turns(ledger: Ledger) -> None:
    ledger.plan("old", plan(0, 3), after(5))
    ledger.plan("new", plan(4, 6), after(5))
    order = []
    for second in range(5):
        now = after(5) + second * SECOND
        claim = ledger.claim(["old", "new"], LEASE, now)
        assert claim is not None
        order.append(claim.monitor)
        ledger.finish(claim, done(), now)
    assert order == ["old", "new", "old", "new", "old"]


def test_only_the_asked_monitors_are_claimed(ledger: Ledger) -> None:
    ledger.plan("churn", plan(0, 1), after(0))
    assert ledger.claim(["gone"], LEASE, after(0)) is None
    assert ledger.claim([], LEASE, after(0)) is None


def test_a_window_is_not_claimed_before_it_is_due(ledger: Ledger) -> None:
    ledger.plan("churn", plan(0, 1), after(0), due=lambda each: each.end + HOUR)
    assert ledger.claim(["churn"], LEASE, window(0).end + HOUR - SECOND) is None
    assert ledger.claim(["churn"], LEASE, window(0).end + HOUR) is not None


def test_after_its_lease_a_window_is_anyones_and_no_failure(database: Database, ledger: Ledger, other: Ledger) -> None:
    ledger.plan("churn", plan(0, 1), after(0))
    lost = take(ledger, 0)
    assert other.claim(["churn"], LEASE, after(0) + LEASE - SECOND) is None
    claim = other.claim(["churn"], LEASE, after(0) + LEASE)
    assert claim is not None
    assert (claim.attempt, claim.failures) == (2, 0)
    assert ledger.finish(lost, done(), after(0) + LEASE) is None
    assert ledger.fail(lost, "crash", "", after(0) + LEASE) == ""
    assert other.finish(claim, done(), after(0) + LEASE)
    with database.read() as connection:
        runs = queries.runs(connection, "churn")
    assert [(run.owner, run.state, run.reason) for run in runs] == [
        ("other", "done", ""),
        ("one", "interrupted", "interrupted"),
    ]


def test_a_late_answer_counts_while_nobody_else_took_the_window(ledger: Ledger) -> None:
    ledger.plan("churn", plan(0, 1), after(0))
    assert ledger.finish(take(ledger, 0), done(), after(0) + 9 * LEASE)


def test_renewing_keeps_all_of_a_daemons_windows_and_no_others(ledger: Ledger, other: Ledger) -> None:
    for monitor in ("churn", "credit"):
        ledger.plan(monitor, plan(0, 1), after(0))
    take(ledger, 0)
    assert other.claim(["credit"], LEASE, after(0)) is not None
    assert ledger.renew(LEASE, after(0) + 20 * SECOND) == 1
    late = other.claim(["churn", "credit"], LEASE, after(0) + LEASE)
    assert late is not None
    assert late.monitor == "credit"


def test_failures_back_off_hold_back_later_windows_and_end_in_dead(database: Database, ledger: Ledger) -> None:
    ledger.plan("churn", plan(0, 2), after(1))
    now = after(1)
    for wait, answer in ((MINUTE, "pending"), (5 * MINUTE, "pending"), (timedelta(0), "dead")):
        claim = ledger.claim(["churn"], LEASE, now)
        assert claim is not None
        assert claim.window == window(0)
        assert ledger.fail(claim, "timeout", "took too long", now) == answer
        if wait:
            assert ledger.claim(["churn"], LEASE, now + wait - SECOND) is None
        now += wait
    row = state(database, 0)
    assert (row.state, row.failures, row.reason, row.why) == ("dead", 3, "timeout", "took too long")
    assert ledger.watermark("churn") == window(0).end
    assert take(ledger, 1, 9).failures == 0


def test_a_failure_that_is_not_counted_backs_off_and_never_ends_in_dead(database: Database, ledger: Ledger) -> None:
    ledger.plan("churn", plan(0, 1), after(0))
    for number in range(5):
        claim = ledger.claim(["churn"], LEASE, after(0) + number * MINUTE)
        assert claim is not None
        assert ledger.fail(claim, "disk", "full", after(0) + number * MINUTE, is_counted=False) == "pending"
        assert ledger.claim(["churn"], LEASE, after(0) + number * MINUTE + 59 * SECOND) is None
    row = state(database, 0)
    assert (row.state, row.failures, row.reason, row.why) == ("pending", 0, "disk", "full")


def test_a_failing_monitor_does_not_hold_up_another(ledger: Ledger) -> None:
    for monitor in ("bad", "good"):
        ledger.plan(monitor, plan(0, 1), after(0))
    bad = ledger.claim(["bad", "good"], LEASE, after(0))
    good = ledger.claim(["bad", "good"], LEASE, after(0))
    assert bad is not None
    assert good is not None
    assert (bad.monitor, good.monitor) == ("bad", "good")


def test_what_the_daemon_hands_back_is_neither_counted_nor_delayed(database: Database, ledger: Ledger) -> None:
    ledger.plan("churn", plan(0, 1), after(0))
    for attempt in range(1, 6):
        claim = take(ledger, 0)
        assert (claim.attempt, claim.failures) == (attempt, 0)
        ledger.release(claim, after(0))
    assert state(database, 0).state == "pending"


def test_a_successor_takes_over_what_was_running_at_once(database: Database, ledger: Ledger, other: Ledger) -> None:
    for monitor in ("churn", "credit"):
        ledger.plan(monitor, plan(0, 1), after(0))
    lost = take(ledger, 0)
    mine = other.claim(["credit"], LEASE, after(0))
    assert other.take_over(after(0)) == 1
    assert state(database, 0, "credit").owner == "other"
    claim = take(other, 0)
    assert (claim.attempt, claim.failures) == (2, 0)
    other.release(lost, after(0))  # another's claim: nothing happens
    assert state(database, 0).owner == "other"
    assert mine is not None


def test_a_failure_is_remembered_through_interruptions(ledger: Ledger) -> None:
    ledger.plan("churn", plan(0, 1), after(0))
    ledger.fail(take(ledger, 0), "crash", "", after(0))
    ledger.release(take(ledger, 0, 1), after(1))
    assert take(ledger, 0, 1).failures == 1


def test_the_watermark_is_where_all_is_closed(ledger: Ledger) -> None:
    ledger.plan("churn", plan(0, 3), after(3))
    assert ledger.watermark("churn") is None
    for number in range(3):
        ledger.finish(take(ledger, number, 3), done(), after(3))
        assert ledger.watermark("churn") == window(number).end


def test_a_monitor_remembers_its_last_run_success_and_record(database: Database, ledger: Ledger) -> None:
    ledger.plan("churn", plan(0, 2), after(1))
    ledger.finish(take(ledger, 0, 1), done(last=ZERO + MINUTE), after(1))
    ledger.fail(take(ledger, 1, 1), "crash", "", after(2))
    with database.read() as connection:
        row = queries.monitors(connection)["churn"]
    assert (row.last_success, row.last_run, row.last_record) == (after(1), after(2), ZERO + MINUTE)
    assert (row.last_seconds, row.pending, row.dead) == (0.5, 1, 0)
