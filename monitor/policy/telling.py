"""Telling: what one window says of each feature, in shares of rows."""

from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from monitor.policy.band import reaches
from monitor.policy.learning import Learned
from monitor.policy.life import Step
from monitor.policy.look import Floats
from monitor.policy.memory import Memory, Notes
from monitor.policy.noticing import noticeable
from monitor.policy.plan import Plan
from monitor.policy.verdict import Movement, Verdict
from monitor.stats.angle import observed_angle, share_at

MUST_NOTICE = 0.5
MOST_TIMES = 1e6  # as many rows: what they would not show no number would
INTERVAL_LEVEL = 0.05
BISECTIONS = 12


def told(step: Step, plan: Plan) -> Verdict:
    """The verdict on a window, after its alarms were opened and closed."""
    memory, found, notes = step.memory, step.found, step.memory.notes
    is_learning = notes.phase == "learning"
    return Verdict(
        phase=notes.phase,
        question="skew" if is_learning else "drift",
        words=step.words,
        movements=_movements(step, plan),
        skews=skewed(step.after, plan),
        seen=min(notes.seen, plan.learning) if is_learning else plan.learning,
        needed=plan.learning,
        evidence=step.seen.total,
        channels=("level", "spike", *(("jump",) if memory.jump is not None else ())),
        seasons=found.season.names,
        groups=_groups(notes, plan),
        notes=_notes(found, memory),
    )


def skewed(notes: Notes, plan: Plan) -> tuple[Movement, ...]:
    """The skews that are not accepted yet, as they were when learning ended."""
    layout, result = plan.layout, []
    base = np.nan_to_num(observed_angle(layout.counts, np.maximum(layout.totals, 1)))
    reach = reaches(plan)
    for name, skew in notes.skews.items():
        rose = skew.size > 0
        low, high = (skew.low, skew.high) if rose else (-skew.high, -skew.low)
        origin = float(base[skew.cell]) if rose else np.pi - float(base[skew.cell])
        result.append(
            Movement(
                feature=name,
                status="violated",
                place=layout.places[skew.cell][0 if rose else 1],
                now=float(share_at(origin + abs(skew.size))),
                centre=float(share_at(origin)),
                low=float(share_at(origin + low)),
                high=float(share_at(origin + high)),
                least=float(share_at(origin - reach[skew.cell])),
                most=float(share_at(origin + reach[skew.cell])),
                n_base=int(layout.totals[skew.cell]),
                since=datetime.fromisoformat(skew.said),
                widened=1.0,
            )
        )
    return tuple(result)


def _movements(step: Step, plan: Plan) -> tuple[Movement, ...]:
    """By feature the share that stands furthest from its centre; of an open feature, the one that moved first.

    A share that fell is told as the share of the other rows, which rose.
    """
    layout, seen, band, notes = plan.layout, step.seen, step.band, step.memory.notes
    smallest = noticeable(step.memory, step.found, band, seen.totals, plan)
    times = _times_needed(step, smallest, plan)
    distance = np.nan_to_num(seen.distance)
    onset = step.memory.onset.max(axis=1)
    is_open = np.array([name in notes.open for name in layout.features])
    at = np.where(
        is_open & (np.maximum.reduceat(onset, layout.first()) > 0),
        _largest(onset, plan),
        _largest(np.abs(distance), plan),
    )
    moved, rows = distance[at], seen.totals[at]
    rose = moved > 0
    centre = np.where(rose, seen.centre[at], np.pi - seen.centre[at])
    now = centre + np.abs(moved)
    wide = band.reach[at] + band.widths[0][at]
    sizes = np.bincount(layout.owner, minlength=len(layout.features))
    doubt = -ndtri(INTERVAL_LEVEL / 2 / sizes) / np.sqrt(np.maximum(rows, 1e-9))
    shares = [
        share_at(angles).tolist() for angles in (now, centre, now - doubt, now + doubt, centre - wide, centre + wide)
    ]
    is_there = np.maximum.reduceat(seen.totals, layout.first()) > 0
    result = []
    for number, name in enumerate(layout.features):
        if name in plan.left_out:
            continue
        opened = notes.open.get(name)
        here = bool(is_there[number])
        status, reason = _status(opened is not None, here, float(times[number]))
        told = dict(zip(("now", "centre", "low", "high", "least", "most"), (s[number] for s in shares), strict=True))
        result.append(
            Movement(
                feature=name,
                status=status,
                reason=reason,
                place=layout.places[at[number]][0 if rose[number] else 1] if here else "",
                n_now=round(float(rows[number])),
                n_base=int(layout.totals[at[number]]),
                noticeable=float(smallest[number]),
                rows_needed=round(float(rows[number] * times[number])) if reason == "too_few_rows" else None,
                evidence=float(seen.evidence[number]),
                widened=notes.widened.get(name, 1.0),
                since=datetime.fromisoformat(opened.since) if opened is not None else None,
                channel=opened.channel if opened is not None else "",
                **(told if here else {}),
            )
        )
    return tuple(result)


def _largest(values: Floats, plan: Plan) -> NDArray[np.int64]:
    """Of each feature the share with the largest value, the first of several, (features,)."""
    first = plan.layout.first()
    is_most = values == np.maximum.reduceat(values, first)[plan.layout.owner]
    at = np.flatnonzero(is_most)
    return at[np.searchsorted(at, first)]


def _times_needed(step: Step, smallest: Floats, plan: Plan) -> Floats:
    """How many times its rows a feature would need, for half a standard deviation to be found within a day: 1 where it
    has enough, infinite where no number would do, (features,)."""
    least, most = np.zeros_like(smallest), np.full_like(smallest, np.log(MOST_TIMES))
    if (smallest <= MUST_NOTICE).all():
        return np.ones_like(smallest)

    def would_do(log_times: Floats) -> NDArray[np.bool_]:
        totals = step.seen.totals * np.exp(log_times)[plan.layout.owner]
        return noticeable(step.memory, step.found, step.band, totals, plan) <= MUST_NOTICE

    ever = would_do(most)
    for _ in range(BISECTIONS):
        middle = (least + most) / 2
        enough = would_do(middle)
        least, most = np.where(enough, least, middle), np.where(enough, middle, most)
    return np.where(smallest <= MUST_NOTICE, 1.0, np.where(ever, np.exp(most), np.inf))


def _status(is_open: bool, is_there: bool, times: float) -> tuple[str, str | None]:
    """OK asks for more than no alarm: half a standard deviation would have been found within a day."""
    if is_open:
        return "violated", None
    if not is_there:
        return "unknown", "no_data"
    if times <= 1:
        return "ok", None
    return "unknown", "too_few_rows" if np.isfinite(times) else "too_variable"


def _groups(notes: Notes, plan: Plan) -> tuple[tuple[str, ...], ...]:
    """Open features whose moves began within a day of each other."""
    starts = sorted((datetime.fromisoformat(one.since), name) for name, one in notes.open.items())
    groups: list[list[str]] = []
    last = None
    for at, name in starts:
        if last is None or at - last > plan.day * plan.interval:
            groups.append([])
        groups[-1].append(name)
        last = at
    return tuple(tuple(group) for group in groups if len(group) > 1)


def _notes(found: Learned, memory: Memory) -> tuple[str, ...]:
    notes = []
    if found.is_heavy:
        notes.append("shocks larger than a normal law brings were learned: the promise may fail, and JUMP is off")
    if memory.notes.phase == "armed" and found.model is None and not found.is_heavy:
        notes.append("too few windows were learned for JUMP")
    return tuple(notes)
