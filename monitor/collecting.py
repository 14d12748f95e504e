"""A period is collected window by window: each report is looked at once, and let go of."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from monitor.document import from_document
from monitor.figures import DRIFT_RULES
from monitor.finding import Finding, Status
from monitor.ladder import SEVERITIES
from monitor.period import Answer, Answers, Due, Quality, Unanswered, Used, Violations
from monitor.report import Origin

Document = Mapping[str, Any]
WHETHER_IT_MOVED = ("skew", *DRIFT_RULES)
NO_REASON = "no reason given"
OF_METRICS = ("model_quality", "model_quality_check")
"""Rules whose findings are of metrics, and not of features."""


@dataclass(slots=True)
class _Count:
    """Of one rule and feature so far. `stands` is what the last window that answered said."""

    judged: int = 0
    found: Violations | None = None
    stands: bool = False


@dataclass(slots=True)
class _Open:
    """Of one reason so far; dictionaries are sets that keep their order."""

    rules: dict[str, None] = field(default_factory=dict)
    features: dict[str, None] = field(default_factory=dict)
    windows: int = 0
    latest: Document = field(default_factory=dict)


class Collecting:
    """Told of every window in order; then it says what it saw of them."""

    def __init__(self) -> None:
        self.due: list[Due] = []
        self.policy: Document | None = None
        self._features: dict[str, list[Answer | None]] = {}
        self._counts: dict[tuple[str, str | None], _Count] = {}
        self._rules: dict[str, Counter[Status]] = {}
        self._violated: Counter[str] = Counter()
        self._open: dict[str, _Open] = {}
        self._metrics: dict[tuple[str, str | None], Quality] = {}

    def add(self, due: Due, report: Document | None) -> None:
        """One more window with its report.json, None where it was not judged."""
        number = len(self.due)
        if report is None:
            self.due.append(due)
        else:
            findings = [(Status(one["status"]), one) for one in report["findings"]]
            self.due.append(_with(due, report, findings))
            self.policy = report.get("policy") or self.policy
            self._count(due, findings)
            self._leave_open([one for status, one in findings if status is Status.UNKNOWN])
            self._answer(number, findings)
        for answers in self._features.values():
            answers += [None] * (number + 1 - len(answers))

    def _count(self, due: Due, findings: Sequence[tuple[Status, Document]]) -> None:
        violated = set()
        for status, one in findings:
            self._rules.setdefault(one["rule"], Counter())[status] += 1
            if one["rule"] in OF_METRICS:
                self._metric(due, status, one)
            count = self._counts.setdefault((one["rule"], one["feature"]), _Count())
            if status is Status.VIOLATED:
                violated.add(one["rule"])
                count.found = _more(count.found, from_document(Finding, one), due)
            count.judged += _says(status)
            count.stands = status is Status.VIOLATED or (count.stands and _tells_nothing(status, one))
        self._violated.update(violated)

    def _leave_open(self, findings: Sequence[Document]) -> None:
        for one in findings:
            found = self._open.setdefault(one["reason"] or NO_REASON, _Open())
            found.rules[one["rule"]] = None
            if one["feature"] is not None:
                found.features[one["feature"]] = None
            found.latest = one
        for reason in {one["reason"] or NO_REASON for one in findings}:
            self._open[reason].windows += 1

    def _metric(self, due: Due, status: Status, finding: Document) -> None:
        key = (finding["rule"], finding["feature"])
        found = self._metrics.get(key)
        windows = Counter({} if found is None else found.windows)
        windows[status] += 1
        if found is not None and not _says(status) and _says(found.latest.status):
            self._metrics[key] = replace(found, windows=windows)
        else:
            latest = from_document(Finding, finding)
            self._metrics[key] = Quality(rule=key[0], metric=key[1], windows=windows, latest=latest, at=due.window)

    def _answer(self, number: int, findings: Sequence[tuple[Status, Document]]) -> None:
        of: dict[str, list[tuple[Status, Document]]] = {}
        for status, one in findings:
            if one["feature"] is not None and one["rule"] not in OF_METRICS:
                of.setdefault(one["feature"], []).append((status, one))
        for name, several in of.items():
            answers = self._features.setdefault(name, [])
            answers += [None] * (number - len(answers))
            answers.append(answer(several))

    @property
    def features(self) -> Mapping[str, Sequence[Answer | None]]:
        """An answer for each window, by feature."""
        return {name: answers for name, answers in self._features.items() if any(answers)}

    @property
    def metrics(self) -> list[Quality]:
        """What was said of the model's metrics, in the order in which they came."""
        return [*self._metrics.values()]

    @property
    def violations(self) -> list[Violations]:
        """What stands before what is over, the gravest and the most frequent first."""
        found = [
            replace(count.found, judged=count.judged, stands=count.stands)
            for count in self._counts.values()
            if count.found is not None
        ]
        return sorted(found, key=lambda one: (not one.stands, -SEVERITIES.index(one.worst.severity), -one.windows))

    @property
    def unanswered(self) -> list[Unanswered]:
        """What could not be judged, the reason of most windows first."""
        found = [
            Unanswered(
                reason=reason,
                rules=tuple(one.rules),
                features=tuple(one.features),
                windows=one.windows,
                latest=from_document(Finding, one.latest),
            )
            for reason, one in self._open.items()
        ]
        return sorted(found, key=lambda one: -one.windows)

    @property
    def rules(self) -> list[Answers]:
        """How often each rule answered what, in the order of the checks."""
        return [Answers(rule=rule, findings=many, violated=self._violated[rule]) for rule, many in self._rules.items()]


