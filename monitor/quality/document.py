"""Model quality as reports tell it: every metric now and in the baseline, and of how many predictions that is."""

import math
from collections.abc import Sequence
from typing import Any

from monitor.model_quality import ModelQuality
from monitor.quality.metric import Metric
from monitor.quality.metrics import metrics_of


def document(now: ModelQuality, base: ModelQuality | None, outputs: Sequence[str] = ()) -> dict[str, Any]:
    """JSON-able; what is not known is None. `base` answers the same problem. `outputs` are the model's answers among
    the features."""
    there = metrics_of(base) if base is not None else {}
    return {
        "problem": now.problem.kind,
        "rows": now.rows,
        "predicted": now.predicted,
        "labelled": now.labelled,
        "unreadable": now.unreadable,
        "coverage": _told(now.coverage),
        "metrics": [_metric(found, there.get(found.name)) for found in metrics_of(now).values()],
        "outputs": list(outputs),
    }


def _metric(now: Metric, base: Metric | None) -> dict[str, Any]:
    return {
        "name": now.name,
        "value": _told(now.value),
        "low": _told(now.low),
        "high": _told(now.high),
        "n": now.n,
        "base": None if base is None else _told(base.value),
        "base_low": None if base is None else _told(base.low),
        "base_high": None if base is None else _told(base.high),
        "better": now.better,
        "method": now.method,
    }


def _told(value: float) -> float | None:
    """Nine significant digits: the order in which partial sums were added shows in later ones only."""
    return float(f"{value:.9g}") + 0.0 if math.isfinite(value) else None
