"""A column of texts, counted on the baseline's categories."""

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from monitor.feature import MOST_UNSEEN, Categorical, Classes, Counts, fewest_hashes
from monitor.measures.places import Places
from monitor.measures.tally import Spot
from monitor.measures.types import BOOLEAN, FRACTIONAL, INTEGRAL, STRING, codes_of
from monitor.payloads.texts import hashes_of
from monitor.stats.distinct import Distinct
from monitor.stats.moments import Moments


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """An empty feature and its known values as an Arrow array, made once a window."""

    spec: Categorical
    values: pa.StringArray

    @classmethod
    def of(cls, spec: Categorical) -> "Lookup":
        return cls(spec=spec, values=pa.array([*spec.values, *spec.known], pa.string()))


def as_text(column: pa.Array) -> pa.StringArray:
    """The column as texts; a number that came typed is written in its shortest form."""
    return column if pa.types.is_string(column.type) else column.cast(pa.string())


def categorical(lookup: Lookup, column: pa.Array, places: Places, history: Spot | None = None) -> Categorical:
    """The measures of one batch of a column; where a `history` is made, the rows are counted there too."""
    spec = lookup.spec
    texts = as_text(column).dictionary_encode()
    values = texts.dictionary
    codes = pc.fill_null(texts.indices, len(values)).to_numpy(zero_copy_only=False)
    counts = np.bincount(codes, minlength=len(values) + 1)
    width = len(spec.values) + 3
    cell_of = np.append(_cells_of(lookup, values), width - 1)
    cells = cell_of[codes]
    if history is not None:
        history.count(spec.name, cells, column)
    by_place = places.counts(cells, width)
    hashes = hashes_of(values)
    lengths = pc.utf8_length(values).to_numpy(zero_copy_only=False).astype(np.float64)
    return replace(
        spec,
        rows=len(column),
        missing=int(column.null_count),
        classes=_classes(codes_of(values), counts[:-1]),
        cells=by_place.sum(axis=0),
        by_time=places.time.slices(by_place) if places.time else None,
        by_order=places.order.slices(by_place),
        distinct=Distinct.of(hashes),
        lengths=Moments.of(np.repeat(lengths, counts[:-1])),
        unseen=_unseen(values, counts, hashes, np.flatnonzero(cell_of[:-1] == width - 2)),
    )


def _cells_of(lookup: Lookup, values: pa.StringArray) -> NDArray[np.int64]:
    """Cell of each distinct value: its own, that of other known ones, or that of the never seen."""
    named = len(lookup.spec.values)
    found = pc.index_in(values, value_set=lookup.values)
    at = pc.fill_null(found, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    unknown = named + 1 if lookup.spec.is_complete else named
    return np.where(at < 0, unknown, np.minimum(at, named))


def _classes(codes: NDArray[np.uint8], counts: Counts) -> Classes:
    found = np.bincount(codes, weights=counts, minlength=5).astype(np.int64).tolist()
    return Classes(integral=found[INTEGRAL], fractional=found[FRACTIONAL], boolean=found[BOOLEAN], string=found[STRING])


def _unseen(
    values: pa.StringArray, counts: Counts, hashes: NDArray[np.uint64], at: NDArray[np.int64]
) -> dict[str, int]:
    """Never seen values with their counts: those of the smallest hashes, so that few of many become Python's."""
    if len(at) > MOST_UNSEEN:
        at = at[hashes[at] <= np.partition(hashes[at], MOST_UNSEEN - 1)[MOST_UNSEEN - 1]]
    return fewest_hashes(dict(zip(values.take(pa.array(at)).to_pylist(), counts[at].tolist(), strict=True)))
