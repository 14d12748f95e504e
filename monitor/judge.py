"""Put every check to what it asks about, and weigh the answers together."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

from monitor.feature import Categorical, Feature, Numeric, is_score_for_label
from monitor.finding import LEVEL, Finding, Reason, Status, decided, failed, unknown
from monitor.model_quality import ModelQuality
from monitor.policy.answer import Answer
from monitor.policy.findings import findings_of
from monitor.policy.quality import RULE
from monitor.profile import Profile
from monitor.rule import Check
from monitor.stats.multiplicity import holm

Ask = Callable[[Check, Sequence["Question"]], Sequence[Sequence[Finding]]]
Question = tuple[str | None, Any, Any]
SUBJECTS: Mapping[str, tuple[type, ...]] = {
    "Numeric": (Numeric,),
    "Categorical": (Categorical,),
    "Feature": (Numeric, Categorical),
}

FOLLOWED = ("drift", "skew")
"""The rules that the policy answers where windows are followed."""
AS_NUMBERS = "told as a number: the model's errors are followed over time, within the budget of false alarms"


def judge(
    now: Profile,
    base: Profile,
    checks: Sequence[Check],
    *,
    learned: Profile | None = None,
    ask: Ask | None = None,
    policy: Answer | None = None,
) -> tuple[Finding, ...]:
    """Findings in the order of the checks, features in the baseline's.

    `policy` answers "drift" and "skew" from all windows that there were, and "model_quality" where it follows the
    model's errors: then single metrics are told as numbers. `learned` is production as it was learned:
    with it, "drift" is judged against that and "skew" against the baseline; without both there is one question only,
    and "drift" asks it of the baseline. `ask` puts a check to its questions (by default here and now; user rules are
    asked in a child process). A rule that breaks gives a FAILED finding, and everything else goes on.
    """
    now = now.settled()
    # Undated training data may be sorted by anything, which would pass for repetition.
    base = base.settled() if base.is_dated else base
    put = ask or asked_here
    findings: list[Finding] = []
    answered = list(answers(policy, now, base, checks)) if policy is not None else []
    followed = [finding for finding in answered if finding.rule in FOLLOWED]
    for name in dict.fromkeys(check.rule.name for check in checks if check.enabled):
        if policy is not None and name in FOLLOWED:
            findings.extend(followed)
            followed = []
            continue
        if name == "skew" and learned is None:
            continue
        against = learned if learned is not None and name != "skew" else base
        group = [check for check in checks if check.rule.name == name]
        found = [f for check, questions in _asked(now, against, group) for f in _put(put, check, questions)]
        found = _told_once(weighed(found))
        if policy is not None and policy.follows_errors and name == RULE:
            findings.extend(finding for finding in answered if finding.rule == RULE)
            found = as_numbers(found, group[-1])
        findings.extend(found)
    return tuple(findings)


def as_numbers(findings: Iterable[Finding], check: Check) -> list[Finding]:
    """Findings on single metrics beside errors that are followed: numbers, which nothing rests on.

    To judge each window by them as well would call outside of the budget. Metrics that the check names itself are asked
    for, and judged all the same.
    """
    kept = [finding for finding in findings if finding.feature is not None or finding.status is Status.FAILED]
    if check.options.get("metrics"):
        return kept
    return [
        finding
        if finding.status is Status.FAILED
        else replace(finding, status=Status.SKIPPED, reason=None, why=f"{finding.why}; {AS_NUMBERS}".removeprefix("; "))
        for finding in kept
    ]


def answers(policy: Answer, now: Profile, base: Profile, checks: Sequence[Check]) -> Iterator[Finding]:
    """The policy's findings with the severities of the checks; of what could not be looked at, why.

    Learning asks about skew in the place of drift, whatever the checks say of skew.
    """

    def severity(rule: str, feature: str | None) -> str | None:
        check = _last(checks, rule, feature)
        if check is None and policy.is_learning and rule in FOLLOWED:
            check = _last(checks, "drift", feature)
        return None if check is None else check.severity

    for finding in findings_of(policy.followed.verdict, severity):
        name, reason = finding.feature, None
        if finding.rule == RULE:
            yield _labelled(finding, now.quality)
            continue
        if finding.status is Status.UNKNOWN and name is not None and name in now.features and name in base.features:
            reason = cannot_be_asked(name, now.features[name], base.features[name])
        yield replace(reason or finding, rule=finding.rule, feature=name, severity=finding.severity)


def _labelled(finding: Finding, quality: ModelQuality | None) -> Finding:
    """The errors' finding; of a window without labels enough, that these are missing, whatever was found before it."""
    if finding.value is not None or finding.reason not in (None, Reason.NO_DATA):
        return finding
    if quality is None or not quality.predicted:
        missing = unknown(Reason.NO_DATA, "no row has a prediction that can be read")
    else:
        told = f"labels for {quality.labelled} of {quality.predicted} predictions: {100 * quality.coverage:.3g} %"
        missing = unknown(Reason.TRUTH_MISSING, told)
    return replace(missing, rule=finding.rule, feature=finding.feature, severity=finding.severity)


