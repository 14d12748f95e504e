"""A column of numbers, counted on the baseline's cells."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from monitor.feature import Floats, Numeric
from monitor.measures.places import Place
from monitor.measures.tally import Spot
from monitor.measures.types import STRING, typed
from monitor.stats.distinct import Distinct
from monitor.stats.hashes import hash_floats
from monitor.stats.moments import Moments
from monitor.stats.quantiles import Quantiles


def numeric(
    spec: Numeric,
    column: pa.Array,
    time: Place | None,
    order: Place | None,
    history: Spot | None = None,
    codes: NDArray[np.uint8] | None = None,
) -> Numeric:
    """The measures of one batch of a column; `spec` is an empty feature with the baseline's cuts and extremes.

    Where a `history` is made, the rows are counted there too. `codes`, one for each row, is filled with the cells of
    those that have a number.
    """
    values = typed(column)
    is_finite, width = np.isfinite(values.numbers), len(spec.edges) + 2
    infinite, finite = np.isinf(values.numbers), values.numbers[is_finite]
    cells = np.full(len(column), width - 1, dtype=np.int64)
    cells[is_finite] = np.searchsorted(spec.edges, finite, side="left")
    if history is not None:
        history.count(spec.name, cells, column)
    if codes is not None:
        np.copyto(codes, cells, casting="unsafe", where=is_finite)
    ordered = np.sort(finite)
    return replace(
        spec,
        rows=len(column),
        missing=int(column.null_count),
        classes=values.classes,
        cells=np.bincount(cells, minlength=width),
        by_time=time.slices(cells, width) if time else None,
        by_order=order.slices(cells, width) if order else None,
        distinct=Distinct.of(hash_floats(_different(ordered))),
        moments=Moments.of(finite),
        nan=int(values.is_nan.sum()),
        infinite=int(infinite.sum()),
        text=values.classes.boolean + int((~is_finite & ~infinite & ~values.is_nan & (values.codes == STRING)).sum()),
        quantiles=Quantiles.of_sorted(ordered),
    )


def _different(ordered: Floats) -> Floats:
    is_new = np.ones(len(ordered), dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=is_new[1:])
    return ordered[is_new]
