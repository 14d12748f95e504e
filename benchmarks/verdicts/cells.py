"""Cells: features on the product's own cells, and how likely a row is to fall into each of them."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import ndtr, ndtri

from benchmarks.verdicts.worlds import Floats
from monitor.cells import LEVELS
from monitor.feature import Categorical, Counts, Numeric
from monitor.profile import Measured, Profile, Volume
from monitor.stats.moments import Moments

FRESH = 0.0005  # share of rows whose text no one has seen before
MISSING = 0.01  # share of rows without a value, in every third feature
CATEGORY_CUTS = ndtri(np.cumsum([0.35, 0.2, 0.12, 0.1, 0.08, 0.06, 0.04, 0.03, 0.01]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """`edges` (features, edges) cut the normal number below each feature; `missing` (features,) rows have no value.

    Of numbers the edges are the baseline's least number, its cuts, its greatest. Texts are stretches of that number
    too, told apart but not in order.
    """

    edges: Floats
    missing: Floats
    is_text: bool = False

    def chances(self, means: Floats, spread: Floats, tail: Floats, missing: Floats) -> Floats:
        """Chance of each cell; the others' shapes are (windows, hours, features), the result's (windows, features,
        cells). Within a window hours count alike. Of texts the last but one are "other" and "never seen"."""
        below = ndtr((self.edges - means[..., None]) / spread[..., None]).mean(axis=1)
        tail, missing = tail.mean(axis=1)[..., None], 1 - (1 - missing.mean(axis=1)) * (1 - self.missing)
        below = tail + (1 - tail) * below
        ends = np.zeros((*below.shape[:2], 1))
        cells = np.diff(np.concatenate([ends, below, ends + 1], axis=2), axis=2)
        if self.is_text:
            cells = np.concatenate([cells * (1 - FRESH), ends, ends + FRESH], axis=2)
        cells = np.concatenate([cells * (1 - missing)[..., None], missing[..., None]], axis=2)
        return cells / cells.sum(axis=2, keepdims=True)

    def profile(self, counts: Counts) -> Profile:
        """A baseline that counted these rows, (features, cells)."""
        make = self._text if self.is_text else self._number
        features = {f"f{i}": make(f"f{i}", i, row) for i, row in enumerate(counts)}
        return Profile(volume=Volume(rows=int(counts[0].sum())), features=features)

    def _number(self, name: str, at: int, row: Counts) -> Measured:
        edges, rows, missing = self.edges[at], int(row.sum()), int(row[-1])
        return Numeric(
            name=name,
            type="Fractional",
            rows=rows,
            missing=missing,
            cells=row,
            moments=Moments(count=rows - missing),
            cuts=edges[1:-1],
            low=float(edges[0]),
            high=float(edges[-1]),
        )

    def _text(self, name: str, at: int, row: Counts) -> Measured:  # noqa: ARG002
        row = row.copy()
        once = int(row[-2])  # what a baseline has seen is known to it: once each
        row[-3], row[-2] = row[-3] + once, 0
        values = tuple(f"v{i}" for i in range(len(row) - 3))
        return Categorical(
            name=name,
            type="String",
            rows=int(row.sum()),
            missing=int(row[-1]),
            cells=row,
            values=values,
            known=tuple(f"once{i}" for i in range(once)),
            once=once,
        )


def text_cells(features: int) -> Cells:
    """Ten categories, from 35 % of rows to 1 %."""
    return Cells(edges=np.tile(CATEGORY_CUTS, (features, 1)), missing=_missing(features), is_text=True)


def number_cells(means: Floats, rows: int, rng: np.random.Generator) -> tuple[Cells, Counts]:
    """Cells of `rows` rows spread evenly over hours with these means, (hours, features): eleven quantiles of those very
    rows, and their extremes; and the rows counted on them."""
    hours, features = means.shape
    each = -(-rows // hours)
    edges = np.empty((features, len(LEVELS) + 2))
    ranks = np.maximum(1, np.ceil(np.array(LEVELS) * each * hours).astype(int))
    for i in range(features):
        values = np.sort((rng.normal(size=(hours, each)) + means[:, i, None]).ravel())
        edges[i] = [np.nextafter(values[0], -np.inf), *values[ranks - 1], values[-1]]
    missing = _missing(features)
    below = np.concatenate([[0, 0], ranks, [each * hours, each * hours]])
    lost = rng.binomial(each * hours, missing)
    counts = np.concatenate([np.tile(np.diff(below), (features, 1)), lost[:, None]], axis=1)
    return Cells(edges=edges, missing=missing), counts


def widened(cells: Cells, means: Floats, rows: int, rng: np.random.Generator) -> Cells:
    """The cells with the extremes of `rows` rows an hour instead, drawn by their own law."""
    ends = np.log1p(-rng.uniform(size=(2, *means.shape))) / rows  # of the chance that no row lies further out
    reach = ndtri(-np.expm1(ends))
    edges = cells.edges.copy()
    edges[:, 0], edges[:, -1] = (means + reach[0]).min(axis=0), (means - reach[1]).max(axis=0)
    return replace(cells, edges=edges)


def _missing(features: int) -> Floats:
    return np.where(np.arange(features) % 3 == 0, MISSING, 0.0)
