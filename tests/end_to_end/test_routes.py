"""From judged windows to people: one letter for what comes together, a digest in the morning, reminders, few pages."""

import json
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from actions.receivers import Told, receiving, saying
from daemons import HOUR, START, Farm, Process, awaited, serving, settled
from deliveries import counts
from events import check
from mails import mailing

from monitor.daemon.aftermath import incident_of, row_of
from monitor.daemon.clock import machine_clock
from monitor.daemon.service import Service
from monitor.incident import Verdict, acknowledged
from monitor.store import gathered, incidents, outgoing
from monitor.store.database import Database
from monitor.store.incidents import Followed
from monitor.window import Window

SECOND = timedelta(seconds=1)
HOURLY, ONCE = "{every: 1h, delay: 0s}", "{cron: '0 10 2 3 *', window: 1h, delay: 0s}"
"""`ONCE`: the hour from START on and no other, however far the clock is moved."""
MORNING = START.replace(hour=8) + 24 * HOUR
URL = ', external_url: "https://driftd.example.com/"'


@pytest.fixture
def farm(tmp_path: Path) -> Farm:
    made = Farm(tmp_path)
    made.baseline()
    return made


def low(*names: str, severity: str = "warning", schedule: str = HOURLY) -> str:
    """Monitors that alarm where their answers are low."""
    alarms = f"alarms: {{low: {{when: 'mean(score) < 0.45', of: 1 of 1, severity: {severity}}}}}"
    return "\n".join(
        f"  {name}: {{captures: captures/{name}, baseline: baselines/model, schedule: {schedule},"
        f" columns: {{prediction: score}}, checks: [{{rule: volume}}], {alarms}}}"
        for name in names
    )


def fall(farm: Farm, *names: str, start: datetime = START) -> None:
    for name in names:
        farm.captures(name, start, count=600, fell=True)


@contextmanager
def read(service: Service) -> Iterator[Any]:
    assert service.state.leading is not None
    with service.state.leading.database.read() as connection:
        yield connection


def states(service: Service) -> dict[str, int]:
    with read(service) as connection:
        return counts(connection).get("ops", {})


def heard(told: Told) -> list[dict[str, Any]]:
    """The events that a webhook got, each as the schema has it."""
    events = [json.loads(one.body)["data"] for one in told.got]
    for event in events:
        check(event)
    return events


def hook(told: Told, more: str) -> str:
    return f"routes: [{{name: ops, webhook: 'http://127.0.0.1:{told.port}/', allow: [127.0.0.1], {more}}}]"


def mail(port: int) -> str:
    to = f"{{host: 127.0.0.1, port: {port}, encryption: none, from: d@example.com, to: ann@example.com}}"
    return f"routes: [{{name: ops, allow: [127.0.0.1], email: {to}}}]"


def test_incidents_of_three_monitors_are_one_letter(farm: Farm, tmp_path: Path) -> None:
    names = ("a", "b", "c")
    fall(farm, *names)
    with mailing(tmp_path, starttls=False) as mails:
        farm.write(mail(mails.port), monitors=low(*names), web=URL)
        with serving(farm, START) as (service, clock):
            settled(service, clock, START + HOUR)
            awaited(lambda: states(service) == {"gathering": 3})
            assert mails.taken == []
            clock.move(START + HOUR + 31 * SECOND)
            awaited(lambda: states(service) == {"joined": 3, "sent": 1})
        (letter,) = mails.letters()
    assert letter["Subject"].startswith("[page] driftd: 3 events of 3 monitors: ")
    text = letter.get_content()
    for name in names:
        assert f"[page] {name}: " in text
        assert f"link: https://driftd.example.com/incidents/{name}" in text


def test_inputs_that_moved_wake_nobody_and_stand_in_the_next_mornings_digest(farm: Farm, tmp_path: Path) -> None:
    farm.captures("m", START, count=600, moved=True)
    with mailing(tmp_path, starttls=False) as mails:
        once = f"  m: {{captures: captures/m, baseline: baselines/model, schedule: {ONCE}}}"
        farm.write(mail(mails.port), monitors=once)
        with serving(farm, START) as (service, clock):
            settled(service, clock, START + HOUR)
            awaited(lambda: states(service) == {"quiet": 1})
            assert mails.taken == []
            clock.move(MORNING)
            awaited(lambda: states(service) == {"joined": 1, "sent": 1})
            with read(service) as connection:
                (joined,) = outgoing.held(connection, "ops", gathered.JOINED, 10)
        (letter,) = mails.letters()
    assert joined.event.kind == "incident.opened"
    assert letter["Subject"].startswith("[info] m: digest: 1 event too quiet to be told at once, 1 open incident")
    assert letter.get_content().count("income") >= 2
    assert "rule skew, feature income, " in letter.get_content()


