"""Model quality in words: how many labels there are, each metric now and in the baseline, and how predictions moved."""

from typing import Any

from monitor.finding import Finding, Status
from monitor.quality.constant import SUFFIX
from monitor.render import sentences
from monitor.render.sentences import Line
from monitor.report import Report
from monitor.wording import count, number, percent

HEADERS = ("metric", "now [from, to]", "baseline [from, to]", "rows")
MOVES = ("drift", "skew", "prediction_drop", "mean_shift", "baseline_drift_check")
"""The rules that say whether predictions, or their scores, are still spread as they were."""


def labels(report: Report) -> str:
    """Of how many predictions the metrics are; empty where no problem was asked about."""
    found = report.quality
    if found is None:
        return ""
    told = f"labels for {count(found['labelled'])} of {count(found['predicted'])} predictions"
    told += "" if found["coverage"] is None else f" ({percent(found['coverage'])})"
    unread = found["unreadable"]
    return told + (f", {count(unread)} of them cannot be read" if unread else "")


def metrics(report: Report) -> list[tuple[str, ...]]:
    """Metric, now, baseline and rows of those that have a value; without those of the constant classifier."""
    found = report.quality["metrics"] if report.quality is not None else []
    return [
        (
            one["name"],
            _with_bounds(one["value"], one["low"], one["high"]),
            _with_bounds(one["base"], one["base_low"], one["base_high"]),
            count(one["n"]),
        )
        for one in found
        if one["value"] is not None and not one["name"].endswith(SUFFIX)
    ]


def _with_bounds(value: float | None, low: float | None, high: float | None) -> str:
    if value is None:
        return ""
    return number(value) + ("" if low is None or high is None else f" [{number(low)}, {number(high)}]")


def moves(report: Report) -> list[Line]:
    """What the rules of drift say of the model's answers."""
    outputs: list[Any] = report.quality["outputs"] if report.quality is not None else []
    found = [f for f in report.findings if f.feature in outputs and f.rule in MOVES and f.status is not Status.SKIPPED]
    return [(sentences.name(f.feature or ""), _move(f)) for f in sorted(found, key=lambda f: outputs.index(f.feature))]


def _move(finding: Finding) -> str:
    return f"{sentences.name(finding.rule)} {finding.status.value.upper()}: {sentences.what(finding)}"
