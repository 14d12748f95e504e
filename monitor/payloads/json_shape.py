"""The rows of many JSON payloads of one type: what `json_value` says of one value, for all of them at once.

Shapes that are rare or of mixed types are left to it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from monitor.payloads.json_tables import named_rows, tensors
from monitor.payloads.json_value import CONTENT_TYPE, WRAPPERS, is_tensor

Indices = NDArray[np.int64]
NONE = np.zeros(0, np.int64)
TABLES = ("dataframe_split", "input_data", "columns", "data")  # keys that may hold a whole table


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Columns, and for each row the payload it came from, shape (rows,).

    `widths` is the number of columns of each row where they have no names. `lists` are the payloads that are lists of
    plain values, which may be read another way, with their numbers.
    """

    columns: Mapping[str, pa.Array]
    payload: Indices
    widths: Indices | None = None
    lists: tuple[pa.ListArray, Indices] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shaped:
    """Rows by shape, the payloads left to the careful path, and those without any row."""

    rows: list[Rows] = field(default_factory=list)
    left: Indices = field(default_factory=lambda: NONE)
    empty: Indices = field(default_factory=lambda: NONE)

    def __add__(self, other: "Shaped") -> "Shaped":
        return Shaped(
            rows=self.rows + other.rows,
            left=np.concatenate([self.left, other.left]),
            empty=np.concatenate([self.empty, other.empty]),
        )


class _Aside(Exception):
    """More columns than are allowed, of all payloads together, or two of one name."""


def shaped(values: pa.Array, at: Indices, columns: int) -> Shaped:
    """The rows of these values; `at` numbers the payloads, shape (n,)."""
    try:
        there = pc.is_valid(values).to_numpy(zero_copy_only=False)
        found = _shaped(values.filter(pa.array(there)) if not there.all() else values, at[there], columns)
        return found + Shaped(empty=at[~there])
    except _Aside:
        return Shaped(left=at)


def _shaped(values: pa.Array, at: Indices, columns: int) -> Shaped:
    kind = values.type
    if pa.types.is_struct(kind):
        return _objects(values, at, columns)
    if not pa.types.is_list(kind):
        return Shaped(rows=[Rows(columns={"0": _leaf(values)}, payload=at, widths=np.ones(len(at), np.int64))])
    if pa.types.is_string(kind.value_type):
        pair = _lengths(values) == 2
        last = pc.list_element(values.filter(pa.array(pair)), 1)
        pair[pair] = pc.fill_null(pc.match_substring_regex(last, CONTENT_TYPE), False).to_numpy(zero_copy_only=False)
        found = _lists(values.filter(pa.array(~pair)), at[~pair], columns, is_keyed=False)
        return found + Shaped(left=at[pair])
    return _lists(values, at, columns, is_keyed=False)


def _objects(values: pa.StructArray, at: Indices, columns: int) -> Shaped:
    found = Shaped()
    for key in (*WRAPPERS, *TABLES):
        place = values.type.get_field_index(key)
        if place < 0 or not pa.types.is_nested(values.type.field(place).type):
            continue
        inner = values.flatten()[place]
        has = pc.is_valid(inner).to_numpy(zero_copy_only=False)
        if key in TABLES:
            found += _beside_names(values.filter(pa.array(has)), key, at[has], columns)
        elif not pa.types.is_list(inner.type):
            found += Shaped(left=at[has])
        else:
            found += _lists(inner.filter(pa.array(has)), at[has], columns, is_keyed=True)
        values, at = values.filter(pa.array(~has)), at[~has]
    if not len(at):
        return found
    flat = _by_name(_flat(values, "", columns))
    if not flat:
        return found + Shaped(left=at)
    return found + Shaped(rows=[Rows(columns=flat, payload=at)])


def _beside_names(values: pa.StructArray, key: str, at: Indices, columns: int) -> Shaped:
    """Objects that hold a table as names and rows, at this key or, for `columns`, in themselves."""
    inner = values if key == "columns" else values.flatten()[values.type.get_field_index(key)]
    keys = ("names", "ndarray") if key == "data" else ("columns", "data")
    if not pa.types.is_struct(inner.type) or any(inner.type.get_field_index(k) < 0 for k in keys):
        return Shaped(left=at)
    names, rows = (inner.flatten()[inner.type.get_field_index(k)] for k in keys)
    there = pc.and_(pc.is_valid(names), pc.is_valid(rows))
    kept = there.to_numpy(zero_copy_only=False)
    found = _tables(named_rows(names.filter(there), rows.filter(there), columns), at[kept])
    return found + Shaped(left=at[~kept])


