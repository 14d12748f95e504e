"""Noticing: the smallest shift that would be found within a day with 80 % power, by the delay formulas of the channels.

With W the log of what the mixture costs (weight, shares, directions, alternatives), Z the 80 % point of a normal:
SPIKE at n rows `h + (z + Z) sqrt(1 / n + v)`; LEVEL over m blocks
`band + sqrt(2 (log A + W) / (m n)) + Z sqrt(1 / (m n) + spread^2)`; JUMP `h + sqrt(2 S (log A + W)) + Z sqrt(S)`. The
least of them, at the share nearest a half, where half a standard deviation is an angle of 0.4.
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
    at = middle(found, plan)
    rows = totals[at]
    sizes = np.bincount(layout.owner, minlength=len(layout.features))
    power = float(ndtri(POWER))
    reach = band.reach[at]
    with np.errstate(divide="ignore", invalid="ignore"):
        share = -np.log(band.weights) + np.log(sizes)
        best = np.full(len(at), np.inf)
        for place, scale in enumerate(plan.scales):
            if scale > plan.day:
                continue
            blocks, n = plan.day // scale, rows * scale
            wander = band.natural[place][at] ** 2
            spike = reach + (band.spikes[place][at] + power) * np.sqrt(1 / n + wander + found.error[at] ** 2)
            cost = band.log_thresholds[place] + share + np.log(2 * len(level.ALTERNATIVES))
            edge = reach + band.widths[place][at]
            added = edge + np.sqrt(2 * cost / (blocks * n)) + power * np.sqrt(1 / (blocks * n) + wander)
            best = np.fmin(best, np.fmin(spike, added))
        if memory.jump is not None and found.model is not None:
            ahead = found.model.rho[at] ** 2 * memory.jump.variance[at]
            ahead = ahead + found.model.wander[at] * (1 - found.model.rho[at] ** 2)
            unit = (ahead + 1 / rows) * found.model.scale[at] * found.model.tails[at]
            cost = band.log_jump + share + np.log(2 * len(jump.SIZES))
            best = np.fmin(best, reach + np.sqrt(2 * unit * cost) + power * np.sqrt(unit))
    return np.where(rows > 0, best / ANGLE_PER_SD, np.inf)


def middle(found: Learned, plan: Plan) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Of each feature the share nearest a half, (features,); the last, of missing rows, only where it is alone."""
    layout = plan.layout
    far = np.abs(found.centre - np.pi / 2)
    found_at = []
    for first, size in zip(layout.first(), np.bincount(layout.owner, minlength=len(layout.features)), strict=True):
        inner = far[first : first + max(1, size - 1)]
        found_at.append(first + int(inner.argmin()))
    return np.array(found_at, dtype=np.int64)
