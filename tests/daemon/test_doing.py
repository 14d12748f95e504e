"""Commands that actions ask for: once each, whatever ends first."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from config.files import CHURN, written
from daemons import awaited
from ledgers import HOUR, LEASE, MINUTE, after, done, plan

from monitor.daemon.doing import INTERRUPTED, UNKNOWN, Doing
from monitor.daemon.outgoing import Outgoing
from monitor.daemon.watched import loaded
from monitor.document import to_document
from monitor.event import Event
from monitor.store import deeds
from monitor.store import outgoing as kept
from monitor.store.database import Database
from monitor.store.ledger import Ledger
from monitor.store.tables import OUTBOX
from monitor.store.words import Event as Row

NOW = after(3)


def asked(action: str = "retrain", number: int = 1) -> Row:
    event = Event(
        id=f"{action}-{number}",
        kind="action.requested",
        time=NOW,
        monitor="churn",
        severity="info",
        summary="down is in alarm",
        status="firing",
        since=NOW,
        subject=action,
        data={"action": action, "alarm": "down", "occasion": f"churn:20260105T010000Z:{number}"},
    )
    return Row(kind=event.kind, key=event.id, body=json.dumps(to_document(event)))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database.open("sqlite", tmp_path / "state")
    made.upgrade()
    yield made
    made.close()


def judged(database: Database, *events: Row) -> None:
    """A window with these events, which are handed out."""
    ledger = Ledger(database, "one")
    ledger.plan("churn", plan(0, 1), NOW)
    claim = ledger.claim(["churn"], LEASE, NOW)
    assert claim is not None
    ledger.finish(claim, done(events=events), NOW)


def config(folder: Path, *commands: str) -> Path:
    actions = ", ".join(
        f"{{name: {name}, alarm: down, command: [sh, -c, {json.dumps(text)}]}}"
        for name, text in zip(("retrain", "other", "third"), commands, strict=False)
    )
    alarms = f"alarms: {{down: rows < 1}}, actions: [{actions}]"
    return written(folder, f"monitors: {{churn: {{{CHURN}, {alarms}}}}}\n")


def doing(database: Database, path: Path) -> Doing:
    """What hands out, and what does."""
    found = loaded(path, {})
    handing = Outgoing(database, lambda: NOW + MINUTE, lambda *_: None, lambda *_: None)
    handing.load(found)
    handing.turn()
    made = Doing(database, lambda: NOW + MINUTE, lambda *_: None)
    made.load(found)
    return made


def told(database: Database) -> list[dict[str, Any]]:
    with database.read() as connection:
        rows = connection.execute(OUTBOX.select().where(OUTBOX.c.kind.in_(["action.done", "action.failed"])))
        return [json.loads(row.body) for row in rows]


def states(database: Database) -> dict[str, str]:
    with database.read() as connection:
        return {one.receiver: one.state for one in kept.deliveries(connection, [], 10)}


def test_a_command_is_run_once_in_the_folder_of_the_configuration(tmp_path: Path, database: Database) -> None:
    judged(database, asked())
    one = doing(database, config(tmp_path, "echo ran >> ran; echo trained"))
    for _ in range(3):
        one.turn()
        awaited(lambda: told(database) != [])
    one.end(10)
    assert (tmp_path / "ran").read_text() == "ran\n"
    (event,) = told(database)
    assert (event["kind"], event["severity"], event["summary"]) == ("action.done", "info", "retrain done")
    assert event["data"]["outcome"]["said"] == "trained"
    assert states(database) == {"churn/retrain": "sent"}


def test_one_that_fails_is_told_with_its_last_words_and_not_run_again(tmp_path: Path, database: Database) -> None:
    judged(database, asked())
    one = doing(database, config(tmp_path, "echo ran >> ran; echo no disk left >&2; exit 3"))
    one.turn()
    awaited(lambda: told(database) != [])
    one.turn()
    one.end(10)
    (event,) = told(database)
    assert (event["kind"], event["severity"]) == ("action.failed", "warning")
    assert event["summary"] == "retrain failed: exit code 3"
    assert event["data"]["outcome"] | {"took_seconds": 0} == {
        "code": 3, "why": "exit code 3", "took_seconds": 0, "said": "no disk left",
    }  # fmt: skip
    assert (tmp_path / "ran").read_text() == "ran\n"
    assert states(database) == {"churn/retrain": "dead"}


def test_what_a_predecessor_left_running_is_told_and_not_run_again(tmp_path: Path, database: Database) -> None:
    judged(database, asked())
    path = config(tmp_path, "echo ran >> ran")
    doing(database, path)
    with database.write() as connection:
        (left,) = deeds.due(connection, NOW + HOUR, ())
        deeds.begun(connection, left)
    one = doing(database, path)
    one.begin()
    awaited(lambda: told(database) != [])
    one.end(10)
    (event,) = told(database)
    assert event["data"]["outcome"]["why"] == INTERRUPTED
    assert not (tmp_path / "ran").exists()


def test_an_action_that_is_not_configured_any_more_is_told(tmp_path: Path, database: Database) -> None:
    judged(database, asked("gone"))
    one = doing(database, config(tmp_path, "true"))
    one.turn()
    one.end(10)
    (event,) = told(database)
    assert (event["subject"], event["data"]["outcome"]["why"]) == ("gone", UNKNOWN)


def test_two_run_at_a_time_and_the_third_waits_for_one_of_them(tmp_path: Path, database: Database) -> None:
    judged(database, asked("retrain"), asked("other"), asked("third"))
    waits = "until [ -e go ]; do sleep 0.05; done"
    one = doing(database, config(tmp_path, waits, waits, waits))
    one.turn()
    one.turn()
    assert sorted(states(database).values()) == ["running", "running", "waiting"]
    (tmp_path / "go").touch()
    awaited(lambda: len(told(database)) == 2)
    awaited(lambda: one.turn() is None and len(told(database)) == 3)
    one.end(10)


def test_the_end_of_the_daemon_ends_a_command_and_says_so(tmp_path: Path, database: Database) -> None:
    judged(database, asked())
    one = doing(database, config(tmp_path, "touch begun; sleep 600"))
    one.turn()
    awaited((tmp_path / "begun").exists)
    began = time.monotonic()
    one.end(30)
    assert time.monotonic() - began < 25
    (event,) = told(database)
    assert event["summary"] == "retrain failed: stopped, as driftd ended"


def test_events_that_ask_are_handed_to_the_action_and_not_to_routes_of_others(
    tmp_path: Path, database: Database
) -> None:
    judged(database, asked())
    doing(database, config(tmp_path, "true"))
    assert states(database) == {"churn/retrain": "waiting"}
