"""Errors: a binary model that is wrong in a share of its labelled rows, which wanders as features do."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from scipy.special import ndtr, ndtri

from benchmarks.verdicts.worlds import Change, Means, World
from monitor.model_quality import Binary, ModelQuality
from monitor.policy.layout import Layout, layout_of, with_errors
from monitor.policy.look import Look
from monitor.problem import Problem
from monitor.profile import Profile

POSITIVE = 0.2
PROBLEM = Problem(kind="binary", prediction="said", truth="label")
WEIGHT = {"errors": 0.25}
"""The model's answers have a quarter of the budget as it ships; here errors are the only one."""


class Erring:
    """Qualities of windows in order; `share` of the baseline's rows were wrong."""

    def __init__(self, share: float, world: World, hours: int, rng: np.random.Generator) -> None:
        self.share, self.hours, self.rng = share, hours, rng
        self.means = Means(world, 1, rng)

    def laid_out(self, profile: Profile, without: Layout, rows: int) -> Layout:
        """The layout of a baseline that knows its outcomes."""
        self.base = replace(profile, quality=self.quality(rows, self.share))
        return replace(layout_of(self.base), joint=without.joint)

    def judged(self, looks: Iterator[Look], changes: Sequence[Change]) -> Iterator[Look]:
        """The looks with what labels say of each, all of them there."""
        for at, look in enumerate(looks):
            mean = float(self.means.next(self.hours).mean())
            more = sum(change.errors * float(change.reached(at, 1)[0]) for change in changes)
            share = min(1.0, float(ndtr(ndtri(self.share) + mean)) + more)
            yield self.beside(look, self.quality(look.rows, share))

    def beside(self, look: Look, quality: ModelQuality | None) -> Look:
        """A look with its errors; of a history, which has no outcomes, none."""
        cells = np.zeros(3, dtype=np.int64)
        whole = replace(
            look,
            counts=np.concatenate([look.counts, cells]),
            totals=np.concatenate([look.totals, cells]),
            effect=np.append(look.effect, np.median(look.effect)),
        )
        return with_errors(whole, quality, self.base)

    def quality(self, rows: int, share: float) -> ModelQuality:
        """Of so many rows, all of them labelled."""
        positive = int(self.rng.binomial(rows, POSITIVE))
        missed, called = (int(self.rng.binomial(n, share)) for n in (positive, rows - positive))
        cells = np.array([[rows - positive - called, called], [missed, positive - missed]])
        return ModelQuality(problem=PROBLEM, rows=rows, labelled=rows, outcome=Binary(cells=cells))
