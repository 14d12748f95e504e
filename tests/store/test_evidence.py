"""What the policy keeps stands in the transaction of its window, is found again, and goes when nothing rests on it."""

import json
from datetime import timedelta

import ledgers
import pytest
from ledgers import HOUR, LEASE, after, done, kept, plan, window

from monitor.store import evidence, queries
from monitor.store.database import Database
from monitor.store.ledger import Ledger
from monitor.store.memories import kept as memories_kept
from monitor.store.retention import forget
from monitor.store.words import ALARM, Done, Event, EvidenceRow, Finished, Prior
from monitor.window import Window


@pytest.fixture
def ledger(database: Database) -> Ledger:
    return Ledger(database, "one")


def judge(ledger: Ledger, judged: Done, *, now: int = 900) -> Finished:
    claim = ledger.claim(["churn"], LEASE, after(now))
    assert claim is not None
    found = ledger.finish(claim, judged, after(now), reprocess=9 * HOUR)
    assert found is not None
    return found


def judged_to(database: Database, ledger: Ledger, rows: list[EvidenceRow]) -> None:
    ledger.plan("churn", plan(0, len(rows)), after(len(rows)))
    for row in rows:
        judge(ledger, done(evidence=[row]))


def prior(database: Database, number: int) -> Prior:
    with database.read() as connection:
        return evidence.prior(connection, "churn", window(number))


def parts(rows: object) -> list[tuple[bytes, bytes, bytes]]:
    return [(row.look, row.memory, row.learned) for row in rows]  # type: ignore[attr-defined]


def test_what_is_kept_is_found_again_as_it_was_written(database: Database, ledger: Ledger) -> None:
    judged_to(database, ledger, [kept(0, learned=True, since=0)])
    found = prior(database, 1)
    assert found == Prior(before=[kept(0, learned=True, since=0)], after=[]), "the nearest comes with its words"
    with database.read() as connection:
        assert evidence.newest(connection, "churn") == kept(0, learned=True, since=0)
        assert evidence.newest(connection, "other") is None


def test_the_nearest_memory_what_was_last_learned_and_the_looks_it_needs_come_before(
    database: Database, ledger: Ledger
) -> None:
    rows = [kept(0, learned=True), *(kept(n) for n in range(1, 4)), kept(4, since=2)]
    judged_to(database, ledger, rows)
    found = prior(database, 5)
    assert parts(found.before) == [
        (b"look 0", b"", b"learned 0"),
        (b"look 2", b"", b""),
        (b"look 3", b"", b""),
        (b"look 4", b"memory 4", b""),
    ]
    assert found.before[-1].since == window(2).start


def test_without_a_memory_near_by_the_looks_since_the_last_one_come_with_it(database: Database, ledger: Ledger) -> None:
    judged_to(database, ledger, [kept(0, learned=True), *(kept(n, memory=False) for n in range(1, 4))])
    assert parts(prior(database, 4).before) == [
        (b"look 0", b"memory 0", b"learned 0"),
        *((b"look %d" % n, b"", b"") for n in range(1, 4)),
    ]


def test_without_any_memory_all_looks_come(database: Database, ledger: Ledger) -> None:
    judged_to(database, ledger, [kept(n, memory=False) for n in range(4)])
    assert parts(prior(database, 4).before) == [(b"look %d" % n, b"", b"") for n in range(4)]


def test_after_a_window_come_all_looks_and_the_newest_memory(database: Database, ledger: Ledger) -> None:
    judged_to(database, ledger, [kept(0), kept(1), kept(2, learned=True), kept(3)])
    found = prior(database, 1)
    assert [row.look for row in found.before] == [b"look 0"], "the memory of window 0 has gone"
    assert parts(found.after) == [(b"look 2", b"", b"learned 2"), (b"look 3", b"memory 3", b"")]
    assert [row.said for row in found.after] == [None, {"seen": 3}]


def test_memories_are_let_go_of_but_for_the_newest_and_the_last_of_days(database: Database, ledger: Ledger) -> None:
    judged_to(database, ledger, [kept(n) for n in range(50)])
    assert with_memory(database) == memories_kept(window(n) for n in range(50))
    assert with_memory(database) == {window(23), window(47), window(48), window(49)}


def with_memory(database: Database) -> set[Window]:
    with database.read() as connection:
        c = evidence.EVIDENCE.c
        query = evidence.select(c.start_at, c.end_at).where(c.memory.is_not(None))
        return {Window(start=row.start_at, end=row.end_at) for row in connection.execute(query)}


def test_a_revision_writes_its_own_row_anew_and_what_is_new_of_the_later_ones(
    database: Database, ledger: Ledger
) -> None:
    judged_to(database, ledger, [kept(n, learned=n == 1) for n in range(4)])
    ledger.reopen("churn", [window(1)], "backfill", after(9))
    revised = EvidenceRow(window=window(1), look=b"more", memory=b"anew", layout="cells", said={"seen": 10})
    second = EvidenceRow(window=window(2), memory=b"second anew", learned=b"later", since=window(1).start)
    third = EvidenceRow(window=window(3), memory=b"third anew", said={"seen": 30})
    judge(ledger, done(evidence=[revised, second, third]))
    found = prior(database, 4)
    assert parts(found.before) == [(b"look 2", b"", b"later"), (b"look 3", b"third anew", b"")]
    assert said(database) == [{"seen": 0}, {"seen": 10}, {"seen": 2}, {"seen": 30}]
    assert parts(prior(database, 2).before) == [(b"look 0", b"", b""), (b"more", b"", b"")], "1 is neither newest now"


