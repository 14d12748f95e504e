"""Classes of values from their raw text, and the numbers they stand for.

The classes are Deequ's, which SageMaker Model Monitor uses: Integral `[+-]? ?digits`, Fractional with a point between
digits or an exponent, Boolean `true|false`, everything else String (`.5`, `5.`, `NaN` and `1,000` too).
"""

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from monitor.feature import Classes
from monitor.payloads.texts import text_of

MISSING, INTEGRAL, FRACTIONAL, BOOLEAN, STRING = range(5)

_FRACTIONAL = r"[-+]? ?\d+(\.\d+|(\.\d+)?[Ee][-+]?\d+)"
_INTEGRAL = r"[-+]? ?\d+"
_BOOLEAN = r"true|false"
_PATTERNS = ((_INTEGRAL, INTEGRAL), (_FRACTIONAL, FRACTIONAL), (_BOOLEAN, BOOLEAN))
_READY = [(re.compile(pattern, re.ASCII), code) for pattern, code in _PATTERNS]
_FEW = 100  # texts: up to here it is quicker to ask for each than to have Arrow compile the patterns
_NUMBER = re.compile(r"\s*[-+]? *((\d+\.?\d*|\.\d+)(e[-+]?\d+)?|nan|inf|infinity)\s*", re.IGNORECASE | re.ASCII)
# Weights that tell by their sum what a text is made of: digits only, so many points, or something else.
_DIGIT, _POINT, _OTHER = 0, 1, 256
_SIGNS = np.full(256, _OTHER, dtype=np.uint32)
_SIGNS[ord("0") : ord("9") + 1] = _DIGIT
_SIGNS[ord(".")] = _POINT
# What begins with none of these is a String, and needs no pattern.
_BEGINS = np.isin(np.arange(256), list(b"0123456789+- tf"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """Class of each value, shape (n,), and its number: nan where it is none; `is_nan` marks values that say nan."""

    codes: NDArray[np.uint8]
    numbers: NDArray[np.float64]
    is_nan: NDArray[np.bool_]

    @property
    def classes(self) -> Classes:
        counts = np.bincount(self.codes, minlength=5).tolist()
        return Classes(
            integral=counts[INTEGRAL], fractional=counts[FRACTIONAL], boolean=counts[BOOLEAN], string=counts[STRING]
        )


def typed(column: pa.Array) -> Typed:
    """Classes and numbers of a column of texts, int64, double or bool (by value where there is no raw text)."""
    if pa.types.is_string(column.type):
        return _typed_text(column)
    valid = column.is_valid().to_numpy(zero_copy_only=False)
    numbers = np.full(len(column), np.nan)
    codes = np.full(len(column), STRING, dtype=np.uint8)
    if pa.types.is_boolean(column.type):
        codes[:] = BOOLEAN
    elif pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
        numbers = pc.fill_null(column.cast(pa.float64(), safe=False), np.nan).to_numpy(zero_copy_only=False)
        with np.errstate(invalid="ignore"):
            codes[:] = np.where(numbers == np.trunc(numbers), INTEGRAL, FRACTIONAL)
        codes[~np.isfinite(numbers)] = STRING
    codes[~valid] = MISSING
    return Typed(codes=codes, numbers=numbers, is_nan=np.isnan(numbers) & valid & (codes == STRING))


def _typed_text(column: pa.StringArray) -> Typed:
    codes = codes_of(column)
    is_number = (codes == INTEGRAL) | (codes == FRACTIONAL)
    numbers = _numbers(column, is_number)
    is_nan = np.zeros(len(column), dtype=bool)
    odd = np.flatnonzero(codes == STRING)
    if len(odd):
        texts = column.take(pa.array(odd)).dictionary_encode()
        parsed = np.array([_parsed(text) for text in texts.dictionary.to_pylist()], dtype=np.float64)
        says = np.array([_NUMBER.fullmatch(text) is not None for text in texts.dictionary.to_pylist()], dtype=bool)
        which = texts.indices.to_numpy()
        numbers[odd] = parsed[which]
        is_nan[odd] = says[which] & np.isnan(parsed[which])
    return Typed(codes=codes, numbers=numbers, is_nan=is_nan)


def _parsed(text: str) -> float:
    return float(text.replace(" ", "")) if _NUMBER.fullmatch(text) else float("nan")


def codes_of(column: pa.StringArray) -> NDArray[np.uint8]:
    """Class of each text: plain digits with at most one point are told from the bytes, the rest by pattern."""
    codes = np.zeros(len(column), dtype=np.uint8)
    offsets = np.frombuffer(column.buffers()[1], np.int32)[column.offset : column.offset + len(column) + 1]
    data = np.frombuffer(text_of(column), np.uint8)
    filled = np.flatnonzero(np.diff(offsets) > 0)
    empty = np.diff(offsets) == 0
    codes[empty] = STRING
    if len(filled):
        starts = offsets[:-1][filled].astype(np.int64) - int(offsets[0])
        ends = offsets[1:][filled].astype(np.int64) - int(offsets[0])
        codes[filled] = _coded(data, starts, ends)
        odd = filled[codes[filled] == _UNKNOWN]
        if len(odd):
            codes[odd] = _by_pattern(column.take(pa.array(odd)))
    codes[~column.is_valid().to_numpy(zero_copy_only=False)] = MISSING
    return codes


_UNKNOWN = 9


def _coded(data: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.uint8]:
    signs = _SIGNS[data]
    first = data[starts]
    signed = ((first == ord("-")) | (first == ord("+"))) & (ends - starts > 1)
    signs[starts[signed]] = _DIGIT
    made_of = np.add.reduceat(signs, starts)
    inner = (signs[starts] == _DIGIT) & (signs[ends - 1] == _DIGIT) & (signs[starts + signed] == _DIGIT)
    codes = np.full(len(starts), _UNKNOWN, dtype=np.uint8)
    codes[(made_of < _OTHER) | ~_BEGINS[first]] = STRING
    codes[made_of == _DIGIT] = INTEGRAL
    codes[(made_of == _POINT) & inner] = FRACTIONAL
    return codes


def _by_pattern(texts: pa.StringArray) -> NDArray[np.uint8]:
    if len(texts) <= _FEW:
        return np.array([_code_of(text) for text in texts.to_pylist()], dtype=np.uint8)
    distinct = texts.dictionary_encode()
    values = distinct.dictionary
    codes = np.full(len(values), STRING, dtype=np.uint8)
    for pattern, code in _PATTERNS:
        codes[pc.match_substring_regex(values, f"^({pattern})$").to_numpy(zero_copy_only=False)] = code
    which: NDArray[np.int32] = distinct.indices.to_numpy()
    return codes[which]


def _code_of(text: str) -> int:
    return next((code for pattern, code in _READY if pattern.fullmatch(text)), STRING)


def _numbers(column: pa.StringArray, is_number: NDArray[np.bool_]) -> NDArray[np.float64]:
    texts = column if is_number.all() else pc.if_else(pa.array(is_number), column, None)
    try:
        found = texts.cast(pa.float64())
    except pa.ArrowInvalid:  # a plus sign, or a space after the sign
        found = pc.replace_substring_regex(texts, r"[+ ]", "").cast(pa.float64())
    numbers: NDArray[np.float64] = pc.fill_null(found, np.nan).to_numpy(zero_copy_only=False)
    return numbers.copy()
