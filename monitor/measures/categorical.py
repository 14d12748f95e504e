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
class Told:
    """What is told of different texts by themselves, shape (n,) each: class, characters, hash."""

    classes: NDArray[np.uint8]
    lengths: NDArray[np.int32]
    hashes: NDArray[np.uint64]

    @classmethod
    def of(cls, texts: pa.StringArray) -> "Told":
        lengths = pc.utf8_length(texts).to_numpy(zero_copy_only=False)
        return cls(classes=codes_of(texts), lengths=lengths, hashes=hashes_of(texts))

    def __add__(self, other: "Told") -> "Told":
        return Told(
            classes=np.concatenate((self.classes, other.classes)),
            lengths=np.concatenate((self.lengths, other.lengths)),
            hashes=np.concatenate((self.hashes, other.hashes)),
        )

    def take(self, at: NDArray[np.int64]) -> "Told":
        return Told(classes=self.classes[at], lengths=self.lengths[at], hashes=self.hashes[at])


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """An empty feature, its known values as an Arrow array, and what is told of them: made once a window."""

    spec: Categorical
    values: pa.StringArray
    told: Told

    @classmethod
    def of(cls, spec: Categorical) -> "Lookup":
        values = pa.array([*spec.values, *spec.known], pa.string())
        return cls(spec=spec, values=values, told=Told.of(values))

    def find(self, texts: pa.StringArray) -> tuple[NDArray[np.int64], Told]:
        """The place of each of different texts among the known ones, -1 where it is none, and what is told of it."""
        found = pc.index_in(texts, value_set=self.values)
        if not found.null_count:
            at = found.to_numpy().astype(np.int64)
            return at, self.told.take(at)
        at = pc.fill_null(found, -1).to_numpy().astype(np.int64)
        new = np.flatnonzero(at < 0)
        places = at.copy()
        places[new] = np.arange(len(self.values), len(self.values) + len(new))
        return at, (self.told + Told.of(texts.take(pa.array(new)))).take(places)


def as_text(column: pa.Array) -> pa.StringArray:
    """The column as texts; a number that came typed is written in its shortest form."""
    return column if pa.types.is_string(column.type) else column.cast(pa.string())


def categorical(lookup: Lookup, column: pa.Array, places: Places, history: Spot | None = None) -> Categorical:
    """The measures of one batch of a column; where a `history` is made, the rows are counted there too."""
    spec = lookup.spec
    texts = as_text(column).dictionary_encode()
    values = texts.dictionary
    at, told = lookup.find(values)
    codes = pc.fill_null(texts.indices, len(values)).to_numpy(zero_copy_only=False)
    counts = np.bincount(codes, minlength=len(values) + 1)
    width = len(spec.values) + 3
    cell_of = np.append(_cells(spec, at), width - 1)
    cells = cell_of[codes]
    if history is not None:
        history.count(spec.name, cells, column)
    by_place = places.counts(cells, width)
    return replace(
        spec,
        rows=len(column),
        missing=int(column.null_count),
        classes=_classes(told.classes, counts[:-1]),
        cells=by_place.sum(axis=0),
        by_time=places.time.slices(by_place) if places.time else None,
        by_order=places.order.slices(by_place) if places.order else None,
        distinct=Distinct.of(told.hashes),
        lengths=Moments.of(np.repeat(told.lengths.astype(np.float64), counts[:-1])),
        unseen=_unseen(values, counts, told.hashes, np.flatnonzero(cell_of[:-1] == width - 2)),
    )


def _cells(spec: Categorical, at: NDArray[np.int64]) -> NDArray[np.int64]:
    """Cell of each distinct value: its own, that of other known ones, or that of the never seen."""
    named = len(spec.values)
    unknown = named + 1 if spec.is_complete else named
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
