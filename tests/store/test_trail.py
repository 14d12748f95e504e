"""Deeds that are kept to be told: whose they are, and when they go."""

from ledgers import LEASE, ZERO, after, done, plan, window

from monitor.store import closer, outgoing, retention, trail
from monitor.store.database import Database
from monitor.store.ledger import Ledger
from monitor.window import Window

STRETCH = Window(start=window(0).start, end=window(1).end)


def told(database: Database) -> list[tuple[str, str, str]]:
    with database.read() as connection:
        waiting = [one.kind for one in outgoing.waiting(connection, 99)]
        assert not set(waiting) & {*trail.KINDS}, "they go to nobody"
        return [(one.kind, one.monitor, one.body["subject"]) for one in closer.deeds(connection, 9)]


def judge(ledger: Ledger, count: int) -> None:
    for _ in range(count):
        claim = ledger.claim(["churn"], LEASE, after(2))
        assert claim is not None
        assert ledger.finish(claim, done(), after(2)) is not None


def test_a_backfill_goes_with_the_window_that_was_the_newest_then(database: Database) -> None:
    ledger = Ledger(database, "one")
    ledger.plan("churn", plan(0, 3), after(2))
    assert ledger.backfill("churn", [window(0)], STRETCH, "ann", after(2)) == 0, "it waits already"
    assert told(database) == []
    judge(ledger, 2)
    assert ledger.backfill("churn", [window(0), window(1)], STRETCH, "ann", after(2)) == 2
    assert told(database) == [(trail.BACKFILLED, "churn", "2 windows from 2026-01-05 00:00 to 2026-01-05 02:00 UTC")]
    judge(ledger, 3)
    retention.forget(database, "churn", window(1).end)
    assert len(told(database)) == 1
    retention.forget(database, "churn", after(9))
    assert told(database) == []


def test_reloads_are_of_no_monitor_and_go_by_when_they_were(database: Database) -> None:
    with database.write() as connection:
        trail.loaded(connection, "sha256:" + "a" * 64, "sha256:" + "b" * 64, "", "SIGHUP", ZERO)
        trail.loaded(connection, "sha256:" + "b" * 64, "sha256:" + "b" * 64, "x: y\nz", "ops", after(1))
    assert told(database) == [
        (trail.NOT_LOADED, "", f"{'b' * 12} stays"),
        (trail.LOADED, "", f"{'a' * 12} → {'b' * 12}"),
    ]
    assert retention.forget_told(database, after(1)) == 1
    assert [kind for kind, _, _ in told(database)] == [trail.NOT_LOADED]
