"""Rows written as flat JSON objects, one string each, into named columns."""

import json
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import json as pajson

from monitor.decode.payload import lines_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Objects:
    """`table` of the rows at `taken`; `broken` are those that are no flat JSON objects."""

    table: pa.Table
    taken: NDArray[np.int64]
    broken: NDArray[np.int64]


def objects(rows: pa.StringArray, texts: Collection[str] = ()) -> Objects:
    """Columns by name: int64, double, bool or text; a key that a row lacks, or has as null, is a missing value.

    `texts` names columns to be read as text. A block that does not parse as a whole is read row by row, its numbers
    kept as their raw text.
    """
    everything = np.arange(len(rows))
    try:
        table = _parse(rows, {name: pa.string() for name in texts})
        dates = [f.name for f in table.schema if pa.types.is_temporal(f.type)]
        if dates:  # text that looks like a time stays text
            table = _parse(rows, {name: pa.string() for name in [*texts, *dates]})
        if table.num_rows == len(rows) and all(_is_flat(field.type) for field in table.schema):
            present = [name for name in table.column_names if name not in texts or table[name].null_count < len(rows)]
            return Objects(table=table.select(present), taken=everything, broken=everything[:0])
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        pass
    return _careful(rows)


def _parse(rows: pa.StringArray, types: dict[str, pa.DataType]) -> pa.Table:
    lines = lines_of(rows)
    return pajson.read_json(
        pa.BufferReader(lines),
        read_options=pajson.ReadOptions(use_threads=False, block_size=lines.size + 64),
        parse_options=pajson.ParseOptions(explicit_schema=pa.schema(types) if types else None),
    )


def _is_flat(kind: pa.DataType) -> bool:
    return not pa.types.is_nested(kind)


def _careful(rows: pa.StringArray) -> Objects:
    records: list[dict[str, str | None]] = []
    taken, broken = [], []
    for index, row in enumerate(rows.to_pylist()):
        record = _object(row)
        if record is None:
            broken.append(index)
        else:
            taken.append(index)
            records.append(record)
    names = list(dict.fromkeys(name for record in records for name in record))
    arrays = [pa.array([record.get(name) for record in records], pa.string()) for name in names]
    table = pa.Table.from_arrays(arrays, names=names)
    return Objects(table=table, taken=np.array(taken, np.int64), broken=np.array(broken, np.int64))


def _object(row: str) -> dict[str, str | None] | None:
    try:
        record = json.loads(row, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        return None
    if not isinstance(record, dict) or any(isinstance(value, dict | list) for value in record.values()):
        return None
    return {name: _text(value) for name, value in record.items()}


def _text(value: object) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)
