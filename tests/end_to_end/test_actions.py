"""The mean prediction falls, and the model is trained anew: once, and not where the data are broken."""

import json
import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest
import shop
from daemons import HOUR, START, Farm, awaited, rows, serving, settled
from events import check

from monitor.daemon.service import Service
from monitor.store import deeds
from monitor.store.tables import OUTBOX

EXAMPLE = Path(__file__).parent.parent.parent / "config"
FELL = 14
"""The hour of the first window in which predictions are a fifth less."""


@pytest.fixture
def farm(tmp_path: Path) -> Farm:
    """The example as it is shipped, with captures and a baseline where it has them."""
    made = Farm(tmp_path)
    made.baseline("churn")
    shutil.copytree(EXAMPLE / "scripts", tmp_path / "config" / "scripts")
    shutil.copy(EXAMPLE / "retrain.yaml", tmp_path / "config")
    return made


class Example(Farm):
    @property
    def config(self) -> Path:
        return self.folder / "config" / "retrain.yaml"


def captures(farm: Farm, start: datetime, number: int, *, fell: bool, gone: bool = False) -> None:
    """An hour of captures; `gone`: ages do not come any more."""
    lines = []
    for at, row in enumerate(rows(600, number, fell=fell)):
        answer, age, rest = row.split(",", 2)
        lines.append(shop.capture(f"{'' if gone else age},{rest}", answer, at, at=start + at * HOUR / 600))
    shop.write(farm.folder / "captures" / "churn" / f"{start:%Y/%m/%d/%H}" / "a.jsonl", lines)


def events(service: Service) -> list[dict[str, object]]:
    """All that was to be told of actions, in order."""
    assert service.state.leading is not None
    with service.state.leading.database.read() as connection:
        c = OUTBOX.c
        found = connection.execute(OUTBOX.select().where(c.kind.like("action.%")).order_by(c.made_at, c.kind))
        told = [json.loads(row.body) for row in found]
    for event in told:
        check(event)
    return told


def hours(service: Service, clock, numbers: Sequence[int]) -> None:
    for number in numbers:
        settled(service, clock, START + (number + 1) * HOUR)


def test_the_model_is_trained_once_when_the_mean_prediction_fell_within_a_day(farm: Farm) -> None:
    example = Example(farm.folder)
    for number in range(20):
        captures(farm, START + number * HOUR, number, fell=number >= FELL)
    made = farm.folder / "config" / "retrain.json"
    with serving(example, START + HOUR) as (service, clock):
        hours(service, clock, range(FELL + 1))
        assert events(service) == []
        hours(service, clock, range(FELL + 1, 20))
        awaited(lambda: any(one["kind"] == "action.done" for one in events(service)))
        asked, done = events(service)
    assert (asked["kind"], done["kind"], done["severity"]) == ("action.requested", "action.done", "info")
    said = json.loads(made.read_text())
    assert (said["id"], said["type"]) == (asked["id"], "io.driftd.action.requested.v1")
    data = said["data"]["data"]
    assert (data["action"], data["alarm"], data["cause"]) == ("retrain", "prediction_down", "shape")
    assert done["data"]["outcome"]["code"] == 0
    assert done["data"]["outcome"]["said"].startswith("churn: training asked for by prediction_down (churn:")


def test_broken_data_train_no_model_and_it_is_said_why(farm: Farm) -> None:
    example = Example(farm.folder)
    for number in range(20):
        captures(farm, START + number * HOUR, number, fell=number >= FELL, gone=number >= FELL)
    with serving(example, START + HOUR) as (service, clock):
        hours(service, clock, range(20))
        (refused,) = events(service)
        with service.state.leading.database.read() as connection:
            assert deeds.due(connection, START + 1000 * HOUR, ()) == []
    assert (refused["kind"], refused["severity"]) == ("action.refused", "warning")
    assert refused["summary"].startswith("retrain refused: incident churn:")
    assert "is open and stands on missing: values of age no longer come" in refused["summary"]
    assert not (farm.folder / "config" / "retrain.json").exists()


def test_windows_that_were_broken_start_nothing_until_the_alarm_looks_back_at_them_no_more(farm: Farm) -> None:
    farm.write(
        monitors="  churn: {captures: captures/churn, baseline: baselines/churn, schedule: {every: 1h, delay: 0s},"
        " checks: [{rule: completeness}], alarms: {low: {when: mean(score) < 0.45, of: 1 of 4}},"
        " actions: [{name: retrain, alarm: low, command: touch ran}]}"
    )
    for number in range(17):
        captures(farm, START + number * HOUR, number, fell=number >= FELL, gone=number == FELL - 4)
    seen = []
    with serving(farm, START + HOUR) as (service, clock):
        for number in range(17):
            settled(service, clock, START + (number + 1) * HOUR)
            seen.append([event["kind"] for event in events(service)])
        awaited((farm.folder / "ran").exists)
        refused = events(service)[0]
    assert seen[13:16] == [[], ["action.refused"], ["action.refused"]]
    assert "action.requested" in seen[16]
    assert "fired until 2026-03-02 20:00 UTC and stands on missing" in str(refused["summary"])
