"""Power: what a monitor says it would notice within a day, it does; what it cannot judge, it does not call OK."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from benchmarks.verdicts.run import Make, plan_of, until_armed
from benchmarks.verdicts.table import Row, quantile_of, share
from benchmarks.verdicts.traffic import Setting, Traffic
from benchmarks.verdicts.trial import Outcome, Trial
from benchmarks.verdicts.worlds import Change

PROMISED = 0.8
FURTHEST = 4.0  # standard deviations; shifts beyond are not tried


def noticed(setting: Setting, rng: np.random.Generator, make: Make) -> Outcome:
    """One feature moves as far as the verdict says would be noticed within a day."""
    traffic = Traffic(setting, rng)
    plan = plan_of(traffic)
    detector = make(plan)
    verdict = until_armed(detector, traffic.looks(3 * plan.learning))
    feature, sign = int(rng.integers(setting.features)), float(rng.choice([-1.0, 1.0]))
    movement = verdict.movements[feature] if verdict is not None and verdict.movements else None
    if movement is None or not movement.noticeable < FURTHEST:
        return {"size": None, "status": movement.status if movement else "", "found": False}
    change = Change(feature=feature, shift=sign * movement.noticeable)
    found = any(detector.step(look).drift for look in traffic.looks(plan.day, change))
    return {"size": movement.noticeable, "status": movement.status, "found": found}


def _rows(words: str, outcomes: Sequence[Outcome]) -> list[Row]:
    tried = [o for o in outcomes if o["size"] is not None]
    found = sum(o["found"] for o in tried)
    sizes = [o["size"] for o in tried]
    unknown = sum(o["status"].lower() == "unknown" for o in outcomes)
    if not tried:
        return [Row("N5", words, "at least 80 %", "no shift is said to be noticed", False)]
    seen = f"{share(found, len(tried))} of shifts of {quantile_of(sizes, 0.5):.2f} sd (median); UNKNOWN {unknown}"
    return [Row("N5", words, "at least 80 %", seen, found >= PROMISED * len(tried))]


def trials() -> list[Trial]:
    """In every world."""
    found = []
    for world, dated in (("iid", False), ("mild", False), ("mild", True), ("strong", True)):
        words = f"{world}{', dated' if dated else ''}: a shift that is said to be noticed within a day is found in it"
        one = partial(_one, Setting(world=world, dated=dated))
        found.append(Trial(name=f"power {world} {dated}", one=one, rows=partial(_rows, words), runs=40, short=10))
    return found


def _one(setting: Setting, rng: np.random.Generator, make: Make) -> Outcome:
    return noticed(setting, rng, make)
