"""Gaps between two distribution functions at points: what Wasserstein, energy and Cramer-von Mises are made of."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from monitor.stats.interval import INDEPENDENT, Effects, Floats, effective, together


@dataclass(frozen=True, slots=True)
class Gaps:
    """`gap` is F - G at ascending points, shape (points,), F now and G base, `share` that of both sides' rows at or
    below them. `rows` is what both sides are worth in a comparison; 0 where either is empty.

    Where nothing has changed `gap` has mean 0 and covariance `(min(F_a, F_b) - F_a F_b) / rows`.
    """

    gap: Floats
    share: Floats
    rows: float

    @classmethod
    def of(cls, now: ArrayLike, base: ArrayLike, effects: Effects = INDEPENDENT) -> Self:
        """Gaps at the ends of ordered cells but the last, from counts of shape (cells,).

        >>> found = Gaps.of([10, 30, 60], [20, 30, 50]); found.gap.round(2).tolist(), found.share.round(2).tolist()
        ([-0.1, -0.1], [0.15, 0.45])
        """
        q, p = effective(now, base, effects)
        n, m = float(q.sum()), float(p.sum())
        rows = together(n, m)
        if not rows:
            return cls(np.zeros(0), np.zeros(0), 0.0)
        f, g = np.cumsum(q)[:-1] / n, np.cumsum(p)[:-1] / m
        return cls(f - g, (n * f + m * g) / (n + m), rows)

    def covariance(self) -> NDArray[np.float64]:
        """Covariance of the gaps from sampling alone, shape (points, points)."""
        below = np.minimum(self.share[:, None], self.share[None, :])
        return np.asarray((below - self.share[:, None] * self.share[None, :]) / self.rows)


def widths(points: ArrayLike, *, is_discrete: bool = False) -> Floats:
    """How much of the line each of the points, ascending, stands for: shape (points,), in their unit.

    Numbers that can lie anywhere: half of the way to both neighbours (the trapezoid rule). `is_discrete`: the whole
    way to the next, along which the distribution functions are what they are at the point; the last stands for
    nothing.

    >>> widths([0.0, 1.0, 3.0]).tolist(), widths([0.0, 1.0, 3.0], is_discrete=True).tolist()
    ([0.5, 1.5, 1.0], [1.0, 2.0, 0.0])
    """
    step = np.diff(np.asarray(points, dtype=np.float64))
    if is_discrete:
        return np.append(step, 0.0)
    return np.asarray((np.append(step, 0.0) + np.append(0.0, step)) / 2)
