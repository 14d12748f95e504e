"""Late: a share of each window's rows comes one to three windows later, and the policy is re-played from there on."""

import copy
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from benchmarks.verdicts.nulls import rows_of
from benchmarks.verdicts.run import Detector, Make, plan_of
from benchmarks.verdicts.table import Row
from benchmarks.verdicts.traffic import Setting, Traffic, late
from benchmarks.verdicts.trial import Outcome, Trial
from monitor.policy.look import Look

SHARE = 0.05


class Replayed:
    """A detector whose windows may be told anew. An alarm counts when the newest window has it and nobody was told."""

    def __init__(self, detector: Detector) -> None:
        self.detector: Any = detector
        self.before: dict[int, Any] = {}
        self.looks: dict[int, Look] = {}
        self.drifts: dict[int, set[str]] = {}
        self.is_armed = False

    def arrive(self, at: int, look: Look) -> bool:
        """A window's look, for the first time or anew, and all later ones after it; whether there is a new alarm."""
        again = [at, *(later for later in self.looks if later > at)]
        told = set[str]().union(*(self.drifts.get(one, set()) for one in again))
        self.looks[at] = look
        detector = copy.copy(self.before.get(at, self.detector))
        for one in again:
            self.before[one] = copy.copy(detector)
            new = detector.step(self.looks[one])
            self.drifts[one] = set(new.drift)
            self.is_armed = new.is_armed
        self.detector = detector
        for old in [one for one in self.looks if one < max(again) - 4]:
            del self.looks[old], self.before[old], self.drifts[old]
        return bool(set[str]().union(*(self.drifts[one] for one in again)) - told)


def null(setting: Setting, windows: int, rng: np.random.Generator, make: Make) -> Outcome:
    """Nothing drifts, but rows come late."""
    traffic = Traffic(setting, rng)
    plan = plan_of(traffic)
    one = Replayed(make(plan))
    looks = list(traffic.looks(plan.learning + windows))
    alarms = armed = 0
    for at, look in late(looks, SHARE, rng):
        alarms += one.arrive(at, look) and one.is_armed
        armed += one.is_armed and look.rows < setting.rows
    quiet = {"early": 0, "refused": 0, "skews": 0, "unknown": 0, "by": {}}
    return {"alarms": int(alarms), "budget": armed / plan.period, "armed": one.is_armed, **quiet}


def _rows(words: str, outcomes: Sequence[Outcome]) -> list[Row]:
    return rows_of("N6", words, True, False, outcomes)


def trials() -> list[Trial]:
    """Five per cent of the rows."""
    found = []
    for world in ("iid", "mild"):
        words = f"{world}, 5 % of each window's rows one to three windows late, re-played"
        one = partial(null, Setting(world=world), 672)
        found.append(Trial(name=f"late {world}", one=one, rows=partial(_rows, words)))
    return found
