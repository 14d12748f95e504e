"""Sets of places as ascending arrays: numpy's own functions make hashes of places that are in order."""

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.int64]


def each_once(*parts: Indices) -> Indices:
    """All places, ascending, each once.

    >>> each_once(np.array([2, 5]), np.array([5, 1])).tolist()
    [1, 2, 5]
    """
    found = parts[0] if len(parts) == 1 else np.concatenate(parts) if parts else np.zeros(0, np.int64)
    if len(found) < 2 or bool((found[1:] > found[:-1]).all()):
        return found
    ordered = np.sort(found)
    return ordered[np.concatenate(([True], ordered[1:] != ordered[:-1]))]


def without(every: Indices, gone: Indices) -> Indices:
    """Those places that are not among others, ascending, each once.

    >>> without(np.array([3, 1, 3, 4]), np.array([4])).tolist()
    [1, 3]
    """
    every = each_once(every)
    return every[~np.isin(every, gone)] if len(gone) else every


def ranks(records: Indices) -> Indices | None:
    """How many of the same record stand right before each; None where there is no second one of any.

    >>> ranks(np.array([4, 4, 1, 2, 2, 2])).tolist(), ranks(np.array([4, 1]))
    ([0, 1, 0, 0, 1, 2], None)
    """
    starts = np.flatnonzero(np.diff(records, prepend=records[:1] - 1))
    if len(starts) == len(records):
        return None
    return np.arange(len(records)) - np.repeat(starts, np.diff(np.append(starts, len(records))))
