"""A period as the store has it."""

from collections.abc import Iterator
from datetime import timedelta

import periods
import pytest
from ledgers import HOUR, ZERO, window
from periods import END, INCIDENT

from monitor.daemon.periods import newest, period
from monitor.finding import Status
from monitor.period import Period
from monitor.store.database import Database


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    made = periods.keep(tmp_path_factory.mktemp("state"))
    yield made
    made.close()


def whole(database: Database, first: int = 0, until: int = 12) -> Period:
    with database.read() as connection:
        return period(connection, "churn", ZERO + first * HOUR, ZERO + until * HOUR)


def test_every_window_is_there_once_with_its_verdict_or_why_there_is_none(database: Database) -> None:
    found = whole(database)
    assert [one.window for one in found.due] == [window(number) for number in range(12)]
    assert [one.verdict for one in found.due] == [
        *["ok"] * 4, "violated", "violated", "unknown", "dead", "violated", "violated", "skipped", "pending",
    ]  # fmt: skip
    assert (found.due[7].reason, found.due[7].why) == ("memory", "took more than 1 GiB")
    assert found.status is Status.VIOLATED


def test_a_window_lies_in_one_of_two_periods_in_a_row(database: Database) -> None:
    first, second = whole(database, 0, 5), whole(database, 5, 12)
    assert [one.window for one in (*first.due, *second.due)] == [window(number) for number in range(12)]
    assert [one.about for one in second.deeds if one.kind == "deploy"] == []


def test_incidents_that_lived_in_it_are_there(database: Database) -> None:
    assert [one.id for one in whole(database).incidents] == [INCIDENT.id]
    assert whole(database, 0, 3).incidents == []
    assert [one.id for one in whole(database, 9, 12).incidents] == [INCIDENT.id]  # nobody said that it is over


def test_what_people_did_is_there_in_order(database: Database) -> None:
    told = [(one.kind, one.about, one.who, one.why) for one in whole(database).deeds]
    assert told[0] == ("deploy", "all monitors", "ci", "model 8")
    assert sorted(told[1:3]) == [
        ("incident.acknowledged", "churn:1", "ann", "true: a new tariff"),
        ("incident.muted", "churn:1", "ann", "is being mended"),
    ]
    assert told[3:] == [("marked as noise", "Eve Mins", "ann", "always so")]
    (mute,) = [one for one in whole(database).deeds if one.kind == "incident.muted"]
    assert INCIDENT.mute is not None
    assert mute.until == INCIDENT.mute.until


def test_what_never_arrived_is_there(database: Database) -> None:
    (lost,) = whole(database).lost
    assert (lost.receiver, lost.kind, lost.attempts, lost.why) == ("ops", "incident.opened", 1, "410 gone")
    assert whole(database, 7, 12).lost == []


def test_what_it_was_judged_by_is_there(database: Database) -> None:
    found = whole(database)
    assert [one.digest for one in found.baselines] == ["sha256:ba5e", "sha256:ba5e4"]
    assert [one.digest for one in found.configs] == ["sha256:c0f1", "sha256:c0f2"]


def test_another_monitor_has_nothing_of_it(database: Database) -> None:
    with database.read() as connection:
        found = period(connection, "other", ZERO, END)
        assert newest(connection, "other") is None
        assert newest(connection, "churn") == END
    assert (found.due, found.incidents, found.lost, found.violations) == ([], [], [], [])
    assert [one.kind for one in found.deeds] == ["deploy"]  # told of all


def test_each_window_is_told_of_while_it_is_read(database: Database) -> None:
    asked: list[int] = []
    told: list[int] = []

    def steps(total: int):
        asked.append(total)
        return lambda: told.append(1)

    with database.read() as connection:
        period(connection, "churn", ZERO, ZERO + timedelta(hours=3), steps)
    assert (asked, len(told)) == ([3], 3)
