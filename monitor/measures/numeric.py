"""A column of numbers, counted on the baseline's cells."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from monitor.feature import Floats, Numeric
from monitor.measures.numbers import numbers_of
from monitor.measures.places import Places
from monitor.measures.tally import Spot
from monitor.stats.distinct import Distinct
from monitor.stats.hashes import hash_floats
from monitor.stats.moments import Moments
from monitor.stats.quantiles import Quantiles

MOST_COMPARED = 128  # edges: up to here it is quicker to compare every value with each than to search


def numeric(
    spec: Numeric,
    column: pa.Array,
    places: Places,
    history: Spot | None = None,
    codes: NDArray[np.uint8] | None = None,
) -> Numeric:
    """The measures of one batch of a column; `spec` is an empty feature with the baseline's cuts and extremes.

    Where a `history` is made, the rows are counted there too. `codes`, one for each row, is filled with the cells of
    those that have a number.
    """
    values, edges = numbers_of(column), spec.edges
    width, cells = len(edges) + 2, cells_of(edges, values.numbers)
    is_finite = np.isfinite(values.numbers)
    finite = values.numbers
    if codes is not None:
        np.copyto(codes, cells, casting="unsafe", where=is_finite)
    if not is_finite.all():
        finite = finite[is_finite]
        cells[~is_finite] = width - 1
    if history is not None:
        history.count(spec.name, cells, column)
    counts = places.counts(cells, width)
    ordered = np.sort(finite)
    return replace(
        spec,
        rows=len(column),
        missing=int(column.null_count),
        classes=values.classes,
        cells=counts.sum(axis=0),
        by_time=places.time.slices(counts) if places.time else None,
        by_order=places.order.slices(counts),
        distinct=Distinct.of(hash_floats(_different(ordered))),
        moments=Moments.of(finite),
        nan=values.nan,
        infinite=int(np.count_nonzero(np.isinf(values.numbers))),
        text=values.text,
        quantiles=Quantiles.of_sorted(ordered),
    )


def cells_of(edges: Floats, numbers: Floats) -> NDArray[np.integer]:
    """The cell of each number: how many edges, which are ascending, lie below it. Of nan: any cell."""
    if len(edges) > MOST_COMPARED:
        return np.searchsorted(edges, numbers, side="left")
    found: NDArray[np.uint8] = (numbers > edges[:, None]).view(np.uint8).sum(axis=0, dtype=np.uint8)
    return found


def _different(ordered: Floats) -> Floats:
    is_new = np.ones(len(ordered), dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=is_new[1:])
    return ordered.compress(is_new)
