"""A window and a person may speak of one incident at the same time: neither is lost."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from daemons import HOUR, START, Farm, serving, settled
from sqlalchemy import Connection

from monitor.config.load import load
from monitor.daemon.aftermath import followed_up, incident_of
from monitor.daemon.people import People
from monitor.daemon.watched import loaded
from monitor.incident import Incident
from monitor.routing import Cap
from monitor.store import incidents, queries
from monitor.store.database import Database

NOW = START + HOUR


class Between(Database):
    """A store in which something happens just before the next transaction that writes."""

    def happens(self, what: Callable[[], object]) -> None:
        self._what: Callable[[], object] | None = what

    @contextmanager
    def write(self) -> Iterator[Connection]:
        what, self._what = getattr(self, "_what", None), None
        if what is not None:
            what()
        with super().write() as connection:
            yield connection


@pytest.fixture
def farm(tmp_path: Path) -> Farm:
    made = Farm(tmp_path)
    made.baseline()
    made.write()
    made.captures("m", START, count=600, moved=True)
    with serving(made, START) as (service, clock):
        settled(service, clock, NOW)
    return made


def stored(database: Database) -> Incident:
    with database.read() as connection:
        (row,) = incidents.page(connection, "m")
    return incident_of(row)


@pytest.mark.parametrize("what", ["acknowledge", "mute"])
def test_what_is_said_while_a_window_is_followed_stays_said(farm: Farm, what: str) -> None:
    database = Between.open("sqlite", farm.state)
    assert isinstance(database, Between)
    one = loaded(farm.config, {}).monitors["m"]
    people, key = People(database, load(farm.config), lambda: NOW), stored(database).id
    with database.read() as connection:
        newest = queries.newest_judged(connection, "m")
    assert newest is not None
    words = {
        "acknowledge": lambda: people.acknowledge(key, "false", "a campaign", "ann"),
        "mute": lambda: people.mute(key, NOW + HOUR, "a campaign", "ann"),
    }
    database.happens(words[what])
    followed_up(database, one, newest.window, newest.revision, Cap(), NOW)
    found = stored(database)
    said = found.acknowledged if what == "acknowledge" else found.mute
    assert said is not None
    assert (said.who, said.why) == ("ann", "a campaign")
    with database.read() as connection:
        assert incidents.page(connection, "m")[0].state == ("acknowledged" if what == "acknowledge" else "muted")
    database.close()
