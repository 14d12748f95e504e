"""Band: how far a share may stand from its centre, and how the budget is shared among what looks at it.

Half the width of the band at scale s is `h + sqrt((Z error)^2 + (kappa_s spread_s tails_s)^2)` as an angle: h the
tolerance; Z the normal quantile at 2.5 % over all shares (the centre's error was drawn once); kappa_s the t quantile
over the period's blocks, at most 12.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import ndtri, stdtrit

from monitor.policy import correlation
from monitor.policy.learning import FEWEST_FREEDOM, Learned
from monitor.policy.look import Floats
from monitor.policy.plan import Plan
from monitor.stats.angle import angle, observed_angle

MOST_KAPPA = 12.0
CENTRE_LEVEL = 0.025
LEVEL, SPIKE = (8, 2, 1), (3, 2, 1)  # parts of the budget by scale, the shortest first: single windows find most
JUMP = 4


def reach_of(tolerance: float) -> float:
    """A tolerance in rows at the median as an angle: 2.5 % are 0.05 at every share, fewer rows in the tails.

    >>> round(reach_of(0.025), 4), round(reach_of(0.1), 4)
    (0.05, 0.2014)
    """
    return float(angle(0.5 + tolerance) - angle(0.5))


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """`reach` is the tolerance, (cells,); `widths` what is learned on top and `natural` the spread in it, (scales,
    cells): angles, all with what people widened.

    What alarms: `log_thresholds` of LEVEL by scale, `spikes` the z of SPIKE, (scales, cells), `log_jump` of JUMP.
    `weights` are the features' shares of the budget, (features,)."""

    reach: Floats
    widths: Floats
    natural: Floats
    log_thresholds: tuple[float, ...]
    spikes: Floats
    log_jump: float
    weights: Floats


def reaches(plan: Plan, *, is_wide: bool = False) -> Floats:
    """The tolerance of each share as an angle, (cells,); `is_wide` while nothing is learned."""
    usual = plan.tolerance_unlearned if is_wide else plan.tolerance
    own = [plan.tolerances.get(name, usual) for name in plan.layout.features]
    reach = np.array([reach_of(max(each, usual) if is_wide else each) for each in own], dtype=np.float64)
    return reach[plan.layout.owner]


def weights_of(plan: Plan) -> Floats:
    """Shares of the budget by feature, (features,), with sum 1 over those that are followed."""
    names = plan.layout.features
    followed = np.array([name not in plan.left_out for name in names])
    given = np.array([plan.weights.get(name, np.nan) for name in names])
    given = np.where(followed, given, 0.0)
    rest = max(0.0, 1.0 - float(np.nansum(given)))
    free = np.isnan(given)
    weights = np.where(free, rest / max(1, int(free.sum())), given)
    total = weights.sum()
    return weights / total if total > 0 else weights


def held(found: Learned, plan: Plan) -> Learned:
    """Errors that no window told of while they were learned are held against the baseline's own, within the tolerance
    of what is not learned."""
    layout = plan.layout
    worth = layout.totals / layout.effect[layout.owner]
    untold = layout.rising & ~np.isfinite(found.error) & (worth > 0)
    if not untold.any():
        return found
    more = np.maximum(0.0, reaches(plan, is_wide=True) - reaches(plan)) / _sure(plan)
    error = np.hypot(more, np.divide(1.0, np.sqrt(worth), out=np.zeros_like(more), where=worth > 0))
    base = observed_angle(layout.counts, np.maximum(layout.totals, 1))
    return replace(
        found,
        centre=np.where(untold, base, found.centre),
        error=np.where(untold, error, found.error),
        model=found.model.without(untold) if found.model is not None else None,
    )


def _sure(plan: Plan) -> float:
    """How many standard errors of a centre are sure over all shares."""
    return -float(ndtri(CENTRE_LEVEL / len(plan.layout.owner)))


def band_of(found: Learned, plan: Plan, widened: Floats, *, is_wide: bool, jumps: bool, pairs: bool) -> Band:
    """The band around what was learned; `widened` by feature, (features,), as people marked. `is_wide`: nothing is
    learned yet; `jumps`: JUMP has a part of the budget, `pairs`: so have pairs of features."""
    owner, cells = plan.layout.owner, len(plan.layout.owner)
    wider = widened[owner]
    reach = reaches(plan, is_wide=is_wide) * wider
    centre = _sure(plan) * found.error
    scales = len(plan.scales)
    part = (1 - correlation.SHARE * pairs) / (sum(LEVEL[:scales]) + sum(SPIKE[:scales]) + JUMP * jumps)
    weights = weights_of(plan)
    own = weights[owner] / np.bincount(owner, minlength=len(plan.layout.features))[owner]
    widths, natural, thresholds, spikes = [], [], [], []
    for number, scale in enumerate(plan.scales):
        freedom = max(FEWEST_FREEDOM, found.blocks[number] - 1)
        looks = max(1.0, plan.period / scale)
        kappa = min(-float(stdtrit(freedom, 1 / (2 * looks * cells))), MOST_KAPPA)
        wander = found.spread[number] * found.tails[number][owner]
        widths.append(np.hypot(centre, kappa * wander) * wider)
        natural.append(wander * wider)
        thresholds.append(float(np.log(looks / (part * LEVEL[number]))))
        alpha = np.maximum(part * SPIKE[number] / looks * own / 2, 1e-300)
        exact = np.sqrt(-2 * np.log(alpha))
        levels, which = np.unique(alpha, return_inverse=True)  # few, and each quantile takes a while
        student = np.minimum(-stdtrit(freedom, levels), MOST_KAPPA)[which]
        spikes.append(np.where(found.spread[number] > 0, np.maximum(exact, student), exact))
    return Band(
        reach=reach,
        widths=np.array(widths),
        natural=np.array(natural),
        log_thresholds=tuple(thresholds),
        spikes=np.array(spikes),
        log_jump=float(np.log(max(1.0, plan.period) / (part * JUMP))),
        weights=weights,
    )