def said(database: Database) -> list[object]:
    c = evidence.EVIDENCE.c
    with database.read() as connection:
        return [json.loads(text) for text in connection.execute(evidence.select(c.said).order_by(c.end_at)).scalars()]


def test_who_was_overtaken_keeps_nothing(database: Database, ledger: Ledger) -> None:
    ledger.plan("churn", plan(0, 1), after(1))
    claim = ledger.claim(["churn"], LEASE, after(1))
    assert claim is not None
    Ledger(database, "two").take_over(after(1))
    assert ledger.finish(claim, done(evidence=[kept(0)]), after(1)) is None
    assert prior(database, 1) == Prior(before=[], after=[])


def test_what_changes_the_newest_window_has_it_judged_again_and_once(database: Database, ledger: Ledger) -> None:
    judged_to(database, ledger, [kept(n) for n in range(4)])
    ledger.reopen("churn", [window(0), window(1)], "backfill", after(9))
    assert judge(ledger, done(evidence=[kept(0)], replays=True)).replayed == window(3)
    assert judge(ledger, done(evidence=[kept(1)], replays=True)).replayed is None, "it is open already"
    with database.read() as connection:
        rows = {row.window: (row.state, row.reason) for row in queries.windows(connection, "churn")}
    assert rows[window(3)] == ("pending", "replay")
    assert rows[window(2)] == ("done", "")
    judge(ledger, done(evidence=[kept(3)], replays=True))
    assert ledger.pending() == {"churn": 0}, "a window does not replay itself"


def test_an_alarm_is_told_and_counted_once_whatever_the_revision(database: Database, ledger: Ledger) -> None:
    ledger.plan("churn", plan(0, 2), after(2))
    told = [Event(kind=ALARM, key="drift|age", body="{}"), Event(kind="policy.armed", key="armed", body="{}")]
    assert judge(ledger, done(events=told)).alarms == 1
    ledger.reopen("churn", [window(0)], "backfill", after(9))
    assert judge(ledger, done(events=told)).alarms == 0
    again = [Event(kind=ALARM, key="drift|age", body="{}"), Event(kind=ALARM, key="drift|zip", body="{}")]
    assert judge(ledger, done(events=again)).alarms == 2, "of another window they are others"
    with database.read() as connection:
        assert queries.monitors(connection)["churn"].alarms == 3
        kinds = connection.exec_driver_sql("SELECT kind, count(*) FROM outbox GROUP BY kind").all()
    assert dict(kinds) == {"report": 3, ALARM: 3, "policy.armed": 1}


def test_what_is_old_goes_but_for_what_later_verdicts_rest_on(database: Database, ledger: Ledger) -> None:
    judged_to(database, ledger, [kept(n, learned=n == 3, since=5 if n > 20 else None) for n in range(30)])
    assert with_memory(database) == {window(23), window(28), window(29)}
    assert forget(database, "churn", window(12).end) == 12
    assert forget(database, "churn", window(28).start) == 15
    with database.read() as connection:
        c = evidence.EVIDENCE.c
        left = connection.execute(evidence.select(c.start_at).order_by(c.end_at)).scalars().all()
        assert queries.windows(connection, "churn", limit=1)[0].window == window(29)
    assert left == [window(3).start, *(window(n).start for n in range(5, 30))]
    found = prior(database, 30)
    assert parts(found.before)[0] == (b"look 3", b"", b"learned 3")
    assert len(found.before) == 26


def test_looks_that_were_never_followed_go_with_their_windows(database: Database, ledger: Ledger) -> None:
    judged_to(database, ledger, [kept(n, memory=False) for n in range(6)])
    assert forget(database, "churn", window(4).start + timedelta(microseconds=1)) == 4
    assert [row.window for row in prior(database, 6).before] == [window(4), window(5)]


def test_windows_that_overlap_are_in_the_order_of_the_ledger(database: Database, ledger: Ledger) -> None:
    long = [Window(start=ledgers.ZERO + n * HOUR, end=ledgers.ZERO + (n + 24) * HOUR) for n in range(5)]
    ledger.plan("churn", ledgers.Plan(tuple(long), (), long[-1].end), after(99))
    for number, each in enumerate(long):
        judge(ledger, done(evidence=[EvidenceRow(window=each, look=b"%d" % number, memory=b"m", layout="cells")]))
    with database.read() as connection:
        found = evidence.prior(connection, "churn", long[2])
    assert [row.look for row in found.before] == [b"0", b"1"]
    assert [row.look for row in found.after] == [b"3", b"4"]
