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
    is_comma = np.frombuffer(text, np.uint8) == COMMA
    if width < 1 or np.count_nonzero(is_comma) != count * (width - 1):
        return None
    offsets = offsets_of(rows) - offsets_of(rows)[0]
    commas = np.flatnonzero(is_comma).reshape(count, width - 1)
    if width > 1 and not ((commas[:, 0] >= offsets[:-1]) & (commas[:, -1] < offsets[1:])).all():
        return None
    cuts = np.empty((count, 2 * width - 1), np.int32)  # where each cell begins, and each comma
    cuts[:, 0], cuts[:, 1::2], cuts[:, 2::2] = offsets[:-1], commas, commas + 1
    ends = np.append(cuts, offsets[-1])
    pieces = pa.StringArray.from_buffers(cuts.size, pa.py_buffer(ends), text)
    is_empty = (ends[1:] == ends[:-1]).reshape(cuts.shape)[:, ::2].T
    at = 2 * np.arange(width, dtype=np.int32)[:, None] + np.arange(count, dtype=np.int32) * cuts.shape[1]
    mask = is_empty.ravel() if is_empty.any() else None
    every = pc.take(pieces, pa.array(at.ravel(), mask=mask), boundscheck=False)
    return [every.slice(column * count, count) for column in range(width)]
