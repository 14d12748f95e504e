"""How many times over the rows of a window repeat each other."""

import numpy as np
from numpy.typing import NDArray

FEWEST_SLICES = 8  # below this a variance between slices says nothing
FEWEST_EVENTS = 5  # a slice, as for chi-squared; rarer values vary more than the formula knows


def design_effect(slices: NDArray[np.int64]) -> tuple[float, int]:
    """Design effect of cumulative cell shares, and its degrees of freedom.

    `slices` has shape (S, C): rows of each of S stretches of the window by C ordered cells. For every cut between
    cells the variance of the slices' shares around the window's is set against the binomial:
    `g = sum_c sum_s n_s (F_sc - F_c)^2 / ((S - 1) sum_c F_c (1 - F_c))`, 1 for independent rows, about m where each
    row stands m times in a row. Pooled over cuts, because one cut alone is too noisy. Blind to dependence longer
    than a slice. Returns (1.0, 0) where fewer than 8 slices hold rows, or values other than
    the commonest are so rare that fewer than 5 are expected in a slice.

    Reference: batch means, e.g. Law, Simulation Modeling and Analysis, section 9.5; here in the ratio form, which
    takes slices of unequal size.

    >>> rng = np.random.default_rng(1)
    >>> x = rng.integers(0, 4, 2000); s = np.arange(2000) // 100
    >>> counts = np.zeros((20, 4), dtype=np.int64); np.add.at(counts, (s, x), 1)
    >>> g, df = design_effect(counts); bool(0.5 < g < 1.7), df
    (True, 19)
    """
    rows = slices.sum(axis=1)
    slices, rows = slices[rows > 0], rows[rows > 0]
    if len(rows) < FEWEST_SLICES:
        return 1.0, 0
    below = np.cumsum(slices, axis=1)[:, :-1]
    share = below.sum(axis=0) / rows.sum()
    binomial = float((share * (1 - share)).sum())
    freedom = len(rows) - 1
    if binomial * rows.sum() < FEWEST_EVENTS * len(rows):
        return 1.0, 0
    between = float((rows[:, None] * (below / rows[:, None] - share) ** 2).sum())
    return between / (freedom * binomial), freedom
