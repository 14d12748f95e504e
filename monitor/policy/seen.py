"""Seen: the looks of many windows side by side, as arrays, and added up by blocks of windows."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from monitor.policy.look import Floats, Look
from monitor.policy.plan import Plan
from monitor.policy.season import Season, slot_of
from monitor.stats.angle import observed_angle

FEWEST = 30.0
"""Rows, in those that are worth one each, below which the angle of a share is too noisy to learn from."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """Rows that are worth one each: `counts` of `totals`, (windows, cells), and each window's `slots` (windows, 2)."""

    counts: Floats
    totals: Floats
    slots: NDArray[np.int64]

    @classmethod
    def of(cls, looks: Sequence[Look], effect: Floats, plan: Plan) -> "Seen":
        """`effect`: how many times over rows repeat each other, (features,)."""
        worth = effect[plan.layout.owner]
        return cls(
            counts=np.stack([look.counts for look in looks]) / worth,
            totals=np.stack([look.totals for look in looks]) / worth,
            slots=np.array([slot_of(look.window.start, plan.timezone) for look in looks], dtype=np.int64),
        )

    def __len__(self) -> int:
        return len(self.counts)

    @cached_property
    def angles(self) -> Floats:
        """Of each window's shares; nan where too few rows were there."""
        return np.where(self.totals >= FEWEST, observed_angle(self.counts, self.totals), np.nan)

    def blocks(self, scale: int, season: Season) -> tuple[Floats, Floats, Floats]:
        """Counts, totals and the season's part by row, of whole blocks of `scale` windows: (blocks, cells) each."""
        number = len(self) // scale
        shape = (number, scale, self.counts.shape[1])
        used = slice(0, number * scale)
        counts = self.counts[used].reshape(shape).sum(axis=1)
        totals = self.totals[used].reshape(shape).sum(axis=1)
        weighted = (season.of(self.slots[used]) * self.totals[used]).reshape(shape).sum(axis=1)
        return counts, totals, np.divide(weighted, totals, out=np.zeros_like(weighted), where=totals > 0)
