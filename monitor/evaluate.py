"""One monitor, one window: read, measure, judge, report."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from monitor.baseline import Baseline
from monitor.baselines import sample_of
from monitor.batch import Expected
from monitor.batch import Sample as Reject
from monitor.child.limits import Limits
from monitor.child.parent import Child
from monitor.condition import Condition
from monitor.each import Each
from monitor.engines.engine import Engine
from monitor.engines.local import measured
from monitor.engines.spread import Whole, spread
from monitor.every_measure import with_measures
from monitor.feature import Categorical, Numeric, is_score_for_label
from monitor.finding import Finding, Status, failed
from monitor.intake import Intake, Source
from monitor.judge import judge
from monitor.policy.answer import Answer, Policy
from monitor.policy.counterpart import counterparts
from monitor.problem import Problem
from monitor.profile import Profile
from monitor.provenance import inputs, origin, span
from monitor.quality.document import document
from monitor.reading import Reading
from monitor.report import Report
from monitor.roles import Roles, asked
from monitor.rule import Check
from monitor.rulepath import HANDLER, RulePath
from monitor.sagemaker import constraints as sagemaker_constraints
from monitor.sagemaker import model_quality, quality_violations
from monitor.sagemaker.edits import switched_off, with_domains
from monitor.sagemaker.violations import violations
from monitor.sample import Sample
from monitor.scripts.preprocess import Preprocessed
from monitor.scripts.script import Script, ScriptFailed
from monitor.selection import SLACK, Selection
from monitor.sizes import STANDARD, Sizes
from monitor.threads import Threads
from monitor.truth.awaiting import Awaiting, Joined
from monitor.truth.predictions import Predictions
from monitor.userwork import Rows, TransformFailed, asker
from monitor.window import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be judged: checks, preset, the rules they come from, what columns are for, which rows, limits of
    user code. `problem` is what the model answers, where that is not what the baseline says.

    `preprocess` is a script that stands in the place of the capture format. `policy` answers rules drift and skew from
    all windows that there were; without it they are asked of this one alone. `truth` is how predictions find labels
    that come apart. The findings are the same with any number of `threads`.
    """

    monitor: str
    checks: Sequence[Check] = ()
    sagemaker: bool = False
    rules: RulePath
    roles: Roles = field(default_factory=Roles)
    problem: Problem | None = None
    where: Condition | None = None
    limits: Limits = field(default_factory=lambda: Limits(seconds=10))
    window: Window | None = None
    config_digest: str = ""
    preprocess: Script | None = None
    policy: Policy | None = None
    truth: Awaiting | None = None
    threads: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The report, the window's profile it rests on, samples of what could not be read, the baseline's profile, columns
    that were asked for and not found, what a script said, and what the policy answered."""

    report: Report
    profile: Profile
    rejects: tuple[Reject, ...] = ()
    base: Profile = field(default_factory=Profile)
    notes: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    answer: Answer | None = None


def expected(
    baseline: Baseline,
    header: str = "auto",
    sizes: Sizes = STANDARD,
    selection: Selection | None = None,
) -> Expected:
    """What the baseline says of the columns, for decoding; and which records are taken."""
    texts = frozenset(name for name, f in baseline.profile.features.items() if isinstance(f, Categorical))
    names = tuple(name for name in baseline.columns if name in baseline.profile.features)
    return Expected(names=names, texts=texts, header=header, whole=baseline.columns, sizes=sizes, selection=selection)


def selection(order: Order, closed: Sequence[Window] = (), slack: timedelta = SLACK) -> Selection | None:
    """What an order's window takes; None where it has none. Records of `closed` windows are counted."""
    if order.window is None:
        return None
    return Selection(order.window, closed, slack=slack, column=order.roles.time)


def evaluate(source: Source, baseline: Baseline, order: Order, engine: Engine | None = None) -> Outcome:
    """Judge everything that is read against the baseline, as its constraints were edited.

    An order's window is told to the source by the `selection` that its reading expects. Rows are measured by the
    `engine`, here without one.
    """
    baseline = replace(baseline, profile=with_domains(baseline.profile, baseline.constraints))
    with Child(HANDLER, order.limits) as child, Threads(order.threads) as threads:
        if isinstance(source, Reading):
            source.expected = replace(source.expected, each=threads.each)
        read = _read(source, baseline, order, child, threads.each, engine)
        answer = order.policy(_comparable(read.now, baseline.profile), baseline) if order.policy is not None else None
        findings = _judged(read.now, baseline, order, child, read.sample, answer)
        if order.truth is not None and read.joined is not None:
            findings = order.truth.allowed(findings, about_quality(order), read.joined.quality)
    report = Report(
        monitor=order.monitor,
        window=span(read.now, order.window),
        baseline=origin(baseline),
        inputs=inputs(read.now, source),
        config_digest=order.config_digest,
        findings=(*findings, *read.broken),
        required=required(order.checks, is_learning=answer is not None and answer.is_learning),
        policy=answer.document if answer is not None else None,
        quality=quality_of(read.now, baseline.profile),
        truth=read.joined.document if read.joined is not None else None,
    )
    return Outcome(
        report=report,
        profile=read.now,
        rejects=tuple(read.rejects),
        base=baseline.profile,
        notes=read.notes,
        said=read.said,
        answer=answer,
    )


def quality_of(now: Profile, base: Profile) -> dict[str, Any] | None:
    """The model's quality as the report tells it; None where nothing is known of it."""
    if now.quality is None:
        return None
    answers = [name for name, feature in now.features.items() if feature.role == "prediction"]
    return document(now.quality, now.quality.beside(base.quality), answers)


