"""A daemon with alarms against a band and alarms that a deploy withholds: who hears of what, and when."""

import json
from pathlib import Path

import pytest
from daemons import HOUR, START, Farm, serving, settled

from monitor.daemon.clock import HandClock
from monitor.daemon.service import Service
from monitor.store import incidents, occasions
from monitor.store.occasions import Occasion

MONITOR = (
    "  m: {captures: captures/m, baseline: baselines/model, schedule: {every: 1h, delay: 0s}, checks: [{rule: volume}],"
    " columns: {prediction: score}, alarms: {"
)
DAYS = 15 + 24  # from nine o'clock to the second midnight: the third day has 39 windows to learn from


@pytest.fixture
def farm(tmp_path: Path) -> Farm:
    made = Farm(tmp_path)
    made.baseline()
    return made


def captured(farm: Farm, *fell: bool, first: int = 0) -> None:
    for number, is_low in enumerate(fell, start=first):
        farm.captures("m", START + number * HOUR, count=400, fell=is_low)


def state(service: Service, name: str) -> str:
    assert service.state.leading is not None
    with service.state.leading.database.read() as connection:
        return incidents.alarms(connection, "m")[name].state


def judged(service: Service, clock: HandClock, until: int) -> None:
    settled(service, clock, START + until * HOUR)


def test_a_number_outside_its_band_is_told_with_what_is_usual(farm: Farm) -> None:
    farm.write(monitors=f"{MONITOR}odd: {{band: mean(score), of: 1 of 1}}}}}}")
    captured(farm, *[False] * (DAYS + 1), True)
    with serving(farm, START + HOUR) as (service, clock):
        judged(service, clock, DAYS)
        assert state(service, "odd") == "insufficient_data"  # the second day has 15 windows to learn from
        judged(service, clock, DAYS + 1)
        assert state(service, "odd") == "ok"
        judged(service, clock, DAYS + 2)
        assert state(service, "odd") == "alarm"
        assert service.state.leading is not None
        with service.state.leading.database.read() as connection:
            (incident,) = incidents.open_ones(connection, "m")
    body = json.loads(incident.body)
    assert body["why"].startswith("alarm odd: mean(score) outside what is usual (1 of 1 windows; the last was 0.")
    assert (incident.cause, incident.severity, body["parts"][0]["firing"]["is_output"]) == ("shape", "warning", True)


def test_what_a_deploy_withholds_is_told_when_it_is_over(farm: Farm) -> None:
    low = "low: {when: mean(score) < 0.45, of: 1 of 1, suppressor: deploying}"
    farm.write(
        "routes: [{name: nowhere, webhook: 'http://127.0.0.1:9/', allow: [127.0.0.1], severity: page}]",
        monitors=f"{MONITOR}{low}, deploying: {{composite: DURING(deploy)}}}}}}",
    )
    captured(farm, False, True, True, True)
    deploy = Occasion(id="d", kind="deploy", start=START + HOUR, end=START + 3 * HOUR)
    with serving(farm, START + HOUR) as (service, clock):
        leading = service.state.leading
        assert leading is not None
        with leading.database.write() as connection:
            occasions.told(connection, deploy, START)
        seen = []
        for number in range(1, 5):
            judged(service, clock, number)
            with leading.database.read() as connection:
                rows, opened = incidents.alarms(connection, "m"), incidents.page(connection, "m")
            seen.append((rows["low"].state, rows["deploying"].state, len(opened)))
            if number in (2, 3):
                said = json.loads(rows["low"].body)
                assert said["reason"].endswith("; actions are withheld while 'deploying' is in alarm")
                assert said["hold"]["told"] == "ok"
    assert seen == [("ok", "ok", 0), ("alarm", "alarm", 0), ("alarm", "alarm", 0), ("alarm", "ok", 1)]
    (incident,) = opened
    assert incident.first == START + 4 * HOUR
    assert json.loads(incident.body)["why"] == "alarm low: mean(score) < 0.45 (1 of 1 windows)"
