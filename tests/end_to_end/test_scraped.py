"""A real Prometheus scrapes the daemon, and a real Alertmanager hears of what was planted."""

import json
from pathlib import Path

import pytest
from daemons import HOUR, START, Farm, fetched, serving, settled
from prometheus_server import alertmanager, awaited, prometheus

RULES = Path(__file__).parent.parent.parent / "deploy" / "prometheus" / "rules"
SCHEDULE = "schedule: {every: 1h, delay: 0s}"
BOTH = (
    f"  good: {{captures: captures/good, baseline: baselines/model, {SCHEDULE}, endpoint: {{model: churn}}}}\n"
    f"  moved: {{captures: captures/moved, baseline: baselines/model, {SCHEDULE}, endpoint: {{model: churn}}}}"
)


@pytest.fixture
def farm(tmp_path: Path) -> Farm:
    made = Farm(tmp_path)
    made.baseline()
    made.write(monitors=BOTH)
    for name in ("good", "moved"):
        made.captures(name, moved=name == "moved")
    return made


def address(url: str) -> str:
    return url.removeprefix("http://").rstrip("/")


def test_the_planted_fault_reaches_alertmanager_and_removed_monitors_vanish(farm: Farm) -> None:
    with serving(farm, START + HOUR) as (service, clock), alertmanager() as alerts:
        settled(service, clock, START + HOUR)
        with prometheus(address(service.address), sorted(RULES.glob("*.y*ml")), [alerts.address]) as server:
            server.scraped(2)
            told = json.loads(fetched(f"{service.address}api/v1/monitors/moved")[1])["data"]["monitor"]
            assert server.value('driftd_feature_drifted{monitor="moved",feature="income"}') == 1
            assert server.value('driftd_monitor_window_records{monitor="moved"}') == told["figures"]["records"] == 300
            scores = {
                labels["feature"]: score
                for labels, score in server.query('driftd_feature_drift_score{monitor="moved"}')
            }
            assert scores == pytest.approx({one["feature"]: one["score"] for one in told["figures"]["scores"]})
            assert server.value('sum(driftd_feature_drifted{monitor="good"})') == 0

            found = awaited(lambda: alerts.named("DriftdFeatureDrift"))
            (labels,) = [one["labels"] for one in found]
            assert (labels["monitor"], labels["feature"], labels["model"]) == ("moved", "income", "churn")

            farm.write(monitors=BOTH.splitlines()[0])
            assert service.reload("test") == ""
            server.scraped(2)
            assert server.query('{monitor="moved"}') == []
            assert server.value('driftd_monitor_enabled{monitor="good"}') == 1


def test_a_restart_loses_nothing_that_was_shown(farm: Farm) -> None:
    with serving(farm, START + HOUR) as (service, clock):
        settled(service, clock, START + HOUR)
        listen = address(service.address)
        with prometheus(listen) as server:
            server.scraped(2)
            before = monitors(server)
            service.stop()
            farm.write(monitors=BOTH, listen=listen)
            with serving(farm, START + HOUR):
                server.scraped(2)
                assert monitors(server) == before


def monitors(server: object) -> dict[tuple[tuple[str, str], ...], float]:
    """What is shown of monitors, but for counters since the start."""
    found = server.query('{__name__=~"driftd_(monitor|feature|baseline)_.*"}')  # type: ignore[attr-defined]
    return {tuple(sorted(labels.items())): value for labels, value in found}
