"""Predictions find their labels: by the id of the record and the place of the row in it; the last label wins.

Both sides are hashed to 64 bits, labels are sorted by that, and what is found is compared as it is written, so that
two ids of one hash are told apart.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from monitor.payloads.texts import hashes_of
from monitor.stats.hashes import hash_uint64
from monitor.truth.labels import UNTOLD, Indices, Labels

Hashes = NDArray[np.uint64]
NOWHERE = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The last label of each row, ascending by `hashes`; `repeats` and `corrections` are how many labels came before
    it that said the same, and how many said something else, shape (n,)."""

    hashes: Hashes
    labels: Labels
    repeats: Indices
    corrections: Indices

    def __len__(self) -> int:
        return len(self.hashes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The label of each row, null where none has come, and what came before those that are told."""

    label: pa.StringArray
    repeats: int = 0
    corrections: int = 0


def hashed(key: pa.StringArray, place: Indices) -> Hashes:
    """A 64-bit hash of each id and place, none of them null; of place 0 the id's own."""
    hashes = hashes_of(key)
    further = np.flatnonzero(place)
    hashes[further] = hash_uint64(hashes[further] + place[further].astype(np.uint64))
    return hashes


def last_wins(labels: Labels) -> Known:
    """Of several labels of a row that which was made last; of those of one time, the one that stands last.

    >>> once = Labels(key=pa.array(["a", "a"]), place=np.array([0, 0]), label=pa.array(["0", "1"]), when=np.zeros(2))
    >>> found = last_wins(once)
    >>> found.labels.label.to_pylist(), found.repeats.tolist(), found.corrections.tolist()
    (['1'], [0], [1])
    """
    hashes = hashed(labels.key, labels.place)
    order = np.lexsort((labels.when, hashes))
    hashes, labels = hashes[order], labels.take(order)
    before = np.flatnonzero(hashes[1:] == hashes[:-1])  # another of the same hash follows
    is_same = _are_equal(labels, before, labels, before + 1)
    if not is_same.all():  # two ids of one hash
        return _apart(hashes, labels)
    gone = np.zeros(len(hashes), dtype=bool)
    gone[before] = True
    kept = np.flatnonzero(~gone)
    last = kept[np.searchsorted(kept, before)]
    changed = ~_equal(labels.label, before, labels.label, last)
    at = np.searchsorted(kept, last)
    return Known(
        hashes=hashes[kept],
        labels=labels.take(kept),
        repeats=np.bincount(at[~changed], minlength=len(kept)),
        corrections=np.bincount(at[changed], minlength=len(kept)),
    )


def _apart(hashes: Hashes, labels: Labels) -> Known:
    """As `last_wins`, row by row; labels are in order of hash and time."""
    last: dict[tuple[int, str, int], int] = {}
    rows = list(zip(hashes.tolist(), labels.key.to_pylist(), labels.place.tolist(), strict=True))
    for number, row in enumerate(rows):
        last[row] = number
    kept = np.sort(np.fromiter(last.values(), np.int64, len(last)))
    at = np.searchsorted(kept, np.array([last[row] for row in rows], np.int64))
    changed = ~_equal(labels.label, np.arange(len(rows)), labels.label, kept[at])
    count = len(kept)
    every = np.bincount(at, minlength=count) - 1
    corrections = np.bincount(at[changed], minlength=count)
    return Known(hashes=hashes[kept], labels=labels.take(kept), repeats=every - corrections, corrections=corrections)


def places_in(key: pa.StringArray, place: Indices, known: Known) -> Indices:
    """Where the label of each row stands among those known, `NOWHERE` where there is none; no id is null."""
    hashes = hashed(key, place)
    at = np.searchsorted(known.hashes, hashes, side="right") - 1
    found = np.full(len(key), NOWHERE, np.int64)
    open_rows = np.flatnonzero(at >= 0)
    while len(open_rows):  # once, but for ids of one hash
        there = at[open_rows]
        meets = known.hashes[there] == hashes[open_rows]
        open_rows, there = open_rows[meets], there[meets]
        same = _equal(key, open_rows, known.labels.key, there) & (place[open_rows] == known.labels.place[there])
        found[open_rows[same]] = there[same]
        open_rows = open_rows[~same]
        at[open_rows] -= 1
        open_rows = open_rows[at[open_rows] >= 0]
    return found


def joined(key: pa.StringArray, place: Indices, groups: Iterable[Known]) -> Found:
    """The label of each row. Of several groups the label that was made last counts, of one time the later group's.

    Rows without an id (null) have no label.
    """
    count, rows = len(key), np.flatnonzero(pc.is_valid(key).to_numpy(zero_copy_only=False))
    if len(rows) < count:
        found = joined(key.take(pa.array(rows)), place[rows], groups)
        spread = np.full(count, -1)
        spread[rows] = np.arange(len(rows))
        label = found.label.take(pa.array(spread, mask=spread < 0))
        return Found(label=label, repeats=found.repeats, corrections=found.corrections)
    label, when = pa.nulls(count, pa.string()), np.full(count, UNTOLD)
    has_one = np.zeros(count, dtype=bool)
    repeats = corrections = 0
    for group in groups:
        at = places_in(key, place, group)
        hits = np.flatnonzero(at != NOWHERE)
        at = at[hits]
        repeats += int(group.repeats[at].sum())
        corrections += int(group.corrections[at].sum())
        again = has_one[hits]
        same = _equal(label, hits[again], group.labels.label, at[again])
        repeats += int(same.sum())
        corrections += int((~same).sum())
        wins = ~again | (group.labels.when[at] >= when[hits])
        hits, at = hits[wins], at[wins]
        mask = np.zeros(count, dtype=bool)
        mask[hits] = True
        label = pc.replace_with_mask(label, pa.array(mask), group.labels.label.take(pa.array(at)))
        when[hits], has_one[hits] = group.labels.when[at], True
    return Found(label=label, repeats=repeats, corrections=corrections)


def _are_equal(a: Labels, at: Indices, b: Labels, there: Indices) -> NDArray[np.bool_]:
    """Whether these are labels of the same rows."""
    is_placed: NDArray[np.bool_] = a.place[at] == b.place[there]
    return _equal(a.key, at, b.key, there) & is_placed


def _equal(a: pa.StringArray, at: Indices, b: pa.StringArray, there: Indices) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = pc.equal(a.take(pa.array(at)), b.take(pa.array(there))).to_numpy(zero_copy_only=False)
    return found