def required(checks: Sequence[Check], *, is_learning: bool) -> tuple[str, ...]:
    """The rules that must be judged for an OK; while production is learned, skew stands for drift."""
    names = [check.rule.name for check in checks if check.required and check.enabled]
    return tuple(dict.fromkeys("skew" if name == "drift" and is_learning else name for name in names))


def _comparable(now: Profile, base: Profile) -> Profile:
    """Without scores where the baseline has labels: the policy is not to take that for a move."""
    kept = {
        name: feature
        for name, feature in now.features.items()
        if name not in base.features or not is_score_for_label(feature, base.features[name])
    }
    return replace(now, features=kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """The window's profile, and what came with it."""

    now: Profile
    sample: Sample | None
    rejects: Sequence[Reject]
    broken: Sequence[Finding]
    notes: tuple[str, ...]
    said: tuple[str, ...]
    joined: Joined | None = None


def _read(source: Source, baseline: Baseline, order: Order, child: Child, each: Each, engine: Engine | None) -> _Read:
    """Through the script and the transforms; without the one or the other where it breaks, which is a finding."""
    needs_rows = any(check.rule.subject == "DataFrame" for check in order.checks)
    transforms = order.rules.transforms
    script = None
    if order.preprocess is not None:
        assert isinstance(source, Reading)
        script = Preprocessed(source, order.preprocess)
    chosen = source.expected.selection if isinstance(source, Reading) else None
    intake = Intake(script or source, order.roles, order.where, chosen)
    base = asked(baseline.profile, order.problem)
    broken: list[Finding] = []
    notes: tuple[str, ...] = ()
    if engine is not None and needs_rows:
        notes, engine = _why("a rule asks for rows, evenly spread over all that there are"), None
    if engine is not None and order.truth is not None:
        notes, engine = _why("predictions are kept, to be joined with labels"), None
    while True:
        sample = Sample() if needs_rows else None
        try:
            if engine is not None:
                now, rejects = spread(engine, intake, base, transforms, order.limits)
            else:
                with _kept(order) as kept:
                    keep = kept.take if kept is not None else None
                    now, rejects = measured(intake, base, transforms, child, sample, each, keep)
        except Whole as whole:
            notes, engine = _why(whole), None
        except ScriptFailed as error:
            broken.append(replace(failed(f"{error.why}; the window was judged as it was captured"), rule=error.name))
            intake = Intake(source, order.roles, order.where, chosen)
        except TransformFailed as error:
            broken.append(replace(failed(error.why), rule=error.name))
            transforms = ()
        else:
            said = script.said.told() if script is not None else ()
            joined = order.truth.joined() if order.truth is not None else None
            now = replace(now, window=order.window, quality=joined.quality if joined is not None else now.quality)
            notes = (*intake.notes, *notes)
            return _Read(now=now, sample=sample, rejects=rejects, broken=broken, notes=notes, said=said, joined=joined)


def _kept(order: Order) -> AbstractContextManager[Predictions | None]:
    """What keeps predictions for labels that come apart; nothing where none do."""
    if order.truth is None:
        return nullcontext()
    return order.truth.kept(has_ids_by_role=order.roles.id is not None)


def _why(whole: object) -> tuple[str, ...]:
    """The note that an engine was not asked, where there is a reason to tell."""
    return (f"engine: everything is read by this process alone: {whole}",) if str(whole) else ()


def _judged(
    now: Profile, baseline: Baseline, order: Order, child: Child, sample: Sample | None, answer: Answer | None
) -> tuple[Finding, ...]:
    found: tuple[Finding, ...] = ()
    if order.sagemaker:
        found = violations(now, sagemaker_constraints.read(baseline.constraints), baseline.statistics or None)
        if now.quality is not None:
            constraints = model_quality.read(baseline.constraints, now.quality.problem.kind)
            found += quality_violations.violations(now.quality, constraints)
    if not order.checks:
        return found
    base = baseline.profile
    off = switched_off(baseline.constraints)
    kept = {
        name: feature for name, feature in base.features.items() if name not in off and not order.roles.leaves_out(name)
    }
    now = replace(
        now,
        features={name: feature for name, feature in now.features.items() if name in kept},
        extra={
            name: count
            for name, count in now.extra.items()
            if name not in baseline.columns and not order.roles.leaves_out(name)  # the baseline's ids and times
        },
    )
    numbers = [name for name, feature in base.features.items() if isinstance(feature, Numeric)]
    is_asked = any(check.rule.is_against_rows and check.enabled for check in order.checks)
    rows = Rows(now=sample, base=sample_of(baseline) if is_asked else None, numbers=numbers)
    ask = asker(child, order.rules.users, rows)
    kept_base = replace(base, features=kept)
    judged = judge(now, kept_base, order.checks, ask=ask, policy=answer)
    learned = counterparts(answer.followed.verdict, kept_base) if answer is not None else {}
    return found + with_measures(judged, now, kept_base, learned)


def about_quality(order: Order) -> frozenset[str]:
    """The rules that ask about the model's quality."""
    own = (check.rule.name for check in order.checks if check.rule.subject == "ModelQuality")
    return frozenset((*own, *quality_violations.RULES))


def exit_code(report: Report) -> int:
    """3 no row could be read or nothing could be judged, 1 violated, 4 a rule or source failed, else 0."""
    statuses = {finding.status for finding in report.findings}
    was_read = report.inputs.rows > 0 or "column_count" in report.inputs.rejected
    if not was_read or not report.judged:
        return 3
    if Status.VIOLATED in statuses:
        return 1
    return 4 if Status.FAILED in statuses else 0
