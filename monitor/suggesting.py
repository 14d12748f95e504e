"""Suggesting: what a monitor's alarm could say, learned from one half of its windows and tried on the other. Pure."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from monitor.backtesting import Timeline, timeline
from monitor.policy.look import Look
from monitor.policy.plan import Plan

WIDER = (0.05, 0.10)
"""Tolerances that are tried for features that come and go; the widest is that of what was not learned."""
OFTEN = 2
"""Alarms of a feature that were over by themselves: from so many on it wanders, and has not just changed once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Widened:
    """A feature that is given a wider tolerance: how many of its alarms were over by themselves, and are left."""

    feature: str
    tolerance: float
    before: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """`plan` is what is proposed, `found` what it says of the second half, `plain` what it would have said as it was.

    `widened` are features whose tolerance is wider in the plan, `restless` those that no tolerance tried made quiet, so
    that theirs is as it was; `moved` are features whose alarm is open at the end.
    """

    plan: Plan
    plain: Timeline
    found: Timeline
    widened: tuple[Widened, ...] = ()
    restless: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()


def suggested(looks: Sequence[Look], plan: Plan, *, tell: Callable[[], None] | None = None) -> Suggestion:
    """What to write for such windows. ValueError where they are too few to learn from one half of them.

    The second half is never learned from. A tolerance is never narrower than the plan's own, and wider only for a
    feature with alarms that come and go; one that moved and stayed moved is no reason to look away. `tell` is called at
    each window, the first time that it is replayed.
    """
    half = len(looks) // 2
    if half < plan.learning:
        raise ValueError(
            f"{len(looks)} windows are too few to learn from one half of them and to try the other; "
            f"{2 * plan.learning} would be right, as learning takes {plan.learning}"
        )
    tried = replace(plan, learn_for=half * plan.interval, learn_at_least=half, history=(), marks=())
    plain = timeline(looks, tried, tell=tell)
    tolerances, restless = _tolerances(looks, tried, plain)
    chosen = replace(tried, tolerances={**plan.tolerances, **tolerances})
    found = timeline(looks, chosen) if tolerances else plain
    before, after = come_and_gone(plain), come_and_gone(found)
    return Suggestion(
        plan=chosen,
        plain=plain,
        found=found,
        widened=tuple(
            Widened(feature=name, tolerance=tolerance, before=before[name], after=after[name])
            for name, tolerance in sorted(tolerances.items())
        ),
        restless=restless,
        moved=tuple(sorted({e.feature for e in found.episodes if e.question == "drift" and e.closed is None})),
    )


def _tolerances(looks: Sequence[Look], plan: Plan, plain: Timeline) -> tuple[dict[str, float], tuple[str, ...]]:
    """The least tolerance that makes each restless feature quiet; and those that none did."""
    found, restless = plain, _restless(plain)
    tolerances: dict[str, float] = {}
    for tolerance in WIDER:
        wider = {name: tolerance for name in restless if tolerance > plan.tolerances.get(name, plan.tolerance)}
        if wider:
            tolerances |= wider
            found = timeline(looks, replace(plan, tolerances={**plan.tolerances, **tolerances}))
            restless = tuple(name for name in restless if name in _restless(found))
    return {name: tolerance for name, tolerance in tolerances.items() if name not in restless}, restless


def _restless(found: Timeline) -> tuple[str, ...]:
    return tuple(sorted(name for name, count in come_and_gone(found).items() if count >= OFTEN))


def come_and_gone(found: Timeline) -> Counter[str]:
    """How many alarms of each feature were over by themselves."""
    return Counter(e.feature for e in found.episodes if e.question == "drift" and e.closed is not None)
