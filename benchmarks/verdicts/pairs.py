"""Pairs: how features go together in a window, as the product has it: Fisher's z of each pair, and its precision."""

from collections.abc import Sequence

import numpy as np

from benchmarks.verdicts.worlds import Floats
from monitor.joint import MOST_FEATURES

FURTHEST = 0.999  # correlations beyond have no finite z worth the name


def drawn(
    means: Floats, correlation: float, moved: Sequence[tuple[int, float]], rows: int, rng: np.random.Generator
) -> Floats:
    """Of a window whose hours have these means, (hours, features); `moved` are features whose correlation with the next
    one is so much higher. Of more than 100 features the first. Shape (2, pairs)."""
    means = means[:, :MOST_FEATURES]
    size = means.shape[1]
    one, other = np.triu_indices(size, 1)
    true = np.full(len(one), correlation)
    for feature, by in moved:
        first, second = sorted((feature, (feature + 1) % size))
        true[(one == first) & (other == second)] += by
    if len(means) > 1:
        spread = np.cov(means, rowvar=False, bias=True)
        own = 1 + np.diag(spread)
        true = (true + spread[one, other]) / np.sqrt(own[one] * own[other])
    precision = max(0.0, rows - 3.0)
    noise = rng.normal(size=len(true)) / np.sqrt(max(1.0, precision))
    return _as_stored(np.arctanh(np.clip(true, -FURTHEST, FURTHEST)) + noise, precision)


def measured(values: Floats) -> Floats:
    """Of rows, (rows, features)."""
    values = values[:, :MOST_FEATURES]
    found = np.corrcoef(values, rowvar=False)[np.triu_indices(values.shape[1], 1)]
    return _as_stored(np.arctanh(np.clip(found, -FURTHEST, FURTHEST)), max(0.0, len(values) - 3.0))


def _as_stored(z: Floats, precision: float) -> Floats:
    return np.stack([z, np.full_like(z, precision)]).astype("f4").astype(np.float64)
