"""Cells of comma-separated rows without quotes: each row is cut at its commas, all rows at once."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from monitor.payloads.texts import offsets_of, text_of

COMMA = ord(",")
MOST_BYTES = 16 << 20  # cut at a time: each cell takes some words of memory


def cells(rows: pa.StringArray, width: int) -> list[pa.StringArray] | None:
    """The columns of rows that all have `width` of them, an empty cell being missing; None where one has not.

    >>> [column.to_pylist() for column in cells(pa.array(["1,a", "2,"]), 2)]
    [['1', '2'], ['a', None]]
    """
    text, count = text_of(rows), len(rows)
    if text.size > MOST_BYTES and count > 1:
        first, second = cells(rows[: count // 2], width), cells(rows[count // 2 :], width)
        return first and second and [pa.concat_arrays(pair) for pair in zip(first, second, strict=True)]
    if width < 1:
        return None
    places = np.flatnonzero(np.frombuffer(text, np.uint8) == COMMA)
    if len(places) != count * (width - 1):
        return None
    offsets = offsets_of(rows) - offsets_of(rows)[0]
    commas = places.astype(np.int32).reshape(count, width - 1)
    if width > 1 and not ((commas[:, 0] >= offsets[:-1]) & (commas[:, -1] < offsets[1:])).all():
        return None
    ends = np.empty(count * (2 * width - 1) + 1, np.int32)
    cuts, ends[-1] = ends[:-1].reshape(count, 2 * width - 1), offsets[-1]  # where each cell begins, and each comma
    cuts[:, 0], cuts[:, 1::2] = offsets[:-1], commas
    np.add(commas, 1, out=cuts[:, 2::2])
    pieces = pa.StringArray.from_buffers(cuts.size, pa.py_buffer(ends), text)
    at = 2 * np.arange(width, dtype=np.int32)[:, None] + np.arange(count, dtype=np.int32) * cuts.shape[1]
    every = _empty_as_null(pc.take(pieces, pa.array(at.ravel()), boundscheck=False))
    return [every.slice(column * count, count) for column in range(width)]


def _empty_as_null(texts: pa.StringArray) -> pa.StringArray:
    """The same texts, which have no nulls, with nulls for empty ones."""
    offsets = offsets_of(texts)
    is_filled = offsets[1:] > offsets[:-1]
    if is_filled.all():
        return texts
    shown = np.packbits(is_filled, bitorder="little")
    return pa.StringArray.from_buffers(len(texts), *texts.buffers()[1:], pa.py_buffer(shown))
