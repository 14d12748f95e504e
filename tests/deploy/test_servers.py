"""Real servers: what driftd exposes reaches a real Alertmanager through the rules that ship, and goes again."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import boards
import pytest
from prometheus_server import Alertmanager, alertmanager, awaited, prometheus

DEPLOY = Path(__file__).parents[2] / "deploy"
RULES = sorted((DEPLOY / "prometheus" / "rules").glob("*.yml"))
DRIFT = """\
# HELP driftd_leader 1 if this instance plans and runs windows.
# TYPE driftd_leader gauge
driftd_leader 1
# HELP driftd_monitor_info What a monitor watches.
# TYPE driftd_monitor_info gauge
driftd_monitor_info{monitor="churn",model="churn-xgb",model_endpoint="churn-prod",model_version="7"} 1
# HELP driftd_feature_drifted 1 if the feature's drift finding is VIOLATED.
# TYPE driftd_feature_drifted gauge
driftd_feature_drifted{monitor="churn",feature="age"} 1
driftd_feature_drifted{monitor="churn",feature="day_mins"} 0
# HELP driftd_monitor_features Features.
# TYPE driftd_monitor_features gauge
driftd_monitor_features{monitor="churn"} 4
# HELP driftd_monitor_drifted_features Drifted features.
# TYPE driftd_monitor_drifted_features gauge
driftd_monitor_drifted_features{monitor="churn"} 1
"""


class Exposition:
    """What is shown at the moment; the test changes it."""

    text = DRIFT
    address = ""


@contextmanager
def exposing() -> Iterator[Exposition]:
    shown = Exposition()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
            self.end_headers()
            self.wfile.write(shown.text.encode())

        def log_message(self, *_: object) -> None:
            """Nothing is told."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    shown.address = f"127.0.0.1:{server.server_port}"
    try:
        yield shown
    finally:
        server.shutdown()
        server.server_close()


def test_drift_reaches_a_real_alertmanager_and_clears_when_the_monitor_goes() -> None:
    with (
        alertmanager(DEPLOY / "alertmanager" / "alertmanager.yml") as told,
        exposing() as shown,
        prometheus(shown.address, RULES, [told.address]) as server,
    ):
        (drift,) = awaited(lambda: told.named("DriftdFeatureDrift"))
        assert drift["labels"] == {
            "alertname": "DriftdFeatureDrift",
            "severity": "warning",
            "job": "driftd",
            "instance": shown.address,
            "monitor": "churn",
            "feature": "age",
            "model": "churn-xgb",
            "model_endpoint": "churn-prod",
        }
        assert drift["annotations"]["runbook_url"].endswith("/docs/runbooks/DriftdFeatureDrift.md")
        assert [one["name"] for one in drift["receivers"]] == ["churn-owners"]
        share = "monitor:driftd_monitor_drifted_features_per_monitor_features:ratio"
        assert awaited(lambda: server.value(share)) == 0.25
        shown.text = "# TYPE driftd_leader gauge\ndriftd_leader 1\n"
        server.scraped(2)
        assert server.query("driftd_feature_drifted") == []
        awaited(lambda: server.alerts() == [])
        assert awaited(lambda: not told.named("DriftdFeatureDrift"))


def test_every_query_of_the_dashboards_shows_something_with_a_leader_and_a_stand_by() -> None:
    first = (Path(__file__).parent / "exposition.txt").read_text()
    with exposing() as leader, exposing() as standby:
        leader.text = first
        standby.text = leader.text.replace("driftd_leader 1", "driftd_leader 0")
        with prometheus({leader.address: "driftd", standby.address: "driftd"}, RULES) as server:
            server.scraped(3)
            leader.text = later(first)
            server.scraped(3)
            awaited(lambda: server.value("sum(driftd_leader)") == 1)
            without = {query.name for query in boards.queries() if not server.query(query.plain())}
            assert without == {"monitor: mark New model or baseline A"}  # looks five minutes back: see test_standing.py
            # Each is told once, by the leader; what concerns no monitor by both.
            awaited(lambda: "DriftdFeatureDrift" in [alert["alertname"] for alert in server.alerts()])
            monitors = [alert for alert in server.alerts() if alert["alertname"] == "DriftdFeatureDrift"]
            assert [alert["instance"] for alert in monitors] == [leader.address]
            assert {rule["health"] for rule in server.rules()} == {"ok"}


def later(exposition: str) -> str:
    """Every counter has counted on, the daemon has started anew, and configuration, model and baseline are others."""
    times = "process_start_time_seconds", "driftd_config_last_reload_success_", "driftd_baseline_created_"
    lines = [line.rpartition(" ")[::2] for line in exposition.splitlines()]
    counts = [
        re.fullmatch(r"\w+_(total|bucket|sum|count)(\{.*\})?", name) or name.startswith(times) for name, _ in lines
    ]
    grown = [f"{name} {float(value) + bool(more)}" for (name, value), more in zip(lines, counts, strict=True)]
    return "\n".join(grown).replace('model_version="7"', 'model_version="8"') + "\n"


@pytest.fixture(scope="module")
def shipped() -> Iterator[Alertmanager]:
    with alertmanager(DEPLOY / "alertmanager" / "alertmanager.yml") as one:
        yield one


def pushed(server: Alertmanager, instance: str, *names: str, monitor: str = "m") -> dict[str, str]:
    """Tell of these alerts of one instance; their states once every one of them has been processed."""
    now = datetime.now(UTC)  # noqa: TID251  the server compares it with its own clock
    times = {"startsAt": now.isoformat(), "endsAt": (now + timedelta(minutes=5)).isoformat()}
    for name in names:
        about = {} if name == "DriftdDown" else {"monitor": monitor}
        labels = {"alertname": name, "job": "driftd", "instance": instance, "severity": "warning", **about}
        server.push({"labels": labels, **times})

    def states() -> dict[str, str]:
        found = [one for one in server.alerts() if one["labels"]["instance"] == instance]
        known = {one["labels"]["alertname"]: one["status"]["state"] for one in found}
        return known if set(known) == set(names) and "unprocessed" not in known.values() else {}

    return awaited(states)


@pytest.mark.parametrize(
    ("alerts", "silenced"),
    [
        (("DriftdDown", "DriftdFeatureDrift", "DriftdBacklog"), {"DriftdFeatureDrift", "DriftdBacklog"}),
        (("DriftdMonitorStale", "DriftdFeatureDrift", "DriftdViolation"), {"DriftdFeatureDrift", "DriftdViolation"}),
        (("DriftdRunsFailing", "DriftdMonitorStale", "DriftdCaptureStale"), {"DriftdMonitorStale"}),
        (("DriftdFeatureDrift", "DriftdCaptureStale"), set()),
    ],
)
def test_a_cause_silences_what_follows_from_it(
    shipped: Alertmanager, alerts: tuple[str, ...], silenced: set[str]
) -> None:
    instance = "-".join(alerts)

    def suppressed() -> bool:
        found = pushed(shipped, instance, *alerts)
        return {name for name, state in found.items() if state == "suppressed"} == silenced

    awaited(suppressed)
