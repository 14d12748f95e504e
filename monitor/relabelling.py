"""A window that was judged, judged again for its labels: what its captures said stays, the model's quality is new."""

from collections.abc import Sequence
from dataclasses import replace

from monitor.baseline import Baseline
from monitor.child.parent import Child
from monitor.evaluate import Order, Outcome, about_quality, quality_of, required
from monitor.finding import Finding
from monitor.judge import FOLLOWED, as_numbers, judge
from monitor.policy.answer import Answer
from monitor.policy.quality import RULE
from monitor.profile import Profile
from monitor.report import Report
from monitor.roles import asked
from monitor.rulepath import HANDLER
from monitor.sagemaker import model_quality, quality_violations
from monitor.truth.awaiting import Awaiting
from monitor.userwork import Rows, asker


def relabelled(report: Report, profile: Profile, baseline: Baseline, order: Order, truth: Awaiting) -> Outcome:
    """The report of the revision before, with what the labels that have come meanwhile say of its predictions."""
    joined = truth.joined()
    now = replace(profile, quality=joined.quality)
    answer = order.policy(now, baseline) if order.policy is not None else None
    rules = about_quality(order) | (frozenset(FOLLOWED) if answer is not None else frozenset())
    found = _about_quality(now, baseline, order, answer, is_followed=report.policy is not None)
    found = truth.allowed(found, about_quality(order), joined.quality)
    policy = answer.document if answer is not None else report.policy
    again = replace(
        report,
        config_digest=order.config_digest,
        findings=_in_place(report.findings, found, rules),
        required=required(order.checks, is_learning=policy is not None and policy["phase"] == "learning"),
        policy=policy,
        quality=quality_of(now, baseline.profile),
        truth=joined.document,
    )
    return Outcome(report=again, profile=now, base=asked(baseline.profile, order.problem), answer=answer)


def _about_quality(
    now: Profile, baseline: Baseline, order: Order, answer: Answer | None, *, is_followed: bool
) -> tuple[Finding, ...]:
    """What is said of the quality, and of all that the policy answers. Where windows are followed and this one cannot
    be, for it was looked at with another baseline, its metrics are told as numbers."""
    found: tuple[Finding, ...] = ()
    if order.sagemaker and now.quality is not None:
        constraints = model_quality.read(baseline.constraints, now.quality.problem.kind)
        found = quality_violations.violations(now.quality, constraints)
    answered = FOLLOWED if answer is not None else ()
    checks = [one for one in order.checks if one.rule.subject == "ModelQuality" or one.rule.name in answered]
    with Child(HANDLER, order.limits) as child:
        ask = asker(child, order.rules.users, Rows(now=None, base=None, numbers=[]))
        judged = judge(now, baseline.profile, checks, ask=ask, policy=answer)
    if answer is None and is_followed:
        of_metrics = [finding for finding in judged if finding.rule == RULE]
        others = [finding for finding in judged if finding.rule != RULE]
        judged = (*as_numbers(of_metrics, *[one for one in checks if one.rule.name == RULE][-1:]), *others)
    return found + judged


def _in_place(before: Sequence[Finding], found: Sequence[Finding], rules: frozenset[str]) -> tuple[Finding, ...]:
    """The new findings where the old ones of their rules stood; measures of moves that were told stay with them."""
    measures = {(one.rule, one.feature): one.measures for one in before if one.measures}
    found = [replace(one, measures=measures.get((one.rule, one.feature), ())) for one in found]
    kept: list[Finding] = []
    told: set[str] = set()
    for finding in before:
        if finding.rule not in rules:
            kept.append(finding)
        elif finding.rule not in told:
            told.add(finding.rule)
            kept += [one for one in found if one.rule == finding.rule]
    return (*kept, *(one for one in found if one.rule not in told))
