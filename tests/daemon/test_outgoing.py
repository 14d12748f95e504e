"""What goes wrong with one event, or at one receiver, is no trouble of the others."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from config.files import CHURN, written
from ledgers import LEASE, MINUTE, after, done, plan, window

from monitor.actions.outcome import Outcome
from monitor.daemon.outgoing import Outgoing
from monitor.daemon.watched import loaded
from monitor.document import to_document
from monitor.event import Event
from monitor.store import incidents
from monitor.store import outgoing as kept
from monitor.store.database import Database
from monitor.store.incidents import Followed
from monitor.store.ledger import Ledger
from monitor.store.tables import OUTBOX
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


class Answering:
    """A receiver that takes everything, or nothing ever."""

    def __init__(self, *, takes: bool) -> None:
        self.outcome = Outcome(kind="delivered") if takes else Outcome(kind="refused", why="HTTP 403")

    def send(self, event: Event, now: object) -> Outcome:
        return self.outcome


@pytest.mark.parametrize(
    ("takes", "kind", "outcome"),
    [
        (True, "action.done", {"why": "", "attempts": 1}),
        (False, "action.failed", {"why": "HTTP 403", "attempts": 1}),
    ],
)
def test_what_came_of_a_webhook_that_is_an_action_is_told_and_counted(
    tmp_path: Path, database: Database, takes: bool, kind: str, outcome: dict[str, object]
) -> None:
    actions = "alarms: {down: rows < 1}, actions: [{name: retrain, alarm: down, webhook: 'https://h.example.com/'}]"
    path = written(tmp_path, f"monitors: {{churn: {{{CHURN}, {actions}}}}}\n")
    acted: list[tuple[str, str, str]] = []
    sender = Outgoing(database, lambda: NOW + MINUTE, lambda *_: None, lambda *what: acted.append(what))
    sender.load(loaded(path, {}))
    assert [*sender._receivers] == ["churn/retrain"]
    sender._receivers = {"churn/retrain": Answering(takes=takes)}
    asked, refused = (
        Event(
            id=what, kind=f"action.{what}", time=NOW, monitor="churn", severity="info", summary="down is in alarm",
            status="firing", since=NOW, subject="retrain", data={"action": "retrain"},
        )
        for what in ("requested", "refused")
    )  # fmt: skip
    rows = [Row(kind=one.kind, key=one.id, body=json.dumps(to_document(one))) for one in (asked, refused)]
    with database.write() as connection:
        incidents.changed(connection, "churn", Followed(window=window(0), revision=1, events=rows), NOW)
    sender.turn()
    sender.turn()
    assert sorted(acted) == sorted([("churn", "retrain", "refused"), ("churn", "retrain", kind.partition(".")[2])])
    with database.read() as connection:
        (row,) = connection.execute(OUTBOX.select().where(OUTBOX.c.kind == kind))
    body = json.loads(row.body)
    assert (body["data"]["outcome"], body["data"]["asked"]) == (outcome, "requested")
