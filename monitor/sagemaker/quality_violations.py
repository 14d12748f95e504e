"""Model Monitor's checks of model quality: strictly worse than the threshold, and no slack."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from monitor.finding import Finding, Reason, Status, skip, unknown
from monitor.model_quality import ModelQuality
from monitor.quality.deviation import deviations
from monitor.quality.metrics import metrics_of
from monitor.sagemaker.model_quality import GREATER, LESS, SEED, Constraint
from monitor.sagemaker.texts import java_double

METHOD = "sagemaker"
RULE = "model_quality_check"
RULES = (RULE, "model_quality")
"""Whose findings are of model quality: its own, and our rule's."""


def violations(now: ModelQuality, constraints: Sequence[Constraint]) -> tuple[Finding, ...]:
    """An answer for each constraint, in their order; the metric's name is in `feature`.

    A constraint without a threshold is SKIPPED, as is a metric without a value: that product evaluates neither. Of f0_5
    it has never reported a violation; here it is one like any other, and none where its constraint is taken out.
    """
    found = metrics_of(now)
    spread = deviations(now, np.random.default_rng(SEED))
    values = {name: metric.value for name, metric in found.items()}
    return tuple(
        _answer(one, values.get(one.metric, math.nan), spread.get(one.metric), now.judged) for one in constraints
    )


def _answer(asked: Constraint, value: float, deviation: float | None, n: int) -> Finding:
    about: dict[str, Any] = {"rule": RULE, "feature": asked.metric}
    if asked.threshold is None:
        return _with(skip("the constraint has no threshold"), about)
    if not n:
        return _with(unknown(Reason.TRUTH_MISSING, "no prediction has a label"), about)
    if math.isnan(value):
        return _with(skip(f"{asked.metric} has no value"), about)
    is_bad = value < asked.threshold if asked.operator == LESS else value > asked.threshold
    told = text(asked.metric, value, deviation, asked.operator, asked.threshold)
    return Finding(
        status=Status.VIOLATED if is_bad else Status.OK,
        value=value,
        direction="at_least" if asked.operator == LESS else "at_most",
        threshold=asked.threshold,
        n_now=n,
        method=METHOD,
        why=told if is_bad else f"{asked.metric} {java_double(value)}",
        **about,
    )


def _with(finding: Finding, about: dict[str, Any]) -> Finding:
    return Finding(status=finding.status, reason=finding.reason, why=finding.why, **about)


def text(metric: str, value: float, deviation: float | None, operator: str, threshold: float) -> str:
    """That product's words for a violation.

    >>> text("recall", 0.5, None, "LessThanThreshold", 0.75)
    "Metric recall with 0.5 was LessThanThreshold '0.75'"
    """
    spread = "" if deviation is None or math.isnan(deviation) else f" +/- {java_double(deviation)}"
    return f"Metric {camel(metric)} with {java_double(value)}{spread} was {operator} '{java_double(threshold)}'"


def camel(name: str) -> str:
    """A metric's name as that product's violations have it.

    >>> camel("false_negative_rate"), camel("weighted_f1"), camel("f0_5")
    ('falseNegativeRate', 'weightedF1', 'f0_5')
    """
    first, *others = name.split("_")
    return first + "".join(f"_{word}" if word[0].isdigit() else word.capitalize() for word in others)


def violations_document(findings: Iterable[Finding]) -> dict[str, Any]:
    """constraint_violations.json of model quality: of any findings those that are of it."""
    violated = [f for f in findings if f.rule in RULES and f.status is Status.VIOLATED and f.feature is not None]
    return {
        "violations": [
            {
                "constraint_check_type": LESS if finding.direction == "at_least" else GREATER,
                "description": finding.why,
                "metric_name": camel(finding.feature or ""),
            }
            for finding in violated
        ]
    }
