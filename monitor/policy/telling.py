"""Telling: what one window says of each feature, in shares of rows."""

from dataclasses import replace
from datetime import datetime

import numpy as np
from scipy.special import ndtri

from monitor.policy.band import Band, reach_of
from monitor.policy.learning import Learned
from monitor.policy.memory import Memory, Notes
from monitor.policy.noticing import noticeable
from monitor.policy.plan import Plan
from monitor.policy.verdict import Movement, Verdict, Word
from monitor.policy.watching import Watched
from monitor.stats.angle import observed_angle, share_at

MUST_NOTICE = 0.5
MANY = 1e6  # times the rows: what would be noticed however many came
INTERVAL_LEVEL = 0.05


def told(memory: Memory, found: Learned, band: Band, seen: Watched, plan: Plan, words: tuple[Word, ...]) -> Verdict:
    """The verdict on a window, after its alarms were opened and closed."""
    notes, layout = memory.notes, plan.layout
    smallest = noticeable(memory, found, band, seen.totals, plan)
    at_best = noticeable(memory, found, band, seen.totals * MANY, plan)
    movements = tuple(
        _movement(number, name, memory, band, seen, (float(smallest[number]), float(at_best[number])), plan)
        for number, name in enumerate(layout.features)
        if name not in plan.left_out
    )
    is_learning = notes.phase == "learning"
    channels = ("level", "spike", *(("jump",) if memory.jump is not None else ()))
    return Verdict(
        phase=notes.phase,
        question="skew" if is_learning else "drift",
        words=words,
        movements=movements,
        skews=skewed(notes, plan),
        seen=min(notes.seen, plan.learning) if is_learning else plan.learning,
        needed=plan.learning,
        evidence=seen.total,
        channels=channels,
        seasons=found.season.names,
        groups=_groups(notes, plan),
        notes=_notes(found, memory),
    )


def skewed(notes: Notes, plan: Plan) -> tuple[Movement, ...]:
    """The skews that are not accepted yet, as they were when learning ended."""
    layout, result = plan.layout, []
    base = np.nan_to_num(observed_angle(layout.counts, np.maximum(layout.totals, 1)))
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
                least=float(share_at(origin - reach_of(plan.tolerance))),
                most=float(share_at(origin + reach_of(plan.tolerance))),
                n_base=int(layout.totals[skew.cell]),
                since=datetime.fromisoformat(skew.said),
                widened=1.0,
            )
        )
    return tuple(result)


def _movement(
    number: int, name: str, memory: Memory, band: Band, seen: Watched, smallest: tuple[float, float], plan: Plan
) -> Movement:
    layout, notes = plan.layout, memory.notes
    opened = notes.open.get(name)
    cells = np.flatnonzero(layout.owner == number)
    status, reason = _status(opened is not None, bool(seen.totals[cells].any()), smallest)
    found = Movement(
        feature=name,
        status=status,
        reason=reason,
        noticeable=smallest[0],
        evidence=float(seen.evidence[number]),
        widened=notes.widened.get(name, 1.0),
        since=datetime.fromisoformat(opened.since) if opened is not None else None,
        channel=opened.channel if opened is not None else "",
    )
    if reason == "no_data":
        return found
    distance = np.nan_to_num(seen.distance[cells])
    at = int(np.abs(distance).argmax())
    if opened is not None and memory.onset[cells].max() > 0:
        at = int(memory.onset[cells].max(axis=1).argmax())
    return _placed(found, int(cells[at]), float(distance[at]), len(cells), band, seen, plan)


def _placed(found: Movement, cell: int, distance: float, looks: int, band: Band, seen: Watched, plan: Plan) -> Movement:
    """A share that fell is told as the share of the other rows, which rose."""
    rose = distance > 0
    centre = float(seen.centre[cell]) if rose else np.pi - float(seen.centre[cell])
    now = centre + abs(distance)
    wide = float(band.reach[cell] + band.widths[0][cell])
    doubt = -float(ndtri(INTERVAL_LEVEL / 2 / looks)) / np.sqrt(max(float(seen.totals[cell]), 1e-9))
    return replace(
        found,
        place=plan.layout.places[cell][0 if rose else 1],
        now=float(share_at(now)),
        centre=float(share_at(centre)),
        low=float(share_at(now - doubt)),
        high=float(share_at(now + doubt)),
        least=float(share_at(centre - wide)),
        most=float(share_at(centre + wide)),
        n_now=round(float(seen.totals[cell])),
        n_base=int(plan.layout.totals[cell]),
    )


def _status(is_open: bool, is_there: bool, smallest: tuple[float, float]) -> tuple[str, str | None]:
    """OK asks for more than no alarm: half a standard deviation would have been found within a day."""
    if is_open:
        return "violated", None
    if not is_there:
        return "unknown", "no_data"
    if smallest[0] <= MUST_NOTICE:
        return "ok", None
    return "unknown", "too_few_rows" if smallest[1] <= MUST_NOTICE else "too_variable"


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
