"""People and a daemon: what they say of incidents is kept, counted and told, by its API and by command line."""

import hashlib
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import command
import pytest
from command import Ran
from daemons import HOUR, START, Farm, awaited, fetched, serving, settled
from end_to_end.test_told import hours, listening
from prometheus_server import free_address

from monitor.daemon.service import Service

TOKEN = "ann's"


@pytest.fixture
def farm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Farm:
    made = Farm(tmp_path)
    made.baseline()
    monkeypatch.setenv("DRIFTD_TOKEN", TOKEN)
    return made


def configured(farm: Farm, receiver: str = "127.0.0.1:1") -> None:
    """A token for ann, and a route that hears everything of incidents."""
    digest = hashlib.sha256(TOKEN.encode()).hexdigest()
    farm.config.write_text(
        f"web: {{listen: '{free_address()}', tokens: [{{id: ann, sha256: {digest}, scopes: write}}]}}\n"
        f"routes: [{{name: ops, webhook: 'http://{receiver}/', allow: [127.0.0.1], severity: info}}]\n"
        "monitors:\n  m: {captures: captures/m, baseline: baselines/model, schedule: {every: 1h, delay: 0s}}\n"
    )


def driftd(farm: Farm, *arguments: object) -> Ran:
    ran = command.driftd(*arguments, "--config", farm.config)
    assert (ran.code, ran.err) == (0, "")
    return ran


def asked(service: Service, path: str, body: Any = None) -> Any:
    method = "GET" if body is None else "POST"
    code, text = fetched(f"{service.address}api/v1/{path}", method=method, body=body, token=TOKEN)
    assert code in (200, 201, 202), text
    return json.loads(text)["data"]


def metric(service: Service, name: str) -> list[str]:
    text = fetched(f"{service.address}metrics")[1]
    return [line.removeprefix(name) for line in text.splitlines() if line.startswith(f"{name}{{")]


def only(service: Service) -> dict[str, Any]:
    """The incident that is open."""
    (row,) = asked(service, "incidents")["items"]
    return dict(row)


def test_a_verdict_comes_by_the_api_while_the_daemon_runs_and_by_command_line_when_it_does_not(farm: Farm) -> None:
    configured(farm)
    hours(farm, False, True)
    with serving(farm, START + HOUR) as (service, clock):
        settled(service, clock, START + 2 * HOUR)
        awaited(lambda: asked(service, "incidents")["items"])
        row = only(service)
        assert (row["state"], row["features"]) == ("notified", ["income"])
        assert metric(service, "driftd_monitor_alert_precision") == []
        assert f'{{monitor="m",cause="{row["cause"]}"}} 1.0' in metric(service, "driftd_incidents_total")
        assert f'{{monitor="m",severity="{row["severity"]}"}} 1.0' in metric(service, "driftd_monitor_open_incidents")
        page = asked(service, f"incidents/{quote(row['id'])}/acknowledge", {"verdict": "false", "why": "a campaign"})
        assert page["acknowledged"]["who"] == "token ann from 127.0.0.1"
        assert metric(service, "driftd_monitor_alert_precision") == ['{monitor="m"} 0.0']
        assert metric(service, "driftd_monitor_false_alarms") == ['{monitor="m"} 1.0']
        assert only(service)["state"] == "acknowledged"
        driftd(farm, "incident", "ack", row["id"], "--as", "expected")
        assert only(service)["verdict"] == "expected"
        assert metric(service, "driftd_monitor_alert_precision") == []
    driftd(farm, "incident", "ack", row["id"], "--as", "true", "--why", "prices are wrong")
    with serving(farm, START + 2 * HOUR) as (service, clock):
        assert metric(service, "driftd_monitor_alert_precision") == ['{monitor="m"} 1.0']
        assert metric(service, "driftd_incidents_total") == [
            f'{{monitor="m",cause="{cause}"}} {1.0 if cause == row["cause"] else 0.0}'
            for cause in ("no_data", "pipeline", "schema", "unit_or_scale", "category", "shape", "concept")
        ], "it is counted once"
        hours(farm, False, start=START + 2 * HOUR)
        settled(service, clock, START + 3 * HOUR)
        found = asked(service, f"incidents/{quote(row['id'])}")
        assert (found["looked"], found["acknowledged"]["verdict"]) == ("2026-03-02T12:00:00Z", "true")


def test_of_an_incident_that_is_muted_nobody_hears_that_it_is_over(farm: Farm) -> None:
    address = free_address()
    configured(farm, address)
    hours(farm, False, True, *[False] * 30)
    with listening(address) as heard, serving(farm, START + HOUR) as (service, clock):
        settled(service, clock, START + 2 * HOUR)
        awaited(lambda: len(heard) == 1)
        key = only(service)["id"]
        until = (START + 100 * HOUR).isoformat()
        asked(service, f"incidents/{quote(key)}/mute", {"until": until, "why": "is being mended"})
        awaited(lambda: len(heard) == 2)
        settled(service, clock, START + 32 * HOUR)
        awaited(lambda: asked(service, "incidents")["items"] == [])
        (row,) = asked(service, "incidents?state=all")["items"]
        assert (row["id"], row["state"]) == (key, "resolved")
        told = asked(service, f"incidents/{quote(key)}")["told"]
        assert {one["kind"] for one in told} == {"incident.opened", "incident.muted"}
    assert [one[1]["data"]["kind"] for one in heard] == ["incident.opened", "incident.muted"]


def test_an_occasion_that_is_told_by_command_line_is_listed_by_the_api_and_beside_the_incident(farm: Farm) -> None:
    configured(farm)
    hours(farm, True)
    with serving(farm, START) as (service, clock):
        settled(service, clock, START + HOUR)
        awaited(lambda: asked(service, "incidents")["items"])
        told = driftd(farm, "events", "tell", "deploy", "--monitor", "m", "--start", "2026-03-02T09:10:00Z")
        assert told.out == "m:deploy:20260302T091000Z: told\n"
        (one,) = asked(service, "occasions?monitor=m")["items"]
        assert (one["kind"], one["who"]) == ("deploy", "token ann from 127.0.0.1")
        shown = driftd(farm, "incident", "show", only(service)["id"])
        assert "deploy  2026-03-02T09:10:00Z  -  m" in shown.out
        driftd(farm, "events", "withdraw", one["id"])
        assert asked(service, "occasions")["items"] == []


def test_a_dead_letter_that_is_sent_once_more_arrives_under_the_id_that_it_had(farm: Farm) -> None:
    address = free_address()
    configured(farm, address)
    hours(farm, True)
    with (
        listening(address, lambda number: 400 if number == 1 else 204) as heard,
        serving(farm, START) as (service, clock),
    ):
        settled(service, clock, START + HOUR)
        awaited(lambda: asked(service, "dead_letters")["items"])
        (letter,) = asked(service, "dead_letters")["items"]
        assert (letter["receiver"], letter["kind"]) == ("ops", "incident.opened")
        assert "400" in driftd(farm, "notify", "dead").out
        settled(service, clock, START + 26 * HOUR)  # what was made so long ago would be dead again
        assert driftd(farm, "notify", "replay", "ops").out == "ops: 1 dead letter to be sent once more\n"
        awaited(lambda: len(heard) >= 2)
        assert letter["event"] == heard[0][1]["id"]
        awaited(lambda: letter["event"] in [one[1]["id"] for one in heard[1:]])
        awaited(lambda: asked(service, "dead_letters")["items"] == [])
