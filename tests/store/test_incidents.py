"""Alarms and incidents are written down with what they say, once for each window."""

from dataclasses import replace
from datetime import timedelta

import pytest
from ledgers import HOUR, after, plan, window

from monitor.store import incidents, occasions, outgoing
from monitor.store.database import Database
from monitor.store.incidents import AlarmRow, Followed, IncidentRow
from monitor.store.ledger import Ledger
from monitor.store.occasions import Occasion
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
        assert incidents.resolved_since(connection, window(2).end) == [over]
        assert incidents.resolved_since(connection, window(2).end + HOUR) == []
        assert [one.id for one in incidents.newest(connection, "churn")] == ["churn-1", "churn-2"]
        assert [one.id for one in incidents.newest(connection, most=1)] == ["churn-1"]


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
    with database.write() as connection:
        assert occasions.withdrawn(connection, "d1")
        assert not occasions.withdrawn(connection, "d1")
    assert found(0, 2) == ["h1"]


def test_an_occasion_without_an_end_is_a_moment() -> None:
    moment = Occasion(id="d1", kind="deploy", start=window(1).start)
    assert moment.period.length == timedelta(microseconds=1)
    assert replace(moment, end=window(1).start).period == moment.period
    assert replace(moment, end=window(1).end).period == window(1)
