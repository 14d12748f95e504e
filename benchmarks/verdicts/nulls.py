"""Nulls: nothing drifts. How often does the policy say that something does, against what it promised?"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from benchmarks.verdicts.errors import WEIGHT
from benchmarks.verdicts.run import Make, jumpless, plan_of, skewed, unknown
from benchmarks.verdicts.table import Row, rate
from benchmarks.verdicts.traffic import Setting, Traffic
from benchmarks.verdicts.trial import Outcome, Trial

YEAR = 8736  # hourly windows in 52 weeks
LONG = 3_024  # ten of them are three times 10,080 windows


def null(
    setting: Setting, windows: int, rng: np.random.Generator, make: Make, settings: dict[str, Any] | None = None
) -> Outcome:
    """One monitor from its first window through `windows` after it has learned; everything it says is counted."""
    traffic = Traffic(setting, rng)
    plan = plan_of(traffic, **settings or {})
    detector = make(plan)
    found: dict[str, Any] = {"alarms": 0, "refused": 0, "skews": 0, "unknown": 0, "heavy": False}
    by, early, armed_at, at = Counter[str](), set[str](), None, 0
    for at, look in enumerate(traffic.looks(windows + 3 * plan.learning)):
        new = detector.step(look)
        found["refused"] += len(new.refused)
        found["heavy"] |= new.heavy
        early.update(new.skew)
        if armed_at is None:
            armed_at = at if new.is_armed else None
            continue
        found["alarms"] += bool(new.drift)
        by.update(new.by[:1])
        if at == armed_at + 1:
            found["skews"] = len(skewed(detector.verdict()))
        if at == armed_at + windows:
            break
    judged = at - armed_at if armed_at is not None else 0
    found["unknown"] = len(unknown(detector.verdict()))
    others = {"budget": judged / plan.period, "by": dict(by), "early": len(early), "armed": armed_at is not None}
    return found | others


def rows_of(name: str, condition: str, promised: bool, quiet: bool, outcomes: Sequence[Outcome]) -> list[Row]:
    """`promised`: alarms keep to the budget. `quiet`: besides, nothing else is said either."""
    alarms, budget = sum(o["alarms"] for o in outcomes), sum(o["budget"] for o in outcomes)
    by = Counter[str]()
    for outcome in outcomes:
        by.update(outcome["by"])
    seen = f"{rate(alarms, budget)} in {len(outcomes)} runs"
    if by:
        seen += ", by " + ", ".join(f"{channel} {count}" for channel, count in sorted(by.items()))
    others = {key: sum(o[key] for o in outcomes) for key in ("early", "refused", "skews")}
    names = {
        "early": "skew findings while learning",
        "refused": "refusals to learn",
        "skews": "features in the skew finding",
    }
    seen += "".join(f"; {names[key]} {count}" for key, count in others.items() if count)
    unjudged = np.mean([o["unknown"] for o in outcomes])
    heavy = sum(o.get("heavy", False) for o in outcomes)
    if heavy:
        seen += f"; heavy tails were told in {heavy} runs"
    if unjudged:
        seen += f"; {unjudged:.3g} features UNKNOWN on average"
    passed = alarms <= budget and all(o["armed"] for o in outcomes) and not (quiet and any(others.values()))
    must = "no more than the budget" if promised else "nothing is promised"
    if quiet:
        must += "; no skew finding, no refusal"
    return [Row(name, condition, must, seen, passed if promised else None)]


def trial(
    key: str,
    condition: str,
    setting: Setting,
    windows: int = LONG,
    *,
    promised: bool = True,
    quiet: bool = False,
    settings: dict[str, Any] | None = None,
    runs: int = 10,
    jumps: bool = True,
) -> Trial:
    """A null row; `key` is its name and what tells it from its like. `jumps`: with JUMP, as it ships."""
    return Trial(
        name=f"null {key}",
        one=partial(_one, setting, windows, settings, jumps),
        rows=partial(rows_of, key.split()[0], condition, promised, quiet),
        runs=runs,
    )


def _one(
    setting: Setting,
    windows: int,
    settings: dict[str, Any] | None,
    jumps: bool,
    rng: np.random.Generator,
    make: Make,
) -> Outcome:
    return null(setting, windows, rng, make if jumps else jumpless(make), settings)


def trials() -> list[Trial]:
    """Every row whose only question is how often a quiet world is called moved."""
    found = []
    for dated in (False, True):
        how = "dated baseline" if dated else "learned from production"
        key = "dated" if dated else "undated"
        found.append(trial(f"A1 {key}", f"iid, {how}", Setting(dated=dated), quiet=True))
        for world in ("mild", "strong"):
            for rows in (1000, 10_000):
                setting = Setting(world=world, rows=rows, dated=dated)
                windows = LONG if rows == 1000 else LONG // 2
                found.append(trial(f"A2 {world} {rows} {key}", f"{world}, n = {rows:,}, {how}", setting, windows))
    heavy, swing = Setting(world="mild, t(3) shocks"), Setting(world="mild", swing=True)
    found += [
        trial("A2 mild jumpless", "mild, learned from production, JUMP off", Setting(world="mild"), jumps=False),
        trial("A4 iid", "iid, every row five times", Setting(repeat=5), 2240),
        trial("A4 mild", "mild, every row five times", Setting(world="mild", repeat=5), 2240),
        trial("A5 undated", "mild, volume x7 between day and night", swing, 2240),
        trial("A5 dated", "the same, dated baseline", replace(swing, dated=True), 2240),
        trial("A6 undated", "mild with t(3) shocks", heavy, 2240, promised=False),
        trial("A6 dated", "the same, dated baseline", replace(heavy, dated=True), 2240, promised=False),
        trial("A6 jumpless", "mild with t(3) shocks, JUMP off", heavy, 2240, promised=False, jumps=False),
        trial("A1 n=200", "iid, n = 200", Setting(rows=200), 1680),
        trial("A1 correlated", "iid, features correlated by 0.5", Setting(correlation=0.5), 2016),
    ]
    for world in ("iid", "mild"):
        setting = Setting(world=world, texts=True)
        found.append(trial(f"N1 {world}", f"{world}, 30 features of texts only", setting, 2240))
    found.append(trial("N2 300", "iid, 300 features", Setting(features=300), 840))
    found.append(trial("N2 mild", "mild, 300 features", Setting(world="mild", features=300), 840))
    found.append(trial("N2 1000", "iid, 1,000 features", Setting(features=1000), 336))
    return found + _erring() + _other_rhythms()


def _erring() -> list[Trial]:
    """A model that is wrong in a tenth of its rows, in which all are labelled."""
    found = []
    for dated in (False, True):
        for world in ("iid", "weekly", "mild"):
            how = "dated baseline" if dated else "learned from production"
            words = f"{world}, a model wrong in 10 % of rows, {how}"
            setting = Setting(world=world, errors=0.1, dated=dated)
            key = f"E1 {world} {'dated' if dated else 'undated'}"
            found.append(trial(key, words, setting, settings={"weights": WEIGHT}))
    return found


def _other_rhythms() -> list[Trial]:
    found = []
    for world in ("iid", "mild", "strong"):
        for dated in (False, True):
            setting = Setting(world=world, hours=24, dated=dated)
            how = "dated baseline of 28 windows" if dated else "14 windows learned"
            key = f"A22 daily {world} {'dated' if dated else 'undated'}"
            found.append(trial(key, f"daily windows, {world}, {how}", setting, 728))
    for world in ("iid", "strong"):
        setting = replace(Setting(), world=world, hours=168)
        found.append(trial(f"A22 weekly {world}", f"weekly windows, {world}", setting, 260))
    return found
