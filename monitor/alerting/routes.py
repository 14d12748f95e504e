"""The file for Alertmanager: who hears of what, and which alert makes which others needless."""

from collections.abc import Iterator, Sequence
from typing import Any

from monitor.alerting.promql import quoted
from monitor.alerting.rungs import RUNGS, above
from monitor.alerting.subject import Subject

RECEIVERS = {"critical": "page", "warning": "ticket", "info": "look"}
"""By severity: somebody is called, there is time until tomorrow, worth a look."""
USUAL = ("team", "owner")
"""Labels that mostly say whose a monitor is."""
NOT_JUDGED = "DriftdMonitorStale|DriftdMonitorNeverSucceeded"


def document(subjects: Sequence[Subject], by: str | None = None) -> dict[str, Any]:
    """Routes, inhibition and receivers without a way to be reached; `by` is the label that says whose a monitor is."""
    by = owners_label(subjects) if by is None else by
    owners = sorted({subject.labels[by] for subject in subjects if by in subject.labels}) if by else []
    routes = [_owner(by, owner) for owner in owners] + list(_by_severity(""))
    begins = ["", *(f"{owner}-" for owner in owners)]
    names = dict.fromkeys(f"{begin}{receiver}" for begin in begins for receiver in RECEIVERS.values())
    return {
        "route": {
            "receiver": RECEIVERS["warning"],
            "group_by": ["job", "monitor"],
            "group_wait": "30s",
            "group_interval": "5m",
            "repeat_interval": "4h",
            "routes": routes,
        },
        "inhibit_rules": list(_inhibitions()),
        "receivers": [{"name": name} for name in names],
    }


def owners_label(subjects: Sequence[Subject]) -> str:
    """The label that says whose a monitor is: `team`, `owner`, or the first by name. Empty where no monitor has any."""
    known = sorted({name for subject in subjects for name in subject.labels})
    return next((name for name in (*USUAL, *known) if name in known), "")


def _owner(label: str, owner: str) -> dict[str, Any]:
    matcher, begin = f"{label}={quoted(owner)}", f"{owner}-"
    return {"matchers": [matcher], "receiver": begin + RECEIVERS["warning"], "routes": list(_by_severity(begin))}


def _by_severity(begin: str) -> Iterator[dict[str, Any]]:
    """What is left is a warning."""
    for severity in ("critical", "info"):
        yield {"matchers": [f'severity="{severity}"'], "receiver": begin + RECEIVERS[severity]}


def _inhibitions() -> Iterator[dict[str, Any]]:
    """A lower rung explains what stands above it, in one monitor. What is worth no more than a look hides nothing."""
    yield _inhibits(['alertname="DriftdDown"'], ['alertname=~"Driftd.+"', 'alertname!="DriftdDown"'], "job", "instance")
    yield _inhibits(['alertname="DriftdRunsFailing"'], [f'alertname=~"{NOT_JUDGED}|DriftdBacklog"'], "monitor")
    yield _inhibits([f'alertname=~"{NOT_JUDGED}"'], ['rung=~".+"'], "monitor")
    yield _inhibits([f'alertname=~"{NOT_JUDGED}"'], ['alertname=~"DriftdFewJudged|DriftdLearningLate"'], "monitor")
    for rung in RUNGS[:-1]:
        explains = [f'rung="{rung}"', 'severity!="info"']
        yield _inhibits(explains, [f'rung=~"{"|".join(above(rung))}"'], "monitor")
    causes = ['rung=~"freshness|volume|schema"', 'severity!="info"']
    yield _inhibits(causes, ['alertname="DriftdFewJudged"'], "monitor")


def _inhibits(source: list[str], target: list[str], *equal: str) -> dict[str, Any]:
    return {"source_matchers": source, "target_matchers": target, "equal": list(equal)}
