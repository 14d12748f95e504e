"""Correlations of ranks: normal scores of cells, and the scale on which noise does not depend on the correlation."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

CLOSEST = 0.9999  # a correlation nearer to 1 is told as this one: the scale has no end


def normal_scores(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean normal score of each of K ordered cells: where its rows would lie were the feature normal.

    Of the cell between the cumulative shares a and b, with f the normal density and Q the normal quantile,
    `(f(Q(a)) - f(Q(b))) / (b - a)`; of an empty cell Q(a), which may be infinite. `shares`, shape (K,), are the
    cells' weights in any unit. All nan where they are nothing together.

    Reference: van der Waerden, Indagationes Mathematicae 14 (1952), 453.

    >>> normal_scores(np.array([1.0, 1.0])).round(4).tolist()  # half a normal: the square root of 2 / pi
    [-0.7979, 0.7979]
    """
    total = shares.sum()
    if not total > 0:
        return np.full(len(shares), np.nan)
    ends = np.clip(np.concatenate(([0.0], np.cumsum(shares) / total)), 0.0, 1.0)
    quantiles = ndtri(ends)
    density = np.exp(-(quantiles**2) / 2) / np.sqrt(2 * np.pi)
    width = np.diff(ends)
    middle = np.where(np.isfinite(quantiles[:-1]), quantiles[:-1], quantiles[1:])
    with np.errstate(invalid="ignore", divide="ignore"):
        scores: NDArray[np.float64] = np.where(width > 1e-12, -np.diff(density) / width, middle)
    return scores


def fisher(correlation: ArrayLike, rows: ArrayLike) -> NDArray[np.float64]:
    """Fisher's z of a correlation of n rows, its bias taken off: `atanh r - r / (2 (n - 1))`.

    Of normal features z has the variance 1 / (n - 3) whatever the correlation; the difference of two z is Cohen's q
    (.1 small, .3 medium, .5 large). Correlations beyond +-0.9999 count as that. nan where r is, or with fewer than 4
    rows.

    Reference: Fisher, Metron 1 (1921), 3; the bias: Hotelling, JRSS B 15 (1953), 193.

    >>> float(fisher(0.5, 101).round(4)), float(np.tanh(fisher(0.5, 101)).round(4))
    (0.5468, 0.4981)
    """
    r = np.clip(np.asarray(correlation, dtype=np.float64), -CLOSEST, CLOSEST)
    n = np.asarray(rows, dtype=np.float64)
    return np.where(n > 3, np.arctanh(r) - r / (2 * np.maximum(n - 1, 1)), np.nan)
