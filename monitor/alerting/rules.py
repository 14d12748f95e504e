"""The file of rules: those that are the same for all monitors, then a group for each monitor."""

from collections.abc import Iterator, Sequence
from typing import Any

from monitor.alerting import finding, judging
from monitor.alerting.alert import Alert
from monitor.alerting.shipped import of_all_monitors
from monitor.alerting.subject import Subject


def alerts(subject: Subject) -> Iterator[Alert]:
    """A monitor's own alerts; by name, severity and rung each is there once."""
    yield from judging.alerts(subject)
    yield from finding.alerts(subject)


def document(subjects: Sequence[Subject], runbooks: str) -> dict[str, Any]:
    """All groups; `runbooks` is the address of the folder of runbooks."""
    own = [
        {"name": f"driftd-monitor-{subject.name}", "rules": [alert.rule(runbooks) for alert in alerts(subject)]}
        for subject in subjects
    ]
    return {"groups": [*of_all_monitors(subjects, runbooks), *own]}
