"""Finding: a check's answer, and how a rule gives one."""

import math
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Literal

from monitor.estimate import Estimate
from monitor.measurement import Measurement

LEVEL = 0.05
MUST_NOTICE = 0.5


class Status(StrEnum):
    """What a check answered."""

    OK = "ok"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"
    VIOLATED = "violated"
    FAILED = "failed"


class Reason(StrEnum):
    """Why a question could not be answered."""

    NO_DATA = "no_data"
    TOO_FEW_ROWS = "too_few_rows"
    NO_BASELINE = "no_baseline"
    TOO_VARIABLE = "too_variable"
    BASELINE_TOO_SMALL = "baseline_too_small"
    SCORES_FOR_LABELS = "scores_for_labels"
    COLUMN_MISSING = "column_missing"
    LEARNING = "learning"
    ROWS_NOT_KEPT = "rows_not_kept"
    TRUTH_MISSING = "truth_missing"


Direction = Literal["at_most", "at_least"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Status, and where there is one the estimate it rests on: value, interval, direction, threshold, n.

    `detectable` is the smallest value that would have been found with 80 % power, `rows_needed` how many rows would
    show a shift that matters. `since` is when a move began, `evidence` how near its feature is to an alarm (1).
    `rule`, `feature` and `severity` are set by the judge; `feature` is the metric where model quality is judged.
    `estimate` is what the judge needs to weigh many findings together; it is no part of the report. `measures` tell how
    far this window's feature lies from the baseline's in every measure, where drift or skew is violated.
    """

    status: Status
    rule: str = ""
    feature: str | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    direction: Direction | None = None
    threshold: float | None = None
    n_now: int | None = None
    n_base: int | None = None
    detectable: float | None = None
    rows_needed: int | None = None
    method: str = ""
    reason: str | None = None
    why: str = ""
    severity: str = "warning"
    since: datetime | None = None
    evidence: float | None = None
    estimate: Estimate | None = None
    measures: tuple[Measurement, ...] = ()


def at_most(number: Estimate | float, threshold: float, *, why: str = "") -> Finding:
    """Violated when the number exceeds the threshold: an estimate when its interval does, a plain number as it is.

    >>> at_most(3, 2).status, at_most(2.0, 2).status, at_most(float("nan"), 2).reason
    (<Status.VIOLATED: 'violated'>, <Status.OK: 'ok'>, 'no_data')
    """
    return _bounded(number, threshold, "at_most", why)


def at_least(number: Estimate | float, threshold: float, *, why: str = "") -> Finding:
    """Violated when the number falls short of the threshold.

    >>> at_least(1, 2, why="one server left").status
    <Status.VIOLATED: 'violated'>
    """
    return _bounded(number, threshold, "at_least", why)


def skip(why: str) -> Finding:
    """The question does not apply."""
    return Finding(status=Status.SKIPPED, why=why)


def unknown(reason: str, why: str = "") -> Finding:
    """The question could not be answered; `reason` is one of `Reason` or a word of the rule's own."""
    return Finding(status=Status.UNKNOWN, reason=str(reason), why=why)


def failed(why: str, reason: str = "raised") -> Finding:
    """The rule broke; how, in a word."""
    return Finding(status=Status.FAILED, why=why, reason=reason)


def _bounded(number: Estimate | float, threshold: float, direction: Direction, why: str) -> Finding:
    if isinstance(number, Estimate):
        finding = Finding(
            status=Status.UNKNOWN,
            value=number.value,
            direction=direction,
            threshold=float(threshold),
            n_now=number.n_now,
            n_base=number.n_base or None,
            method=number.method,
            why=why,
            estimate=number,
        )
        return decided(finding)
    value = float(number)
    if math.isnan(value):
        return unknown(Reason.NO_DATA, why or "the value is not a number")
    holds = value <= threshold if direction == "at_most" else value >= threshold
    return Finding(
        status=Status.OK if holds else Status.VIOLATED,
        value=value,
        direction=direction,
        threshold=float(threshold),
        method="exact",
        why=why,
    )


def decided(
    finding: Finding, level: float = LEVEL, must_notice: float = MUST_NOTICE, *, rejected: bool | None = None
) -> Finding:
    """The status that the estimate's interval at this level gives; `rejected` overrules it where many are weighed.

    OK asks for more than an interval on the right side: a shift that matters would have been found with 80 % power.
    That is `must_notice` standard deviations, or half as many beyond a limit so wide that it lies near them. A finding
    without an estimate stays as it is.
    """
    estimate, threshold = finding.estimate, finding.threshold
    if estimate is None or threshold is None:
        return finding
    above = finding.direction == "at_most"
    has_base = estimate.n_base > 0 or math.isfinite(estimate.fixed)
    if estimate.n_now == 0 or (has_base and math.isnan(estimate.centre)):
        return replace(finding, status=Status.UNKNOWN, reason=Reason.NO_DATA, value=None)
    if not math.isfinite(estimate.error):
        reason = Reason.TOO_VARIABLE if estimate.n_base else Reason.NO_BASELINE
        return replace(finding, status=Status.UNKNOWN, reason=reason, value=finding.value if estimate.n_base else None)
    low, high = estimate.interval(level)
    detectable = estimate.detectable(threshold, level, above=above)
    if rejected is None:
        rejected = estimate.chance_beyond(threshold, above=above) <= level
    status, rows = Status.VIOLATED, finding.rows_needed
    why: str | None = None
    if not rejected:
        status, why, rows = _unrejected(estimate, threshold, level, must_notice, rows, above=above)
    return replace(finding, low=low, high=high, detectable=detectable, status=status, reason=why, rows_needed=rows)


def _unrejected(
    estimate: Estimate, threshold: float, level: float, must_notice: float, rows: int | None, *, above: bool
) -> tuple[Status, str | None, int | None]:
    """OK where a shift that matters would have been found, else UNKNOWN and the rows it would take."""
    matters = max(must_notice, estimate.in_deviations(threshold) + must_notice / 2)
    if estimate.noticeable(threshold, level, above=above) <= matters:
        return Status.OK, None, rows
    needed = estimate.rows_needed(threshold, level, matters, above=above)
    reason = Reason.TOO_FEW_ROWS if needed is not None else Reason.BASELINE_TOO_SMALL
    return Status.UNKNOWN, reason, needed
