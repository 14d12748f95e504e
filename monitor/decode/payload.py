"""Text columns seen as one buffer, without copying."""

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from monitor.stats.hashes import hash_bytes

BOM = b"\xef\xbb\xbf"
QUOTED = re.compile(rb'(?:\A|(?<=[,\r\n]))"[^"]*(?:""[^"]*)*("?)')  # a quoted value, to its last quote if it has one
# Arrow reads JSON by recursion without a limit: 20,000 open brackets overrun a stack of 8 MB and end the process.
MOST_OPENED = 1000


def text_of(rows: pa.StringArray) -> pa.Buffer:
    """The bytes of all strings, one after another; nulls add nothing."""
    if len(rows) == 0 or rows.buffers()[2] is None:
        return pa.py_buffer(b"")
    offsets = offsets_of(rows)
    return rows.buffers()[2].slice(int(offsets[0]), int(offsets[-1] - offsets[0]))


def offsets_of(rows: pa.StringArray) -> NDArray[np.int32]:
    """Where in its buffer each string begins, and the last one ends, shape (n + 1,)."""
    if len(rows) == 0:
        return np.zeros(1, np.int32)
    return np.frombuffer(rows.buffers()[1], np.int32)[rows.offset : rows.offset + len(rows) + 1]


def lines_of(rows: pa.StringArray) -> pa.Buffer:
    """The bytes of all strings, each followed by a line end."""
    return text_of(pc.binary_join_element_wise(rows, "", "\n"))


def holds(text: pa.Buffer, signs: tuple[bytes, ...]) -> bool:
    """Whether any of the one-byte signs stands in the text."""
    codes = np.frombuffer(text, np.uint8)
    return any(bool((codes == sign[0]).any()) for sign in signs)


def last_row(data: bytes, end: int) -> tuple[int, int]:
    """Where the row begins that holds `end`, and where in it a quoted value was opened and not closed, or -1.

    Line ends in quoted values end no row; a quote in a value that began without one is a sign like others.
    """
    start = behind = 0
    for found in QUOTED.finditer(data, 0, end):
        start = data.rfind(b"\n", behind, found.start()) + 1 or start
        behind = found.end()
        if not found[1]:
            return start, found.start()
    return data.rfind(b"\n", behind, end) + 1 or start, -1


def is_utf8(text: bytes) -> bool:
    if text.isascii():
        return True
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def whole(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """A column as one array."""
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def hashes_of(rows: pa.StringArray) -> NDArray[np.uint64]:
    """A 64-bit hash of each string that is not null."""
    rows = rows.drop_null()
    if len(rows) == 0:
        return np.zeros(0, np.uint64)
    offsets = offsets_of(rows)
    return hash_bytes(np.frombuffer(text_of(rows), np.uint8), offsets - offsets[0])
