"""From a judged window to somebody who hears of it: an incident, and events that no crash and no outage loses."""

import json
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import shop
from daemons import HOUR, START, Farm, Process, awaited, rows, serving, settled
from events import check
from prometheus_server import alertmanager, free_address

from monitor.daemon.clock import machine_clock
from monitor.daemon.service import Service
from monitor.store import incidents, occasions, outgoing
from monitor.store.database import Database

MINUTE = timedelta(minutes=1)
MONITOR = (
    "  m: {captures: captures/m, baseline: baselines/model, schedule: {every: 1h, delay: 0s}, owner: ann,"
    " runbook: 'https://wiki.example.com/m', columns: {prediction: score}}"
)
Heard = list[tuple[dict[str, str], dict[str, Any]]]


@contextmanager
def listening(address: str, answers: Callable[[int], int] = lambda number: 204) -> Iterator[Heard]:
    """A receiver; `answers` says what the n-th request is answered with, 0: nothing, the connection ends."""
    heard: Heard = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            heard.append((dict(self.headers), json.loads(body)))
            code = answers(len(heard))
            if code:
                self.send_response(code)
                self.end_headers()

        def log_message(self, *arguments: object) -> None:
            pass

    host, _, port = address.partition(":")
    server = ThreadingHTTPServer((host, int(port)), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield heard
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def farm(tmp_path: Path) -> Farm:
    made = Farm(tmp_path)
    made.baseline()
    return made


def routed(farm: Farm, receiver: str) -> None:
    farm.write(f"routes: [{{name: ops, {receiver}, allow: [127.0.0.1], severity: info}}]", monitors=MONITOR)


def hours(farm: Farm, *moved: bool, start=START) -> None:
    """An hour of captures each; `income` has moved in some."""
    for number, has_moved in enumerate(moved):
        farm.captures("m", start + number * HOUR, count=600, moved=has_moved)


def on_its_way(service: Service) -> list[outgoing.Delivery]:
    assert service.state.leading is not None
    with service.state.leading.database.read() as connection:
        return outgoing.due(connection, START + 10_000 * HOUR, 100, ["ops"])


def test_a_receiver_that_was_away_hears_of_an_incident_and_of_its_end(farm: Farm) -> None:
    address = free_address()
    routed(farm, f"webhook: 'http://{address}/hook'")
    hours(farm, False, True)
    with serving(farm, START + HOUR) as (service, clock):
        assert service.state.leading is not None
        with service.state.leading.database.write() as connection:
            deploy = occasions.Occasion(id="d", kind="deploy", start=START + 30 * MINUTE, why="model 8")
            occasions.told(connection, deploy, START)
            occasions.told(connection, replace(deploy, id="e", start=START - 30 * HOUR), START)
        settled(service, clock, START + 2 * HOUR)
        awaited(lambda: any(one.attempts for one in on_its_way(service)))
        with listening(address) as heard:
            clock.move(START + 2 * HOUR + 2 * MINUTE)
            awaited(lambda: len(heard) == 1)
            headers, told = heard[0]
            assert headers["content-type"].startswith("application/cloudevents+json")
            assert (told["type"], told["data"]["kind"]) == ("io.driftd.incident.opened.v1", "incident.opened")
            event = told["data"]
            check(event)
            assert event["data"]["occasions"] == [{"kind": "deploy", "start": "2026-03-02T09:30:00Z", "why": "model 8"}]
            assert (event["monitor"], event["status"], event["runbook"]) == (
                "m",
                "firing",
                "https://wiki.example.com/m",
            )
            assert event["labels"] == {"owner": "ann"}
            assert event["data"]["features"] == ["income"]
            assert event["data"]["cause"] in ("shape", "unit_or_scale")
            (finding,) = [one for one in event["data"]["findings"] if one["rule"] == "skew"]
            assert finding["value"] > finding["threshold"] > 0
            assert finding["n_now"] == 600  # as they are read, though while production is learned five count as one
            hours(farm, *[False] * 30, start=START + 2 * HOUR)
            settled(service, clock, START + 32 * HOUR)
            awaited(lambda: len(heard) == 2)
            over = heard[1][1]["data"]
            assert (over["kind"], over["status"], over["data"]["incident"]) == (
                "incident.resolved", "resolved", event["data"]["incident"],
            )  # fmt: skip
            awaited(lambda: on_its_way(service) == [])  # written down after the answer


def test_a_text_with_control_characters_is_told_as_one_line(farm: Farm) -> None:
    address = free_address()
    odd = MONITOR.replace("owner: ann", 'owner: "ann\\n\\a"').replace("'https://wiki.example.com/m'", '"x\\ty"')
    farm.write(
        f"routes: [{{name: ops, webhook: 'http://{address}/', allow: [127.0.0.1], severity: info}}]", monitors=odd
    )
    hours(farm, True)
    with listening(address) as heard, serving(farm, START + HOUR) as (service, clock):
        settled(service, clock, START + HOUR)
        awaited(lambda: len(heard) == 1)
    assert (heard[0][1]["data"]["labels"], heard[0][1]["data"]["runbook"]) == ({"owner": "ann ?"}, "x y")


def test_a_daemon_killed_between_sending_and_writing_down_tells_it_again_under_the_same_id(farm: Farm) -> None:
    address = free_address()
    routed(farm, f"webhook: 'http://{address}/hook'")
    now = machine_clock().replace(minute=0, second=0, microsecond=0)
    hours(farm, False, True, start=now - 2 * HOUR)
    daemons: list[Process] = []

    def killed_at_first(number: int) -> int:
        if number > 1:
            return 204
        daemons[0].popen.send_signal(signal.SIGKILL)
        daemons[0].popen.wait(30)
        return 0

    with listening(address, killed_at_first) as heard:
        with Process(farm.config) as first:
            daemons.append(first)
            awaited(lambda: len(heard) == 1)
            awaited(lambda: first.popen.poll() == -signal.SIGKILL)
        with Process(farm.config) as second:
            second.awaited("event told")
            assert second.end() == 0
    assert heard[0][1]["id"] == heard[1][1]["id"]
    database = Database.open("sqlite", farm.state, read_only=True)
    with database.read() as connection:
        assert outgoing.dead(connection, 10) == []
        assert incidents.open_ones(connection)[0].state == "notified"
    database.close()


def test_a_daemon_killed_before_incidents_followed_follows_at_its_next_start(farm: Farm) -> None:
    address = free_address()
    routed(farm, f"webhook: 'http://{address}/hook'")
    hours(farm, True)
    with serving(farm, START + HOUR) as (service, clock):
        leading = service.state.leading
        assert leading is not None
        leading.follow = lambda *_: None  # as if it ended here
        leading.dispatcher._listener._follow = leading.follow
        settled(service, clock, START + HOUR)
        with leading.database.read() as connection:
            assert incidents.page(connection) == []
    with listening(address) as heard, serving(farm, START + HOUR + MINUTE):
        awaited(lambda: len(heard) == 1)


def test_a_real_alertmanager_hears_that_it_fires_and_that_it_is_over(farm: Farm) -> None:
    """By windows of a minute: an Alertmanager goes by the real time, where what is still to come is not over."""
    minutes = "{every: 1m, delay: 0s}, checks: [{rule: volume}], alarms: {few: {when: rows < 10, of: 1 of 1}}"
    with alertmanager() as server:
        farm.write(
            f"routes: [{{name: ops, alertmanager: ['http://{server.address}'], allow: [127.0.0.1]}}]",
            monitors=MONITOR.replace("{every: 1h, delay: 0s}", minutes),
        )
        now = machine_clock().replace(second=0, microsecond=0)
        first, second = now - 2 * MINUTE, now - MINUTE
        lines = [
            shop.capture(row.split(",", 1)[1], row.split(",")[0], number, at=first + number * timedelta(seconds=10))
            for number, row in enumerate(rows(6, 1))
        ]
        lines += [
            shop.capture(row.split(",", 1)[1], row.split(",")[0], number, at=second + number * timedelta(seconds=1))
            for number, row in enumerate(rows(60, 2), 6)
        ]
        for start in {first.replace(minute=0), second.replace(minute=0)}:
            shop.write(farm.folder / "captures" / "m" / f"{start:%Y/%m/%d/%H}" / "a.jsonl", lines)
        with serving(farm, second) as (service, clock):
            settled(service, clock, second)
            awaited(lambda: [one["labels"]["monitor"] for one in server.alerts()] == ["m"])
            (alert,) = server.alerts()
            assert (alert["labels"]["alertname"], alert["labels"]["owner"]) == ("DriftdIncident", "ann")
            assert alert["annotations"]["summary"].startswith("alarm few: rows < 10")
            settled(service, clock, now)
            awaited(lambda: server.alerts() == [])  # Alertmanager lists what is active
            assert service.state.leading is not None
            with service.state.leading.database.read() as connection:
                assert incidents.open_ones(connection, "m") == []


def test_a_mean_prediction_that_fell_within_a_day_is_an_alarm_of_one_line(farm: Farm) -> None:
    line = "alarms: {prediction_down: 'mean(score) < 0.9 * avg(mean(score), 1d)'}"
    checks = "checks: [{rule: volume}]"
    farm.write(monitors=f"{MONITOR.removesuffix('}')}, {checks}, {line}}}")
    for number in range(17):
        farm.captures("m", START + number * HOUR, count=600, fell=number >= 14)
    states = []
    with serving(farm, START + HOUR) as (service, clock):
        leading = service.state.leading
        assert leading is not None
        for number in range(17):
            settled(service, clock, START + (number + 1) * HOUR)
            with leading.database.read() as connection:
                states.append(incidents.alarms(connection, "m")["prediction_down"].state)
        with leading.database.read() as connection:
            (incident,) = incidents.open_ones(connection)
            told = [json.loads(one.body) for one in outgoing.waiting(connection, 100) if "incident" in one.kind]
    assert states[10:] == ["insufficient_data", "insufficient_data", "ok", "ok", "ok", "alarm", "alarm"]
    assert incident.first == START + 16 * HOUR
    body = json.loads(incident.body)
    assert body["parts"][0]["firing"]["rule"] == "alarm prediction_down"
    assert "mean(score) < 0.9 * avg(mean(score), 1d)" in body["parts"][0]["firing"]["why"]
    assert [one["severity"] for one in told] in ([], ["page"])
