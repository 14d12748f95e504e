"""Delays: something moves after production was learned. After how many windows is it found, and is it named?"""

import copy
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from benchmarks.verdicts.errors import WEIGHT
from benchmarks.verdicts.run import Make, jumpless, plan_of, unknown, until_armed
from benchmarks.verdicts.table import Row, quantile_of, share, spell
from benchmarks.verdicts.traffic import Setting, Traffic
from benchmarks.verdicts.trial import Outcome, Trial
from benchmarks.verdicts.worlds import Change

HORIZON = 504  # hourly windows that are waited
NEVER = float("inf")
SHIFTS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A change and what must be: `median` windows at most (None: reported), the changed feature named."""

    change: Change
    median: float | None = None
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Where the cases take place. `settings` of the plan, where not those that ship."""

    name: str
    words: str
    setting: Setting
    horizon: int = HORIZON
    settings: dict[str, Any] = field(default_factory=dict)
    jumps: bool = True


def delays(condition: Condition, cases: Sequence[Case], rng: np.random.Generator, make: Make) -> list[dict[str, Any]]:
    """Learn once, stay quiet for up to a week, then let each case happen to a copy of the very same monitor."""
    traffic = Traffic(condition.setting, rng)
    plan = plan_of(traffic, **condition.settings)
    detector = (make if condition.jumps else jumpless(make))(plan)
    verdict = until_armed(detector, traffic.looks(4 * plan.learning))
    week = 168 // condition.setting.hours
    for look in traffic.looks(int(rng.integers(week)) if week > 1 else 0):
        detector.step(look)
    feature = int(rng.integers(condition.setting.features))
    sign = float(rng.choice([-1.0, 1.0]))
    subject = "errors" if any(case.change.errors for case in cases) else f"f{feature}"
    cannot = verdict is None or subject in unknown(verdict)
    found = []
    for case in cases:
        change = replace(case.change, feature=feature, shift=sign * case.change.shift)
        windows, named, by = _found(copy.deepcopy(traffic), copy.copy(detector), change, condition.horizon, subject)
        found.append({"windows": windows, "named": named, "by": by, "unknown": cannot})
    return found


def _found(traffic: Traffic, detector: Any, change: Change, horizon: int, subject: str) -> tuple[int | None, bool, str]:
    for at, look in enumerate(traffic.looks(horizon, change), start=1):
        new = detector.step(look)
        if new.drift:
            return at, any(subject in name.split(" and ") for name in new.drift), new.by[0]
    return None, False, ""


def waited(outcomes: Sequence[Outcome], case: int) -> list[float]:
    """Windows waited in each run, infinite where nothing was said."""
    found = [outcome["cases"][case]["windows"] for outcome in outcomes]
    return [NEVER if windows is None else float(windows) for windows in found]


def rows_of(condition: Condition, cases: Sequence[Case], outcomes: Sequence[Outcome]) -> list[Row]:
    """One row for each case."""
    rows = []
    for at, case in enumerate(cases):
        results = [outcome["cases"][at] for outcome in outcomes]
        seen = spell(waited(outcomes, at), condition.horizon)
        by = Counter(result["by"] for result in results if result["by"])
        if by:
            seen += ", by " + ", ".join(f"{channel} {count}" for channel, count in by.most_common())
        unjudged = sum(result["unknown"] for result in results)
        if unjudged:
            seen += f"; the feature was UNKNOWN in {unjudged}"
        passed = None if case.median is None else quantile_of(waited(outcomes, at), 0.5) <= case.median
        must = "reported" if case.median is None else f"median at most {case.median:g}"
        rows.append(Row(condition.name, f"{condition.words}: {case.words or _words(case.change)}", must, seen, passed))
    return rows


def _words(change: Change) -> str:
    parts = []
    if change.shift:
        parts.append(f"{abs(change.shift):g} sd in one feature")
    if change.spread != 1:
        parts.append(f"spread x{change.spread:g}")
    if change.tail:
        parts.append(f"{100 * change.tail:g} % of rows to the far tail")
    if change.missing:
        parts.append(f"{100 * change.missing:g} % of rows lose their value")
    if change.together:
        parts.append(f"correlation of two features from 0 to {change.together:g}")
    if change.errors:
        parts.append(f"wrong in {100 * change.errors:g} % of rows more")
    if change.over > 1:
        parts.append(f"growing over {change.over} windows")
    return ", ".join(parts)


def _one(condition: Condition, cases: Sequence[Case], rng: np.random.Generator, make: Make) -> Outcome:
    return {"cases": delays(condition, cases, rng, make)}


def trial(condition: Condition, *cases: Case, runs: int = 20) -> Trial:
    """Rows of one condition, all seen in the same runs."""
    name = f"delay {condition.name} {condition.words}"
    return Trial(
        name=name, one=partial(_one, condition, cases), rows=partial(rows_of, condition, cases), runs=runs, short=5
    )


def shift(size: float, median: float | None = None) -> Case:
    """A case of a shift by so many standard deviations."""
    return Case(change=Change(shift=size), median=median)