def _tables(found: Iterable[tuple[Mapping[str, pa.Array], Indices, Indices]], at: Indices) -> Shaped:
    rows, read = [], [NONE]
    for columns, payload, tables in found:
        rows.append(Rows(columns=columns, payload=at[payload]))
        read.append(tables)
    return Shaped(rows=rows, left=at[np.setdiff1d(np.arange(len(at)), np.concatenate(read))])


def _lists(lists: pa.ListArray, at: Indices, columns: int, *, is_keyed: bool) -> Shaped:
    lengths = _lengths(lists)
    empty, filled = at[lengths == 0], lengths > 0
    if not filled.all():
        lists, at, lengths = lists.filter(pa.array(filled)), at[filled], lengths[filled]
    if not len(at):
        return Shaped(empty=empty)
    kind, payload = lists.type.value_type, np.repeat(at, lengths)
    elements = lists.flatten()
    if not pa.types.is_nested(kind):
        if is_keyed:
            return Shaped(rows=[exploded(lists, at)], empty=empty)
        fits = lengths <= columns
        rows = [spread(lists.filter(pa.array(fits)), at[fits], columns)] if fits.any() else []
        return Shaped(rows=rows, left=at[~fits], empty=empty)
    if elements.null_count:
        return Shaped(left=at, empty=empty)
    if pa.types.is_struct(kind) and is_tensor(field.name for field in kind):
        return _tables(tensors(lists, columns), at) + Shaped(empty=empty)
    flat = _by_name(_flat(elements, "", columns))
    if not flat:
        return Shaped(left=at, empty=empty)
    widths = None if pa.types.is_struct(kind) else _widths(elements)
    return Shaped(rows=[Rows(columns=flat, payload=payload, widths=widths)], empty=empty)


def exploded(lists: pa.ListArray, at: Indices) -> Rows:
    """A row for each value."""
    lengths = _lengths(lists)
    payload = np.repeat(at, lengths)
    values = _leaf(lists.flatten())
    return Rows(columns={"0": values}, payload=payload, widths=np.ones(len(payload), np.int64), lists=(lists, at))


def spread(lists: pa.ListArray, at: Indices, columns: int) -> Rows:
    """A row for each list."""
    return Rows(columns=dict(_flat(lists, "", columns)), payload=at, widths=_lengths(lists), lists=(lists, at))


def _flat(values: pa.Array, prefix: str, columns: int) -> Iterator[tuple[str, pa.Array]]:
    """Leaves under dotted names; objects inside by their keys, lists by numbers."""
    if pa.types.is_struct(values.type):
        parts = [(field.name, part) for field, part in zip(values.type, values.flatten(), strict=True)]
    elif pa.types.is_list(values.type):
        parts = [(str(place), part) for place, part in enumerate(_places(values, columns))]
    else:
        yield prefix.removesuffix("."), _leaf(values)
        return
    if len(parts) > columns:
        raise _Aside
    left = columns
    for name, part in parts:
        for leaf in _flat(part, f"{prefix}{name}.", left):
            left -= 1
            if left < 0:
                raise _Aside
            yield leaf


def _places(lists: pa.ListArray, columns: int) -> Iterator[pa.Array]:
    """First elements, second ones, ...; null where a list is shorter."""
    lengths, elements = _lengths(lists), lists.flatten()
    longest = int(lengths.max(initial=0))
    if longest > columns:
        raise _Aside
    starts = np.cumsum(lengths) - lengths
    for place in range(longest):
        yield elements.take(pa.array(starts + place, mask=lengths <= place))


def _leaf(values: pa.Array) -> pa.Array:
    return values.cast(pa.string()) if pa.types.is_null(values.type) else values


def _lengths(lists: pa.ListArray) -> Indices:
    lengths: NDArray[np.int32] = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False)
    return lengths.astype(np.int64)


def _widths(rows: pa.ListArray) -> Indices:
    """How many values each row has, those in lists inside counted one by one."""
    kind = rows.type.value_type
    if pa.types.is_struct(kind):
        raise _Aside
    lengths = _lengths(rows)
    if not pa.types.is_list(kind):
        return lengths
    inner = rows.flatten()
    counts = np.where(pc.is_null(inner).to_numpy(zero_copy_only=False), 1, _widths(inner))
    sums, ends = np.append(0, np.cumsum(counts)), np.cumsum(lengths)
    widths: Indices = sums[ends] - sums[ends - lengths]
    return widths


def _by_name(leaves: Iterator[tuple[str, pa.Array]]) -> dict[str, pa.Array]:
    columns: dict[str, pa.Array] = {}
    for name, column in leaves:
        if name in columns:
            raise _Aside
        columns[name] = column
    return columns
