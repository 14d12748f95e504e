"""Noticing: the smallest shift that would be found within a day with 80 % power, by the delay formulas of the channels.

With W the log of what the mixture costs (weight, shares, directions, alternatives), Z the 80 % point of a normal, m the
windows of a day and s an alternative that is betted on: SPIKE at n rows `h + (z + Z) sqrt(1 / n + v)`; LEVEL
`band + (log A + W) / (m n s) + s / 2 + Z sqrt(1 / (m n) + spread^2)`; JUMP, of whose step the share g is left after the
first window, `h + (log A + W) V / s + s / 2 + Z sqrt(V)`, `V = S / (1 + (m - 1) g^2)`. The least of them, at the share
nearest a half, where half a standard deviation is an angle of 0.4. Longer scales end too late to count.
"""

import numpy as np
from scipy.special import ndtri

from monitor.estimate import ANGLE_PER_SD, POWER
from monitor.policy import jump, level
from monitor.policy.band import Band
from monitor.policy.learning import Learned
from monitor.policy.look import Floats
from monitor.policy.memory import Memory
from monitor.policy.plan import Plan


def noticeable(memory: Memory, found: Learned, band: Band, totals: Floats, plan: Plan) -> Floats:
    """In standard deviations, (features,); infinite where there are no rows."""
    layout = plan.layout
    at = layout.middle(found.centre)
    rows = totals[at]
    sizes = np.bincount(layout.owner, minlength=len(layout.features))
    power = float(ndtri(POWER))
    reach = band.reach[at]
    with np.errstate(divide="ignore", invalid="ignore"):
        share = -np.log(band.weights) + np.log(sizes)
        wander = band.natural[0][at] ** 2
        spike = reach + (band.spikes[0][at] + power) * np.sqrt(1 / rows + wander + found.error[at] ** 2)
        cost = band.log_thresholds[0] + share[:, None] + np.log(2 * len(level.ALTERNATIVES)) - level.LOG_WEIGHTS
        edge = reach + band.widths[0][at]
        n = plan.day * rows
        best = np.fmin(spike, edge + _beyond(cost, 1 / n, level.ALTERNATIVES) + power * np.sqrt(1 / n + wander))
        if memory.jump is not None and found.model is not None:
            cost = band.log_jump + share[:, None] + np.log(2 * len(jump.SIZES))
            unit = jump.uncertainty(found.model, memory.jump, 1 / rows, at, plan.day)
            step = reach + _beyond(cost, unit, jump.SIZES) + power * np.sqrt(unit)
            best = np.where(found.heavy, best, np.fmin(best, step))
    return np.where(rows > 0, best / ANGLE_PER_SD, np.inf)


def _beyond(cost: Floats, variance: Floats, alternatives: Floats) -> Floats:
    """How far a share must lie out for the evidence to be expected to reach `cost`, by the best of the alternatives."""
    needed = cost * variance[:, None] / alternatives + alternatives / 2
    found: Floats = needed.min(axis=1)
    return found
