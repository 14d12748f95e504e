"""Rows written as flat JSON objects, one string each, into named columns."""

import json
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import json as pajson

from monitor.decode.payload import MOST_OPENED, lines_of, offsets_of, text_of

LARGEST = 2**63 - 1


class Number(str):
    """A number as it was written."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Objects:
    """`table` of the rows at `taken`; `broken` are those that are no flat JSON objects."""

    table: pa.Table
    taken: NDArray[np.int64]
    broken: NDArray[np.int64]


def objects(rows: pa.StringArray, texts: Collection[str] = ()) -> Objects:
    """Columns by name: int64, double, bool or text; a key that a row lacks, or has as null, is a missing value.

    `texts` names columns that are counted as text: whole numbers in them keep all their digits. Rows that do not parse
    together are read one by one, to the same columns; numbers beside texts become texts.
    """
    table = _at_once(rows, texts)
    if table is None:
        return _one_by_one(rows, texts)
    everything = np.arange(len(rows))
    return Objects(table=table, taken=everything, broken=everything[:0])


def _at_once(rows: pa.StringArray, texts: Collection[str]) -> pa.Table | None:
    """The table, if it is sure that each row is one flat object; None otherwise."""
    if not _is_an_object_a_row(rows):
        return None
    table = _parse(rows)
    if table is None or table.num_rows != len(rows) or any(pa.types.is_nested(f.type) for f in table.schema):
        return None
    return None if any(pa.types.is_floating(f.type) and f.name in texts for f in table.schema) else table


def _is_an_object_a_row(rows: pa.StringArray) -> bool:
    """Whether each row begins and ends as an object does, so that none reaches into the next, and none is deep."""
    codes, offsets = np.frombuffer(text_of(rows), np.uint8), offsets_of(rows)
    starts, ends = offsets[:-1] - offsets[0], offsets[1:] - offsets[0] - 1
    if rows.null_count or (starts > ends).any():
        return False
    if not ((codes[starts] == ord("{")).all() and (codes[ends] == ord("}")).all()):
        return False
    return int(np.count_nonzero((codes | 0x20) == ord("{"))) <= len(rows) + MOST_OPENED


def _parse(rows: pa.StringArray) -> pa.Table | None:
    try:
        table = _read(rows, ())
        dates = [f.name for f in table.schema if pa.types.is_temporal(f.type)]
        # Text that looks like a time stays text. Columns that are given come first: back to the order of the keys.
        return _read(rows, dates).select(table.column_names) if dates else table
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return None


def _read(rows: pa.StringArray, texts: Collection[str]) -> pa.Table:
    lines = lines_of(rows)
    schema = pa.schema(dict.fromkeys(texts, pa.string())) if texts else None
    return pajson.read_json(
        pa.BufferReader(lines),
        read_options=pajson.ReadOptions(use_threads=False, block_size=lines.size + 64),
        parse_options=pajson.ParseOptions(explicit_schema=schema),
    )


def _one_by_one(rows: pa.StringArray, texts: Collection[str]) -> Objects:
    found = [_object(row) for row in rows.to_pylist()]
    records = [record for record in found if record is not None]
    is_taken = np.array([record is not None for record in found], dtype=bool)
    names = list(dict.fromkeys(name for record in records for name in record))
    arrays = [_column([record.get(name) for record in records], is_text=name in texts) for name in names]
    table = pa.Table.from_arrays(arrays, names=names)
    return Objects(table=table, taken=np.flatnonzero(is_taken), broken=np.flatnonzero(~is_taken))


def _object(row: str | None) -> dict[str, object] | None:
    try:
        record = json.loads(row or "", parse_int=Number, parse_float=Number, parse_constant=Number)
        if not isinstance(record, dict) or any(isinstance(value, dict | list) for value in record.values()):
            return None
        if "\\u" in (row or ""):
            json.dumps(record, ensure_ascii=False).encode()  # half of a surrogate pair is no text
    except (ValueError, RecursionError):
        return None
    return record


def _column(values: list[object], *, is_text: bool) -> pa.Array:
    kinds = {type(value) for value in values if value is not None}
    if not kinds or kinds == {bool}:
        return pa.array(values)
    if kinds == {Number} and not is_text:
        if all(value is None or _is_int64(str(value)) for value in values):
            return pa.array([None if value is None else int(str(value)) for value in values], pa.int64())
        return pa.array([None if value is None else float(str(value)) for value in values], pa.float64())
    return pa.array([_text(value) for value in values], pa.string())


def _is_int64(text: str) -> bool:
    return len(text) <= 20 and text.removeprefix("-").isdigit() and -LARGEST <= int(text) <= LARGEST


def _text(value: object) -> str | None:
    """The text that a typed column would show: 3.0 is 3; a whole number keeps its digits."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Number) and not value.removeprefix("-").isdigit() and float(value).is_integer():
        return str(int(float(value)))
    return None if value is None else str(value)