def _last(checks: Sequence[Check], rule: str, feature: str | None) -> Check | None:
    """The check of a rule that is asked about a feature, if one is."""
    own = [check for check in checks if check.rule.name == rule]
    if feature is not None:
        own = [check for check in own if any(fnmatchcase(feature, glob) for glob in check.features)]
    return own[-1] if own and own[-1].enabled else None


def _told_once(findings: list[Finding]) -> list[Finding]:
    """A rule that breaks on every feature that it is asked about is one fault, and one finding."""
    broken = [f for f in findings if f.status is Status.FAILED]
    if len(broken) < 2 or any(f.status in (Status.OK, Status.VIOLATED, Status.SKIPPED) for f in findings):
        return findings
    why = f"{broken[0].why} ({len(broken)} features are not judged)"
    return [replace(broken[0], feature=None, why=why)]


def asked_here(check: Check, questions: Sequence[Question]) -> Sequence[Sequence[Finding]]:
    """Put a check to its questions in this process."""
    return [_answer(check, now, base) for _, now, base in questions]


def _answer(check: Check, now: Any, base: Any) -> Sequence[Finding]:
    try:
        return listed(check.rule.judge(now, base, **check.options))  # listed here: it may raise half way through
    except Exception as error:  # noqa: BLE001  a rule may raise anything; the window goes on
        return [failed(f"{type(error).__name__}: {error}")]


def listed(found: object) -> Sequence[Finding]:
    """One finding or several, or none; anything else is a broken rule."""
    several = [] if found is None else [found] if isinstance(found, Finding) else found
    if not isinstance(several, Iterable) or isinstance(several, str | bytes | Mapping):
        return [failed(f"the rule returned {found!r}; a Finding, or a list of them, would be right", "bad_result")]
    several = list(several)
    if not all(isinstance(finding, Finding) for finding in several):
        return [failed(f"the rule returned {found!r}; a Finding, or a list of them, would be right", "bad_result")]
    return several


def _asked(now: Profile, base: Profile, group: Sequence[Check]) -> Iterator[tuple[Check, list[Question]]]:
    """Each check with its questions. Of several checks of one rule, the last that names a feature asks about it."""
    if not group[0].rule.is_about_features:
        last = group[-1]
        if last.enabled and last.rule.subject != "ModelQuality":
            yield last, [(None, now, base)]
        elif last.enabled and now.quality is not None:
            yield last, [(None, now.quality, now.quality.beside(base.quality))]
        return
    kinds = SUBJECTS[group[0].rule.subject]
    chosen: dict[int, list[Question]] = {}
    for name, feature in base.features.items():
        at = max((i for i, c in enumerate(group) if any(fnmatchcase(name, g) for g in c.features)), default=None)
        if at is not None and group[at].enabled and isinstance(feature, kinds):
            chosen.setdefault(at, []).append((name, now.features[name], feature))
    yield from ((group[at], questions) for at, questions in sorted(chosen.items()))


def _put(ask: Ask, check: Check, questions: Sequence[Question]) -> Iterator[Finding]:
    answers: dict[str | None, Sequence[Finding]] = {}
    open_questions = []
    for question in questions:
        reason = cannot_be_asked(*question)
        if reason is None:
            open_questions.append(question)
        else:
            answers[question[0]] = [reason]
    if open_questions:
        for question, found in zip(open_questions, ask(check, open_questions), strict=True):
            answers[question[0]] = found
    for name, _, _ in questions:
        for finding in answers[name]:
            yield replace(
                finding,
                rule=check.rule.name,
                feature=name if name is not None else finding.feature,
                severity=check.severity,
            )


def cannot_be_asked(name: str | None, now: Any, base: Any) -> Finding | None:
    """Why a feature can be asked nothing at all."""
    if name is None or not isinstance(now, Feature):
        return None
    if now.rows == 0:
        return unknown(Reason.NO_DATA, "no row was read")
    if now.absent == now.rows:
        return unknown(Reason.COLUMN_MISSING, "no row has this column")
    if is_score_for_label(now, base):
        return unknown(
            Reason.SCORES_FOR_LABELS,
            "the window holds scores where the baseline holds labels; a baseline with scores would be judged",
        )
    return None


def weighed(findings: Sequence[Finding], level: float = LEVEL) -> list[Finding]:
    """The findings of one rule with Holm's correction over its features: each at the level it was tried at."""
    open_ones = [i for i, f in enumerate(findings) if f.estimate is not None and f.threshold is not None]
    chances = []
    for i in open_ones:
        estimate, threshold = findings[i].estimate, findings[i].threshold
        assert estimate is not None
        assert threshold is not None
        chances.append(estimate.chance_beyond(threshold, above=findings[i].direction == "at_most"))
    rejected, levels = holm(chances, level)
    result = list(findings)
    for i, is_rejected, tried in zip(open_ones, rejected, levels, strict=True):
        result[i] = decided(findings[i], tried, rejected=is_rejected)
    return result
