"""Alarms and incidents are written down with what they say, once for each window."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from ledgers import HOUR, after, plan, window
from sqlalchemy import delete

from monitor.store import incidents, occasions, outgoing, tallies
from monitor.store.after import INCIDENT as INCIDENTS
from monitor.store.database import Database
from monitor.store.incidents import AlarmRow, Followed, IncidentRow
from monitor.store.ledger import Ledger
from monitor.store.occasions import Occasion
from monitor.store.tallies import Tallied
from monitor.store.words import Event

NOW = after(3)
ALARM = AlarmRow(name="down", state="alarm", since=window(0).end, seen_to=window(1).end, body="{}")
INCIDENT = IncidentRow(
    id="churn-1",
    monitor="churn",
    state="opened",
    severity="page",
    cause="schema",
    first=window(1).end,
    last=window(1).end,
    body='{"features":["age"]}',
)
TOLD = Event(kind="incident.opened", key="churn-1 opened", body="{}")


@pytest.fixture
def planned(database: Database) -> Database:
    Ledger(database, "one").plan("churn", plan(0, 3), NOW)
    return database


def write(database: Database, number: int, **what: object) -> bool:
    with database.write() as connection:
        return incidents.followed(connection, "churn", Followed(window=window(number), revision=1, **what), NOW)  # type: ignore[arg-type]


def test_what_a_window_came_to_is_there_after_it(planned: Database) -> None:
    with planned.read() as connection:
        assert incidents.followed_to(connection, "churn") is None
    assert write(planned, 1, alarms=[ALARM], incidents=[INCIDENT], events=[TOLD])
    with planned.read() as connection:
        assert incidents.followed_to(connection, "churn") == window(1).end
        assert incidents.alarms(connection, "churn") == {"down": ALARM}
        assert incidents.open_ones(connection) == incidents.open_ones(connection, "churn") == [INCIDENT]
        assert incidents.open_ones(connection, "other") == []
        assert incidents.one(connection, "churn-1") == INCIDENT
        assert incidents.one(connection, "churn-2") is None
        (event,) = outgoing.waiting(connection, 10)
    assert (event.kind, event.window, event.monitor) == ("incident.opened", window(1), "churn")


def test_a_window_followed_again_tells_nothing_twice_and_an_older_one_nothing(planned: Database) -> None:
    assert write(planned, 1, incidents=[INCIDENT], events=[TOLD])
    assert write(planned, 1, incidents=[replace(INCIDENT, severity="warning")], events=[TOLD])
    assert not write(planned, 0, incidents=[replace(INCIDENT, state="resolved")], events=[replace(TOLD, key="other")])
    with planned.read() as connection:
        assert len(outgoing.waiting(connection, 10)) == 1
        assert [one.severity for one in incidents.open_ones(connection)] == ["warning"]


def test_what_is_over_is_listed_no_more_as_open(planned: Database) -> None:
    over = replace(INCIDENT, state="resolved", resolved=window(2).end, last=window(2).end)
    assert write(planned, 1, incidents=[INCIDENT])
    assert write(planned, 2, incidents=[over, replace(INCIDENT, id="churn-2")])
    with planned.read() as connection:
        assert [one.id for one in incidents.open_ones(connection, "churn")] == ["churn-2"]
        assert incidents.one(connection, "churn-1") == over
        assert [one.id for one in incidents.page(connection, "churn", is_open=True)] == ["churn-2"]


def test_incidents_come_a_page_at_a_time_the_newest_first(planned: Database) -> None:
    several = [replace(INCIDENT, id=f"churn-{number}", first=window(number).end) for number in (1, 2, 2, 0)]
    several[2] = replace(several[2], id="churn-2b")
    assert write(planned, 2, incidents=several)
    with planned.read() as connection:
        first = incidents.page(connection, limit=2)
        second = incidents.page(connection, limit=2, cursor=first[-1].cursor)
        assert [one.id for one in (*first, *second)] == ["churn-2b", "churn-2", "churn-1", "churn-0"]
        assert incidents.page(connection, limit=2, cursor=second[-1].cursor) == []
        assert incidents.page(connection, "other") == []
        with pytest.raises(ValueError, match="invalid literal"):
            incidents.page(connection, cursor="x")


def test_incidents_of_a_stretch_are_those_that_lived_in_it(planned: Database) -> None:
    over = replace(INCIDENT, id="churn-0", first=window(0).end, state="resolved", resolved=window(1).end)
    write(planned, 1, incidents=[INCIDENT, over])

    def lived(after: datetime, until: datetime) -> list[str]:
        with planned.read() as connection:
            assert incidents.between(connection, "credit", after, until) == []
            return [one.id for one in incidents.between(connection, "churn", after, until)]

    assert lived(window(0).start, window(0).end) == ["churn-0"]
    assert lived(window(0).start, window(1).end) == ["churn-0", "churn-1"]
    assert lived(window(1).end, window(9).end) == ["churn-1"]  # nobody said that it is over
    assert lived(window(0).start - HOUR, window(0).start) == []


def test_incidents_are_counted_once_and_outlive_their_rows(planned: Database) -> None:
    said = replace(INCIDENT, id="churn-2", verdict="false", said=NOW, cause="shape")
    over = replace(INCIDENT, id="churn-3", state="resolved", resolved=NOW, verdict="true", said=NOW - HOUR)
    for _ in range(2):
        assert write(planned, 1, incidents=[INCIDENT, said, over])
    with planned.read() as connection:
        found = tallies.tallied(connection, "churn", NOW, window(0).end)
        later = tallies.tallied(connection, "churn", NOW - HOUR, NOW + HOUR)
        other = tallies.tallied(connection, "other", NOW, NOW)
    assert found == Tallied(open={"page": 2}, opened={"schema": 2, "shape": 1}, said={"false": 1}, false=1)
    assert (later.said, later.false) == ({"false": 1, "true": 1}, 0)
    assert other == Tallied()
    with planned.write() as connection:
        connection.execute(delete(INCIDENTS))
    assert write(planned, 2, incidents=[replace(INCIDENT, id="churn-9")])
    with planned.read() as connection:
        assert tallies.tallied(connection, "churn", NOW, NOW).opened == {"schema": 3, "shape": 1}


def test_alertmanager_is_told_again_how_incidents_stand_and_not_what_people_say(planned: Database) -> None:
    def event(kind: str, status: str = "firing", key: str = "churn-1") -> Event:
        return Event(kind=kind, key=f"{key} {kind}", body=json.dumps({"data": {"incident": key}, "status": status}))

    def told(number: int, incident: IncidentRow, *events: Event, at: datetime = NOW) -> list[str]:
        assert write(planned, number, incidents=[incident], events=events)
        with planned.read() as connection:
            return [body["status"] for body in incidents.telling(connection, at, at - HOUR)]

    mute = '{"acknowledged":null,"mute":{"until":"2026-01-05T08:00:00Z"}}'
    muted = replace(INCIDENT, state="muted", body=mute)
    assert told(1, INCIDENT, event("incident.opened")) == ["firing"]
    assert told(1, muted, event("incident.muted")) == []
    assert told(1, muted, at=datetime(2026, 1, 5, 8, tzinfo=UTC)) == ["firing"]
    assert told(1, replace(muted, body=mute.replace("null", "{}")), at=datetime(2026, 1, 5, 9, tzinfo=UTC)) == []
    over = replace(INCIDENT, state="resolved", resolved=NOW)
    assert told(2, over) == [], "it was muted: nobody is to hear of its end, and it does not fire either"
    assert told(2, over, event("incident.resolved", "resolved")) == ["resolved"]


def test_alarms_that_are_configured_no_more_are_forgotten(planned: Database) -> None:
    assert write(planned, 1, alarms=[ALARM, replace(ALARM, name="up")])
    with planned.write() as connection:
        incidents.kept_only(connection, "churn", ["up"])
    with planned.read() as connection:
        assert list(incidents.alarms(connection, "churn")) == ["up"]


def test_what_is_told_of_the_world_is_found_where_it_touches(database: Database) -> None:
    deploy = Occasion(id="d1", kind="deploy", start=window(1).start, monitor="churn", why="v8", who="ann")
    holiday = Occasion(id="h1", kind="holiday", start=window(2).start, end=window(30).end)
    with database.write() as connection:
        for one in (holiday, replace(deploy, why="v7"), deploy):
            occasions.told(connection, one, NOW)

    def found(first: int, last: int, monitor: str | None = None) -> list[str]:
        with database.read() as connection:
            return [one.id for one in occasions.between(connection, window(first).start, window(last).end, monitor)]

    assert found(0, 2) == ["d1", "h1"]
    assert found(0, 0) == []
    assert found(1, 1) == ["d1"]
    assert found(0, 2, "other") == ["h1"]
    assert found(10, 10, "churn") == ["h1"]
    with database.read() as connection:
        assert occasions.between(connection, deploy.start, deploy.start + timedelta(seconds=1)) == [deploy]
        (latest,) = occasions.page(connection, limit=1)
        (older,) = occasions.page(connection, limit=1, cursor=latest.cursor)
        assert (latest, older) == (holiday, deploy)
        assert occasions.page(connection, limit=1, cursor=older.cursor) == []
        assert occasions.page(connection, "other", limit=9) == [holiday]
        assert occasions.page(connection, since=window(9).start, limit=9) == [holiday]
        assert occasions.page(connection, since=window(32).start, limit=9) == []
    with database.write() as connection:
        assert occasions.withdrawn(connection, "d1")
        assert not occasions.withdrawn(connection, "d1")
    assert found(0, 2) == ["h1"]


def test_an_occasion_without_an_end_is_a_moment() -> None:
    moment = Occasion(id="d1", kind="deploy", start=window(1).start)
    assert moment.period.length == timedelta(microseconds=1)
    assert replace(moment, end=window(1).start).period == moment.period
    assert replace(moment, end=window(1).end).period == window(1)