def trials() -> list[Trial]:
    """A7 to A11, A22's and A24's delays, and what else may move besides a mean."""
    iid, mild, strong = Setting(), Setting(world="mild"), Setting(world="strong")
    texts, many, most = Setting(texts=True), Setting(features=300), Setting(features=1000)
    month = {"at_most": 13.0}  # one false alarm in four weeks
    found = [
        trial(Condition(name="A7", words="iid", setting=iid), shift(0.25, 3), shift(0.5, 1), runs=40),
        trial(Condition(name="A8", words="iid", setting=iid), shift(0.1, 72)),
        trial(
            Condition(name="A8", words="iid, tolerance 1 %", setting=iid, settings={"tolerance": 0.01}), shift(0.1, 12)
        ),
        trial(Condition(name="A9", words="mild, dated", setting=_dated(mild)), shift(0.25, 24), shift(0.5, 2)),
        trial(
            Condition(name="A9", words="mild, learned from production", setting=mild), shift(0.25, 60), shift(0.5, 2)
        ),
        trial(
            Condition(name="A9", words="mild, learned from production, JUMP off", setting=mild, jumps=False),
            shift(0.25),
            shift(0.5),
        ),
        trial(Condition(name="A10", words="strong, dated", setting=_dated(strong)), shift(0.5, 3), shift(0.25)),
        trial(Condition(name="A10", words="strong, learned from production", setting=strong), shift(0.5), shift(1.0)),
        trial(Condition(name="A11", words="iid, 300 features", setting=many), shift(0.25, 3), shift(0.5, 1), runs=10),
        trial(Condition(name="N2", words="iid, 1,000 features", setting=most), shift(0.25, 3), shift(0.5, 1), runs=10),
        trial(Condition(name="N1", words="iid, texts only", setting=texts), shift(0.25), shift(0.5, 1)),
        trial(
            Condition(name="A24", words="iid, 1 in 4 weeks", setting=iid, settings=month),
            shift(0.25, 3),
            shift(0.1, 60),
        ),
        trial(
            Condition(name="A4", words="iid, every row five times", setting=Setting(repeat=5)), shift(0.5), shift(1.0)
        ),
        trial(
            Condition(name="A5", words="mild, volume x7, dated", setting=Setting(world="mild", swing=True, dated=True)),
            shift(0.5),
        ),
        trial(
            Condition(name="J1", words="iid, all pairs of 30 features", setting=iid),
            *(Case(change=Change(together=size)) for size in (0.1, 0.2, 0.4)),
            runs=10,
        ),
        *(
            _erring(Setting(world=world, errors=0.1), median)
            for world, median in (("iid", 3), ("weekly", 3), ("mild", None))
        ),
        _otherwise(iid),
        _slowly(iid, mild),
    ]
    for hours, name in ((24, "daily"), (168, "weekly")):
        for world in ("iid", "mild", "strong") if hours == 24 else ("iid",):
            where = Setting(world=world, hours=hours)
            condition = Condition(name="A22", words=f"{name}, {world}", setting=where, horizon=100)
            known = world == "iid"
            found.append(trial(condition, shift(0.25, 3 if known else None), shift(0.5, 1 if known else None)))
    for words, setting in CURVES.items():
        condition = Condition(name="curve", words=words, setting=setting)
        found.append(trial(condition, *(shift(size) for size in SHIFTS), runs=12))
    return found


def _dated(setting: Setting) -> Setting:
    return replace(setting, dated=True)


CURVES = {
    "iid": Setting(),
    "mild": Setting(world="mild"),
    "mild, dated": Setting(world="mild", dated=True),
    "strong, dated": Setting(world="strong", dated=True),
}


def _erring(setting: Setting, median: float | None) -> Trial:
    words = f"{setting.world}, a model wrong in 10 % of rows"
    condition = Condition(name="E2", words=words, setting=setting, settings={"weights": WEIGHT})
    worse = [Case(change=Change(errors=size), median=most) for size, most in ((0.05, median), (0.1, 1))]
    return trial(condition, *worse)


def _otherwise(iid: Setting) -> Trial:
    changes = [
        Change(spread=1.15),
        Change(spread=1.3),
        Change(tail=0.01),
        Change(tail=0.02),
        Change(tail=0.04),
        Change(missing=0.01),
        Change(missing=0.05),
    ]
    return trial(Condition(name="N3", words="iid", setting=iid), *(Case(change=change) for change in changes), runs=10)


def _slowly(*settings: Setting) -> Trial:
    condition = Condition(name="N4", words="mild", setting=settings[-1], horizon=1344)
    return trial(condition, *(Case(change=Change(shift=size, over=672)) for size in (0.5, 1.0)), runs=10)


def named_rows(outcomes: dict[str, Sequence[Outcome]]) -> list[Row]:
    """A12: over all shifts of a quarter and more that were found, how often was the feature itself named? No row where
    no shift was tried."""
    if not any(outcomes.get(one.name) for one in trials()):
        return []
    named = total = 0
    for one in trials():
        cases: Sequence[Case] = one.rows.args[1]  # type: ignore[attr-defined]
        for outcome in outcomes.get(one.name, ()):
            for case, result in zip(cases, outcome["cases"], strict=True):
                if case.change.shift >= 0.25 and result["windows"] is not None:
                    total, named = total + 1, named + result["named"]
    seen = share(named, total) if total else "nothing was found"
    return [
        Row(
            "A12", "the changed feature is named, shifts from 0.25 sd", "at least 95 %", seen, named >= 0.95 * total > 0
        )
    ]


Rows = Callable[[Sequence[Outcome]], list[Row]]
