"""Life: production that lies elsewhere than training, and production that moves while it is being learned."""

from collections import Counter
from collections.abc import Sequence
from functools import partial

import numpy as np

from benchmarks.verdicts import delays, nulls
from benchmarks.verdicts.delays import Condition, shift
from benchmarks.verdicts.run import Make, plan_of, skewed
from benchmarks.verdicts.table import Row, quantile_of, share
from benchmarks.verdicts.traffic import Setting, Traffic
from benchmarks.verdicts.trial import Outcome, Trial
from benchmarks.verdicts.worlds import Change

DAY_11 = 240  # windows into learning
SOON = 48
OPEN_BEFORE = 0  # windows: a skew of that feature was said before it moved


def while_learning(setting: Setting, size: float, rng: np.random.Generator, make: Make) -> Outcome:
    """One feature moves on the eleventh day of learning. What is said of it, and is it learned as if nothing was?"""
    traffic = Traffic(setting, rng)
    plan = plan_of(traffic)
    detector = make(plan)
    feature, sign = int(rng.integers(setting.features)), float(rng.choice([-1.0, 1.0]))
    name, change = f"f{feature}", Change(feature=feature, shift=sign * size)
    first: int | None = None
    how, refused, armed_at = "", None, None
    for look in traffic.looks(DAY_11):
        if name in detector.step(look).skew:
            first, how = OPEN_BEFORE, "open before"
    for at, look in enumerate(traffic.looks(2 * plan.learning + SOON, change), start=1):
        new = detector.step(look)
        about = name in new.skew or name in new.drift
        if first is None and (about or new.refused):
            first, how = at, "skew" if about else "refused"
        if refused is None and new.refused:
            refused = at
        if new.is_armed and armed_at is None:
            armed_at = at
        elif armed_at is not None:
            about = name in skewed(detector.verdict())
            first, how = (at, "skew at arming") if first is None and about else (first, how)
            break
    return {"first": first, "how": how, "refused": refused, "armed": armed_at}


def _learning_rows(words: str, promised: bool, outcomes: Sequence[Outcome]) -> list[Row]:
    firsts = [float("inf") if o["first"] is None else float(o["first"]) for o in outcomes]
    mixtures = sum(o["armed"] is not None and o["refused"] is None for o in outcomes)
    soon = sum(first <= SOON for first in firsts)
    how = Counter(o["how"] or "nothing" for o in outcomes)
    refusals = [o["refused"] for o in outcomes if o["refused"] is not None]
    seen = (
        f"first word after {quantile_of(firsts, 0.5):g} windows (median), {max(firsts):g} at most, within {SOON}: "
        f"{share(soon, len(firsts))}; as {', '.join(f'{word} {count}' for word, count in sorted(how.items()))}; "
        f"learning refused in {len(refusals)} of {len(outcomes)}"
    )
    if refusals:
        seen += f" after {quantile_of(refusals, 0.5):g} windows"
    must = f"said within {SOON} windows" + ("; never armed on a mixture" if promised else "")
    passed = soon == len(firsts) and not (promised and mixtures)
    return [Row("A21", words, must, f"{seen}; armed on a mixture {mixtures}", passed)]


def first_window(setting: Setting, size: float, rng: np.random.Generator, make: Make) -> Outcome:
    """Production is wrong from its very first window."""
    traffic = Traffic(setting, rng)
    detector = make(plan_of(traffic))
    feature, sign = int(rng.integers(setting.features)), float(rng.choice([-1.0, 1.0]))
    (look,) = traffic.looks(1, Change(feature=feature, shift=sign * size))
    new = detector.step(look)
    return {"found": f"f{feature}" in new.skew, "others": len({*new.skew} - {f"f{feature}"})}


def _first_rows(words: str, outcomes: Sequence[Outcome]) -> list[Row]:
    found, others = sum(o["found"] for o in outcomes), sum(o["others"] for o in outcomes)
    seen = f"{share(found, len(outcomes))}; other features named {others}"
    must = "at least 95 %, no other feature named"
    return [Row("L1", words, must, seen, found >= 0.95 * len(outcomes) and not others)]


def offsets() -> list[Trial]:
    """A20: production lies aside from training, which is told once; later drift is found all the same."""
    found = []
    for world in ("iid", "mild"):
        for size in (0.1, 0.2, 0.3):
            setting = Setting(world=world, offset=size)
            words = f"{world}, training and production {size} sd apart"
            found.append(delays.trial(Condition(name="A20", words=words, setting=setting), shift(0.5, 2)))
            found.append(nulls.trial(f"A20 {world} {size}", f"{words} in all features, then nothing", setting, 1680))
    words, setting = (
        "mild, training and production 0.2 sd apart in all features, JUMP off",
        Setting(world="mild", offset=0.2),
    )
    found.append(nulls.trial("A20 mild 0.2 jumpless", words, setting, 1680, jumps=False))
    return found


def trials() -> list[Trial]:
    """A20, A21, and the first window."""
    found = offsets()
    for world in ("iid", "mild", "strong"):
        for size in (0.5, 1.0):
            one = partial(_moved, Setting(world=world), size)
            words = f"{world}, {size} sd in one feature on day 11 of learning"
            rows = partial(_learning_rows, words, world != "strong")
            found.append(Trial(name=f"learning {world} {size}", one=one, rows=rows, runs=20, short=5))
    words = "1 sd in one of 30 features from the first window on, n = 1,000"
    one = partial(_first, Setting(), 1.0)
    found.append(Trial(name="first window", one=one, rows=partial(_first_rows, words), runs=40, short=10))
    return found


def _moved(setting: Setting, size: float, rng: np.random.Generator, make: Make) -> Outcome:
    return while_learning(setting, size, rng, make)


def _first(setting: Setting, size: float, rng: np.random.Generator, make: Make) -> Outcome:
    return first_window(setting, size, rng, make)
