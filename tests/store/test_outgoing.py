"""Events leave the outbox once for each receiver, and nothing on its way is lost."""

from datetime import datetime

import pytest
from ledgers import HOUR, LEASE, MINUTE, after, done, plan, window

from monitor.store import incidents, outgoing
from monitor.store.database import Database
from monitor.store.incidents import Followed, IncidentRow
from monitor.store.ledger import Ledger
from monitor.store.retention import forget
from monitor.store.words import Event

NOW = after(3)


@pytest.fixture
def told(database: Database) -> list[outgoing.Told]:
    """Three windows' events."""
    ledger = Ledger(database, "one")
    ledger.plan("churn", plan(0, 3), NOW)
    for number in range(3):
        claim = ledger.claim(["churn"], LEASE, NOW + number * MINUTE)
        assert claim is not None
        ledger.finish(
            claim, done(events=[Event(kind="window.judged", body=f'{{"n":{number}}}')]), NOW + number * MINUTE
        )
    with database.write() as connection:
        events = outgoing.waiting(connection, 10)
        for one in events:
            if one.kind != "window.judged":
                outgoing.handed(connection, one.id, [], NOW)
    return [one for one in events if one.kind == "window.judged"]


BOTH = ("mail", "ops")


def due(database: Database, at: datetime, receivers: tuple[str, ...] = BOTH) -> list[tuple[str, str]]:
    with database.read() as connection:
        return [(one.event.body, one.receiver) for one in outgoing.due(connection, at, 10, receivers)]


def test_the_oldest_events_come_first_and_are_handed_out_once(database: Database, told: list[outgoing.Told]) -> None:
    assert [one.body for one in told] == ['{"n":0}', '{"n":1}', '{"n":2}']
    with database.write() as connection:
        for _ in range(2):
            outgoing.handed(connection, told[0].id, ["ops", "mail"], NOW)
        outgoing.handed(connection, told[1].id, [], NOW)
    with database.read() as connection:
        assert [one.id for one in outgoing.waiting(connection, 10)] == [told[2].id]
    assert due(database, NOW) == [('{"n":0}', "mail"), ('{"n":0}', "ops")]
    assert due(database, NOW, ("ops",)) == [('{"n":0}', "ops")]
    assert due(database, NOW - MINUTE) == []


def test_what_was_sent_is_sent_no_more_and_what_failed_waits(database: Database, told: list[outgoing.Told]) -> None:
    with database.write() as connection:
        for one in told[:2]:
            outgoing.handed(connection, one.id, ["ops"], NOW)
        first, second = outgoing.due(connection, NOW, 10, BOTH)
        outgoing.sent(connection, first, NOW)
        outgoing.failed(connection, second, "503", NOW + HOUR, NOW)
    assert due(database, NOW + MINUTE) == []
    assert due(database, NOW + HOUR) == [('{"n":1}', "ops")]
    with database.read() as connection:
        (again,) = outgoing.due(connection, NOW + HOUR, 10, BOTH)
        assert (again.attempts, again.why, again.made_at) == (1, "503", NOW)


def test_a_dead_letter_is_kept_and_can_be_sent_once_more(database: Database, told: list[outgoing.Told]) -> None:
    with database.write() as connection:
        outgoing.handed(connection, told[0].id, ["ops", "mail"], NOW)
        for one in outgoing.due(connection, NOW, 10, BOTH):
            outgoing.failed(connection, one, "410 gone", None, NOW)
    assert due(database, NOW + HOUR) == []
    with database.read() as connection:
        assert [(one.receiver, one.why, one.ended_at) for one in outgoing.dead(connection, 10)] == [
            ("mail", "410 gone", NOW),
            ("ops", "410 gone", NOW),
        ]
        assert [one.receiver for one in outgoing.dead(connection, 1, 1)] == ["ops"]
    with database.write() as connection:
        assert outgoing.revived(connection, "ops", NOW + HOUR) == 1
    assert due(database, NOW + HOUR) == [('{"n":0}', "ops")]
    with database.read() as connection:
        (again,) = outgoing.due(connection, NOW + HOUR, 10, BOTH)
        assert (again.event.id, again.made_at, again.attempts, again.ended_at) == (told[0].id, NOW + HOUR, 0, None)
        assert [one.receiver for one in outgoing.dead(connection, 10)] == ["mail"]


def test_what_was_told_and_what_was_lost_in_a_stretch_is_found(database: Database, told: list[outgoing.Told]) -> None:
    with database.write() as connection:
        outgoing.handed(connection, told[0].id, ["ops"], NOW)
        (one,) = outgoing.due(connection, NOW, 1, ["ops"])
        outgoing.failed(connection, one, "410 gone", None, NOW + HOUR)
    with database.read() as connection:
        found = outgoing.told(connection, "churn", ["window.%"], NOW, NOW + MINUTE)
        assert [one.id for one in found] == [told[1].id]
        assert outgoing.told(connection, "churn", ["incident.%", "window.judge"], NOW, NOW + HOUR) == []
        assert outgoing.told(connection, "other", ["window.%"], NOW, NOW + HOUR) == []
        assert [(one.receiver, one.why) for one in outgoing.lost(connection, "churn", NOW, NOW + HOUR)] == [
            ("ops", "410 gone"),
        ]  # fmt: skip
        assert outgoing.lost(connection, "churn", NOW + HOUR, NOW + 2 * HOUR) == []
        assert outgoing.lost(connection, "other", NOW, NOW + HOUR) == []


def test_what_was_told_of_an_incident_is_found_with_its_receivers(
    database: Database, told: list[outgoing.Told]
) -> None:
    events = [
        Event(kind=f"incident.{what}", key=f"{key} {what}", body=f'{{"data":{{"incident":"{key}"}}}}')
        for key, what in (("churn-1", "opened"), ("churn-2", "opened"), ("churn-1", "muted"))
    ]
    with database.write() as connection:
        assert incidents.followed(connection, "churn", Followed(window=window(2), revision=1, events=events), NOW)
        outgoing.handed(connection, events[0].key, ["ops", "mail"], NOW)
    with database.read() as connection:
        found = outgoing.of_incident(connection, "churn", "churn-1", window(1).end)
        assert outgoing.of_incident(connection, "churn", "churn-1", window(3).end) == []
    assert {event.kind: [one.receiver for one in deliveries] for event, deliveries in found} == {
        "incident.opened": ["mail", "ops"],
        "incident.muted": [],
    }


def test_what_is_old_goes_with_its_window_and_so_do_incidents_that_are_over(
    database: Database, told: list[outgoing.Told]
) -> None:
    over = incident(0, resolved=window(0).end)
    with database.write() as connection:
        for one in told:
            outgoing.handed(connection, one.id, ["ops"], NOW)
        first, *_ = outgoing.due(connection, NOW, 10, BOTH)
        outgoing.sent(connection, first, NOW)
        found = Followed(window=window(2), revision=1, incidents=[over, incident(1), incident(2, resolved=NOW)])
        assert incidents.followed(connection, "churn", found, NOW)
    assert forget(database, "churn", window(1).start + MINUTE) == 1
    with database.read() as connection:
        assert len(outgoing.due(connection, NOW, 10, BOTH)) == 2
        assert [one.id for one in incidents.page(connection)] == ["churn-2", "churn-1"]


def incident(number: int, resolved: datetime | None = None) -> IncidentRow:
    return IncidentRow(
        id=f"churn-{number}", monitor="churn", state="resolved" if resolved else "opened", severity="page",
        cause="schema", first=window(number).end, last=window(number).end, body="{}", resolved=resolved,
    )  # fmt: skip
