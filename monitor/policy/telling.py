"""Telling: what one window says of each feature, in shares of rows."""

from dataclasses import replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from monitor.estimate import ANGLE_PER_SD
from monitor.finding import MUST_NOTICE
from monitor.policy.band import reaches
from monitor.policy.grouping import at_one_time, correlated
from monitor.policy.learning import Learned
from monitor.policy.life import Step
from monitor.policy.look import Floats
from monitor.policy.memory import Memory, Notes
from monitor.policy.noticing import noticeable
from monitor.policy.pairing import open_pairs
from monitor.policy.plan import Plan
from monitor.policy.verdict import Movement, Verdict
from monitor.stats.angle import angle, observed_angle, share_at

MOST_TIMES = 1e6  # as many rows: what they would not show no number would
MOST_WORTH = 1e12  # rows: that counts of them are whole numbers still
INTERVAL_LEVEL = 0.05
BISECTIONS = 12


def told(step: Step, plan: Plan) -> Verdict:
    """The verdict on a window, after its alarms were opened and closed."""
    memory, found, notes = step.memory, step.found, step.memory.notes
    is_learning = notes.phase == "learning"
    groups = at_one_time(notes, plan)
    return Verdict(
        phase=notes.phase,
        question="skew" if is_learning else "drift",
        words=step.words,
        movements=_movements(step, plan),
        skews=skewed(step.after, plan),
        pairs=open_pairs(memory, found, step.look, plan),
        seen=min(notes.seen, plan.learning) if is_learning else plan.learning,
        needed=plan.learning,
        armed=datetime.fromisoformat(notes.armed) if notes.armed is not None else None,
        raised=notes.alarms,
        evidence=step.seen.total,
        channels=("level", "spike", *(("jump",) if memory.jump is not None else ())),
        seasons=found.season.names,
        groups=groups,
        correlated=correlated(groups, found, plan),
        errors=plan.layout.errors,
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

    A share that fell is told as the share of the other rows, which rose. Rows are told as they are read: how many are
    worth one each, where they repeat each other, nobody could count.
    """
    layout, seen = plan.layout, step.seen
    smallest = noticeable(step.memory, step.found, step.band, seen.totals, plan)
    times = _times_needed(step, smallest, plan)
    rows_there = np.maximum(seen.totals, 1e-9)
    distance = np.where(seen.totals > 0, angle(seen.counts / rows_there) - seen.centre, 0.0)
    at = _clearest(step, distance, plan)
    shares, rose = _shares(at, distance, step, plan)
    rows = step.look.totals[at]
    held = layout.totals[at] if step.memory.notes.phase == "learning" else _worth(step, at)
    is_there = np.maximum.reduceat(seen.totals, layout.first()) > 0
    is_known = np.isfinite(step.found.error[layout.middle(step.found.centre)])
    result = []
    for number, name in enumerate(layout.features):
        if name in plan.left_out:
            continue
        reason = "no_data" if not is_there[number] else None if is_known[number] else "no_baseline"
        found = _movement(name, step, reason, float(smallest[number]), float(times[number]))
        found = replace(found, evidence=float(seen.evidence[number]))
        if is_there[number] and (found.status == "violated" or reason is None):
            now, centre, low, high, least, most = (each[number] for each in shares)
            found = replace(found, now=now, centre=centre, low=low, high=high, least=least, most=most)
            needed = round(float(rows[number] * times[number])) if found.reason == "too_few_rows" else None
            found = replace(
                found,
                place=layout.places[at[number]][0 if rose[number] else 1],
                n_now=int(rows[number]),
                n_base=int(held[number]),
                rows_needed=needed,
            )
        if found.status == "violated" and step.memory.notes.phase == "armed":
            found = _with_learned(found, number, step, plan)
        result.append(found)
    return tuple(result)


def _worth(step: Step, at: NDArray[np.int64]) -> Floats:
    """The rows that would tell these shares as surely as production was learned to have them; 0 where none is known."""
    error = step.found.error[at]
    found: Floats = np.divide(1.0, error**2, out=np.zeros_like(error), where=np.isfinite(error) & (error > 0))
    return np.minimum(found, MOST_WORTH)


def _with_learned(movement: Movement, number: int, step: Step, plan: Plan) -> Movement:
    """With all shares of the feature as production was learned, and the rows that would tell them as surely."""
    shares = tuple(share_at(step.seen.centre[plan.layout.owner == number]).tolist())
    worth = float(_worth(step, plan.layout.middle(step.found.centre))[number])
    return replace(movement, learned=shares, worth=worth) if worth else movement


def _movement(name: str, step: Step, missing: str | None, smallest: float, times: float) -> Movement:
    """Without its shares; `missing` is the reason why there is nothing to judge, None where there is."""
    notes = step.memory.notes
    opened = notes.open.get(name)
    status, reason = _status(opened is not None, missing, times)
    return Movement(
        feature=name,
        status=status,
        reason=reason,
        noticeable=smallest,
        widened=notes.widened.get(name, 1.0),
        since=datetime.fromisoformat(opened.since) if opened is not None else None,
        channel=opened.channel if opened is not None else "",
    )


def _clearest(step: Step, distance: Floats, plan: Plan) -> NDArray[np.int64]:
    """The share that is told of each feature, (features,)."""
    layout, opened = plan.layout, step.memory.notes.open
    onset = step.memory.onset.max(axis=1)
    is_open = np.array([name in opened for name in layout.features])
    has_begun = is_open & (np.maximum.reduceat(onset, layout.first()) > 0)
    far = np.where(layout.rising, distance, np.abs(distance))
    return np.where(has_begun, _largest(onset, plan), _largest(far, plan))


def _shares(
    at: NDArray[np.int64], distance: Floats, step: Step, plan: Plan
) -> tuple[list[list[float]], NDArray[np.bool_]]:
    """Shares now, as held against, with the interval's and the band's ends, by feature; and whether each rose."""
    seen, band = step.seen, step.band
    moved = distance[at]
    rose = moved > 0
    centre = np.where(rose, seen.centre[at], np.pi - seen.centre[at])
    now = centre + np.abs(moved)
    wide = band.reach[at] + band.widths[0][at]
    sizes = np.bincount(plan.layout.owner, minlength=len(at))
    doubt = -ndtri(INTERVAL_LEVEL / 2 / sizes) / np.sqrt(np.maximum(seen.totals[at], 1e-9))
    places = (now, centre, now - doubt, now + doubt, centre - wide, centre + wide)
    return [share_at(angles).tolist() for angles in places], rose


def _largest(values: Floats, plan: Plan) -> NDArray[np.int64]:
    """Of each feature the share with the largest value, the first of several, (features,)."""
    first = plan.layout.first()
    is_most = values == np.maximum.reduceat(values, first)[plan.layout.owner]
    at = np.flatnonzero(is_most)
    return at[np.searchsorted(at, first)]


def _matters(step: Step, plan: Plan) -> Floats:
    """The shift that OK says would have been found within a day, in standard deviations, (features,): half of one, or a
    quarter beyond a tolerance so wide that it lies near that; half beyond it while nothing is learned."""
    tolerance = step.band.reach[plan.layout.first()] / ANGLE_PER_SD
    if step.memory.notes.phase == "learning" and not step.memory.notes.is_dated:
        return tolerance + MUST_NOTICE
    return np.maximum(MUST_NOTICE, tolerance + MUST_NOTICE / 2)


def _times_needed(step: Step, smallest: Floats, plan: Plan) -> Floats:
    """How many times its rows a feature would need, for a shift that matters to be found within a day: 1 where it has
    enough, infinite where no number would do, (features,)."""
    least, most = np.zeros_like(smallest), np.full_like(smallest, np.log(MOST_TIMES))
    matters = _matters(step, plan)
    if (smallest <= matters).all():
        return np.ones_like(smallest)

    def would_do(log_times: Floats) -> NDArray[np.bool_]:
        totals = step.seen.totals * np.exp(log_times)[plan.layout.owner]
        return noticeable(step.memory, step.found, step.band, totals, plan) <= matters

    ever = would_do(most)
    for _ in range(BISECTIONS):
        middle = (least + most) / 2
        enough = would_do(middle)
        least, most = np.where(enough, least, middle), np.where(enough, middle, most)
    return np.where(smallest <= matters, 1.0, np.where(ever, np.exp(most), np.inf))


def _status(is_open: bool, missing: str | None, times: float) -> tuple[str, str | None]:
    """OK asks for more than no alarm: a shift that matters would have been found within a day."""
    if is_open:
        return "violated", None
    if missing is not None:
        return "unknown", missing
    if times <= 1:
        return "ok", None
    return "unknown", "too_few_rows" if np.isfinite(times) else "too_variable"


def _notes(found: Learned, memory: Memory) -> tuple[str, ...]:
    notes = []
    if found.heavy.any():
        number = "all" if found.heavy.all() else f"{int(found.heavy.sum())}"
        notes.append(
            f"shocks or steps larger than a normal law brings were learned in {number} features: the promise may fail, "
            "and JUMP does not look at them"
        )
    if memory.notes.phase == "armed" and found.model is None and not found.heavy.any():
        notes.append("too few windows were learned to tell a sudden change from slow wandering (JUMP)")
    return tuple(notes)
