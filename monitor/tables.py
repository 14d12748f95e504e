"""Tables in memory (pandas, Arrow) to batches, as decoding makes them of files."""

import hashlib
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from monitor.batch import Batch
from monitor.decode.records import plain
from monitor.errors import InputError
from monitor.measures.even import BATCH_ROWS
from monitor.payloads.texts import offsets_of, text_of, whole
from monitor.profile import Volume

RIGHT = "a pandas DataFrame, a pyarrow Table or RecordBatch, or the path of a file or folder"


class InMemory:
    """The batches of one table; may be read more than once.

    Times and dates become texts as ISO 8601 has them, durations seconds, decimals numbers. The digest is of the
    values, whatever brought them. Raises InputError for what is no table, a name that is there twice, and a column of
    lists or the like.
    """

    files = ("the table",)

    def __init__(self, table: Any) -> None:
        self.format, arrow = _arrow_of(table)
        names = [str(name) for name in arrow.column_names]
        for name in names:
            if names.count(name) > 1:
                raise InputError(f"the table: column {name!r} is there twice; each name once would be right")
        self.table = arrow.rename_columns(names)
        for name in names:
            _plain(self.table[name].slice(0, 0), name)  # a column that cannot be taken is told before any is
        self.digests: dict[str, str] = {}
        self.formats: dict[str, str] = {}

    def __iter__(self) -> Iterator[Batch]:
        hashed = hashlib.sha256(repr(self.table.column_names).encode())
        for start in range(0, self.table.num_rows, BATCH_ROWS):
            part = self.table.slice(start, BATCH_ROWS)
            columns = [_plain(part[name], name) for name in part.column_names]
            for column in columns:
                _hash(column, hashed)
            rows = pa.RecordBatch.from_arrays(columns, names=part.column_names)
            yield Batch(rows=rows, volume=Volume(records=rows.num_rows, rows=rows.num_rows))
        self.digests = {"table": hashed.hexdigest()}
        self.formats = {"table": self.format}

    @property
    def digest(self) -> str:
        return f"sha256:{self.digests.get('table', '')}"


def _arrow_of(table: Any) -> tuple[str, pa.Table]:
    """What the table is, and the same as Arrow has it."""
    pandas = sys.modules.get("pandas")  # whoever brings a DataFrame has imported it
    if pandas is not None and isinstance(table, pandas.DataFrame):
        names = [str(name) for name in table.columns]
        return "pandas", pa.Table.from_arrays([_column(table.iloc[:, i]) for i in range(len(names))], names=names)
    if isinstance(table, pa.RecordBatch):
        return "arrow", pa.Table.from_batches([table])
    if isinstance(table, pa.Table):
        return "arrow", table
    raise InputError(f"the table: is a {type(table).__name__}; {RIGHT} would be right")


def _column(series: Any) -> pa.Array | pa.ChunkedArray:
    """A pandas column; one of mixed values as the texts of these."""
    try:
        return pa.array(series, from_pandas=True)
    except (pa.ArrowException, OverflowError):
        missing = series.isna()
        return pa.array(
            [None if gone else str(value) for value, gone in zip(series, missing, strict=True)], pa.string()
        )


def _plain(column: pa.ChunkedArray, name: str) -> pa.Array:
    """The column as texts, int64, double or bool, as a columnar file's becomes."""
    values = plain(whole(column))
    if pa.types.is_nested(values.type):
        right = "texts, numbers, truth values, times or dates would be right, or leave it out"
        raise InputError(f"the table: column {name!r} holds {values.type}; {right}")
    return values


def _hash(column: pa.Array, hashed: Any) -> None:
    """The values of a column into a digest: where there are some, and these."""
    hashed.update(str(column.type).encode())
    hashed.update(np.packbits(column.is_valid().to_numpy(zero_copy_only=False)))
    if pa.types.is_string(column.type):
        filled = pc.fill_null(column, "") if column.null_count else column
        hashed.update(np.diff(offsets_of(filled)))
        hashed.update(text_of(filled))
    else:
        filled = pc.fill_null(column, False if pa.types.is_boolean(column.type) else 0) if column.null_count else column
        hashed.update(np.ascontiguousarray(filled.to_numpy(zero_copy_only=False)))
