"""Figures: what metrics and overviews show of one judged window, as numbers; small enough to keep for every window."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np

from monitor.feature import Numeric
from monitor.finding import Finding, Reason, Status
from monitor.policy.answer import a_year
from monitor.profile import Profile
from monitor.quality.constant import SUFFIX
from monitor.report import Report

DRIFT_RULES = ("drift", "baseline_drift_check")
SCORED = {"drift": "largest_shift", "skew": "largest_shift_from_training", "baseline_drift_check": "sagemaker_distance"}
"""The rules whose value is a score without a unit, and what such a score is called."""
COVERAGE = "label_coverage"
"""The share of predictions that have a label, among the scores of model quality."""
METHODS = (*SCORED.values(), "sagemaker_chi2_p")
COURSE = (0.05, 0.25, 0.5, 0.75, 0.95)
"""The quantiles of a feature of numbers that are kept of every window: how it goes over time."""
DIGITS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How far a feature has moved by a method, and from where on that counts; both without a unit."""

    feature: str
    method: str
    score: float
    threshold: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the policy stands: windows `seen` of those `needed` to learn from, `evidence` towards an alarm (1: there it
    is), how many features are `open`, the widest that a band was widened, false alarms that are to be expected in a
    year."""

    phase: str
    seen: int = 0
    needed: int = 0
    evidence: float | None = None
    open: int = 0
    widened: float = 1.0
    promised: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """`violations` holds a number for every rule that answered, `drift` an answer for every feature judged for drift.

    `features` are those that the drift question was put to, `violating` those with a violation of any rule. `failed`
    counts broken answers by rule and reason. `missing` are shares of rows, `quality` the model's scores by name,
    `numbers` means and the like by name and feature, for alarms. All feature names are the baseline's. `policy` is None
    where windows are not followed. `outputs` are the features that are the model's answers, `quantiles` those of
    `COURSE` by feature, where it has any number.
    """

    status: str
    judged: int = 0
    asked: int = 0
    records: int = 0
    rows: int = 0
    rejected: Mapping[str, int] = field(default_factory=dict)
    features: int = 0
    drift: Mapping[str, bool] = field(default_factory=dict)
    violating: tuple[str, ...] = ()
    violations: Mapping[str, int] = field(default_factory=dict)
    failed: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    scores: tuple[Score, ...] = ()
    missing: Mapping[str, float] = field(default_factory=dict)
    quality: Mapping[str, float] = field(default_factory=dict)
    numbers: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    outputs: tuple[str, ...] = ()
    quantiles: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    last_record: datetime | None = None
    policy: Standing | None = None

    @property
    def drifted(self) -> tuple[str, ...]:
        """Features whose drift finding is VIOLATED, in the baseline's order."""
        return tuple(name for name, has_moved in self.drift.items() if has_moved)


def figures(report: Report, profile: Profile, base: Profile) -> Figures:
    """The figures of a judged window; `profile` is the window's, `base` the baseline's."""
    known = [f for f in report.findings if f.feature in base.features and f.status is not Status.SKIPPED]
    rules = _drift_rules(report)
    asked_for_drift = {f.feature for f in known if f.rule in rules}
    violating = {f.feature for f in known if f.status is Status.VIOLATED}
    return Figures(
        status=report.status.value,
        judged=report.judged,
        asked=report.asked,
        records=int(report.inputs.records),
        rows=int(report.inputs.rows),
        rejected={reason: int(count) for reason, count in sorted(report.inputs.rejected.items())},
        features=len(asked_for_drift) or len(base.features),
        drift=_drift(known, base.features, rules),
        violating=tuple(name for name in base.features if name in violating),
        violations=_violations(report.findings),
        failed=_failed(report.findings),
        scores=tuple(_scores(known)),
        missing=_missing(profile, base),
        quality=_quality(report),
        outputs=_outputs(profile, base),
        quantiles={name: course(one) for name in base.features if (one := _numbers(profile, name)) is not None},
        last_record=profile.volume.last,
        policy=None if report.policy is None else _standing(report.policy),
    )


