"""Text columns seen as one buffer, without copying."""

import re
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from monitor.stats.hashes import hash_bytes

ASCII = 0x7F
SPARSE = 1000  # bytes beyond ASCII, that are looked at one by one
BOM = b"\xef\xbb\xbf"
SIGN = re.compile(r"[^ \t\r\n]")  # JSON knows no other spaces


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
    if len(signs) > 1 and not (codes <= max(signs)[0]).any():
        return False
    return any(bool((codes == sign[0]).any()) for sign in signs)


def only_text(texts: pa.StringArray) -> str | None:
    """The text that all of them are; None where they differ, one is null, or there is none.

    >>> only_text(pa.array(["CSV", "CSV"])), only_text(pa.array(["CSV", "JSON"]))
    ('CSV', None)
    """
    if len(texts) == 0 or texts.null_count:
        return None
    lengths = np.diff(offsets_of(texts))
    if (lengths != lengths[0]).any():
        return None
    codes = np.frombuffer(text_of(texts), np.uint8).reshape(len(texts), -1)
    return str(texts[0].as_py()) if (codes == codes[0]).all() else None


def next_sign(text: str, at: int) -> int:
    """Where the next sign stands that is no space; the end of the text where there is none.

    >>> next_sign("a  b ", 1), next_sign("a  b ", 4)
    (3, 5)
    """
    found = SIGN.search(text, at)
    return found.start() if found else len(text)


def is_utf8(text: bytes) -> bool:
    """Whether the bytes are UTF-8."""
    if text.isascii():
        return True
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def arrays_of(column: pa.ChunkedArray | pa.Array) -> list[pa.Array]:
    """The arrays in which a column lies."""
    return column.chunks if isinstance(column, pa.ChunkedArray) else [column]


def whole(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """A column as one array, copied only where it lies in several."""
    if not isinstance(column, pa.ChunkedArray):
        return column
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def hashes_of(rows: pa.StringArray) -> NDArray[np.uint64]:
    """A 64-bit hash of each string that is not null."""
    rows = rows.drop_null()
    if len(rows) == 0:
        return np.zeros(0, np.uint64)
    offsets = offsets_of(rows)
    return hash_bytes(np.frombuffer(text_of(rows), np.uint8), offsets - offsets[0])


def redacted(text: str | bytes, most: int = 100) -> str:
    """The shape of a text: letters as `a`, digits as `0`, at most so many characters.

    >>> redacted('{"age": 42, "città": "Roma"}')
    '{"aaa": 00, "aaaaa": "aaaa"}'
    """
    if isinstance(text, bytes):
        text = text[: 4 * most].decode(errors="replace")
    told = "".join("a" if sign.isalpha() else "0" if sign.isdigit() else sign for sign in text[:most])
    return told + ("…" if len(text) > most else "")


def lines_in(
    data: bytes, *, blank: bool = False, trim: str = "\r\n", only: NDArray[np.int64] | None = None
) -> tuple[pa.StringArray, NDArray[np.int64]]:
    """The lines of some bytes, without their ends, and their numbers from 0; the bytes must be UTF-8.

    Lines that are blank are left out, unless `blank`. `trim` are signs taken off the end of each. `only` are the
    numbers of the lines that are wanted, ascending; None: all are.
    """
    codes = np.frombuffer(data, np.uint8)
    ends = line_ends(codes)
    starts = np.append(0, ends[:-1] + 1) if len(ends) else ends
    offsets = np.append(starts, len(codes)).astype(np.int32)
    texts = pa.StringArray.from_buffers(len(ends), pa.py_buffer(offsets), pa.py_buffer(data))
    numbers = np.arange(len(texts)) if only is None else only
    texts = pc.utf8_rtrim(texts if only is None else texts.take(pa.array(only)), characters=trim)
    if blank:
        return texts, numbers
    kept = np.flatnonzero(~blanks(texts))
    return (texts if len(kept) == len(texts) else texts.take(pa.array(kept))), numbers[kept]


def line_ends(codes: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Where each line ends: at its line end, the last one also at the end of the bytes."""
    ends = np.flatnonzero(codes == ord("\n"))
    return np.append(ends, len(codes)) if len(codes) and codes[-1] != ord("\n") else ends


def lines_at(data: bytes, numbers: NDArray[np.int64]) -> list[bytes]:
    """The lines with these numbers, from 0, as they are."""
    if not len(numbers):
        return []
    ends = line_ends(np.frombuffer(data, np.uint8))
    starts = np.append(0, ends[:-1] + 1)
    return [data[start:end] for start, end in zip(starts[numbers].tolist(), ends[numbers].tolist(), strict=True)]


def blanks(texts: pa.StringArray) -> NDArray[np.bool_]:
    """Which of the texts are empty or only spaces."""
    found: NDArray[np.bool_] = pc.match_substring_regex(texts, r"^[ \t\r]*$").to_numpy(zero_copy_only=False)
    return found


def utf8_lines(data: bytes) -> tuple[bytes, NDArray[np.int64]]:
    """The bytes with lines that are not UTF-8 made blank, and the numbers of those lines, from 0."""
    bad = [] if data.isascii() else list(_bad_lines(data))
    if not bad:
        return data, np.zeros(0, np.int64)
    numbers: list[int] = []
    parts: list[bytes] = []
    at = line = 0
    for start, end in bad:
        line += data.count(b"\n", at, start)
        numbers.append(line)
        parts.append(data[at:start])
        at = end
    return b"".join([*parts, data[at:]]), np.array(numbers, dtype=np.int64)


def _bad_lines(data: bytes) -> Iterator[tuple[int, int]]:
    """Where each line that is not UTF-8 begins and ends."""
    places = np.flatnonzero(np.frombuffer(data, np.uint8) > ASCII)
    if len(places) > SPARSE and is_utf8(data):
        return
    end = -1
    for place in places.tolist():
        if place > end:
            start, end = data.rfind(b"\n", 0, place) + 1, data.find(b"\n", place)
            end = len(data) if end < 0 else end
            if not is_utf8(data[start:end]):
                yield start, end
