"""The numbers of columns, and how many of their values are of each class.

Texts that are digits, a minus before them and a point between them, as nearly all are, are told from their bytes
together, those of several columns at once: the points are the fractional ones. Only the others are looked at one by
one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from monitor.feature import Classes, Floats
from monitor.measures.types import STRING, Typed, typed
from monitor.payloads.texts import arrays_of, offsets_of, text_of, whole

MINUS, POINT, NINE = ord("-"), ord("."), ord("9")
MOST_BYTES = 16 << 20  # of texts that are read together

Bytes = NDArray[np.uint8]
Offsets = NDArray[np.int32]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """The number of each value, shape (n,), nan where it is none; `nan` of them say nan, `text` say no number."""

    numbers: Floats
    classes: Classes
    nan: int = 0
    text: int = 0


def numbers_of(column: pa.Array) -> Numbers:
    """Numbers and classes of a column of texts, int64, double or bool, as `typed` tells them."""
    return numbers_of_all([column])[1][0]


def numbers_of_all(columns: Sequence[pa.Array | pa.ChunkedArray]) -> tuple[Floats, list[Numbers]]:
    """Those of k columns of n values each, in one piece or several; besides all numbers in one array, shape (k, n)."""
    if all(pa.types.is_string(column.type) for column in columns):
        return _of_texts(columns) or _apart(columns)
    columns = [whole(column) for column in columns]
    if all(pa.types.is_integer(column.type) or pa.types.is_floating(column.type) for column in columns):
        return _of_values(columns)
    return _apart(columns)


def _apart(columns: Sequence[pa.Array | pa.ChunkedArray]) -> tuple[Floats, list[Numbers]]:
    if len(columns) == 1:
        return _together([_counted(typed(whole(columns[0])))])
    return _together([numbers_of(column) for column in columns])


def _together(found: list[Numbers]) -> tuple[Floats, list[Numbers]]:
    return found[0].numbers[None] if len(found) == 1 else np.stack([one.numbers for one in found]), found


def _counted(values: Typed) -> Numbers:
    is_number = np.isfinite(values.numbers) | np.isinf(values.numbers)
    text = _count((values.codes == STRING) & ~is_number & ~values.is_nan)
    classes = values.classes
    nan = _count(values.is_nan)
    return Numbers(numbers=values.numbers, classes=classes, nan=nan, text=classes.boolean + text)


def _of_values(columns: Sequence[pa.Array]) -> tuple[Floats, list[Numbers]]:
    numbers = np.stack([column.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False) for column in columns])
    with np.errstate(invalid="ignore"):
        is_whole = numbers == np.trunc(numbers)
    is_finite = np.isfinite(numbers)
    each = zip(columns, numbers, map(_count, is_whole), map(_count, is_finite), strict=True)
    return numbers, [_of_value(*one) for one in each]


def _of_value(column: pa.Array, numbers: Floats, whole: int, finite: int) -> Numbers:
    nan = _count(np.isnan(numbers)) if finite < len(numbers) else 0
    integral = whole - (len(numbers) - finite - nan)  # infinite ones are whole
    string = len(column) - column.null_count - finite
    classes = Classes(integral=integral, fractional=finite - integral, string=string)
    return Numbers(numbers=numbers, classes=classes, nan=nan - column.null_count)


def _of_texts(columns: Sequence[pa.StringArray | pa.ChunkedArray]) -> tuple[Floats, list[Numbers]] | None:
    """All of them together; None where they are to be told one by one."""
    pieces = [piece for column in columns for piece in arrays_of(column)]
    count = len(columns[0])
    if not count or (len(columns) > 1 and sum(text_of(piece).size for piece in pieces) > MOST_BYTES):
        return None
    joined = pa.concat_arrays(pieces)  # the only copy
    offsets, data = offsets_of(joined), np.frombuffer(text_of(joined), np.uint8)
    if _hides_text(joined):
        return None
    offsets = offsets - offsets[0] if offsets[0] else offsets
    is_point = data == POINT
    odd = _odd(data, offsets, is_point)
    numbers = _cast(joined, odd)
    if numbers is None:
        return None
    shown = numbers.reshape(len(columns), count)
    bounds = offsets[::count].tolist()
    points = [_count(is_point[start:end]) for start, end in pairwise(bounds)]
    plain = [_plain(column, row, fractional) for column, row, fractional in zip(columns, shown, points, strict=True)]
    return shown, _with_odd(plain, joined, odd, numbers) if len(odd) else plain


def _plain(column: pa.StringArray, numbers: Floats, fractional: int) -> Numbers:
    integral = len(column) - column.null_count - fractional
    return Numbers(numbers=numbers, classes=Classes(integral=integral, fractional=fractional))


def _with_odd(plain: list[Numbers], joined: pa.StringArray, odd: Places, numbers: Floats) -> list[Numbers]:
    """The same columns with the odd ones told one by one, where all were taken for plain."""
    texts = joined.take(pa.array(odd))
    others, points = typed(texts), pc.count_substring(texts, ".").to_numpy()
    numbers[odd] = others.numbers
    cuts = np.searchsorted(odd, np.arange(len(plain) + 1) * len(plain[0].numbers)).tolist()
    found = []
    for one, (start, end) in zip(plain, pairwise(cuts), strict=True):
        part = slice(start, end)
        some = _counted(Typed(codes=others.codes[part], numbers=others.numbers[part], is_nan=others.is_nan[part]))
        wrongly = int(points[part].sum())
        taken = Classes(integral=wrongly - (end - start), fractional=-wrongly)
        found.append(replace(some, numbers=one.numbers, classes=one.classes + taken + some.classes))
    return found


def _cast(column: pa.StringArray, odd: Places) -> Floats | None:
    """All but the odd ones; None where some are still no numbers (`1-2`, `1.2.3`, an empty one)."""
    is_null = column.is_null().to_numpy(zero_copy_only=False) if column.null_count else None
    if len(odd):
        is_plain = np.ones(len(column), np.bool_) if is_null is None else ~is_null
        is_plain[odd] = False
        _, offsets, data = column.buffers()
        shown = pa.py_buffer(np.packbits(is_plain, bitorder="little"))
        column = pa.StringArray.from_buffers(len(column), offsets.slice(4 * column.offset), data, shown)
    try:
        cast = column.cast(pa.float64())
    except pa.ArrowInvalid:
        return None
    numbers = np.frombuffer(cast.buffers()[1], np.float64)[cast.offset : cast.offset + len(cast)]
    if is_null is not None:
        numbers[is_null] = np.nan
    return numbers


def _odd(data: Bytes, offsets: Offsets, is_point: NDArray[np.bool_]) -> Places:
    """Which texts have other signs than digits, minus and point, or a point at an end or behind a minus."""
    if not len(data):
        return np.zeros(0, dtype=np.int64)
    found = []
    is_other = data - np.uint8(MINUS) > NINE - MINUS  # what lies below wraps around
    if is_other.any():
        found.append(_owners(offsets, np.flatnonzero(is_other)))
    beside = np.empty(len(data) + 1, np.bool_)  # whether a point stands before or behind each place between two signs
    beside[0], beside[-1] = is_point[0], is_point[-1]
    np.logical_or(is_point[1:], is_point[:-1], out=beside[1:-1])
    if beside.take(offsets).any():
        is_end = is_point.take(offsets[:-1], mode="clip") | is_point.take(offsets[1:] - 1, mode="clip")
        found.append(np.flatnonzero(is_end & (offsets[1:] > offsets[:-1])))
    is_behind = data[:-1] == MINUS
    is_behind &= is_point[1:]
    if is_behind.any():
        found.append(_owners(offsets, np.flatnonzero(is_behind)))
    return np.unique(np.concatenate(found)) if any(map(len, found)) else np.zeros(0, dtype=np.int64)


def _hides_text(column: pa.StringArray) -> bool:
    """Whether there are bytes behind a null, which Arrow allows."""
    return column.null_count > 0 and bool((pc.sum(pc.binary_length(column)).as_py() or 0) != text_of(column).size)


def _owners(offsets: Offsets, places: Places) -> Places:
    """The text in which each byte stands."""
    return np.searchsorted(offsets, places.astype(np.int32), side="right").astype(np.int64) - 1


def _count(marked: NDArray[np.bool_]) -> int:
    return int(np.count_nonzero(marked))
