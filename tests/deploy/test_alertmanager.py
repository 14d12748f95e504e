"""The Alertmanager example is right by amtool, and each alert goes where its severity and monitor say."""

import pytest
from deployment import DEPLOY, alerts, ran

CONFIG = DEPLOY / "alertmanager" / "alertmanager.yml"


def test_amtool_finds_no_fault() -> None:
    assert "SUCCESS" in ran("amtool", "check-config", CONFIG)


@pytest.mark.parametrize(
    ("labels", "receiver"),
    [
        (("alertname=DriftdDown", "severity=critical"), "page"),
        (("alertname=DriftdMonitorStale", "severity=warning", "monitor=churn"), "ticket"),
        (("alertname=DriftdFeatureDrift", "severity=warning", "monitor=churn"), "churn-owners"),
        (("alertname=DriftdFeatureDrift", "severity=warning", "monitor=upsell"), "ticket"),
        (("alertname=DriftdBaselineOld", "severity=info", "monitor=churn"), "look"),
    ],
)
def test_an_alert_goes_to_its_receiver(labels: tuple[str, ...], receiver: str) -> None:
    told = ran("amtool", "config", "routes", "test", f"--config.file={CONFIG}", *labels)
    assert told.splitlines()[0] == receiver


def test_inhibition_names_alerts_that_exist() -> None:
    text = CONFIG.read_text()
    named = {word.strip('"') for word in text.replace("|", " ").replace("'", " ").replace("=", " ").split()}
    assert {word.strip('"~!') for word in named if word.strip('"~!').startswith("Driftd")} - {"Driftd.+"} <= set(
        alerts()
    )
