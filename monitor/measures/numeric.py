"""Columns of numbers, several at once, counted on the baseline's cells."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from monitor.feature import Floats, Numeric
from monitor.measures.counted import Cells
from monitor.measures.numbers import numbers_of_all
from monitor.stats.distinct import Distinct
from monitor.stats.hashes import hash_floats
from monitor.stats.moments import Moments, ends_of
from monitor.stats.quantiles import Quantiles

MOST_COMPARED = 128  # edges: up to here it is quicker to compare every value with each than to search
NO_CODE = 255
ENDS = [np.nextafter(-np.inf, 0), np.inf, np.nan]
"""Where ascending numbers begin to be finite, cease to be, and cease to be numbers."""

Codes = Mapping[str, NDArray[np.uint8]]


def numeric(specs: Sequence[Numeric], columns: Sequence[pa.Array], codes: Codes) -> tuple[list[Numeric], list[Cells]]:
    """The measures of one batch of some columns, but for their cells; and the cell of each row, by column.

    A `spec` is an empty feature with the baseline's cuts and extremes. `codes`, of some columns, one for each row, are
    filled with the cells of those that have a number, the others with 255.
    """
    numbers, every = numbers_of_all(columns)
    ordered = np.sort(numbers, axis=1)
    # What is no finite number is sorted to the ends.
    is_full = np.isfinite(ordered[:, 0]) & np.isfinite(ordered[:, -1])
    states = _states(numbers, ordered) if is_full.all() else _states_apart(numbers, ordered, is_full)
    found, cells = [], []
    for at, (spec, column, values) in enumerate(zip(specs, columns, every, strict=True)):
        told = {"classes": values.classes, "nan": values.nan, "text": values.text, **states[at]}
        found.append(replace(spec, rows=len(column), missing=int(column.null_count), **told))
        width, code = len(spec.cells), codes.get(spec.name)
        cell = cells_of(spec.edges, values.numbers, code)
        cells.append(cell if is_full[at] else _with_gaps(cell, ~np.isfinite(values.numbers), width - 1, code))
    return found, cells


def _states(numbers: Floats, ordered: Floats) -> list[dict[str, Any]]:
    """What adds up of rows of finite numbers, shape (k, n); `ordered` are the same, each row ascending."""
    moments = Moments.of_each(numbers, [ends_of(*both) for both in zip(numbers, ordered, strict=True)])
    distinct = _distinct(ordered)
    quantiles = [Quantiles.of_ascending(row) for row in ordered]
    each = zip(moments, distinct, quantiles, strict=True)
    return [{"moments": one, "distinct": other, "quantiles": third} for one, other, third in each]


def _states_apart(numbers: Floats, ordered: Floats, is_full: NDArray[np.bool_]) -> list[dict[str, Any]]:
    """The same of rows of which some have values that are no finite numbers, which are left out."""
    found = dict(zip(np.flatnonzero(is_full).tolist(), _states(numbers[is_full], ordered[is_full]), strict=True))
    for at in np.flatnonzero(~is_full).tolist():
        values = numbers[at].compress(np.isfinite(numbers[at]))
        below, end, above = np.searchsorted(ordered[at], ENDS, side="left").tolist()
        [state] = _states(values[None], ordered[at : at + 1, below:end])
        found[at] = {**state, "infinite": below + above - end}
    return [found[at] for at in range(len(numbers))]


def _distinct(ordered: Floats) -> list[Distinct]:
    is_new = np.ones(ordered.shape, np.bool_)
    np.not_equal(ordered[:, 1:], ordered[:, :-1], out=is_new[:, 1:])
    bounds = list(accumulate(map(np.count_nonzero, is_new), initial=0))  # along an axis numpy counts a tenth as fast
    hashes = hash_floats(ordered.ravel().compress(is_new.ravel()))
    return [Distinct.of_different(hashes[start:end]) for start, end in pairwise(bounds)]


def cells_of(edges: Floats, numbers: Floats, codes: NDArray[np.uint8] | None = None) -> Cells:
    """The cell of each number: how many edges, which are ascending, lie below it. Of nan: any cell.

    They are written to `codes`, where that is given.
    """
    if len(edges) > MOST_COMPARED:
        return np.searchsorted(edges, numbers, side="left")
    found: NDArray[np.uint8] = (numbers > edges[:, None]).view(np.uint8).sum(axis=0, dtype=np.uint8, out=codes)
    return found


def _with_gaps(cells: Cells, is_gap: NDArray[np.bool_], last: int, codes: NDArray[np.uint8] | None) -> Cells:
    """Rows without a number are in the last cell, and have no code."""
    found = cells if codes is None else cells.copy()
    found[is_gap] = last
    if codes is not None:
        codes[is_gap] = NO_CODE
    return found
