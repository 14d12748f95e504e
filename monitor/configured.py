"""What a monitor's configuration asks for, in the words of evaluation."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from monitor import rulepath
from monitor.baseline import Baseline
from monitor.builtin.drift import drift
from monitor.builtin.model_quality import model_quality
from monitor.child.limits import Limits
from monitor.config.checks import asked_of, checks_by, checks_of
from monitor.config.grammar import Config, Monitor
from monitor.config.show import show
from monitor.engines.engine import Engine
from monitor.engines.named import engine_of
from monitor.evaluate import Order, Outcome, evaluate
from monitor.formats import chosen
from monitor.model_quality import ModelQuality
from monitor.outcomes import LEAST
from monitor.policy.answer import Policy
from monitor.policy.layout import Layout, layout_of
from monitor.policy.look import Look
from monitor.policy.plan import Mark, Plan
from monitor.problem import Problem
from monitor.profile import Profile
from monitor.reading import Reading
from monitor.roles import asked, matches
from monitor.rule import Check
from monitor.rulepath import RulePath
from monitor.sagemaker.edits import switched_off
from monitor.schedule import Once
from monitor.scripts.script import Name, Script
from monitor.sources.listing import Listed, listed
from monitor.truth.awaiting import Awaiting
from monitor.truth.delivery import Form
from monitor.truth.gathered import gathered
from monitor.truth.lines import KEY, LABEL
from monitor.window import Window

MOST_CALL_SECONDS = 60.0
SLACK = timedelta(hours=2)
"""How far before its start a window's captures are looked for: folders are named by the hour of the upload, or the
hour of the request, and clocks differ."""
FEWEST_QUIET = 20
"""Windows in which one false alarm is to be expected, at least: a budget of more could tell nothing from chance."""


def order(
    monitor: Monitor,
    rules: RulePath,
    *,
    config_digest: str,
    window: Window | None = None,
    preprocess: bool = True,
    policy: Policy | None = None,
) -> Order:
    """What is to be judged, and how. `preprocess`: whether its script stands in the place of the format.

    With a `policy` windows are followed; without it this one is judged alone.
    """
    return Order(
        monitor=monitor.name,
        checks=checks(monitor, rules, is_followed=policy is not None),
        sagemaker="sagemaker" in monitor.presets,
        rules=rules,
        roles=monitor.columns.roles,
        problem=monitor.asked,
        where=monitor.condition,
        limits=limits(monitor),
        window=window,
        preprocess=script(monitor.preprocess, "preprocess_handler", limits(monitor)) if preprocess else None,
        config_digest=config_digest,
        policy=policy,
    )


def checks(monitor: Monitor, rules: RulePath, *, is_followed: bool = False) -> tuple[Check, ...]:
    """The monitor's checks, for one window alone or for windows that are followed."""
    presets = {"driftd": rulepath.preset(rules.rules, is_followed=is_followed), "sagemaker": ()}
    found = checks_of(monitor, rules.rules, presets)
    return found if monitor.truth is None else tuple(_covered(check, monitor.truth.min_coverage) for check in found)


def _covered(check: Check, least: float) -> Check:
    """The check with the least coverage that the monitor asks for, where the check says none itself."""
    if "min_coverage" not in check.rule.options or "min_coverage" in check.options:
        return check
    return replace(check, options={**check.options, "min_coverage": least})


def follows(monitor: Monitor, rules: RulePath) -> bool:
    """Whether the monitor's windows are followed: it asks about drift, and there is more than one window."""
    is_once = isinstance(monitor.schedule.timetable.ends, Once)
    return not is_once and any(check.rule.name == "drift" and check.enabled for check in checks(monitor, rules))


def layout(monitor: Monitor, baseline: Baseline) -> Layout:
    """Where the shares stand that are followed. Outputs are those of the baseline, and those that `columns` names.

    Its digest is another one for another version of the baseline, where values were added to it by hand, and for other
    windows: what was learned then holds no more. Where errors are followed so it is for another question, and for
    labels that come another way.
    """
    found, timetable = layout_of(followed_base(monitor, baseline)), monitor.schedule.timetable
    named = [matches(name, monitor.columns.roles.outputs) for name in found.features]
    windows = [str(timetable.usual_interval), str(timetable.length)]
    asked = _asked(monitor, baseline) if found.errors else []
    told = json.dumps([baseline.digest, found.features, found.places, windows, *asked])
    return replace(
        found,
        outputs=found.outputs | np.array(named, dtype=bool),
        digest=hashlib.sha256(told.encode()).hexdigest()[:16],
    )


def followed_base(monitor: Monitor, baseline: Baseline) -> Profile:
    """The baseline's profile, its outcomes those of the problem that is asked: of no rows where it has none."""
    problem = problem_of(monitor, baseline)
    if problem is None:
        return baseline.profile
    return replace(baseline.profile, quality=ModelQuality.empty(problem).beside(baseline.profile.quality))


def _asked(monitor: Monitor, baseline: Baseline) -> list[Any]:
    """What an error is, besides the classes."""
    problem = problem_of(monitor, baseline)
    assert problem is not None
    return [problem.kind, problem.prediction, problem.probability, problem.threshold, monitor.truth is not None]


def coverage_needed(monitor: Monitor) -> float:
    """The share of a window's predictions that must have a label before its errors are followed."""
    least = monitor.truth.min_coverage if monitor.truth is not None else LEAST
    return max([least, *(float(one.options.get("min_coverage", least)) for one in _about_quality(monitor)[-1:])])


def _about_quality(monitor: Monitor) -> tuple[Check, ...]:
    """The checks of rule model_quality, the last of which is put."""
    return checks_by(monitor, model_quality.__rule__)  # type: ignore[attr-defined]


