"""Halves: did production change while it was learned?

The second half's blocks are held against the first half's, the same weekdays, so that a rhythm cancels. For every m
the mean of the last m differences must stay within the tolerance and its own error, `(|mean| - h) / sqrt(2 v / m)` at
5 % over shares and looks; v from successive differences, by a median, which is blind to the step itself.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from monitor.policy.plan import Plan
from monitor.policy.season import Season
from monitor.policy.seen import Seen
from monitor.stats.angle import observed_angle

LEVEL = 0.05
NORMAL_QUARTILE = 0.6745


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """Which feature moved furthest, and from which of the windows on (its number)."""

    feature: str
    window: int


def moved(seen: Seen, plan: Plan, reach: float) -> Moved | None:
    """None while nothing has left the band, or too little has been seen."""
    block = plan.day
    half = plan.learning // block // 2
    counts, totals, _ = seen.blocks(block, Season.none(seen.counts.shape[1]))
    pairs = len(counts) - half
    if pairs < 1 or len(counts) < 3:
        return None
    usable = (totals > 0).all(axis=0)
    y = observed_angle(counts, np.maximum(totals, 1.0))
    noise = (1 / np.maximum(totals, 1.0)).mean(axis=0)
    owner = plan.layout.owner
    v = (np.median(np.abs(np.diff(y, axis=0)), axis=0) / NORMAL_QUARTILE) ** 2 / 2
    middle = np.array([np.median(v[owner == j]) for j in range(len(plan.layout.features))])
    v = np.maximum(noise, np.maximum(v, middle[owner]))
    critical = -float(stdtrit((len(counts) - 1) / 2, LEVEL / (2 * y.shape[1] * half)))
    number = np.arange(1, pairs + 1)[:, None]
    mean = np.cumsum((y[half:] - y[:pairs])[::-1], axis=0) / number
    over = np.where(usable, (np.abs(mean) - reach) / np.sqrt(2 * v / number), 0.0)
    if over.max() < critical:
        return None
    last, cell = np.unravel_index(int(over.argmax()), over.shape)
    return Moved(
        feature=plan.layout.features[owner[cell]],
        window=(len(counts) - 1 - int(last)) * block,
    )
