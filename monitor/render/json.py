"""Report as JSON: report.json, whose fields are a promise; its schema is `monitor/schemas/report.schema.json`."""

import json
import math
from datetime import UTC, datetime
from typing import Any

from monitor.finding import Finding
from monitor.measurement import Measurement
from monitor.report import Report

DIGITS = 9  # the order in which partial sums were added shows in later digits only


def report_document(report: Report) -> dict[str, Any]:
    """The report's fields as they stand in report.json; no clock and no path is in it."""
    window, baseline, inputs = report.window, report.baseline, report.inputs
    return {
        "version": report.version,
        "monitor": report.monitor,
        "window": None if window is None else {"start": _time(window.start), "end": _time(window.end)},
        "status": report.status.value,
        "coverage": {"judged": report.judged, "asked": report.asked},
        "baseline": {
            "name": baseline.name,
            "version": baseline.version,
            "digest": baseline.digest,
            "constraints": baseline.constraints,
        },
        "inputs": {
            "records": int(inputs.records),
            "rows": int(inputs.rows),
            "dropped": int(inputs.dropped),
            "rejected": {reason: int(inputs.rejected[reason]) for reason in sorted(inputs.rejected)},
            "digest": inputs.digest,
        },
        "config_digest": report.config_digest,
        "findings": [finding_document(finding) for finding in report.findings],
        "policy": None if report.policy is None else dict(report.policy),
        "quality": None if report.quality is None else dict(report.quality),
        "truth": None if report.truth is None else dict(report.truth),
    }


def report_json(report: Report) -> str:
    """The document as text: the same report gives the same bytes.

    ASCII, other characters as escapes: what an endpoint was sent need not be text that UTF-8 can write.
    """
    return json.dumps(report_document(report), indent=2, ensure_ascii=True, allow_nan=False) + "\n"


def finding_document(finding: Finding) -> dict[str, Any]:
    """One finding, as it stands in report.json."""
    return {
        "rule": finding.rule,
        "feature": finding.feature,
        "status": finding.status.value,
        "value": _number(finding.value),
        "low": _number(finding.low),
        "high": _number(finding.high),
        "direction": finding.direction,
        "threshold": _number(finding.threshold),
        "n_now": _count(finding.n_now),
        "n_base": _count(finding.n_base),
        "detectable": _number(finding.detectable),
        "rows_needed": _count(finding.rows_needed),
        "method": finding.method,
        "reason": None if finding.reason is None else str(finding.reason),
        "why": finding.why,
        "severity": finding.severity,
        "since": None if finding.since is None else _time(finding.since),
        "evidence": _number(finding.evidence),
        "measures": [_measure(found) for found in finding.measures],
    }


def _measure(found: Measurement) -> dict[str, Any]:
    return {
        "name": found.name,
        "value": _number(found.value),
        "low": _number(found.low),
        "high": _number(found.high),
        "deviations": _number(found.deviations),
        "method": found.method,
    }


def _number(value: float | None) -> float | None:
    if value is None or not math.isfinite(value):
        return None
    return float(f"{value:.{DIGITS}g}") + 0.0  # -0.0 becomes 0.0


def _count(value: int | None) -> int | None:
    return None if value is None else int(value)


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
