"""Edges: the worst of what is no drift. Every feature sits at the end of its tolerance, or of its whole band."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr

from benchmarks.verdicts.nulls import rows_of
from benchmarks.verdicts.run import Make, half_widths, jumpless, learned_centre, plan_of, until_armed
from benchmarks.verdicts.table import Row
from benchmarks.verdicts.traffic import Setting, Traffic
from benchmarks.verdicts.trial import Outcome, Trial
from benchmarks.verdicts.worlds import Change, Floats
from monitor.policy.band import reach_of
from monitor.stats.angle import angle


def edge(setting: Setting, whole: bool, windows: int, rng: np.random.Generator, make: Make) -> Outcome:
    """All features move at once, right after learning, as far as the first of their shares has to its end."""
    traffic = Traffic(setting, rng)
    plan = plan_of(traffic)
    detector = make(plan)
    verdict = until_armed(detector, traffic.looks(3 * plan.learning))
    alarms, judged, by = 0, 0, dict[str, int]()
    if verdict is not None:
        widths = half_widths(detector, plan) if whole else np.full(len(plan.layout.owner), reach_of(plan.tolerance))
        centres = learned_centre(detector) if whole else None
        shifts = [
            _shift(
                traffic, i, widths[plan.layout.owner == i], None if centres is None else centres[plan.layout.owner == i]
            )
            for i in range(setting.features)
        ]
        changes = [Change(feature=i, shift=shift) for i, shift in enumerate(shifts)]
        for look in traffic.looks(windows, *changes):
            new = detector.step(look)
            alarms, judged = alarms + bool(new.drift), judged + 1
            for channel in new.by[:1]:
                by[channel] = by.get(channel, 0) + 1
    quiet = {"early": 0, "refused": 0, "skews": 0, "unknown": 0, "words": []}
    return {"alarms": alarms, "budget": judged / plan.period, "by": by, "armed": verdict is not None, **quiet}


def _shift(traffic: Traffic, feature: int, reach: Floats, centre: Floats | None) -> float:
    """How far up the mean may go until the first share at or below a cut has fallen by what it may, as an angle: from
    where it truly is, or from the `centre` that was learned."""
    edges = traffic.cells.edges[feature]
    origin = angle(ndtr(edges)) if centre is None else centre[: len(edges)]

    def beyond(shift: float) -> float:
        fell = origin - angle(ndtr(edges - shift))
        return float(np.max(fell - reach[: len(edges)]))

    return float(brentq(beyond, 0.0, 6.0))


def _rows(name: str, condition: str, outcomes: Sequence[Outcome]) -> list[Row]:
    return rows_of(name, condition, True, False, outcomes)


def _one(setting: Setting, whole: bool, windows: int, rng: np.random.Generator, make: Make) -> Outcome:
    return edge(setting, whole, windows, rng, make)


def _without_jump(setting: Setting, whole: bool, windows: int, rng: np.random.Generator, make: Make) -> Outcome:
    return edge(setting, whole, windows, rng, jumpless(make))


def trials() -> list[Trial]:
    """A3 with JUMP and without, and its daily form, which A22 asks for."""
    found = []
    for name, setting, windows in (("A3", Setting(), 2000), ("A22", Setting(hours=24), 364)):
        rhythm = "hourly" if name == "A3" else "daily"
        for whole in (False, True):
            where = "whole band" if whole else "tolerance"
            condition = f"all 30 features at the edge of the {where}, {rhythm}"
            for key, one, words in (("", _one, ""), (" without JUMP", _without_jump, ", JUMP off")):
                if words and name != "A3":
                    continue
                rows = partial(_rows, name, condition + words)
                part = partial(one, setting, whole, windows)
                found.append(Trial(name=f"edge {name} {where}{key}", one=part, rows=rows))
    return found
