"""Run: the product's policy as one object that looks are put to, and the detectors that may take its place.

The one module here that knows how the policy is called.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from benchmarks.verdicts.traffic import Traffic
from monitor.policy import life
from monitor.policy.look import Look
from monitor.policy.plan import Plan
from monitor.policy.verdict import Verdict


class Detector(Protocol):
    """Looks in, verdicts out, in order."""

    def step(self, look: Look) -> Verdict: ...


Make = Callable[[Plan], Detector]


class Product:
    """driftd's own policy."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.past = plan, tuple[Look, ...]()
        self.life: life.Life | None = None

    def step(self, look: Look) -> Verdict:
        before = self.life if self.life is not None else life.begun(self.plan, look)
        since = before.memory.notes.since
        past = [] if since is None else [seen for seen in self.past if seen.window.start.isoformat() >= since]
        self.life, verdict = life.stepped(before, look, past, self.plan)
        self.past = () if self.life.memory.notes.since is None else (*past, look)
        return verdict


def plan_of(traffic: Traffic, **settings: Any) -> Plan:
    """What ships, on this traffic; `settings` are those of a row that names them."""
    length = timedelta(hours=traffic.setting.hours)
    return Plan(layout=traffic.layout, interval=length, length=length, history=traffic.history, **settings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a verdict says anew: features by what was said, what found a drift, since when learning was refused."""

    drift: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    skew: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    armed: bool = False


def said(verdict: Verdict) -> Said:
    """The words of a verdict by kind."""

    def named(*what: str) -> tuple[str, ...]:
        return tuple(word.feature or "" for word in verdict.words if word.what in what)

    drifts = [word for word in verdict.words if word.what == "drift"]
    return Said(
        drift=named("drift"),
        by=tuple(f"{word.channel}{word.scale}" for word in drifts),
        skew=named("skew"),
        refused=named("refused"),
        armed=bool(named("armed")),
    )


def skewed(verdict: Verdict) -> tuple[str, ...]:
    """Features whose skew was found when learning ended."""
    return tuple(movement.feature for movement in verdict.skews)


def unknown(verdict: Verdict) -> tuple[str, ...]:
    """Features that cannot be judged."""
    return tuple(movement.feature for movement in verdict.movements if movement.status.lower() == "unknown")


def until_armed(detector: Detector, looks: Sequence[Look] | Any) -> Verdict | None:
    """Put looks until production is learned; the verdict that says so, None where it never was."""
    for look in looks:
        verdict = detector.step(look)
        if said(verdict).armed or verdict.phase == "armed":
            return verdict
    return None
