"""A window that was judged, judged again for its labels: what its captures said stays, the model's quality is new."""

from collections.abc import Sequence
from dataclasses import replace

from monitor.baseline import Baseline
from monitor.child.parent import Child
from monitor.evaluate import Order, Outcome, about_quality, quality_of, required
from monitor.finding import Finding
from monitor.judge import judge
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
    found = truth.allowed(_about_quality(now, baseline, order), about_quality(order), joined.quality)
    is_learning = report.policy is not None and report.policy["phase"] == "learning"
    again = replace(
        report,
        config_digest=order.config_digest,
        findings=_in_place(report.findings, found, about_quality(order)),
        required=required(order.checks, is_learning=is_learning),
        quality=quality_of(now, baseline.profile),
        truth=joined.document,
    )
    return Outcome(report=again, profile=now, base=asked(baseline.profile, order.problem))


def _about_quality(now: Profile, baseline: Baseline, order: Order) -> tuple[Finding, ...]:
    found: tuple[Finding, ...] = ()
    if order.sagemaker and now.quality is not None:
        constraints = model_quality.read(baseline.constraints, now.quality.problem.kind)
        found = quality_violations.violations(now.quality, constraints)
    checks = [check for check in order.checks if check.rule.subject == "ModelQuality"]
    with Child(HANDLER, order.limits) as child:
        ask = asker(child, order.rules.users, Rows(now=None, base=None, numbers=[]))
        return found + judge(now, baseline.profile, checks, ask=ask)


def _in_place(before: Sequence[Finding], found: Sequence[Finding], rules: frozenset[str]) -> tuple[Finding, ...]:
    """The new findings where the old ones stood."""
    first = next((at for at, finding in enumerate(before) if finding.rule in rules), len(before))
    others = [finding for finding in before if finding.rule not in rules]
    return (*others[:first], *found, *others[first:])
