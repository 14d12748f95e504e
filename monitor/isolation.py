"""Isolation: rows that few random cuts set apart from those of the baseline."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from monitor.feature import Share
from monitor.sample import MOST_SAMPLE_ROWS
from monitor.separation import SEED, side_by_side

if TYPE_CHECKING:
    import pandas

TREES = 200
USUAL = 0.999  # of the baseline's rows are no more isolated than the limit
FAR = 0.05  # of the baseline's rows on one side of a number: it lies far out in its column
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Isolation:
    """The shares of rows that score above the limit: of the window's, and what fresh rows of the baseline's source are
    expected to have. `columns` are those in which the window's outlying rows lie far out, the furthest first."""

    now: Share
    base: Share
    limit: float
    columns: tuple[str, ...]


def isolation(now: "pandas.DataFrame", base: "pandas.DataFrame") -> Isolation:
    """How isolated rows are in a forest that was grown on the baseline's.

    Scores are 0..1, 2 ** -(mean depth of the row's leaf / depth to be expected). A fresh row exceeds the j-th highest
    of n scores with a chance of j in n + 1, so rows at the limit count as above it on the baseline's side, and there
    only. That the baseline's rows grew the forest changes that by less than 0.05 % of rows, from 1,000 of them on;
    fewer are exceeded less often. Missing values count as their column's median, which isolates no row.

    Reference: Liu, Ting, Zhou, Isolation Forest (ICDM 2008).
    """
    from sklearn.ensemble import IsolationForest

    values, is_now, names, _ = side_by_side(now, base, MOST_SAMPLE_ROWS)
    has_values = ~np.isnan(values[~is_now]).all(axis=0)
    values = values[:, has_values]
    values = np.where(np.isnan(values), np.nanmedian(values[~is_now], axis=0), values)
    window, known = values[is_now], values[~is_now]
    forest: Any = IsolationForest(n_estimators=TREES, random_state=SEED).fit(known)
    seen, usual = -forest.score_samples(window), -forest.score_samples(known)
    limit = float(np.quantile(usual, USUAL, method="inverted_cdf"))
    kept = [names[column] for column in np.flatnonzero(has_values)]
    return Isolation(
        now=Share(count=int((seen > limit).sum()), total=len(seen)),
        base=Share(count=int((usual >= limit).sum()), total=len(usual)),
        limit=limit,
        columns=tuple(kept[column] for column in _far_out(window[seen > limit], known)),
    )


def _far_out(rows: Floats, known: Floats) -> list[int]:
    """The columns, at most three, in which rows lie further out than all but a few of the known: on the mean."""
    if not len(rows):
        return []
    tails = np.empty(known.shape[1])
    for at, column in enumerate(np.sort(known, axis=0).T):
        below = np.searchsorted(column, rows[:, at], side="right") / len(column)
        above = 1 - np.searchsorted(column, rows[:, at], side="left") / len(column)
        tails[at] = np.minimum(below, above).mean()
    return [int(at) for at in np.argsort(tails, kind="stable")[:3] if tails[at] < FAR]
