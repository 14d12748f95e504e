"""Columns of texts, several at once, counted on the baseline's categories."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from monitor.feature import MOST_UNSEEN, Categorical, Classes, Counts, Floats, fewest_hashes
from monitor.measures.counted import Cells
from monitor.measures.types import BOOLEAN, FRACTIONAL, INTEGRAL, STRING, codes_of
from monitor.payloads.texts import hashes_of
from monitor.stats.distinct import Distinct
from monitor.stats.moments import Moments

Hashes = NDArray[np.uint64]


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


def categorical(lookups: Sequence[Lookup], columns: Sequence[pa.Array]) -> tuple[list[Categorical], list[Cells]]:
    """The measures of one batch of some columns, but for their cells; and the cell of each row, by column.

    What is told of a text alone is told once of each, of those of all columns at a time.
    """
    encoded = [as_text(column).dictionary_encode() for column in columns]
    texts = pa.concat_arrays([each.dictionary for each in encoded])
    ends = np.cumsum([len(each.dictionary) for each in encoded])[:-1]
    hashes = np.split(hashes_of(texts), ends)
    classes = np.split(codes_of(texts), ends)
    lengths = np.split(pc.utf8_length(texts).to_numpy(zero_copy_only=False).astype(np.float64), ends)
    each = zip(lookups, encoded, hashes, classes, lengths, strict=True)
    found = [_measured(*one) for one in each]
    return [feature for feature, _ in found], [cells for _, cells in found]


def _measured(
    lookup: Lookup, texts: pa.DictionaryArray, hashes: Hashes, classes: NDArray[np.uint8], lengths: Floats
) -> tuple[Categorical, Cells]:
    """One column from its different values: the hash, the class and the length of each."""
    spec, values = lookup.spec, texts.dictionary
    indices = texts.indices if not texts.null_count else pc.fill_null(texts.indices, len(values))
    codes = indices.to_numpy(zero_copy_only=False).astype(np.intp)
    counts = np.bincount(codes, minlength=len(values) + 1)
    cell_of = np.empty(len(values) + 1, np.int64)
    cell_of[:-1], cell_of[-1] = _cells_of(lookup, values), len(spec.cells) - 1
    feature = replace(
        spec,
        rows=len(texts),
        missing=int(texts.null_count),
        classes=_classes(classes, counts[:-1]),
        distinct=Distinct.of(hashes),
        lengths=Moments.of(np.repeat(lengths, counts[:-1])),
        unseen=_unseen(values, counts, hashes, np.flatnonzero(cell_of[:-1] == len(spec.cells) - 2)),
    )
    return feature, cell_of.take(codes)


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


def _unseen(values: pa.StringArray, counts: Counts, hashes: Hashes, at: NDArray[np.int64]) -> dict[str, int]:
    """Never seen values with their counts: those of the smallest hashes, so that few of many become Python's."""
    if len(at) > MOST_UNSEEN:
        at = at[hashes[at] <= np.partition(hashes[at], MOST_UNSEEN - 1)[MOST_UNSEEN - 1]]
    return fewest_hashes(dict(zip(values.take(pa.array(at)).to_pylist(), counts[at].tolist(), strict=True)))
