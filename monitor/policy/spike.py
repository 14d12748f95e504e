"""SPIKE: one window or block that lies beyond the tolerance by more than wander and sampling together explain.

`z = sqrt(deviance beyond centre +/- h) / sqrt(1 + n (spread^2 tails^2 + error^2))`, with the binomial deviance, of
which Chernoff says `P(deviance >= x) <= exp(-x / 2)` at any n. Natural and sampling variance meet in quadrature, so
that single events show sooner than against the hard band. Where nothing wanders the promise is exact (Chernoff's bound,
and a union over shares); where something does, it has the tails of Student's t as stretched by those that were learned.
"""

import numpy as np

from monitor.policy.look import Floats
from monitor.stats.angle import angle, share_at

FINEST = 1e-9


def distances(counts: Floats, totals: Floats, low: Floats, high: Floats, variance: Floats) -> Floats:
    """z by share, (cells,): 0 from angle `low` to `high` or without rows; rows are those worth one each."""
    there = np.maximum(totals, FINEST)
    seen = np.clip(counts / there, 0.0, 1.0)
    edge = np.clip(share_at(np.clip(angle(seen), low, high)), FINEST, 1 - FINEST)
    with np.errstate(divide="ignore", invalid="ignore"):
        hits = np.where(seen > 0, seen * np.log(seen / edge), 0.0)
        others = np.where(seen < 1, (1 - seen) * np.log((1 - seen) / (1 - edge)), 0.0)
    deviance = np.maximum(0.0, 2 * there * (hits + others))
    return np.where(totals > 0, np.sqrt(deviance / (1 + there * variance)), 0.0)
