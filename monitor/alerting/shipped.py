"""Rules that are the same for all monitors: those of deploy/prometheus, of which the package has a copy."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import yaml

from monitor.alerting.alert import indented
from monitor.alerting.promql import one_of
from monitor.alerting.subject import Subject

FOLDER = Path(__file__).parent.parent / "shipped" / "prometheus"
FROM_THE_SCHEDULE = frozenset({"DriftdMonitorStale", "DriftdMonitorNeverSucceeded", "DriftdCaptureStale"})
"""Those that each monitor has of its own."""
INFO, SHARED = "driftd_monitor_info", "driftd-monitors"


def runbooks() -> str:
    """The address of the folder of runbooks, as the shipped rules have it."""
    (rule, *_) = groups("daemon")[0]["rules"]
    address: str = rule["annotations"]["runbook_url"]
    return address.rpartition("/")[0]


def groups(name: str) -> list[dict[str, Any]]:
    """The groups of a shipped file of rules."""
    found: list[dict[str, Any]] = yaml.safe_load((FOLDER / f"{name}.yml").read_text(encoding="utf-8"))["groups"]
    return found


def of_all_monitors(subjects: Sequence[Subject], address: str) -> list[dict[str, Any]]:
    """Groups of rules that no schedule changes.

    Alerts about a monitor have the monitor's own labels, which Prometheus knows from the info metric.
    """
    own = sorted({name for subject in subjects for name in subject.labels})
    about = [rule for group in groups("monitors") for rule in group["rules"] if rule["alert"] not in FROM_THE_SCHEDULE]
    rules = [{**rule, "expr": _with_labels(rule["expr"], own)} for rule in about] + [_newer(subjects)]
    found = [*groups("daemon"), *groups("records"), {"name": SHARED, "rules": rules}]
    return [{**group, "rules": [_addressed(rule, address) for rule in group["rules"]]} for group in found]


def _with_labels(expr: str, own: Iterable[str]) -> str:
    """The expression with labels joined on; its value is what it was."""
    names = ", ".join(own)
    if not names:
        return expr
    return f"(\n{indented(expr)}\n)\n* on (job, instance, monitor) group_left ({names}) {INFO}"


def _newer(subjects: Iterable[Subject]) -> dict[str, Any]:
    """What is judged and stands in no rule of its own: the rules are older than the configuration."""
    known = one_of(subject.name for subject in subjects)
    return {
        "alert": "DriftdRulesOutdated",
        "expr": f"driftd_monitor_enabled{{monitor!~{known}}} == 1\nand on (job, instance) driftd_leader == 1",
        "for": "15m",
        "labels": {"severity": "warning"},
        "annotations": {
            "summary": "A monitor has no alert rules of its own.",
            "description": "Monitor {{ $labels.monitor }} is judged, and has no alert rules of its own: they were made "
            "before it was there. Make them anew: driftd config rules.",
            "runbook_url": "/DriftdRulesOutdated.md",
        },
    }


def _addressed(rule: dict[str, Any], address: str) -> dict[str, Any]:
    if "annotations" not in rule:
        return rule
    page = re.sub(r".*/", "", rule["annotations"]["runbook_url"])
    return {**rule, "annotations": {**rule["annotations"], "runbook_url": f"{address}/{page}"}}
