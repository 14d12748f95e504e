"""Base64 payloads to texts, all at once.

Reference: RFC 4648, section 4: four signs of six bits make three bytes; one or two `=` fill the last group.
"""

import binascii

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from monitor.payloads.texts import holds, is_utf8, offsets_of, text_of

FILL = ord("=")


def decoded(texts: pa.StringArray) -> tuple[pa.StringArray, NDArray[np.bool_], NDArray[np.bool_]]:
    """The texts that stand in base64, which of them are no base64, and which decode to something that is not UTF-8.

    Texts of either kind come back as null. Line ends inside are passed over.
    """
    if holds(text_of(texts), (b"\n", b"\r")):
        texts = pc.replace_substring_regex(texts, "[\r\n]", "")
    wrong = ~pc.match_substring_regex(texts, "^[A-Za-z0-9+/]*={0,2}$").to_numpy(zero_copy_only=False)
    wrong |= np.diff(offsets_of(texts)) % 4 != 0
    binary = _decoded(pc.if_else(pa.array(wrong), "", texts) if wrong.any() else texts)
    data, offsets = bytes(text_of(binary)), offsets_of(binary)
    bad = np.zeros(len(texts), dtype=bool)
    codes = np.append(np.frombuffer(data, np.uint8), np.uint8(0))
    if not is_utf8(data) or (codes[offsets] & 0xC0 == 0x80).any():  # a sign that reaches into the next text
        bad = np.array([not is_utf8(value) for value in binary.to_pylist()], dtype=bool)
    found = pc.if_else(pa.array(wrong | bad), pa.scalar(None, pa.binary()), binary)
    return found.cast(pa.string()), wrong, bad


def _decoded(texts: pa.StringArray) -> pa.BinaryArray:
    """Texts in whole groups: all are decoded as one, with zeros for what fills the last group of each, and cut."""
    text, ends = text_of(texts).to_pybytes(), np.cumsum(np.diff(offsets_of(texts)).astype(np.int64))
    signs = np.frombuffer(b"AA" + text, np.uint8)  # the last two of a text stand at its end, and one behind
    is_filled = np.diff(ends, prepend=0) > 0
    filled = is_filled * ((signs[ends + 1] == FILL) + (signs[ends] == FILL).astype(np.int64))
    cuts = np.zeros((len(texts), 2), np.int32)
    cuts[1:, 0], cuts[:, 1] = ends[:-1] // 4 * 3, ends // 4 * 3 - filled
    data = binascii.a2b_base64(text.replace(b"=", b"A"))
    offsets = pa.py_buffer(np.append(cuts, np.int32(len(data))))
    pieces = pa.BinaryArray.from_buffers(pa.binary(), cuts.size, [None, offsets, pa.py_buffer(data)])
    return pieces.take(pa.array(np.arange(len(texts)) * 2))
