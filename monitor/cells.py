"""Where a numeric feature's cells lie: cuts from its baseline values."""

import numpy as np
from numpy.typing import NDArray

LEVELS = (0.01, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99)
FEW = 20  # up to so many distinct values, each has a cell of its own


def numeric_cuts(values: NDArray[np.float64], cumulative: NDArray[np.float64]) -> tuple[NDArray[np.float64], bool]:
    """Cuts, ascending, and whether they are the distinct values themselves (all but the last).

    `values` are distinct and ascending, `cumulative` the rows at or below each. Beyond 20 distinct values the cuts
    are quantiles: the smallest value that at least a share of .01 .05 .1 .2 .3 .5 .7 .8 .9 .95 .99 of the rows do
    not exceed; equal ones once, and none at the maximum, which would cut nothing off. Empty in, no cuts out.

    >>> numeric_cuts(np.array([0.0, 1.0, 5.0]), np.array([7, 9, 10]))
    (array([0., 1.]), True)
    """
    if len(values) <= FEW:
        return values[:-1], len(values) > 0
    wanted = np.asarray(LEVELS) * cumulative[-1]
    at = np.searchsorted(cumulative, wanted * (1 - 1e-12), side="left")
    cuts = np.unique(values[np.minimum(at, len(values) - 1)])
    return cuts[cuts < values[-1]], False
