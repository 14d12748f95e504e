"""The numbers of a column, and how many of its values are of each class.

Texts that are digits, a minus before them and a point between them, as nearly all are, are told from their bytes
together: the points are the fractional ones. Only the others are looked at one by one.
"""

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from monitor.feature import Classes
from monitor.measures.types import STRING, Typed, typed
from monitor.payloads.texts import offsets_of, text_of

MINUS, POINT, NINE = ord("-"), ord("."), ord("9")


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """The number of each value, shape (n,), nan where it is none; `nan` of them say nan, `text` say no number."""

    numbers: NDArray[np.float64]
    classes: Classes
    nan: int = 0
    text: int = 0


def numbers_of(column: pa.Array) -> Numbers:
    """Numbers and classes of a column of texts, int64, double or bool, as `typed` tells them."""
    if pa.types.is_string(column.type):
        return _of_texts(column)
    if pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
        return _of_values(column)
    return _counted(typed(column))


def _counted(values: Typed) -> Numbers:
    is_number = np.isfinite(values.numbers) | np.isinf(values.numbers)
    text = _count((values.codes == STRING) & ~is_number & ~values.is_nan)
    classes = values.classes
    nan = _count(values.is_nan)
    return Numbers(numbers=values.numbers, classes=classes, nan=nan, text=classes.boolean + text)


def _of_values(column: pa.Array) -> Numbers:
    numbers = column.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    finite = _count(np.isfinite(numbers))
    with np.errstate(invalid="ignore"):
        whole = _count(numbers == np.trunc(numbers)) - _count(np.isinf(numbers))
    classes = Classes(integral=whole, fractional=finite - whole, string=len(column) - column.null_count - finite)
    return Numbers(numbers=numbers, classes=classes, nan=_count(np.isnan(numbers)) - column.null_count)


def _of_texts(column: pa.StringArray) -> Numbers:
    odd = _odd(column)
    if 4 * len(odd) > len(column) or _hides_text(column):
        return _counted(typed(column))
    if not len(odd):
        return _plain(column) or _counted(typed(column))
    is_plain = np.ones(len(column), dtype=bool)
    is_plain[odd] = False
    plain = _plain(column.filter(pa.array(is_plain)))
    if plain is None:
        return _counted(typed(column))
    others = _counted(typed(column.take(pa.array(odd))))
    numbers = np.empty(len(column))
    numbers[is_plain], numbers[odd] = plain.numbers, others.numbers
    return replace(others, numbers=numbers, classes=plain.classes + others.classes)


def _plain(column: pa.StringArray) -> Numbers | None:
    """Of texts in which `_odd` found none; None where some are still no numbers (`1-2`, `1.2.3`, an empty one)."""
    try:
        numbers = column.cast(pa.float64()).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        return None
    fractional = _count(np.frombuffer(text_of(column), np.uint8) == POINT)
    integral = len(column) - column.null_count - fractional
    return Numbers(numbers=numbers, classes=Classes(integral=integral, fractional=fractional))


def _odd(column: pa.StringArray) -> NDArray[np.int64]:
    """Which texts have other signs than digits, minus and point, or a point at an end or behind a minus."""
    data = np.frombuffer(text_of(column), np.uint8)
    if not len(data):
        return np.zeros(0, dtype=np.int64)
    offsets = offsets_of(column) - offsets_of(column)[0]
    found = []
    if data.min() < MINUS or data.max() > NINE:
        found.append(_owners(offsets, np.flatnonzero((data < MINUS) | (data > NINE))))
    is_point = data == POINT
    if is_point.any():
        found.append(
            np.flatnonzero(is_point.take(offsets[:-1], mode="clip") | is_point.take(offsets[1:] - 1, mode="clip"))
        )
        found.append(_owners(offsets, np.flatnonzero(is_point[1:] & (data[:-1] == MINUS))))
    return np.unique(np.concatenate(found)) if any(map(len, found)) else np.zeros(0, dtype=np.int64)


def _hides_text(column: pa.StringArray) -> bool:
    """Whether there are bytes behind a null, which Arrow allows."""
    return column.null_count > 0 and bool((pc.sum(pc.binary_length(column)).as_py() or 0) != text_of(column).size)


def _owners(offsets: NDArray[np.int32], places: NDArray[np.int64]) -> NDArray[np.int64]:
    """The text in which each byte stands."""
    return np.searchsorted(offsets, places.astype(np.int32), side="right").astype(np.int64) - 1


def _count(marked: NDArray[np.bool_]) -> int:
    return int(np.count_nonzero(marked))
