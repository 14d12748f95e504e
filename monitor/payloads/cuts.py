"""Rows of text cut at places that are known, and the rows that are alike but for every second piece.

A row is what stands before its first text, the text, and so on: of `cuts`, shape (rows, 2k), ascending over all rows,
piece j of a row begins at its cut j and ends at the next one. Pieces 0, 2, 4 ... are the frame, the others texts.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from monitor.payloads.texts import text_of

Indices = NDArray[np.int64]
Cuts = NDArray[np.int32]
MARK = "@@"  # on both sides of the number of a text


def mark(number: int) -> str:
    """What stands in the place of a text in a model of its row."""
    return f"{MARK}{number}{MARK}"


def number_of(told: str) -> int | None:
    """The number of the text whose mark this is; None where it is anything else."""
    inner = told.strip(MARK)
    return int(inner) if inner.isdecimal() and told == mark(int(inner)) else None


def framed_alike(data: bytes | pa.Buffer, cuts: Cuts, example: int) -> tuple[Indices, pa.StringArray]:
    """Which rows have the same frame as this one, and the pieces of all these."""
    frame = cuts[:, 1::2] - cuts[:, ::2]
    is_same = (frame == frame[example]).all(axis=1)
    kept = np.flatnonzero(is_same)
    pieces = pieces_of(data, cuts if is_same.all() else cuts[kept])
    there = np.arange(0, cuts.shape[1], 2)
    rows = np.arange(len(kept)) * cuts.shape[1]
    fixed = text_of(pc.take(pieces, pa.array((rows[:, None] + there).ravel()), boundscheck=False))
    signs = np.frombuffer(fixed, np.uint8).reshape(len(kept), -1)
    is_same = signs == signs[np.searchsorted(kept, example)]
    if is_same.all():
        return kept, pieces
    kept = kept[is_same.all(axis=1)]
    return kept, pieces_of(data, cuts[kept])


def pieces_of(data: bytes | pa.Buffer, cuts: Cuts) -> pa.StringArray:
    """All pieces of the rows, those of a row one behind the other; the last of a row reaches to the next row."""
    offsets = np.append(cuts, np.int32(len(data) if isinstance(data, bytes) else data.size))
    whole = pa.py_buffer(data) if isinstance(data, bytes) else data
    return pa.StringArray.from_buffers(len(offsets) - 1, pa.py_buffer(offsets), whole)
