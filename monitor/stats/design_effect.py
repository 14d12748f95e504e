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


def pooled_design_effect(groups: NDArray[np.int64]) -> tuple[float, int]:
    """Design effect within groups of slices, each around the group's own shares, and its degrees of freedom.

    `groups` has shape (G, S, C): each group's slices as in `design_effect`, such as hours cut into parts. What differs
    from group to group counts for nothing:
    `g = sum_g sum_c sum_s n_gs (F_gsc - F_gc)^2 / sum_g (S_g - 1) sum_c F_gc (1 - F_gc)`, over slices that hold rows.
    Returns (1.0, 0) where there are fewer than 8 slices to compare, or too rare values, as there.

    >>> groups = np.array([[[30, 70], [34, 66], [32, 68], [28, 72], [26, 74]], [[9, 1]] * 5])
    >>> effect, freedom = pooled_design_effect(groups)  # 100 (2 .04^2 + 2 .02^2) / (4 .3 .7 + 4 .9 .1)
    >>> round(effect, 6), freedom
    (0.333333, 8)
    """
    rows = groups.sum(axis=2)
    slices, total = (rows > 0).sum(axis=1), rows.sum(axis=1)
    below = np.cumsum(groups, axis=2)[:, :, :-1]
    share = below.sum(axis=1) / np.maximum(total, 1)[:, None]
    variance = (share * (1 - share)).sum(axis=1)
    freedom = int(np.maximum(slices - 1, 0).sum())
    binomial = float((np.maximum(slices - 1, 0) * variance).sum())
    if freedom < FEWEST_SLICES - 1 or binomial == 0 or float((variance * total).sum()) < FEWEST_EVENTS * slices.sum():
        return 1.0, 0
    apart = below / np.maximum(rows, 1)[:, :, None] - share[:, None, :]
    return float((rows[:, :, None] * apart**2).sum()) / binomial, freedom
