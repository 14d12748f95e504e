"""Period as JSON, whose fields are a promise; its schema is `monitor/schemas/period.schema.json`."""

import json
from typing import Any

from monitor.document import to_document
from monitor.incident import Incident
from monitor.period import Period, Quality, Violations
from monitor.render import period as words
from monitor.render import sentences
from monitor.render.json import finding_document


def period_document(period: Period) -> dict[str, Any]:
    """All of it: figures as in the reports of the windows, and the sentences of the page."""
    return {
        "version": period.version,
        "monitor": period.monitor,
        "start": to_document(period.start),
        "end": to_document(period.end),
        "status": period.status.value,
        "headline": words.headline(period),
        "verdicts": dict(sorted(period.verdicts.items())),
        "unknown": dict(sorted(period.unknown.items())),
        "coverage": {"judged": period.judged, "asked": period.asked},
        "windows": [{**to_document(one), "verdict": one.verdict} for one in period.due],
        "features": to_document(period.features),
        "violations": [_violations(one) for one in period.violations],
        "unanswered": [
            {
                "reason": one.reason,
                "rules": list(one.rules),
                "features": list(one.features),
                "windows": one.windows,
                "latest": finding_document(one.latest),
            }
            for one in period.unanswered
        ],
        "rules": to_document(period.rules),
        "quality": [_quality(one) for one in period.metrics],
        "baselines": to_document(period.baselines),
        "configs": to_document(period.configs),
        "incidents": [_incident(one, period) for one in period.incidents],
        "deeds": to_document(period.deeds),
        "lost": to_document(period.lost),
    }


def period_json(period: Period) -> str:
    """The document as text: the same period gives the same bytes."""
    return json.dumps(period_document(period), indent=1, ensure_ascii=True, allow_nan=False) + "\n"


def _violations(one: Violations) -> dict[str, Any]:
    return {
        "rule": one.rule,
        "feature": one.feature,
        "windows": one.windows,
        "judged": one.judged,
        "first": to_document(one.first),
        "last": to_document(one.last),
        "since": to_document(one.since),
        "stands": one.stands,
        "worst": {"window": to_document(one.at), "finding": finding_document(one.worst)},
        "told": sentences.what(one.worst),
    }


def _quality(one: Quality) -> dict[str, Any]:
    return {
        "rule": one.rule,
        "metric": one.metric,
        "windows": {status.value: many for status, many in one.windows.items()},
        "latest": {"window": to_document(one.at), "finding": finding_document(one.latest)},
    }


def _incident(one: Incident, period: Period) -> dict[str, Any]:
    said, mute = one.acknowledged, one.mute
    return {
        "id": one.id,
        "state": one.state(period.end).value,
        "severity": one.severity,
        "cause": one.cause.value,
        "why": one.why,
        "evidence": list(one.evidence),
        "features": list(one.features),
        "owner": one.owner,
        "first": to_document(one.first),
        "last": to_document(one.last),
        "resolved": to_document(one.resolved),
        "notified": to_document(one.notified),
        "acknowledged": to_document(said),
        "mute": to_document(mute),
    }
