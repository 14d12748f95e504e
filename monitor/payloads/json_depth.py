"""How deep JSON texts are nested and how much they hold, told from their bytes before any parser sees them."""

import re

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from monitor.payloads.texts import offsets_of, text_of

OPENS, CLOSES = ord("{"), ord("}")
CASE = 0x20  # the bit by which [ and {, ] and } differ
KEY = re.compile(rb'"([^"\\]*(?:\\.[^"\\]*)*)"\s*:', re.DOTALL)
STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\Z)', re.DOTALL)


def deep(texts: pa.StringArray, most: int) -> NDArray[np.bool_]:
    """Whether each text opens more brackets inside each other than `most`, shape (n,)."""
    found = np.zeros(len(texts), dtype=bool)
    codes = np.frombuffer(text_of(texts), np.uint8)
    opened = np.flatnonzero((codes | CASE) == OPENS)
    if len(opened) <= most:
        return found
    starts = offsets_of(texts).astype(np.int64)
    counts = np.diff(np.searchsorted(opened, starts - starts[0]))
    for index in np.flatnonzero(counts > most).tolist():  # many brackets: rows beside each other, or deep
        found[index] = _depth(texts[index].as_py().encode()) > most
    return found


def _depth(text: bytes) -> int:
    codes = np.frombuffer(STRING.sub(b"", text), np.uint8) | CASE
    steps = (codes == OPENS).astype(np.int64) - (codes == CLOSES)
    return int(np.cumsum(steps).max(initial=0))


def deep_text(text: bytes, most: int) -> bool:
    """Whether one text is."""
    return text.count(b"{") + text.count(b"[") > most and _depth(text) > most


def wide(texts: pa.StringArray, most: int) -> NDArray[np.bool_]:
    """Whether each text has more different keys than `most`, shape (n,)."""
    found = np.zeros(len(texts), dtype=bool)
    signs = np.flatnonzero(np.frombuffer(text_of(texts), np.uint8) == ord(":"))
    if len(signs) <= most:
        return found
    starts = offsets_of(texts).astype(np.int64)
    counts = np.diff(np.searchsorted(signs, starts - starts[0]))
    for index in np.flatnonzero(counts > most).tolist():  # many keys: of rows beside each other, or of one
        found[index] = len(set(KEY.findall(texts[index].as_py().encode()))) > most
    return found


def commas_in(text: str, most: int) -> int:
    """The commas outside strings; where there are fewer than `most` in all, a number below it."""
    count = text.count(",")
    return count if count < most else STRING.sub(b"", text.encode(errors="replace")).count(b",")
