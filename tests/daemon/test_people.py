"""What people say is kept, told to those who ask for it, and counted; what nobody knows is refused."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest
from config.files import loaded
from opened import HOUR, INCIDENT, NOW, OVER, START, TOLD, keep

from monitor.config.grammar import Config
from monitor.daemon import views
from monitor.daemon.outgoing import event_of
from monitor.daemon.people import People
from monitor.daemon.receivers import going_to
from monitor.errors import InputError
from monitor.event import Event
from monitor.store import incidents, outgoing
from monitor.store.database import Database

CONFIG = (
    "routes: [{name: ops, webhook: 'https://h.example.com/', severity: info},"
    " {name: alerts, alertmanager: ['http://a.example.com'], severity: info}]\n"
    "monitors: {m: {captures: c, baseline: b, labels: {team: growth}, runbook: 'https://wiki/m'}}\n"
)


@dataclass
class House:
    """A store with people before it, and a clock that is set by hand."""

    database: Database
    config: Config
    now: list = field(default_factory=lambda: [NOW])
    heard: list[str] = field(default_factory=list)

    @property
    def people(self) -> People:
        return People(self.database, self.config, lambda: self.now[0], self.heard.append)

    def events(self) -> list[Event]:
        with self.database.read() as connection:
            found = [event_of(one) for one in outgoing.waiting(connection, 10)]
        return [one for one in found if one is not None and one.kind != "incident.opened"]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    database = keep(tmp_path / "state", INCIDENT, OVER, told=True)
    yield House(database, loaded(tmp_path, CONFIG))
    database.close()


def test_they_are_listed_newest_first_page_by_page(house: House) -> None:
    first = house.people.incidents(None, False, 1, "")
    second = house.people.incidents("m", False, 1, first.cursor)
    assert [row.id for row in (*first.items, *second.items)] == [INCIDENT.id, OVER.id]
    assert house.people.incidents("m", False, 1, second.cursor).items == []
    (row,) = house.people.incidents(None, True, 9, "").items
    assert (row.state, row.severity, row.cause, row.since) == ("notified", "page", "schema", START)
    assert (row.features, row.feature_count, row.owner) == (("income",), 1, "ann")
    assert house.people.incidents("other", False, 9, "").items == []
    with pytest.raises(InputError, match=r"cursor 'x': is none that was given out"):
        house.people.incidents(None, False, 9, "x")


def test_one_is_shown_with_all_that_belongs_to_it(house: House) -> None:
    for kind, start, end in (
        ("deploy", START - HOUR, None),
        ("holiday", START - timedelta(days=3), START),
        ("old", START - timedelta(hours=25), None),
        ("later", INCIDENT.last.end + timedelta(seconds=1), None),
    ):
        house.people.tell(kind, monitor=None, start=start, end=end, why="", key=None, by="ci")
    page = house.people.known(INCIDENT.id)
    own, explained = page.parts
    assert (own.rule, own.feature, own.rung, own.fires, own.explained_by) == (
        "missing_column", "income", "schema", True, "",
    )  # fmt: skip
    assert (explained.rule, explained.explained_by) == ("drift", "missing_column of income")
    (told,) = page.told
    assert (told.kind, told.severity, told.receiver, told.state, told.why, told.ended) == (
        "incident.opened", "page", "ops", "dead", "410 gone", NOW + HOUR,
    )  # fmt: skip
    assert [one.kind for one in page.occasions] == ["holiday", "deploy"]
    assert [(one.name, one.state) for one in page.alarms] == [("down", "ok")]
    assert (page.acknowledged, page.mute, page.notified) == (None, None, NOW)


def test_what_somebody_says_it_was_is_kept_told_and_counted(house: House) -> None:
    page = house.people.acknowledge(INCIDENT.id, "false", "a\ncampaign", "bo")
    assert (page.incident.state, page.incident.verdict) == ("acknowledged", "false")
    assert page.acknowledged is not None
    assert (page.acknowledged.who, page.acknowledged.why, page.acknowledged.at) == ("bo", "a\ncampaign", NOW)
    assert house.heard == ["m"]
    (event,) = house.events()
    assert (event.kind, event.severity, event.status, event.monitor) == ("incident.acknowledged", "info", "firing", "m")
    assert event.summary == "acknowledged as false by bo: a campaign"
    assert (event.labels, event.runbook) == ({"team": "growth", "owner": "ann"}, "https://wiki/m")
    assert event.data == {
        "incident": INCIDENT.id, "cause": "schema", "verdict": "false", "who": "bo", "why": "a\ncampaign",
    }  # fmt: skip
    assert [one.kind for one in page.told] == ["incident.opened", "incident.acknowledged"]
    house.now = [NOW + HOUR]
    house.people.acknowledge(OVER.id, "true", "", "bo")
    assert house.people.known(OVER.id).incident.state == "resolved"
    assert [one.status for one in house.events()] == ["firing", "resolved"]
    with house.database.read() as connection:
        soon, later, much_later = (
            views.incidents(connection, "m", NOW + at)
            for at in (HOUR, timedelta(days=30, hours=1), timedelta(weeks=53))
        )
    assert (soon.precision, soon.false) == (0.5, 1)
    assert (later.precision, later.false) == (1.0, 1), "what was said in the last 30 days"
    assert (much_later.precision, much_later.false) == (None, 0)
    assert (soon.open, soon.opened, soon.alarms) == ({"page": 1}, {"schema": 2}, {"down": "ok"})


def test_a_mute_ends_by_itself_and_is_told_to_those_who_ask_for_it(house: House) -> None:
    page = house.people.mute(INCIDENT.id, NOW + HOUR, "is being mended", "bo")
    assert (page.incident.state, page.incident.muted_until) == ("muted", NOW + HOUR)
    (event,) = house.events()
    assert (event.kind, event.severity, event.summary) == (
        "incident.muted", "info", "muted until 2026-03-02T12:00:00Z by bo: is being mended",
    )  # fmt: skip
    assert going_to(event, house.config.routes, {"m": None}) == ["ops"], "to an Alertmanager it would be an alert"
    assert going_to(replace(event, kind="incident.opened"), house.config.routes, {"m": None}) == ["ops", "alerts"]
    house.now = [NOW + HOUR]
    row = house.people.known(INCIDENT.id).incident
    assert (row.state, row.muted_until) == ("notified", None)


def test_what_cannot_be_said_is_refused_and_nothing_is_kept(house: House) -> None:
    people = house.people
    with pytest.raises(
        InputError, match=r"incident 'm:20260302T100000Z:2': unknown; did you mean 'm:20260302T1.*:1'\?"
    ):
        people.acknowledge("m:20260302T100000Z:2", "true", "", "bo")
    with pytest.raises(InputError, match=r"incident 'x': unknown; one of m:2.*:1, m:2.*:1 would be right"):
        people.mute("x", NOW + HOUR, "why", "bo")
    with pytest.raises(InputError, match=r"muted until .* which is past"):
        people.mute(INCIDENT.id, NOW, "why", "bo")
    with pytest.raises(InputError, match=r"muted without a reason"):
        people.mute(INCIDENT.id, NOW + HOUR, " ", "bo")
    with pytest.raises(InputError, match=r"is over since .* to acknowledge it would be right"):
        people.mute(OVER.id, NOW + HOUR, "why", "bo")
    assert (house.events(), house.heard) == ([], [])
    with house.database.read() as connection:
        assert {row.verdict for row in incidents.page(connection)} == {None}


def test_where_no_incident_is_that_is_said(tmp_path: Path) -> None:
    people = People(keep(tmp_path / "state"), loaded(tmp_path, CONFIG), lambda: NOW)
    assert people.incident("x") is None
    with pytest.raises(InputError, match=r"incident 'x': unknown; there is none yet"):
        people.known("x")


def test_of_a_monitor_that_is_configured_no_more_things_are_said_all_the_same(house: House, tmp_path: Path) -> None:
    house.config = loaded(tmp_path, "monitors: {other: {captures: c, baseline: b}}\n")
    house.people.acknowledge(INCIDENT.id, "true", "", "bo")
    assert house.events()[0].labels == {"owner": "ann"}


def test_an_occasion_is_told_replaced_and_withdrawn(house: House) -> None:
    people = house.people
    made = people.tell("deploy", monitor="m", start=None, end=None, why="version 8", key=None, by="ci")
    assert (made.id, made.start, made.end, made.who) == ("m:deploy:20260302T110000Z", NOW, None, "ci")
    first = people.tell("holiday", monitor=None, start=START, end=NOW, why="", key="h1", by="ann")
    again = people.tell("holiday", monitor=None, start=START, end=NOW + HOUR, why="longer", key="h1", by="bo")
    assert people.occasions(None, None, 9, "").items == [made, again]
    assert people.occasions("m", NOW + HOUR, 9, "").items == [again]
    assert first != again
    one = people.occasions(None, None, 1, "")
    assert people.occasions(None, None, 1, one.cursor).items == [again]
    assert people.withdraw("h1")
    assert not people.withdraw("h1")
    people.told(made.id)
    with pytest.raises(InputError, match=r"occasion 'h1': unknown; one of m:deploy:20260302T110000Z would be right"):
        people.told("h1")
    with pytest.raises(InputError, match=r"cursor '-': is none that was given out"):
        people.occasions(None, None, 1, "-")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"kind": "Deploy!"}, "kind 'Deploy!': small letters, digits, _ and - would be right: deploy"),
        ({"key": "a/b"}, "id 'a/b': letters, digits and _ . : - would be right, at most 128 of them"),
        ({"end": NOW}, "end 2026-03-02T11:00:00Z: is not after the start 2026-03-02T11:00:00Z"),
        ({"monitor": "n"}, "monitor 'n': unknown; one of m would be right"),
    ],
)
def test_an_occasion_that_is_none_is_refused(house: House, change: dict, why: str) -> None:
    whole = {"kind": "deploy", "monitor": None, "start": None, "end": None, "why": "", "key": None, "by": "ci"}
    with pytest.raises(InputError) as caught:
        house.people.tell(**{**whole, **change})
    assert str(caught.value) == why
    assert house.people.occasions(None, None, 9, "").items == []


def test_dead_letters_are_listed_and_sent_once_more_by_routes_that_there_are(house: House) -> None:
    (letter,) = house.people.dead_letters(1, "").items
    assert (letter.receiver, letter.kind, letter.monitor, letter.why, letter.event) == (
        "ops", "incident.opened", "m", "410 gone", TOLD,
    )  # fmt: skip
    assert (letter.made, letter.since) == (NOW, NOW + HOUR)
    assert house.people.dead_letters(1, "1").items == []
    with pytest.raises(InputError, match=r"route 'opps': unknown; did you mean 'ops'\?"):
        house.people.replay("opps")
    with pytest.raises(InputError, match=r"cursor 'x': is none that was given out"):
        house.people.dead_letters(1, "x")
    assert (house.people.replay("alerts"), house.people.replay("ops"), house.people.replay("ops")) == (0, 1, 0)
    with house.database.read() as connection:
        (again,) = outgoing.due(connection, NOW, 9, ["ops"])
    assert (again.event.id, again.made_at, json.loads(again.event.body)["kind"]) == (TOLD, NOW, "incident.opened")
    house.config = house.config.model_copy(update={"routes": ()})
    with pytest.raises(InputError, match=r"route 'ops': unknown; there are none; `routes:` with one would be right"):
        house.people.replay("ops")
