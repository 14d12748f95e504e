"""LEVEL: evidence that a share stands beyond its band, added up over windows or blocks of them.

For a count C of n rows and a band whose upper end is the share U: `E = (q / U)^C ((1 - q) / (1 - U))^(n - C)` for a
share q > U. Its mean is at most 1 for every share up to U, at any n, and whatever the shares of single rows are while
their average stays inside. So `M <- (M + 1) E` has `E[M] <= windows`, averages of such are such, and an alarm at
M >= A with a fresh start has at most one false alarm in A windows, under any dependence between features.

Reference: Shin, Ramdas and Rinaldo (2023), arXiv 2203.03532.
"""

import numpy as np

from monitor.policy.look import Floats

ALTERNATIVES = np.array([0.02, 0.05, 0.1, 0.2, 0.4])
"""Distances beyond the band's end that are betted on, as angles: 0.02 for slow drift, 0.4 for half a deviation."""
LOG_WEIGHTS = np.log(np.array([0.35, 0.3, 0.2, 0.1, 0.05]) * len(ALTERNATIVES))
"""Most for the near ones: what lies far out is found at once anyway."""
NEAR = 1e-4
LEAST = 1e-6  # a ratio of cosines; its square is no more than what rounding adds
NO_TEST = -50.0
MOST = 600.0
"""Of log M; more is as good, and its exponential would be no number."""


def begun(cells: int) -> Floats:
    """No evidence: log M, (cells, 2 directions, alternatives)."""
    return np.full((cells, 2, len(ALTERNATIVES)), -np.inf)


def weighed(evidence: Floats) -> Floats:
    """What is summed to a mean over directions and alternatives, of the same shape."""
    found: Floats = evidence + LOG_WEIGHTS
    return found


def stepped(evidence: Floats, counts: Floats, totals: Floats, low: Floats, high: Floats) -> Floats:
    """One window or block, in rows that are worth one each; `low` and `high` are the band's ends as angles, (cells,).

    A band that reaches 0 or pi leaves no test on that side. Shares with no rows leave the evidence as it is.
    """
    bets = log_bets(counts, totals, low, high)
    after = np.log(np.exp(np.minimum(evidence, MOST)) + 1.0) + bets
    return np.where((totals > 0)[:, None, None], after, evidence)


def log_bets(counts: Floats, totals: Floats, low: Floats, high: Floats, alternatives: Floats = ALTERNATIVES) -> Floats:
    """log E, (cells, 2, alternatives); downwards is upwards of the other rows, whose angle is pi less the angle."""
    ends = np.stack([high, np.pi - low], axis=-1)
    tangent = np.tan(np.clip(ends, NEAR, np.pi - NEAR) / 2)[..., None]
    hits = np.stack([counts, totals - counts], axis=-1)[..., None]
    sine, cosine = np.sin(alternatives / 2), np.cos(alternatives / 2)
    up = np.log(cosine + sine / tangent)  # of sin((end + a) / 2) / sin(end / 2)
    down = np.log(np.maximum(cosine - sine * tangent, LEAST))  # and of the cosines, which end where the angle is pi
    bets = 2 * (hits * up + (totals[:, None, None] - hits) * down)
    return np.where((ends >= np.pi)[..., None], NO_TEST, bets)