def _says(status: Status) -> bool:
    """Whether it is a yes or a no."""
    return status in (Status.OK, Status.VIOLATED)


def answer(findings: Sequence[tuple[Status, Document]]) -> Answer | None:
    """What the findings of one feature come to: whether it moved decides, where nothing is violated or broken.

    So a feature of which nobody could say whether it moved is UNKNOWN, however many other checks are OK.
    """
    found = {status for status, _ in findings}
    if Status.VIOLATED in found:
        violated = [one for status, one in findings if status is Status.VIOLATED]
        return Answer(status=Status.VIOLATED, reached=_most(map(_beyond, violated)))
    if Status.FAILED in found:
        return Answer(status=Status.FAILED)
    chief = [(status, one) for status, one in findings if one["rule"] in WHETHER_IT_MOVED]
    for group in (chief, findings):
        told = {status for status, _ in group}
        if Status.OK in told:
            return Answer(status=Status.OK, reached=_most(one.get("evidence") for _, one in findings))
        if Status.UNKNOWN in told:
            return Answer(status=Status.UNKNOWN)
    return None


def used(due: Sequence[Due], what: str) -> list[Used]:
    """What judged windows were judged by, a line for each stretch of them: `what` is baseline or config."""
    found: list[Used] = []
    for one in due:
        if one.status is None:
            continue
        name, digest, more = _source(one, what)
        last = found[-1] if found else None
        if last is not None and (last.name, last.digest, last.more) == (name, digest, more):
            found[-1] = replace(last, last=one.window, windows=last.windows + 1)
        else:
            found.append(Used(name=name, digest=digest, more=more, first=one.window, last=one.window, windows=1))
    return found


def _source(due: Due, what: str) -> tuple[str, str, str]:
    if what == "config":
        return "", due.config_digest, ""
    origin = due.baseline
    return (
        f"{origin.name}, version {origin.version}" if origin.version else origin.name,
        origin.digest,
        origin.constraints,
    )


def _with(due: Due, report: Document, findings: Sequence[tuple[Status, Document]]) -> Due:
    inputs, many = report["inputs"], Counter(status for status, _ in findings)
    reasons = Counter(one["reason"] or NO_REASON for status, one in findings if status is Status.UNKNOWN)
    status = Status(report["status"])
    return replace(
        due,
        status=status,
        unknown=reasons.most_common(1)[0][0] if status is Status.UNKNOWN and reasons else "",
        judged=report["coverage"]["judged"],
        asked=report["coverage"]["asked"],
        violated=many[Status.VIOLATED],
        records=inputs["records"],
        rows=inputs["rows"],
        dropped=inputs["dropped"],
        rejected=inputs["rejected"],
        baseline=from_document(Origin, report["baseline"]),
        config_digest=report["config_digest"],
        input_digest=inputs["digest"],
    )


def _more(found: Violations | None, finding: Finding, due: Due) -> Violations:
    """With one more window; several findings of one rule on one feature count once."""
    at = due.window
    if found is None:
        return Violations(
            rule=finding.rule, feature=finding.feature, windows=1, judged=0, first=at, last=at, worst=finding, at=at,
            stands=True, since=finding.since,
        )  # fmt: skip
    found = replace(found, windows=found.windows + (found.last != at), last=at, since=finding.since or found.since)
    return replace(found, worst=finding, at=at) if _gap(finding) > _gap(found.worst) else found


def _gap(finding: Finding) -> float:
    """How far beyond its limit; a fact without a number is as bad as it can be."""
    if finding.value is None or finding.threshold is None:
        return 0.0
    return abs(finding.value - finding.threshold)


def _tells_nothing(status: Status, finding: Document) -> bool:
    """Whether what was violated before may still be so: it was not answered, or it was told once and is still open."""
    return status in (Status.UNKNOWN, Status.FAILED) or (status is Status.SKIPPED and finding["since"] is not None)


def _beyond(finding: Document) -> float | None:
    """How many times its limit it is; None where that says nothing."""
    value, limit = finding["value"], finding["threshold"]
    if value is None or not limit or limit <= 0 or finding["direction"] != "at_most" or finding["method"] == "exact":
        return None
    return float(abs(value) / limit)


def _most(amounts: Iterable[float | None]) -> float | None:
    return max((amount for amount in amounts if amount is not None), default=None)
