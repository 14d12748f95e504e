"""Learning: production's own centre, its rhythm, and how far it wanders around them by itself.

The spread is that around the centre of the learning windows, never around the training baseline: a constant offset
must neither count as variance nor vanish into the season.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from monitor.policy import jump, together
from monitor.policy.look import Floats, Look
from monitor.policy.plan import Plan
from monitor.policy.season import Season, fitted, lost, mean_of
from monitor.policy.seen import FEWEST, Seen
from monitor.policy.tails import heavy_in, inflation, largest
from monitor.policy.together import Together, trained
from monitor.stats.angle import angle, observed_angle

FEWEST_BLOCKS = 8  # below that the spread of a shorter scale is taken: wider, so safe, and t quantiles stay below 12
FEWEST_FREEDOM = 3  # of Student's t
SELDOM = 1e-6  # the chance at which tails are compared: of a year's windows one
MODEL = ("rho", "wander", "scale", "tails")
UNLEARNED_EFFECT = 5.0  # how often rows may repeat each other, for all that is known before learning


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """`centre` and its standard error `error`, (cells,), are angles; `season` adds to the centre.

    `spread` is the standard deviation of block means around them, (scales, cells); `tails` how much heavier than a
    normal's the tails were, (scales, features); `blocks` how many there were by scale. `effect` is how many times
    over rows repeat each other, (features,). `heavy` are features in which shocks came that no normal law brings:
    JUMP, whose `model` is one, does not look at them. `together` is what pairs of features are to each other.
    """

    centre: Floats
    error: Floats
    season: Season
    spread: Floats
    tails: Floats
    blocks: tuple[int, ...]
    effect: Floats
    heavy: NDArray[np.bool_]
    model: jump.Model | None = None
    together: Together | None = None


def unlearned(plan: Plan) -> Learned:
    """Nothing but an undated baseline: its own centre, no spread, and doubt about repeated rows."""
    layout, scales = plan.layout, len(plan.scales)
    worth = layout.totals / layout.effect[layout.owner]
    error = np.divide(1.0, np.sqrt(worth), out=np.full(len(worth), np.inf), where=worth > 0)
    return Learned(
        centre=np.nan_to_num(observed_angle(layout.counts, layout.totals)),
        error=error,
        season=Season.none(len(layout.owner)),
        spread=np.zeros((scales, len(layout.owner))),
        tails=np.ones((scales, len(layout.features))),
        blocks=(0,) * scales,
        effect=np.full(len(layout.features), UNLEARNED_EFFECT),
        heavy=np.zeros(len(layout.features), dtype=bool),
        together=trained(*layout.joint) if layout.joint.size else None,
    )


def learned(looks: Sequence[Look], plan: Plan) -> Learned:
    """What these windows, in order, tell.

    By scale, with y the angle of a block's share less centre and season, B blocks of n rows each, and l the numbers
    fitted per block: `spread^2 = max(0, sum y^2 / (B - 1) (1 + l) / (1 - l) - mean(1 / n) (1 + 2 sqrt(2 / B)))`.
    """
    effect = effect_of(looks, plan)
    seen = Seen.of(looks, effect, plan)
    season = fitted(seen.angles, seen.slots, plan)
    centre = centre_of(seen, season)
    spread, tails, blocks = _spreads(seen, centre, season, plan)
    found = Learned(
        centre=centre,
        error=np.zeros_like(centre),
        season=season,
        spread=spread,
        tails=tails,
        blocks=blocks,
        effect=effect,
        heavy=np.zeros(len(effect), dtype=bool),
        together=pairs_of(looks, plan),
    )
    found = replace(found, error=_error(found, seen, plan))
    return _with_jumps(found, seen, plan)


def _spreads(seen: Seen, centre: Floats, season: Season, plan: Plan) -> tuple[Floats, Floats, tuple[int, ...]]:
    """Spread, tails and number of blocks by scale; too few blocks have those of the next shorter scale."""
    spread: list[Floats] = []
    tails: list[Floats] = []
    blocks: list[int] = []
    for scale in plan.scales:
        number = len(seen) // scale
        if number < FEWEST_BLOCKS and spread:
            spread.append(spread[-1])
            tails.append(tails[-1])
            blocks.append(blocks[-1])
            continue
        y, noise = around(seen, centre, season, scale)
        y = y - mean_of(y)  # few hits in many rows have a mean angle of their own
        away = min(0.5, lost(season, scale, max(number, 1), plan))
        there = np.isfinite(y).sum(axis=0)
        variance = np.nansum(y**2, axis=0) / np.maximum(there - 1, 1) * (1 + away) / (1 - away)
        doubt = 1 + 2 * np.sqrt(2 / np.maximum(there, 1))
        spread.append(np.sqrt(np.maximum(0, variance - noise * doubt)))
        furthest = _furthest(y, spread[-1], noise, plan)
        tails.append(inflation(furthest, 4 * number))
        blocks.append(number)
    return np.array(spread), np.array(tails), tuple(blocks)


def _with_jumps(found: Learned, seen: Seen, plan: Plan) -> Learned:
    """Features with shocks that no normal law brings get the heaviest tail seen."""
    model, sizes = jump.fitted(seen, found.centre, found.season, plan)
    if model is None:
        return found
    middle = plan.layout.middle(found.centre)
    is_common = np.minimum(seen.counts, seen.totals - seen.counts).mean(axis=0)[middle] >= FEWEST
    heavy = heavy_in(sizes, plan.layout.first(), middle[is_common])
    heaviest = float(sizes.max(initial=0.0)) / largest(0.5, 4 * len(seen))
    stretched = np.where(heavy, np.maximum(found.tails, heaviest), found.tails)
    return replace(found, heavy=heavy, tails=stretched, model=None if heavy.all() else model)


def pairs_of(looks: Sequence[Look], plan: Plan) -> Together | None:
    """What pairs of features were to each other; None where that was not measured in each window."""
    if not plan.layout.joint.size or any(look.joint.shape != plan.layout.joint.shape for look in looks):
        return None
    z, precision = np.stack([look.joint for look in looks], axis=1)
    return together.learned(z, precision, tolerance=plan.tolerance, period=plan.period, scales=plan.scales)


def recentred(spread: Learned, looks: Sequence[Look], plan: Plan) -> Learned:
    """Spread and season from a dated baseline, the centre from production; of errors, which no history tells, all from
    production."""
    if plan.layout.errors:
        spread = _with_errors(spread, learned(looks, plan), plan)
    effect = np.maximum(spread.effect, effect_of(looks, plan))
    seen = Seen.of(looks, effect, plan)
    found = replace(spread, centre=centre_of(seen, spread.season), effect=effect, together=pairs_of(looks, plan))
    return replace(found, error=_error(found, seen, plan))


def _with_errors(found: Learned, own: Learned, plan: Plan) -> Learned:
    """What was learned, with the `own` wander of the errors. They were seen for a shorter time: their tails are
    longer by the quantiles of Student's t."""
    at, last = plan.layout.rising, np.arange(len(plan.layout.features)) == len(plan.layout.features) - 1
    own_doubt, doubt = (stdtrit(np.maximum(FEWEST_FREEDOM, np.array(one.blocks) - 1.0), SELDOM) for one in (own, found))
    longer = np.maximum(1.0, own_doubt / doubt)[:, None]
    model = found.model.without(at) if found.model is not None else None
    if model is not None and own.model is not None:
        model = jump.Model(**{name: np.where(at, getattr(own.model, name), getattr(model, name)) for name in MODEL})
    return replace(
        found,
        season=found.season.beside(own.season, at),
        spread=np.where(at, own.spread, found.spread),
        tails=np.where(last, own.tails * longer, found.tails),
        heavy=np.where(last, own.heavy, found.heavy),
        model=model,
    )


