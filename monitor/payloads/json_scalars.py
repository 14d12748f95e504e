"""Numbers, booleans and nulls as they are written in JSON, to the columns that a parser makes of them."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from monitor.payloads.texts import offsets_of, text_of

MINUS, POINT, ZERO, NINE = ord("-"), ord("."), ord("0"), ord("9")
NUMBER = r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$"
WHOLE = r"^-?[0-9]+$"


class Unlike(Exception):
    """Values that are not of one type, or that JSON does not know."""


def scalars(texts: pa.StringArray) -> pa.Array:
    """A column of int64, double, bool or null; a fraction among whole numbers makes all double. Raises Unlike.

    >>> scalars(pa.array(["1", "null", "2.5"])).to_pylist()
    [1.0, None, 2.5]
    """
    codes = np.frombuffer(text_of(texts), np.uint8)
    if not len(codes):
        raise Unlike
    if codes.min() >= MINUS and codes.max() <= NINE and (codes != ord("/")).all():
        offsets = offsets_of(texts) - offsets_of(texts)[0]
        if not _is_plain(codes, offsets[:-1], offsets[1:]):
            raise Unlike
        return _numbers(texts, is_whole=not (codes == POINT).any())
    is_null = pc.equal(texts, "null")
    if is_null.true_count == len(texts):
        return pa.nulls(len(texts))
    if is_null.true_count:
        texts = pc.if_else(is_null, pa.scalar(None, pa.string()), texts)
    if pc.all(pc.is_in(texts.drop_null(), pa.array(["true", "false"]))).as_py():
        return texts.cast(pa.bool_())
    if not pc.all(pc.match_substring_regex(texts, NUMBER)).as_py():
        raise Unlike
    return _numbers(texts, is_whole=bool(pc.all(pc.match_substring_regex(texts, WHOLE)).as_py()))


def _is_plain(codes: NDArray[np.uint8], starts: NDArray[np.int32], ends: NDArray[np.int32]) -> bool:
    """Whether texts of digits, minus and point are numbers: a digit on both sides of a point, no zero before digits."""
    if (starts == ends).any():
        return False
    first = starts + (codes.take(starts) == MINUS)
    lengths = ends - first
    if np.count_nonzero(codes == MINUS) != np.count_nonzero(first != starts) or (lengths == 0).any():
        return False
    leads = codes.take(first)
    next_one = codes.take(np.minimum(first + 1, ends - 1))
    if (leads == POINT).any() or (codes.take(ends - 1) == POINT).any():
        return False
    return not ((leads == ZERO) & (lengths > 1) & (next_one != POINT)).any()


def _numbers(texts: pa.StringArray, *, is_whole: bool) -> pa.Array:
    try:
        return texts.cast(pa.int64() if is_whole else pa.float64())
    except pa.ArrowInvalid:
        if not is_whole:  # two points
            raise Unlike from None
        return texts.cast(pa.float64())
