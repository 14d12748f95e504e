"""What goes wrong with one event, or at one receiver, is no trouble of the others."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from config.files import CHURN, written
from ledgers import LEASE, MINUTE, after, done, plan

from monitor.actions.outcome import Outcome
from monitor.daemon.outgoing import Outgoing
from monitor.daemon.watched import loaded
from monitor.event import Event
from monitor.store import outgoing as kept
from monitor.store.database import Database
from monitor.store.ledger import Ledger
from monitor.store.words import Event as Row

NOW = after(3)


class Broken:
    """A receiver with a bug."""

    def send(self, event: Event, now: object) -> Outcome:
        raise ZeroDivisionError(f"{event.id} {now}")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database.open("sqlite", tmp_path / "state")
    made.upgrade()
    ledger = Ledger(made, "one")
    ledger.plan("churn", plan(0, 1), NOW)
    claim = ledger.claim(["churn"], LEASE, NOW)
    assert claim is not None
    torn, good = Row(kind="incident.opened", body="{", key="torn"), Row(kind="window.judged", body="{}")
    ledger.finish(claim, done(events=[torn, good]), NOW)
    yield made
    made.close()


def test_a_receiver_that_breaks_is_tried_again_and_an_event_that_is_torn_is_passed_over(
    tmp_path: Path, database: Database
) -> None:
    path = written(
        tmp_path,
        f"routes: [{{name: ops, webhook: 'https://h.example.com/', severity: info, events: ['*']}}]\n"
        f"monitors: {{churn: {{{CHURN}}}}}\n",
    )
    told: list[tuple[str, float, str]] = []
    sender = Outgoing(database, lambda: NOW + MINUTE, lambda *what: told.append(what), lambda *_: None)
    sender.load(loaded(path, {}))
    sender._receivers = {"ops": Broken()}
    sender.turn()
    with database.read() as connection:
        assert kept.waiting(connection, 10) == []
        waiting = kept.due(connection, NOW + timedelta(hours=1), 10, ["ops"])
    assert {(one.event.kind, one.attempts, one.why) for one in waiting if one.event.kind == "window.judged"} == {
        ("window.judged", 1, "ZeroDivisionError")
    }
    assert "incident.opened" not in {one.event.kind for one in waiting}
    assert told == []
