"""The rules that `driftd config rules` makes: a real Prometheus scrapes the daemon and goes by them, and a real
Alertmanager with the routes made beside them hears of the planted fault, and of its end."""

from datetime import UTC, datetime
from pathlib import Path

import command
import pytest
from daemons import HOUR, Farm, serving, settled
from prometheus_server import alertmanager, awaited, prometheus

LEARNED, WELL = 8, 6
"""Windows up to the one that is not well, and behind it: an alarm is over after a day of three windows inside."""
LENGTH = 8 * HOUR
MONITOR = """\
  churn:
    captures: captures/churn
    baseline: baselines/model
    schedule: {every: 8h, anchor: ANCHOR, delay: 0s}
    endpoint: {name: churn-prod, model: churn-xgb}
    labels: {team: growth}
    alarm: {learn: {for: 1d, at_least: 4 windows}}
    checks: [driftd, {rule: drift, features: {"in*": {severity: page}}}]
"""


@pytest.fixture
def farm(tmp_path: Path) -> Farm:
    made = Farm(tmp_path)
    made.baseline()
    return made


def test_a_made_alert_reaches_its_owner_and_is_over_once_windows_are_well_again(farm: Farm) -> None:
    # A verdict of another day would be stale, and drift held back: the servers go by the clock of this machine.
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)  # noqa: TID251
    for number in range(-LEARNED, WELL):
        farm.captures("churn", now + number * LENGTH + 7 * HOUR, moved=number == -1)
    farm.write(monitors=MONITOR.replace("ANCHOR", now.isoformat()))
    made = command.driftd("config", "rules", farm.config, "--out", farm.folder / "out")
    assert made.code == 0, made.err
    with (
        serving(farm, now) as (service, clock),
        alertmanager(farm.folder / "out" / "alertmanager.yml") as told,
    ):
        settled(service, clock, now)
        address = service.address.removeprefix("http://").rstrip("/")
        with prometheus(address, [farm.folder / "out" / "driftd.rules.yml"], [told.address]) as server:
            (drift,) = awaited(lambda: [one for one in told.named("DriftdFeatureDrift") if _is_seen(one)])
            assert drift["labels"] == {
                "alertname": "DriftdFeatureDrift",
                "severity": "critical",
                "job": "driftd",
                "instance": address,
                "monitor": "churn",
                "feature": "income",
                "model": "churn-xgb",
                "model_endpoint": "churn-prod",
                "team": "growth",
                "rung": "drift",
            }
            assert [one["name"] for one in drift["receivers"]] == ["growth-page"]
            assert drift["status"]["state"] == "active"
            assert {rule["health"] for rule in server.rules()} == {"ok"}
            settled(service, clock, now + WELL * LENGTH)
            server.scraped(2)
            assert server.value('driftd_feature_drifted{feature="income"}') == 0
            assert awaited(lambda: not told.named("DriftdFeatureDrift"))


def _is_seen(alert: object) -> bool:
    return alert["status"]["state"] != "unprocessed"  # type: ignore[index]
