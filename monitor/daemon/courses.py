"""A feature over windows, and features by how much of an incident they carry: from the figures of judged windows."""

from collections.abc import Mapping, Sequence
from typing import Any

from monitor.feature import Feature, Numeric
from monitor.figures import course as quantiles
from monitor.incident import Incident, Part
from monitor.web.details import Course, Driver, Point
from monitor.window import Window

Figures = Mapping[str, Any]


def course(
    monitor: str, name: str, rows: Sequence[tuple[Window, str, Figures]], baseline: str, base: Feature | None
) -> Course:
    """The feature in each of these windows."""
    return Course(
        monitor=monitor,
        feature=name,
        points=tuple(_point(name, *row) for row in rows),
        baseline=baseline,
        baseline_quantiles=quantiles(base) if isinstance(base, Numeric) and base.quantiles.count else None,
    )


def _point(name: str, window: Window, status: str, figures: Figures) -> Point:
    score, limit = _score(figures, name)
    return Point(
        start=window.start,
        end=window.end,
        status=status,
        quantiles=figures.get("quantiles", {}).get(name),
        missing=figures.get("missing", {}).get(name),
        score=score,
        limit=limit,
        violated=name in figures.get("violating", ()),
    )


def _score(figures: Figures, name: str) -> tuple[float | None, float | None]:
    """How far it has moved, and its limit: against production as learned, or before that against training."""
    scores = {one["method"]: one for one in figures.get("scores", ()) if one["feature"] == name}
    for method in ("largest_shift", "largest_shift_from_training", "sagemaker_distance"):
        if method in scores:
            return scores[method]["score"], scores[method].get("threshold")
    return None, None


def drivers(incident: Incident, figures: Figures) -> Sequence[Driver]:
    """The features that stand for themselves, those first that have moved furthest; of each what says most."""
    found: dict[str, Part] = {}
    for part in incident.parts:
        if part.by is None and part.firing.feature is not None:
            found.setdefault(part.firing.feature, part)
    scores = {name: _score(figures, name) for name in found}
    whole = sum(score for score, _ in scores.values() if score is not None)
    rows = [
        Driver(
            feature=name,
            rule=part.firing.rule,
            why=part.firing.why,
            since=part.first.start,
            fires=not part.quiet,
            score=scores[name][0],
            limit=scores[name][1],
            share=None if scores[name][0] is None or not whole else (scores[name][0] or 0.0) / whole,
        )
        for name, part in found.items()
    ]
    return sorted(rows, key=lambda one: (-(one.share or 0.0), one.since, one.feature))
