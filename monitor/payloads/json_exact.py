"""Numbers that count as text and have lost digits: whole ones that a double cannot tell apart, and fractions."""

from collections.abc import Collection

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

EXACT = 2.0**53  # beyond, a double no longer tells whole numbers apart


def beyond(numbers: pa.Array) -> NDArray[np.bool_]:
    """Whether each is so large that it may stand for several whole numbers, shape (n,)."""
    found = pc.fill_null(numbers, 0.0).to_numpy(zero_copy_only=False)
    with np.errstate(invalid="ignore"):
        beyond: NDArray[np.bool_] = np.abs(found) >= EXACT
    return beyond


def inexact(numbers: pa.Array) -> NDArray[np.bool_]:
    """Whether the text of each number may be another than this double's, shape (n,)."""
    found = pc.fill_null(numbers, 0.0).to_numpy(zero_copy_only=False)
    with np.errstate(invalid="ignore"):
        inexact: NDArray[np.bool_] = (np.abs(found) >= EXACT) | (found != np.trunc(found))
    return inexact


def has_inexact(values: pa.Array, texts: Collection[str], path: str = "") -> NDArray[np.bool_]:
    """Whether there is such a number anywhere in each value, under one of these names or in a list of lists."""
    kind = values.type
    if pa.types.is_struct(kind):
        found = np.zeros(len(values), dtype=bool)
        for field, part in zip(kind, values.flatten(), strict=True):
            found |= has_inexact(part, texts, f"{path}.{field.name}")
        return found
    if pa.types.is_list(kind):
        is_plain = not pa.types.is_nested(kind.value_type)
        inner = has_inexact(values.flatten(), texts, "" if is_plain and texts else path)
        ends = np.cumsum(pc.fill_null(pc.list_value_length(values), 0).to_numpy(zero_copy_only=False))
        sums = np.append(0, np.cumsum(inner))
        several: NDArray[np.bool_] = (
            sums[ends] > sums[np.append(0, ends[:-1])] if len(ends) else np.zeros(0, dtype=bool)
        )
        return several
    if pa.types.is_floating(kind) and (not path or any(f"{path}".endswith(f".{name}") for name in texts)):
        return inexact(values)
    return np.zeros(len(values), dtype=bool)
