"""Tables inside payloads, many at once: names beside rows (pandas' split form, Seldon's `ndarray`), and tensors.

What does not fit together is told, and left to `json_value`.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Indices = NDArray[np.int64]
Bools = NDArray[np.bool_]
Columns = dict[str, pa.Array]
MOST_HEADERS = 16  # different lists of names; beyond, one by one
BETWEEN = "\x1f"


def named_rows(names: pa.ListArray, rows: pa.ListArray, columns: int) -> Iterator[tuple[Columns, Indices, Indices]]:
    """For each list of names: the columns, the table of each row, and the tables that were read. No table is null."""
    if not (_is_texts(names) and pa.types.is_list(rows.type) and _is_plain_list(rows.type.value_type)):
        return
    for labels, chosen in _by_header(names):
        if len(labels) > columns:
            continue
        lists = rows.take(pa.array(chosen))
        elements, lengths = lists.flatten(), _lengths(lists)
        table = np.repeat(np.arange(len(chosen)), lengths)
        odd = np.unique(table[_lengths(elements) != len(labels)])
        good = np.setdiff1d(np.flatnonzero(lengths > 0), odd)
        if len(good):
            kept = lists.take(pa.array(good)).flatten()
            yield _strided(kept.flatten(), labels), np.repeat(chosen[good], lengths[good]), chosen[good]


def tensors(lists: pa.ListArray, columns: int) -> Iterator[tuple[Columns, Indices, Indices]]:
    """The same for lists of Open Inference Protocol tensors, the first axis of which is the rows."""
    elements = lists.flatten()
    fields = {field.name: part for field, part in zip(elements.type, elements.flatten(), strict=True)}
    name, data, shape = (fields.get(key) for key in ("name", "data", "shape"))
    if name is None or data is None or shape is None or not pa.types.is_string(name.type):
        return
    if not pa.types.is_list(data.type) or not pa.types.is_list(shape.type) or shape.type.value_type != pa.int64():
        return
    starts = np.append(0, np.cumsum(_lengths(lists)))[:-1]
    for labels, chosen in _by_header(pa.ListArray.from_arrays(pa.array(_offsets(lists)), name)):
        read = [_tensor(data, shape, starts[chosen] + place) for place in range(len(labels))]
        good = np.ones(len(chosen), dtype=bool)
        for _, rows, widths, fits in read:
            good &= fits & (rows == read[0][1]) & (widths == _usual(widths[fits]))
        widths_of = [_usual(widths[fits]) for _, _, widths, fits in read]
        if not good.any() or sum(widths_of) > columns:
            continue
        found: Columns = {}
        for label, (values, rows, widths, _), width in zip(labels, read, widths_of, strict=True):
            kept = values.filter(pa.array(np.repeat(good, rows * widths)))
            found |= _strided(kept, [f"{label}.{place}" for place in range(width)] if width > 1 else [label])
        if len(found) == sum(widths_of):
            yield found, np.repeat(chosen[good], read[0][1][good]), chosen[good]


def _tensor(data: pa.Array, shape: pa.ListArray, at: Indices) -> tuple[pa.Array, Indices, Indices, Bools]:
    """Each tensor's values one behind the other, its rows, the values of a row, and whether its shape fits."""
    values, counts = data.take(pa.array(at)), np.ones(len(at), np.int64)
    there = pc.is_valid(values).to_numpy(zero_copy_only=False)
    while pa.types.is_list(values.type):
        ends = np.append(0, np.cumsum(_lengths(values)))
        counts = np.diff(ends[np.append(0, np.cumsum(counts))])
        values = values.flatten()
    shapes = shape.take(pa.array(at))
    sizes, lengths = shapes.flatten().to_numpy(zero_copy_only=False), _lengths(shapes)
    starts = np.cumsum(lengths) - lengths
    if not len(sizes) or (lengths == 0).any() or pa.types.is_nested(values.type):
        nothing = np.zeros(len(at), np.int64)
        return values, nothing, nothing, nothing > 0
    rows = sizes[starts]
    fits = there & (rows > 0) & (np.multiply.reduceat(sizes, starts) == counts) & (counts > 0)
    rows = np.where(fits, rows, 1)
    return values, rows, counts // rows, fits & (counts % rows == 0)


def _by_header(names: pa.ListArray) -> Iterator[tuple[list[str], Indices]]:
    """The different lists of names, each name in them once, and where they stand."""
    told = pc.binary_join(names, BETWEEN).dictionary_encode()
    if len(told.dictionary) > MOST_HEADERS:
        return
    codes = pc.fill_null(told.indices, -1).to_numpy(zero_copy_only=False)
    lengths = _lengths(names)
    for code in range(len(told.dictionary)):
        chosen = np.flatnonzero(codes == code)
        labels = names[int(chosen[0])].as_py()
        if labels and len(set(labels)) == len(labels) and (lengths[chosen] == len(labels)).all():
            yield labels, chosen


def _strided(values: pa.Array, labels: Sequence[str]) -> Columns:
    """Values row by row as columns."""
    return {
        label: values.take(pa.array(np.arange(place, len(values), len(labels)))) for place, label in enumerate(labels)
    }


def _usual(widths: Indices) -> int:
    return int(np.bincount(widths).argmax()) if len(widths) else 0


def _is_texts(names: pa.Array) -> bool:
    return bool(pa.types.is_list(names.type) and pa.types.is_string(names.type.value_type))


def _is_plain_list(kind: pa.DataType) -> bool:
    return bool(pa.types.is_list(kind) and not pa.types.is_nested(kind.value_type))


def _lengths(lists: pa.Array) -> Indices:
    lengths: NDArray[np.int32] = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False)
    return lengths.astype(np.int64)


def _offsets(lists: pa.ListArray) -> NDArray[np.int32]:
    return np.append(0, np.cumsum(_lengths(lists))).astype(np.int32)
