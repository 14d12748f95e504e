"""What routes to people are told: together, in a digest, again; the same after each restart, and nothing twice."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from config.files import CHURN, written
from deliveries import counts
from events import check
from ledgers import HOUR, MINUTE, ZERO, after, plan, window

from monitor.actions.cloudevents import body
from monitor.actions.outcome import Outcome
from monitor.daemon.clock import HandClock
from monitor.daemon.outgoing import Outgoing
from monitor.daemon.watched import loaded
from monitor.document import to_document
from monitor.event import Event
from monitor.store import incidents, outgoing
from monitor.store.database import Database
from monitor.store.incidents import Followed, IncidentRow
from monitor.store.ledger import Ledger
from monitor.store.words import Event as Row

MONITORS = ("a", "b", "c")
MORNING = ZERO + 8 * HOUR


class Taker:
    """A receiver that takes everything."""

    def __init__(self) -> None:
        self.took: list[Event] = []

    def send(self, event: Event, now: object) -> Outcome:
        check(body(event))
        self.took.append(event)
        return Outcome(kind="delivered")

    @property
    def kinds(self) -> list[str]:
        return [one.kind for one in self.took]


class Away:
    """A receiver that is not there."""

    def send(self, event: Event, now: object) -> Outcome:
        return Outcome(kind="again", why="away")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database.open("sqlite", tmp_path / "state")
    made.upgrade()
    for name in MONITORS:
        Ledger(made, "one").plan(name, plan(0, 3), after(3))
    yield made
    made.close()


def sender(database: Database, clock: HandClock, route: str, receiver: object) -> Outgoing:
    """What a daemon that starts anew has."""
    monitors = "".join(f"  {name}: {{{CHURN}}}\n" for name in MONITORS)
    assert database.path is not None
    path = written(
        database.path.parent.parent,
        f"routes: [{{name: ops, webhook: 'https://h.example.com/', {route}}}]\nmonitors:\n{monitors}",
    )
    made = Outgoing(database, clock, lambda *_: None, lambda *_: None)
    made.load(loaded(path, {}))
    made._receivers = {"ops": receiver}  # type: ignore[dict-item]
    return made


def tell(
    database: Database,
    monitor: str,
    at: object,
    *,
    severity: str = "warning",
    what: str = "opened",
    state: str = "notified",
) -> None:
    """An incident of a monitor opens, or something becomes of it."""
    over = what == "resolved"
    event = Event(
        id=f"{monitor}-{what}", kind=f"incident.{what}", time=at, monitor=monitor, severity=severity,  # type: ignore[arg-type]
        summary=f"{monitor} is broken", status="resolved" if over else "firing", since=window(0).start,
        data={
            "incident": monitor, "cause": "schema", "features": ["age"], "feature_count": 1, "inhibited": 0,
            "window": to_document(window(0)), "findings": [], "occasions": [],
        },
    )  # fmt: skip
    mute = {"until": (at + timedelta(days=7)).isoformat()} if state == "muted" else None  # type: ignore[operator]
    row = IncidentRow(
        id=monitor, monitor=monitor, state="resolved" if over else state, severity="page", cause="schema",
        first=window(0).end, last=window(0).end, body=json.dumps({"acknowledged": None, "mute": mute}),
        resolved=at if over else None,  # type: ignore[arg-type]
    )  # fmt: skip
    told = Row(kind=event.kind, key=event.id, body=json.dumps(to_document(event)))
    found = Followed(window=window(0), revision=1, incidents=[row], events=[told])
    with database.write() as connection:
        assert incidents.followed(connection, monitor, found, at)  # type: ignore[arg-type]


def test_what_comes_while_the_first_waits_is_told_with_it_and_what_comes_later_by_itself(database: Database) -> None:
    clock, taker = HandClock(after(0)), Taker()
    one = sender(database, clock, "group: 30s", taker)
    tell(database, "a", clock())
    one.turn()
    clock.move(after(0) + timedelta(seconds=20))
    tell(database, "b", clock(), severity="page")
    one.turn()
    assert taker.took == []
    clock.move(after(0) + timedelta(seconds=30))
    one.turn()
    (group,) = taker.took
    assert (group.kind, group.severity, group.data["count"]) == ("events.grouped", "page", 2)
    assert [item["id"] for item in group.data["events"]] == ["a-opened", "b-opened"]
    tell(database, "c", clock())
    for seconds in (31, 61):
        clock.move(after(0) + timedelta(seconds=seconds))
        one.turn()
    assert [event.id for event in taker.took[1:]] == ["c-opened"]
    with database.read() as connection:
        assert counts(connection) == {"ops": {"joined": 2, "sent": 2}}


def test_a_group_that_was_settled_is_the_same_whoever_sends_it(database: Database) -> None:
    clock, taker = HandClock(after(0)), Taker()
    before = sender(database, clock, "group: 30s", Away())
    for name in "ab":
        tell(database, name, clock())
    before.turn()
    clock.move(after(0) + MINUTE)
    before.turn()
    with database.read() as connection:
        (settled,) = outgoing.due(connection, MORNING, 10, ["ops"])
    assert settled.attempts == 1
    clock.move(after(0) + 5 * MINUTE)
    tell(database, "c", clock())
    anew = sender(database, clock, "group: 30s", taker)
    anew.turn()
    (group,) = taker.took
    assert to_document(group) == json.loads(settled.event.body)
    assert [item["monitor"] for item in group.data["events"]] == ["a", "b"]


def test_a_wait_that_was_configured_away_ends_as_it_began(database: Database) -> None:
    clock, taker = HandClock(after(0)), Taker()
    sender(database, clock, "group: 1h", taker).turn()
    tell(database, "a", clock())
    sender(database, clock, "group: 1h", taker).turn()
    clock.move(after(1))
    sender(database, clock, "group: 0s", taker).turn()
    assert [event.id for event in taker.took] == ["a-opened"]


def test_events_that_cannot_be_read_hold_nothing_up(database: Database) -> None:
    clock, taker = HandClock(after(0)), Taker()
    one = sender(database, clock, "group: 30s", taker)
    torn = [Row(kind="incident.opened", key=text, body=text) for text in ("{", "{}", "[]", "1")]
    with database.write() as connection:
        assert incidents.followed(connection, "a", Followed(window=window(0), revision=1, events=torn), clock())
    tell(database, "b", clock())
    one.turn()
    clock.move(after(0) + MINUTE)
    one.turn()
    assert [event.id for event in taker.took] == ["b-opened"]


def test_what_is_too_quiet_is_told_in_the_morning_once_and_with_what_is_open(database: Database) -> None:
    clock, taker = HandClock(after(0)), Taker()
    one = sender(database, clock, "digest: daily", taker)
    tell(database, "a", clock(), severity="info")
    tell(database, "b", clock())
    one.turn()
    assert [event.id for event in taker.took] == ["b-opened"]
    clock.move(MORNING - timedelta(seconds=1))
    one.turn()
    assert len(taker.took) == 1
    for seconds in (0, 1, 3600):
        clock.move(MORNING + timedelta(seconds=seconds))
        one.turn()
        one.turn()
        one = sender(database, clock, "digest: daily", taker)
    (digest,) = taker.took[1:]
    assert (digest.kind, digest.severity) == ("events.digest", "info")
    assert [item["monitor"] for item in digest.data["events"]] == ["a"]
    assert [item["monitor"] for item in digest.data["open"]] == ["a", "b"]


def test_a_digest_reminds_until_somebody_acknowledges_and_there_is_none_of_nothing(database: Database) -> None:
    clock, taker = HandClock(after(0)), Taker()
    one = sender(database, clock, "digest: daily, monitors: [a], severity: page", taker)
    for name in "ab":
        tell(database, name, clock())
    for day in range(2):
        clock.move(MORNING + day * 24 * HOUR)
        one.turn()
        one.turn()
    assert [(event.data["count"], event.data["open_count"]) for event in taker.took] == [(1, 1), (0, 1)]
    tell(database, "a", clock(), state="acknowledged")
    for day in range(2, 5):
        clock.move(MORNING + day * 24 * HOUR)
        one.turn()
        one.turn()
    assert len(taker.took) == 2


def test_what_is_quiet_from_eight_on_waits_for_the_next_morning(database: Database) -> None:
    clock, taker = HandClock(MORNING), Taker()
    tell(database, "a", clock(), severity="info")
    for _ in range(3):
        clock.move(clock() + MINUTE)
        sender(database, clock, "digest: daily", taker).turn()
    assert taker.took == []
    clock.move(MORNING + 24 * HOUR)
    one = sender(database, clock, "digest: daily", taker)
    one.turn()
    one.turn()
    assert taker.kinds == ["events.digest"]


def test_without_a_digest_nothing_is_kept_for_it(database: Database) -> None:
    clock, taker = HandClock(after(0)), Taker()
    one = sender(database, clock, "digest: never", taker)
    tell(database, "a", clock(), severity="info")
    one.turn()
    clock.move(MORNING)
    one.turn()
    assert taker.took == []
    with database.read() as connection:
        assert counts(connection) == {}


def test_an_open_incident_is_told_again_each_so_often_and_never_twice_for_one_time(database: Database) -> None:
    clock, taker = HandClock(after(0)), Taker()
    tell(database, "a", clock())
    for minutes in (0, 239, 240, 241, 479, 480, 1300):  # the last after three more, as after a night switched off
        clock.move(after(0) + minutes * MINUTE)
        for _ in range(2):
            one = sender(database, clock, "repeat: 4h", taker)
            one.turn()
            one.turn()
    assert taker.kinds == ["incident.opened", *["incident.repeated"] * 3]
    assert [event.data["times"] for event in taker.took[1:]] == [1, 2, 5]
    assert taker.took[1].summary == "still: a is broken"
    assert len({event.id for event in taker.took}) == 4
    with database.read() as connection:
        assert len(incidents.pages_since(connection, ZERO)) == 0


def test_what_was_answered_or_is_over_or_too_quiet_is_not_told_again(database: Database) -> None:
    clock, taker = HandClock(after(0)), Taker()
    one = sender(database, clock, "repeat: 4h, events: ['incident.opened'], severity: page", taker)
    tell(database, "a", clock(), severity="page")
    tell(database, "b", clock(), severity="page")
    tell(database, "c", clock(), severity="warning")
    one.turn()
    clock.move(after(1))
    tell(database, "b", clock(), severity="page", what="resolved")
    clock.move(after(5))
    one.turn()
    one.turn()
    assert [event.monitor for event in taker.took if event.kind == "incident.repeated"] == ["a"]
    tell(database, "a", clock(), severity="page", state="muted")
    clock.move(after(9))
    one.turn()
    one.turn()
    assert taker.kinds.count("incident.repeated") == 1


def test_repetitions_are_no_pages_by_the_cap_and_gather_as_others_do(database: Database) -> None:
    clock, taker = HandClock(after(0)), Taker()
    one = sender(database, clock, "repeat: 4h, group: 30s", taker)
    for name in "ab":
        tell(database, name, clock(), severity="page")
    for seconds in (0, 30, 14400, 14430):
        clock.move(after(0) + timedelta(seconds=seconds))
        one.turn()
    assert taker.kinds == ["events.grouped"] * 2
    assert [item["kind"] for item in taker.took[1].data["events"]] == ["incident.repeated"] * 2
    with database.read() as connection:
        assert len(incidents.pages_since(connection, ZERO)) == 2
        assert {told["kind"] for told in incidents.telling(connection, clock(), clock())} == {"incident.opened"}


def test_what_goes_to_others_than_routes_is_left_to_them(database: Database) -> None:
    clock, taker = HandClock(after(0)), Taker()
    one = sender(database, clock, "severity: page", taker)
    tell(database, "a", clock())
    with database.write() as connection:
        (event,) = outgoing.waiting(connection, 10)
        outgoing.handed(connection, event.id, ["a/retrain"], clock())
    one.turn()
    assert taker.took == []
    with database.read() as connection:
        assert counts(connection) == {"a/retrain": {"waiting": 1}}