def _drift_rules(report: Report) -> tuple[str, ...]:
    """While production is learned, what is asked is how far it lies from training: rule skew."""
    is_learning = report.policy is not None and report.policy["phase"] == "learning"
    return ("skew", *DRIFT_RULES[1:]) if is_learning else DRIFT_RULES


def _standing(policy: Mapping[str, Any]) -> Standing:
    learned, promise = policy["learned"], policy["promise"]
    return Standing(
        phase=policy["phase"],
        seen=learned["seen"],
        needed=learned["needed"],
        evidence=policy["evidence"],
        open=len(policy["open"]),
        widened=max((band["widened"] for band in policy["bands"]), default=1.0),
        promised=a_year(promise["at_most"], promise["per_seconds"]),
    )


def _drift(known: Iterable[Finding], order: Iterable[str], rules: Collection[str]) -> dict[str, bool]:
    """What could not be judged has no answer: it is neither moved nor steady."""
    judged = [f for f in known if f.rule in rules and f.status in (Status.OK, Status.VIOLATED)]
    moved = {f.feature for f in judged if f.status is Status.VIOLATED}
    steady = {f.feature for f in judged}
    return {name: name in moved for name in order if name in steady}


def _violations(findings: Iterable[Finding]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for finding in findings:
        counts[finding.rule] = counts.get(finding.rule, 0) + (finding.status is Status.VIOLATED)
    return counts


def _failed(findings: Iterable[Finding]) -> dict[str, dict[str, int]]:
    broken = Counter((f.rule, str(f.reason or "raised")) for f in findings if f.status is Status.FAILED)
    rules = {rule for rule, _ in broken}
    return {rule: {r: n for (name, r), n in sorted(broken.items()) if name == rule} for rule in sorted(rules)}


def _scores(known: Iterable[Finding]) -> Iterable[Score]:
    """One by feature and method: of several findings the last, as of several checks."""
    found: dict[tuple[str, str], Score] = {}
    for finding in known:
        if finding.rule in SCORED and finding.value is not None and finding.feature is not None:
            # only a p-value is bad when small
            method = "sagemaker_chi2_p" if finding.direction == "at_least" else SCORED[finding.rule]
            found[finding.feature, method] = Score(
                feature=finding.feature, method=method, score=float(finding.value), threshold=finding.threshold
            )
    return found.values()


def _outputs(profile: Profile, base: Profile) -> tuple[str, ...]:
    """A baseline made from a table may not know which columns are answers; captures do."""
    answers = {name for side in (profile, base) for name, one in side.features.items() if one.role == "prediction"}
    return tuple(name for name in base.features if name in answers)


def _quality(report: Report) -> dict[str, float]:
    """Metrics by name, but while too few labels have come; their coverage in any case."""
    told = report.quality
    if told is None:
        return {}
    found = {} if told["coverage"] is None else {COVERAGE: told["coverage"]}
    if any(finding.reason == Reason.TRUTH_MISSING for finding in report.findings):
        return found
    known = {one["name"]: one["value"] for one in told["metrics"] if one["value"] is not None}
    return found | {name: value for name, value in known.items() if not name.endswith(SUFFIX)}


def _missing(profile: Profile, base: Profile) -> dict[str, float]:
    here = {name: profile.features[name] for name in base.features if name in profile.features}
    return {name: feature.missing / feature.rows for name, feature in here.items() if feature.rows}


def course(feature: Numeric) -> tuple[float, ...]:
    """The quantiles of `COURSE`, to a few digits."""
    return tuple(float(f"{value:.{DIGITS}g}") for value in feature.quantiles.quantile(np.array(COURSE)).tolist())


def _numbers(profile: Profile, name: str) -> Numeric | None:
    feature = profile.features.get(name)
    return feature if isinstance(feature, Numeric) and feature.quantiles.count else None
