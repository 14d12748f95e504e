"""statistics.json and constraints.json of model quality: what Model Monitor writes, and asks, of predictions."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from monitor.model_quality import Binary, ModelQuality, Multiclass
from monitor.problem import Kind
from monitor.quality.constant import SUFFIX
from monitor.quality.curves import Curve
from monitor.quality.deviation import deviations
from monitor.quality.metrics import metrics_of
from monitor.sagemaker.keys import Node, wrong
from monitor.scores import Scores

LESS, GREATER = "LessThanThreshold", "GreaterThanThreshold"
SECTIONS: Final[Mapping[Kind, str]] = {
    "regression": "regression",
    "binary": "binary_classification",
    "multiclass": "multiclass_classification",
}
_RATIOS = ("recall", "precision", "accuracy")
_F = ("f0_5", "f1", "f2")
_WEIGHTED = ("accuracy", "weighted_recall", "weighted_precision", "weighted_f0_5", "weighted_f1", "weighted_f2")
_RATES = ("true_positive_rate", "true_negative_rate", "false_positive_rate", "false_negative_rate")
WRITTEN: Final[Mapping[Kind, tuple[str, ...]]] = {
    "regression": ("mae", "mse", "rmse", "r2"),
    "binary": (
        *_RATIOS, *(name + SUFFIX for name in _RATIOS), *_RATES, "auc", "au_prc", *_F, *(name + SUFFIX for name in _F),
    ),
    "multiclass": (*_WEIGHTED, *(name + SUFFIX for name in _WEIGHTED)),
}  # fmt: skip
"""That product's metrics, in its order; those that have no value because the model gives no scores are left out."""
ASKED: Final[Mapping[Kind, tuple[str, ...]]] = {
    "regression": ("mae", "mse", "rmse", "r2"),
    "binary": (*_RATIOS, *_RATES, "auc", *_F),
    "multiclass": _WEIGHTED,
}
"""Those that it has constraints of."""
OTHERS = "(other)"
SEED = 0  # of the subsamples: the same outcomes give the same file


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """What is asked of one metric: `operator` names the state that is bad. Without a threshold nothing is asked."""

    metric: str
    threshold: float | None
    operator: str


def statistics(quality: ModelQuality) -> dict[str, Any]:
    """The document of a window's or a baseline's outcomes. What has no value, or no deviation, is null."""
    found, spread = metrics_of(quality), deviations(quality, np.random.default_rng(SEED))
    outcome = quality.outcome
    section: dict[str, Any] = {}
    if isinstance(outcome, Binary | Multiclass):
        section["confusion_matrix"] = _confusion(outcome, quality.problem.positive)
    for name in WRITTEN[quality.problem.kind]:
        if name in found:
            section[name] = {"value": _told(found[name].value), "standard_deviation": _told(spread.get(name))}
    if isinstance(outcome, Binary) and outcome.scores.count:
        section |= _curves(outcome.scores)
    return {
        "version": 0.0,
        "dataset": {"item_count": quality.judged},
        f"{SECTIONS[quality.problem.kind]}_metrics": section,
    }


def suggest(quality: ModelQuality) -> dict[str, Any]:
    """The document that asks for what a baseline reached, without any slack."""
    found = metrics_of(quality)
    asked = {
        name: {
            "threshold": _told(found[name].value),
            "comparison_operator": LESS if found[name].better == "higher" else GREATER,
        }
        for name in ASKED[quality.problem.kind]
        if name in found
    }
    return {"version": 0.0, _section(quality.problem.kind): asked}


def read(document: Mapping[str, Any], kind: Kind) -> tuple[Constraint, ...]:
    """The constraints of a problem of this kind, in their order; none where the document has none of it.

    BaselineError names the metric and the key that is wrong.
    """
    section = Node.of(document).node(_section(kind))
    if section is None:
        return ()
    return tuple(_constraint(name, section.needed(name)) for name in section.value)


def _constraint(name: str, node: Node) -> Constraint:
    operator = node.value.get("comparison_operator")
    if operator not in (LESS, GREATER):
        raise wrong(node.place_of("comparison_operator"), operator, f"{LESS} or {GREATER}")
    return Constraint(metric=name, threshold=node.number("threshold"), operator=operator)


def _section(kind: Kind) -> str:
    return f"{SECTIONS[kind]}_constraints"


def _told(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else value


def _confusion(outcome: Binary | Multiclass, positive: str) -> dict[str, dict[str, int]]:
    """Counts by what came true and then by what was said."""
    names = [outcome.negative, positive] if isinstance(outcome, Binary) else [*outcome.classes, OTHERS]
    if isinstance(outcome, Multiclass) and not outcome.cells[-1].any() and not outcome.cells[:, -1].any():
        names = names[:-1]
    rows = outcome.cells[: len(names), : len(names)].tolist()
    return {true: dict(zip(names, row, strict=True)) for true, row in zip(names, rows, strict=True)}


def _curves(scores: Scores) -> dict[str, Any]:
    """From no row said to be positive to all of them."""
    curve = Curve.of(scores)
    rates, recalls, precisions = (
        [_told(value) for value in values.tolist()]
        for values in (curve.false_positive_rates, curve.recalls, curve.precisions)
    )
    return {
        "receiver_operating_characteristic_curve": {
            "false_positive_rates": [0.0, *rates],
            "true_positive_rates": [0.0, *recalls],
        },
        "precision_recall_curve": {"precisions": [precisions[0], *precisions], "recalls": [0.0, *recalls]},
    }
