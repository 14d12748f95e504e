"""The rules that `driftd config rules` makes: a real Prometheus scrapes the daemon and goes by them, and a real
Alertmanager with the routes made beside them hears of the planted fault, and of its end."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import command
import pytest
from daemons import HOUR, Farm, serving, settled
from prometheus_server import Alertmanager, alertmanager, awaited, prometheus

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


@pytest.mark.parametrize(
    ("alerts", "held_back"),
    [
        (("DriftdDown/critical", "DriftdViolation/warning/volume"), {"DriftdViolation"}),
        (("DriftdMonitorStale/warning", "DriftdCaptureStale/warning/freshness"), {"DriftdCaptureStale"}),
        (("DriftdCaptureStale/warning/freshness", "DriftdFeatureDrift/critical/drift"), {"DriftdFeatureDrift"}),
        (("DriftdViolation/warning/schema", "DriftdFeatureDrift/warning/drift"), {"DriftdFeatureDrift"}),
        (("DriftdViolation/info/schema", "DriftdFeatureDrift/warning/drift"), set()),
        (("DriftdViolation/warning/drift", "DriftdFeatureDrift/warning/drift"), set()),
        (("DriftdViolation/warning/volume", "DriftdFeatureDrift/warning/drift/other"), set()),
    ],
)
def test_a_lower_rung_holds_back_what_it_explains(
    routed: Alertmanager, alerts: tuple[str, ...], held_back: set[str]
) -> None:
    number = "".join(alerts)
    now = datetime.now(UTC)  # noqa: TID251  the server compares it with its own clock
    for one in alerts:
        name, severity, rung, other = [*one.split("/"), "", ""][:4]
        labels = {"alertname": name, "severity": severity, "rung": rung, "job": number, "instance": "driftd:9465"}
        labels |= {} if name == "DriftdDown" else {"monitor": f"{number}{other}"}
        times = {"startsAt": now.isoformat(), "endsAt": (now + HOUR).isoformat()}
        routed.push({"labels": {label: value for label, value in labels.items() if value}, **times})

    def is_so() -> bool:
        found = [one for one in routed.alerts() if one["labels"]["job"] == number]
        states = {one["labels"]["alertname"]: one["status"]["state"] for one in found}
        is_told = len(states) == len(alerts) and "unprocessed" not in states.values()
        return is_told and {name for name, state in states.items() if state == "suppressed"} == held_back

    awaited(is_so)


@pytest.fixture(scope="module")
def routed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Alertmanager]:
    folder = tmp_path_factory.mktemp("routed")
    (folder / "driftd.yaml").write_text("monitors: {m: {captures: c, baseline: b}}\n")
    command.driftd("config", "rules", folder / "driftd.yaml", "--out", folder)
    with alertmanager(folder / "alertmanager.yml") as one:
        yield one


def _is_seen(alert: object) -> bool:
    return alert["status"]["state"] != "unprocessed"  # type: ignore[index]
