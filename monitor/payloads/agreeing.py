"""Lists of plain values, which are one row or a row for each value: read in the way that fits the other side."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from monitor.payloads.json_rows import Read, without
from monitor.payloads.json_shape import Rows, exploded, spread

Indices = NDArray[np.int64]


def agreeing(side: Read, others: Indices, columns: int) -> Read:
    """The side with its lists read the other way where that gives as many rows as the other side has.

    `others` holds the number of its payload for each row of the other side, shape (rows,); `columns` is the limit.
    """
    if all(part.lists is None for part in side.parts):
        return side
    return replace(side, parts=tuple(part for whole in side.parts for part in _read_both_ways(whole, others, columns)))


def places(parts: Sequence[Rows]) -> Indices:
    """The payload of each row."""
    return np.concatenate([np.zeros(0, np.int64), *(part.payload for part in parts)])


def _read_both_ways(part: Rows, others: Indices, columns: int) -> list[Rows]:
    if part.lists is None or part.widths is None:
        return [part]
    values, at = part.lists
    lengths = pc.fill_null(pc.list_value_length(values), 0).to_numpy(zero_copy_only=False).astype(np.int64)
    theirs = np.bincount(others, minlength=int(at.max(initial=0)) + 1)[at]
    is_one_row = len(part.payload) == len(at) and bool((part.widths != 1).any())
    now, instead = (np.ones_like(lengths), lengths) if is_one_row else (lengths, np.ones_like(lengths))
    switched = (theirs == instead) & (theirs != now) & (lengths <= columns)
    if not switched.any():
        return [part]
    chosen, numbers = values.filter(pa.array(switched)), at[switched]
    other = exploded(chosen, numbers) if is_one_row else spread(chosen, numbers, columns)
    kept = without(part, numbers)
    return [one for one in (kept, other) if len(one.payload)]
