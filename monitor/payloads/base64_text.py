"""Base64 payloads to texts, all at once.

Reference: RFC 4648, section 4: four signs of six bits make three bytes; one or two `=` fill the last group.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from monitor.payloads.texts import is_utf8, offsets_of, text_of

ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
NO_SIGN, FILL = 0x80, 0x40
BITS = np.full(256, NO_SIGN, np.uint8)
BITS[np.frombuffer(ALPHABET, np.uint8)] = np.arange(64)
BITS[ord("=")] = FILL


def decoded(texts: pa.StringArray) -> tuple[pa.StringArray, NDArray[np.bool_], NDArray[np.bool_]]:
    """The texts that stand in base64, which of them are no base64, and which decode to something that is not UTF-8.

    Texts of either kind come back as null. Line ends inside are passed over.
    """
    texts = pc.replace_substring_regex(texts, "[\r\n]", "")
    wrong = ~pc.match_substring_regex(texts, "^[A-Za-z0-9+/]*={0,2}$").to_numpy(zero_copy_only=False)
    sizes = np.array(np.diff(offsets_of(texts)), np.int64)
    wrong |= sizes % 4 != 0
    texts = pc.if_else(pa.array(wrong), "", texts)
    signs = BITS[np.frombuffer(text_of(texts), np.uint8)].reshape(-1, 4)
    bits = (signs & ~np.uint8(FILL)).astype(np.uint32)
    groups = bits[:, 0] << 18 | bits[:, 1] << 12 | bits[:, 2] << 6 | bits[:, 3]
    made = np.stack([groups >> 16, groups >> 8 & 0xFF, groups & 0xFF], axis=1).astype(np.uint8)
    kept = np.stack([np.ones(len(signs), bool), signs[:, 2] != FILL, signs[:, 3] != FILL], axis=1)
    ends = np.append(0, np.cumsum(kept.sum(axis=1)))
    groups_before = offsets_of(texts).astype(np.int64) // 4
    offsets = ends[groups_before - groups_before[0]].astype(np.int32)
    data = made[kept].tobytes()
    binary = pa.BinaryArray.from_buffers(pa.binary(), len(texts), [None, pa.py_buffer(offsets), pa.py_buffer(data)])
    bad = np.zeros(len(texts), dtype=bool)
    codes = np.append(np.frombuffer(data, np.uint8), np.uint8(0))
    if not is_utf8(data) or (codes[offsets] & 0xC0 == 0x80).any():  # a sign that reaches into the next text
        bad = np.array([not is_utf8(value) for value in binary.to_pylist()], dtype=bool)
    found = pc.if_else(pa.array(wrong | bad), pa.scalar(None, pa.binary()), binary)
    return found.cast(pa.string()), wrong, bad
