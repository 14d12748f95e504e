"""Awaiting: a window's predictions and the labels that have come for them so far, up to what may be said of them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from monitor.finding import Finding, Reason, Status, unknown
from monitor.measures.model_quality import measured
from monitor.model_quality import ModelQuality
from monitor.outcomes import LEAST
from monitor.problem import Problem
from monitor.truth.predictions import Predictions, outcomes
from monitor.truth.shelf import Shelf


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """What labels say of a window's predictions. `repeats` and `corrections` are labels that were told before those
    that count: the same, and others."""

    quality: ModelQuality
    repeats: int = 0
    corrections: int = 0

    @property
    def document(self) -> dict[str, Any]:
        """As reports have it."""
        return {"repeats": self.repeats, "corrections": self.corrections}


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaiting:
    """How predictions find their labels: kept at `path`, joined with what is on the shelf.

    Too few labels (`least`, a share of the predictions) say nothing, and none do before they are due: `waits` says
    until when.
    """

    problem: Problem
    path: Path
    shelf: Shelf
    run_id: str = "here"
    least: float = LEAST
    waits: str = ""

    def kept(self, *, has_ids_by_role: bool) -> Predictions:
        """What keeps predictions as they are measured."""
        return Predictions(self.path, self.problem, self.run_id, has_ids_by_role=has_ids_by_role)

    def joined(self) -> Joined:
        """The predictions that were kept with the labels that there are. Raises SourceError where a file is gone."""
        total = Joined(quality=ModelQuality.empty(self.problem))
        for part, found in outcomes(self.path, self.problem, self.shelf):
            total = Joined(
                quality=total.quality + measured(self.problem, part),
                repeats=total.repeats + found.repeats,
                corrections=total.corrections + found.corrections,
            )
        return total

    def allowed(
        self, findings: Iterable[Finding], rules: Collection[str], quality: ModelQuality
    ) -> tuple[Finding, ...]:
        """The findings; of each rule about the quality one that it is unknown, where too few labels have come:
        metrics are not told as numbers either."""
        why, told = self._missing(quality), set[str]()
        found: list[Finding] = []
        for one in findings:
            is_number = one.status is Status.SKIPPED and one.value is not None and one.since is None
            if why and one.rule in rules and is_number:
                continue
            if not why or one.rule not in rules or one.status in (Status.SKIPPED, Status.FAILED):
                found.append(one)
            elif one.rule not in told:  # once for all metrics, or of the errors that are followed
                told.add(one.rule)
                feature = one.feature if one.reason == Reason.TRUTH_MISSING else None
                unknown_yet = unknown(Reason.TRUTH_MISSING, why)
                found.append(replace(unknown_yet, rule=one.rule, feature=feature, severity=one.severity))
        return tuple(found)

    def _missing(self, quality: ModelQuality) -> str:
        """Why nothing is to be said; empty where there are labels enough."""
        has = f"{quality.labelled} of {quality.predicted} predictions have a label"
        if self.waits:
            return f"{has}; labels are due {self.waits}"
        if quality.predicted and quality.coverage < self.least:
            return f"{has}, {100 * quality.coverage:.3g} %; {100 * self.least:.3g} % would do (`truth.min_coverage`)"
        return ""
