"""Two sides to compare: counts for properties, and normal windows on a baseline's quantile cells."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from monitor.cells import LEVELS


def pairs(most=400, cells=(2, 15)):
    """Counts of two sides on the same cells, each with rows."""
    sizes = st.integers(*cells)
    return sizes.flatmap(
        lambda size: st.tuples(
            *[
                arrays.arrays(np.int64, size, elements=st.integers(0, most)).filter(lambda counts: counts.sum() > 0)
                for _ in range(2)
            ]
        )
    )


def normal(rng, n_base, n_now, shift, scale=1.0):
    """Values of both sides, sorted, and their counts on cells at the baseline's quantiles, with the cells' ends."""
    base, now = np.sort(rng.standard_normal(n_base)), np.sort(rng.standard_normal(n_now) * scale + shift)
    ranks = np.ceil(np.array(LEVELS) * n_base - 1e-9).astype(int) - 1
    ends = np.concatenate(([np.nextafter(base[0], -np.inf)], base[ranks], base[-1:]))
    counts = [np.diff(np.searchsorted(side, ends, side="right"), prepend=0, append=len(side)) for side in (now, base)]
    return now, base, *counts, ends
