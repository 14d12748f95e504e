"""Run: the product's policy as one object that looks are put to, and the detectors that may take its place.

The one module here that knows how the policy is called.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Protocol

import numpy as np

from benchmarks.verdicts.traffic import Traffic
from monitor.policy import life
from monitor.policy.band import reach_of
from monitor.policy.look import Floats, Look
from monitor.policy.plan import Plan
from monitor.policy.telling import told
from monitor.policy.verdict import Verdict, Word


class Detector(Protocol):
    """Looks in, in order; out comes what is said of each, and on demand the verdict on the last one."""

    def step(self, look: Look) -> "Said": ...

    def verdict(self) -> Verdict: ...


Make = Callable[[Plan], Detector]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is said anew of one window: features by what was said, and what found the drift."""

    drift: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    skew: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    heavy: bool = False
    is_armed: bool = True

    @classmethod
    def of(cls, words: Sequence[Word], *, is_armed: bool) -> "Said":
        """By kind."""
        named: dict[str, list[str]] = {}
        for word in words:
            named.setdefault(word.what, []).append(word.feature or "")
        return cls(
            drift=tuple(named.get("drift", ())),
            by=tuple(f"{word.channel}{word.scale}" for word in words if word.what == "drift"),
            skew=tuple(named.get("skew", ())),
            refused=tuple(named.get("refused", ())),
            heavy="heavy_tailed" in named,
            is_armed=is_armed,
        )


class Product:
    """driftd's own policy."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.past = plan, tuple[Look, ...]()
        self.life: life.Life | None = None
        self.last: tuple[life.Step, Look] | None = None

    def step(self, look: Look) -> Said:
        before = self.life if self.life is not None else life.begun(self.plan, look)
        since = before.memory.notes.since
        if since is None:
            self.past = ()
        elif self.past and self.past[0].window.start.isoformat() < since:
            self.past = tuple(seen for seen in self.past if seen.window.start.isoformat() >= since)
        self.life, step = life.stepped(before, look, self.past, self.plan)
        self.last = (step, look)
        if since is not None:
            self.past = (*self.past, look)
        return Said.of(step.words, is_armed=step.after.phase == "armed")

    def verdict(self) -> Verdict:
        assert self.last is not None
        step, _ = self.last
        return told(step, self.plan)


def half_widths(detector: Detector, plan: Plan) -> Floats:
    """How far each share may stand from its centre, as an angle, (cells,): the narrowest band of all scales."""
    if not isinstance(detector, Product) or detector.life is None or detector.life.band is None:
        return np.full(len(plan.layout.owner), reach_of(plan.tolerance))
    band = detector.life.band
    found: Floats = band.reach + band.widths.min(axis=0)
    return found


class Jumpless(Product):
    """The same without its JUMP channel, whose part of the budget the others then have."""

    def step(self, look: Look) -> Said:
        if self.life is None:
            self.life = _jumpless(life.begun(self.plan, look))
        said = super().step(look)
        self.life = _jumpless(self.life)
        return said


def jumpless(make: Make) -> Make:
    """The product without JUMP; another detector as it is."""
    return Jumpless if make is Product else make


def _jumpless(one: life.Life) -> life.Life:
    if one.found.model is None:
        return one
    return replace(one, memory=replace(one.memory, jump=None), found=replace(one.found, model=None), band=None)


def plan_of(traffic: Traffic, **settings: Any) -> Plan:
    """What ships, on this traffic; `settings` are those of a row that names them."""
    length = timedelta(hours=traffic.setting.hours)
    return Plan(layout=traffic.layout, interval=length, length=length, history=traffic.history, **settings)


def skewed(verdict: Verdict) -> tuple[str, ...]:
    """Features whose skew was found when learning ended."""
    return tuple(movement.feature for movement in verdict.skews)


def unknown(verdict: Verdict) -> tuple[str, ...]:
    """Features that cannot be judged."""
    return tuple(movement.feature for movement in verdict.movements if movement.status.lower() == "unknown")


def until_armed(detector: Detector, looks: Iterable[Look]) -> Verdict | None:
    """Put looks until production is learned, and one more; the verdict on that one, None where it was never learned."""
    was_armed = False
    for look in looks:
        is_armed = detector.step(look).is_armed
        if was_armed:
            return detector.verdict()
        was_armed = is_armed
    return None


def learned_centre(detector: Detector) -> Floats | None:
    """The angles that drift is asked about; None of a detector that learns nothing."""
    return detector.life.found.centre if isinstance(detector, Product) and detector.life is not None else None
