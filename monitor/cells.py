"""Cells: where a baseline cuts a column of numbers."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

MOST_DISCRETE: Final = 20  # up to so many different numbers, each has a cell of its own
# More of them in the tails: a distribution's ends move first.
LEVELS: Final = (0.01, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99)


def numeric_cuts(
    values: NDArray[np.float64], cumulative: NDArray[np.float64] | NDArray[np.int64]
) -> tuple[NDArray[np.float64], bool]:
    """The cuts of a column, ascending, and whether it is discrete (a cut at each of its numbers but the last).

    `values`, shape (n,), are its different numbers, ascending; `cumulative`, shape (n,), is how much weight lies at or
    below each. Beyond 20 numbers the cuts are eleven quantiles, each once, without those at the last number, above
    which nothing lies. No numbers: no cuts.

    >>> cuts, is_discrete = numeric_cuts(np.array([0.0, 1.0, 2.0]), np.array([5, 7, 8]))
    >>> cuts.tolist(), is_discrete
    ([0.0, 1.0], True)
    >>> cuts, is_discrete = numeric_cuts(np.arange(1.0, 101.0), np.arange(1, 101))
    >>> cuts.tolist(), is_discrete
    ([1.0, 5.0, 10.0, 20.0, 30.0, 50.0, 70.0, 80.0, 90.0, 95.0, 99.0], False)
    """
    if len(values) <= MOST_DISCRETE:
        return values[:-1].astype(np.float64), True
    total = float(cumulative[-1])
    # A level times the total must not miss its rank by the rounding of the product.
    ranks = np.array(LEVELS) * total - total * np.finfo(np.float64).eps
    cuts = np.unique(values[np.searchsorted(cumulative, ranks, side="left")])
    return cuts[cuts < values[-1]], False