def test_a_daemon_killed_once_a_group_was_settled_tells_the_same_group(farm: Farm) -> None:
    names = ("a", "b")
    fall(farm, *names, start=machine_clock().replace(minute=0, second=0, microsecond=0) - HOUR)
    daemons: list[Process] = []

    def killing(connection: socket.socket, over: threading.Event) -> None:
        connection.recv(1)
        daemons[0].popen.send_signal(signal.SIGKILL)
        over.wait(30)

    with saying(killing) as port:
        farm.write(hook(Told(port=port), "group: 10s"), monitors=low(*names))
        with Process(farm.config) as first:
            daemons.append(first)
            awaited(lambda: first.popen.poll() == -signal.SIGKILL)
    database = Database.open("sqlite", farm.state, read_only=True)
    with database.read() as connection:
        (settled_one,) = outgoing.due(connection, machine_clock(), 10, ["ops"])
        assert counts(connection) == {"ops": {"joined": 2, "waiting": 1}}
    database.close()
    assert (settled_one.event.kind, settled_one.attempts) == ("events.grouped", 0)
    with receiving(204) as told:
        farm.write(hook(told, "group: 10s"), monitors=low(*names))
        with Process(farm.config) as second:
            second.awaited("event told")
            assert second.end() == 0
    (event,) = heard(told)
    assert json.loads(told.got[0].body)["id"] == settled_one.event.id
    assert sorted(item["monitor"] for item in event["data"]["events"]) == list(names)
    assert event["data"] == json.loads(settled_one.event.body)["data"]


def test_two_pages_a_day_and_the_others_say_that_they_would_have_been(farm: Farm) -> None:
    names = ("a", "b", "c", "d")
    fall(farm, *names)
    with receiving(204) as told:
        cap = "page_cap: {at_most: 2, per: 1d}"
        farm.write(f"{hook(told, 'severity: info')}\n{cap}", monitors=low(*names, severity="page"))
        with serving(farm, START) as (service, clock):
            settled(service, clock, START + HOUR)
            awaited(lambda: states(service) == {"sent": 4})
    events = heard(told)
    assert sorted(event["severity"] for event in events) == ["page", "page", "warning", "warning"]
    for event in events:
        why = event["data"].get("not_paged")
        assert why == (
            None if event["severity"] == "page" else "not paged: 2 pages went out within 1 day, and the cap is 2"
        )


def test_an_incident_is_told_again_every_four_hours_until_somebody_acknowledges_it(farm: Farm) -> None:
    names = ("a", "b")
    fall(farm, *names)
    with receiving(204) as told:
        farm.write(hook(told, "repeat: 4h"), monitors=low(*names, schedule=ONCE), web=URL)
        with serving(farm, START) as (service, clock):
            settled(service, clock, START + HOUR)
            awaited(lambda: states(service) == {"sent": 2})
            clock.move(START + HOUR + 4 * HOUR + 5 * SECOND)
            awaited(lambda: states(service) == {"sent": 4})
            acknowledge(service, "a", clock())
            clock.move(START + HOUR + 8 * HOUR + 5 * SECOND)
            awaited(lambda: states(service) == {"sent": 5})
    events = heard(told)
    again = [(event["monitor"], event["data"]["times"]) for event in events if event["kind"] == "incident.repeated"]
    assert (sorted(again[:2]), again[2:]) == ([("a", 1), ("b", 1)], [("b", 2)])
    opened, *repeated = [event for event in events if event["monitor"] == "b"]
    assert opened["link"].startswith("https://driftd.example.com/incidents/b")
    assert {(event["summary"], event["link"], event["data"]["incident"]) for event in repeated} == {
        (f"still: {opened['summary']}", opened["link"], opened["data"]["incident"])
    }


def acknowledge(service: Service, monitor: str, now: datetime) -> None:
    """Somebody says that it was a fault."""
    assert service.state.leading is not None
    with service.state.leading.database.write() as connection:
        (row,) = incidents.open_ones(connection, monitor)
        said = row_of(acknowledged(incident_of(row), Verdict.TRUE, who="ann", at=now), now)
        found = Followed(window=Window(start=START, end=START + HOUR), revision=1, incidents=[said])
        incidents.changed(connection, monitor, found, now)


def test_what_is_over_keeps_to_the_schema_too(farm: Farm) -> None:
    fall(farm, "a")
    farm.captures("a", START + HOUR, count=600)
    with receiving(204) as told:
        farm.write(hook(told, "severity: info"), monitors=low("a"))
        with serving(farm, START) as (service, clock):
            settled(service, clock, START + HOUR)
            settled(service, clock, START + 2 * HOUR)
            awaited(lambda: states(service) == {"sent": 2})
    assert [event["kind"] for event in heard(told)] == ["incident.opened", "incident.resolved"]