def effect_of(looks: Sequence[Look], plan: Plan) -> Floats:
    """Design effect by feature, the mean over windows; overlapping windows count a row more than once."""
    overlap = max(1.0, plan.length / plan.interval)
    found: Floats = np.maximum(1.0, np.mean([look.effect for look in looks], axis=0)) * overlap
    return found


def centre_of(seen: Seen, season: Season) -> Floats:
    """The angle of the pooled share, less the season's mean by row."""
    totals = seen.totals.sum(axis=0)
    weighted = (season.of(seen.slots) * seen.totals).sum(axis=0)
    away = np.divide(weighted, totals, out=np.zeros_like(weighted), where=totals > 0)
    shares = np.divide(seen.counts.sum(axis=0), totals, out=np.zeros_like(totals), where=totals > 0)
    found: Floats = angle(shares) - away
    return found


def around(seen: Seen, centre: Floats, season: Season, scale: int) -> tuple[Floats, Floats]:
    """Block angles less centre and season, (blocks, cells), nan where too few rows; and their mean noise, (cells,)."""
    counts, totals, part = seen.blocks(scale, season)
    usable = totals >= FEWEST
    y = np.where(usable, observed_angle(counts, np.where(usable, totals, 1.0)) - centre - part, np.nan)
    number = np.maximum(usable.sum(axis=0), 1)
    return y, np.divide(1.0, totals, out=np.zeros_like(totals), where=usable).sum(axis=0) / number


def _furthest(y: Floats, spread: Floats, noise: Floats, plan: Plan) -> Floats:
    """The largest standardised distance by feature."""
    unit = np.sqrt(spread**2 + noise)
    z = np.divide(np.abs(np.nan_to_num(y)), unit, out=np.zeros_like(y), where=unit > 0)
    return np.maximum.reduceat(z.max(axis=0, initial=0.0), plan.layout.first()) if z.size else np.zeros(0)


def _error(found: Learned, seen: Seen, plan: Plan) -> Floats:
    """Of the centre. The scale whose blocks wander most decides: short blocks are autocorrelated, and would flatter."""
    rows = seen.totals.sum(axis=0)
    own = np.divide(1.0, rows, out=np.full_like(rows, np.inf), where=rows > 0)
    there = np.maximum(1, (seen.totals > 0).sum(axis=0))
    wander = [
        spread**2 * scale / there
        for scale, spread in zip(plan.scales, found.spread, strict=True)
        if len(seen) // scale >= FEWEST_BLOCKS or scale == 1
    ]
    found_error: Floats = np.sqrt(own + np.max(wander, axis=0))
    return found_error
