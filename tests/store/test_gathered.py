"""What is told with others is settled once, and is nowhere twice."""

from datetime import timedelta

import pytest
from deliveries import counts
from ledgers import LEASE, MINUTE, after, done, plan, window

from monitor.store import gathered, outgoing, queries
from monitor.store.database import Database
from monitor.store.ledger import Ledger
from monitor.store.outgoing import Told
from monitor.store.retention import forget
from monitor.store.words import Event

NOW = after(3)
SECONDS = timedelta(seconds=30)


@pytest.fixture
def told(database: Database) -> list[Told]:
    """Events of three windows, a minute apart."""
    ledger = Ledger(database, "one")
    ledger.plan("churn", plan(0, 3), NOW)
    for number in range(3):
        claim = ledger.claim(["churn"], LEASE, NOW + number * MINUTE)
        assert claim is not None
        ledger.finish(claim, done(events=[Event(kind="window.judged", body="{}")]), NOW + number * MINUTE)
    with database.write() as connection:
        events = outgoing.waiting(connection, 10)
        for one in events:
            outgoing.handed(connection, one.id, [], NOW)
    return [one for one in events if one.kind == "window.judged"]


def summary(key: str, like: Told) -> Told:
    same = {"monitor": like.monitor, "window": like.window, "revision": 1}
    return Told(id=key, kind="events.grouped", body='{"all":1}', made_at=NOW, **same)


def states(database: Database) -> dict[str, int]:
    with database.read() as connection:
        return counts(connection).get("mail", {})


def keep(database: Database, told: list[Told], state: str) -> None:
    with database.write() as connection:
        for _ in range(2):
            for one in told:
                gathered.kept_back(connection, one.id, "mail", state, NOW + SECONDS, NOW)


def test_what_waits_for_others_is_not_sent_until_it_is_settled(database: Database, told: list[Told]) -> None:
    keep(database, told, gathered.GATHERING)
    with database.read() as connection:
        assert outgoing.due(connection, NOW + MINUTE, 10, ["mail"]) == []
        assert gathered.ripe(connection, NOW) == []
        assert gathered.ripe(connection, NOW + SECONDS) == ["mail"]
        waiting = gathered.gathering(connection, "mail")
        assert gathered.gathering(connection, "ops") == []
        assert queries.outbox_length(connection) == 3
    assert [one.event.id for one in waiting] == [one.id for one in told]
    with database.write() as connection:
        gathered.released(connection, waiting[:1], NOW + SECONDS)
        assert gathered.told_instead(connection, summary("all", told[2]), "mail", waiting[1:], NOW + SECONDS)
    assert states(database) == {"waiting": 2, "joined": 2}
    with database.read() as connection:
        due = outgoing.due(connection, NOW + SECONDS, 10, ["mail"])
        assert {one.event.id: one.event.body for one in due} == {told[0].id: "{}", "all": '{"all":1}'}
        assert gathered.ripe(connection, NOW + MINUTE) == []
        assert outgoing.waiting(connection, 10) == []
        (joined, _) = outgoing.held(connection, "mail", gathered.JOINED, 10)
        assert joined.why == "told with all"


def test_what_was_told_once_is_not_told_again_and_takes_nothing_with_it(database: Database, told: list[Told]) -> None:
    keep(database, told, gathered.QUIET)
    with database.write() as connection:
        assert gathered.told_instead(connection, summary("day", told[0]), "mail", [], NOW)
        (member, *_) = gathered.quiet(connection, "mail", NOW + MINUTE)
        assert not gathered.told_instead(connection, summary("day", told[0]), "mail", [member], NOW)
        assert not gathered.told_more(connection, summary("day", told[0]), "mail", "waiting", NOW, NOW)
        assert gathered.are_told(connection, ["day", "night"]) == {"day"}
    assert states(database) == {"quiet": 3, "waiting": 1}


def test_what_waits_for_the_digest_was_made_before_it(database: Database, told: list[Told]) -> None:
    keep(database, told, gathered.QUIET)
    with database.read() as connection:
        quiet = gathered.quiet(connection, "mail", told[2].made_at)
        assert queries.outbox_length(connection) == 0
    assert [one.event.id for one in quiet] == [told[0].id, told[1].id]


def test_a_summary_goes_with_the_window_of_its_last_event(database: Database, told: list[Told]) -> None:
    with database.write() as connection:
        for number in (0, 2):
            assert gathered.told_more(connection, summary(f"s{number}", told[number]), "mail", "waiting", NOW, NOW)
    assert forget(database, "churn", window(1).start + MINUTE) == 1
    with database.read() as connection:
        assert gathered.are_told(connection, ["s0", "s2"]) == {"s2"}
    assert states(database) == {"waiting": 1}