def limits(monitor: Monitor) -> Limits:
    """What one call of the user's code may use: a third of the window's time, so that one that hangs is a finding."""
    seconds = min(MOST_CALL_SECONDS, monitor.limits.time.total_seconds() / 3)
    return Limits(memory_bytes=monitor.limits.memory, seconds=seconds)


def engine(monitor: Monitor) -> Engine | None:
    """Where its rows are measured; None for this process."""
    return engine_of(monitor.engine, limits(monitor))


def script(path: Path | None, name: Name, within: Limits) -> Script | None:
    """The script of a monitor, if it has one; whether it loads is seen when it is called."""
    return None if path is None else Script(path=path.absolute(), name=name, limits=within)


def plan(
    monitor: Monitor,
    layout: Layout,
    *,
    baseline: Baseline | None = None,
    history: Sequence[Look] = (),
    marks: Sequence[Mark] = (),
) -> Plan:
    """What the policy is to keep to, from `alarm`, the schedule and the checks of rules `drift` and `model_quality`.

    Columns that are not judged, by their role or by the constraints of the `baseline`, are not followed either.
    `history` are the looks of a dated baseline, `marks` what people said, in order.
    """
    alarm, timetable = monitor.alarm, monitor.schedule.timetable
    distance = timetable.usual_interval
    per = alarm.false_alarms.per
    asked = _followed_by(monitor, layout, baseline)
    own = {name: check.options["tolerance"] for name, check in asked.items() if "tolerance" in check.options}
    return Plan(
        layout=layout,
        interval=distance,
        length=timetable.length or distance,
        timezone=monitor.schedule.timezone,
        tolerance=alarm.tolerance,
        tolerances={name: share for name, share in own.items() if share != alarm.tolerance},
        tolerance_unlearned=max(alarm.tolerance, alarm.tolerance_unlearned),
        at_most=min(monitor.at_most, per / distance / FEWEST_QUIET),
        per=per,
        learn_for=alarm.learn.time,
        learn_at_least=alarm.learn.at_least,
        absorbs=alarm.absorb,
        weights=weights(monitor, layout, list(asked)),
        left_out=frozenset(layout.features) - frozenset(asked),
        history=tuple(history),
        marks=tuple(marks),
    )


def _followed_by(monitor: Monitor, layout: Layout, baseline: Baseline | None) -> dict[str, Check]:
    """What is followed, and the check that asks for it."""
    off = switched_off(baseline.constraints) if baseline is not None else ()
    columns = [name for name in layout.features if name != layout.errors]
    judged = [name for name in columns if name not in off and not monitor.columns.roles.leaves_out(name)]
    asked = asked_of(monitor, drift.__rule__, judged)  # type: ignore[attr-defined]
    about_errors = _about_quality(monitor)[-1:] if layout.errors else ()
    return asked | {name: check for name, check in zip([layout.errors], about_errors, strict=False) if check.enabled}


def weights(monitor: Monitor, layout: Layout, asked: Sequence[str]) -> dict[str, float]:
    """Shares of the budget by feature: outputs divide theirs, the features named have their own.

    Empty where all are the same to it. Where nobody is left for the rest, those there are have it all.
    """
    known = {name: bool(is_output) for name, is_output in zip(layout.features, layout.outputs, strict=True)}
    wanted, outputs = monitor.alarm.weights, [name for name in asked if known[name]]
    if len(outputs) == len(asked):
        return {}
    found = {name: wanted.outputs / len(outputs) for name in outputs}
    found |= {name: share for name, share in wanted.features.items() if name in asked and name not in outputs}
    is_whole = len(found) == len(asked)
    return {name: share / sum(found.values()) if is_whole else share for name, share in found.items()}


def label_form(monitor: Monitor) -> Form:
    """How deliveries of labels are read."""
    truth = monitor.truth
    assert truth is not None
    return Form(
        format=chosen(truth.format),
        id=truth.id or KEY,
        label=truth.label or LABEL,
        place=truth.place,
        time=truth.time,
        sizes=monitor.limits.sizes,
    )


def problem_of(monitor: Monitor, baseline: Baseline) -> Problem | None:
    """The question that the model answers, as the configuration has it, or the baseline."""
    own = monitor.problem.of(monitor.columns.roles) if monitor.problem is not None else None
    found = asked(baseline.profile, own).quality
    return found.problem if found is not None else None


def evaluated_here(monitor: Monitor, reading: Reading, baseline: Baseline, order: Order) -> Outcome:
    """The outcome, with all labels that there are now."""
    problem = problem_of(monitor, baseline)
    if monitor.truth is None or problem is None:
        return evaluate(reading, baseline, order, engine(monitor))
    with TemporaryDirectory(prefix="driftd-") as folder:
        labels = gathered([monitor.truth.path], label_form(monitor), Path(folder))
        path, least = Path(folder) / "predictions.arrow", monitor.truth.min_coverage
        truth = Awaiting(problem=problem, path=path, shelf=labels.shelf, least=least)
        outcome = evaluate(reading, baseline, replace(order, truth=truth), engine(monitor))
    return replace(outcome, notes=(*outcome.notes, *labels.notes))


def files(monitor: Monitor, window: Window, *, again: bool = False) -> list[Listed]:
    """The captures that may hold records of a window, or late ones of those before it.

    `again`: it was judged before; what came late for it lies in folders of later hours.
    """
    late, delay = monitor.schedule.late.allowed, monitor.schedule.delay
    until = window.end + delay + (late if again else timedelta(0))
    return listed(monitor.captures.path, window.start - max(SLACK, late), until)


def digest(config: Config) -> str:
    """The digest of the configuration in effect."""
    return digest_of(show(config))


def digest_of(text: str) -> str:
    """The same, where its text was written already."""
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
