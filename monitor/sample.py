"""Sample: some of many rows, for what has to see rows; and the same as a document that people can read."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from monitor.batch import Batch

MOST_SAMPLE_ROWS = 10_000
TYPES: Mapping[str, pa.DataType] = {"text": pa.string(), "int": pa.int64(), "float": pa.float64(), "bool": pa.bool_()}


class Sample:
    """A bounded sample of rows, evenly spread: every row up to `most`, then every second, every fourth, ..."""

    def __init__(self, most: int = MOST_SAMPLE_ROWS) -> None:
        self.most = most
        self.parts: list[pa.Table] = []
        self.stride, self.seen = 1, 0

    def take(self, rows: pa.RecordBatch) -> None:
        """Keep the rows whose number is a multiple of the stride."""
        first = -self.seen % self.stride
        self.seen += rows.num_rows
        self.parts.append(pa.Table.from_batches([rows]).take(np.arange(first, rows.num_rows, self.stride)))
        while sum(part.num_rows for part in self.parts) > self.most:
            kept = pa.concat_tables(self.parts, promote_options="permissive")
            self.parts, self.stride = [kept.take(np.arange(0, kept.num_rows, 2))], self.stride * 2

    @property
    def table(self) -> pa.Table:
        return pa.concat_tables(self.parts, promote_options="permissive") if self.parts else pa.table({})


def sampled(batches: Iterable[Batch], sample: Sample) -> Iterator[Batch]:
    """The same batches; the sample sees their rows."""
    for batch in batches:
        if batch.rows.num_rows:
            sample.take(batch.rows)
        yield batch


def rows_document(table: pa.Table) -> dict[str, Any]:
    """The rows by column. What JSON has no word for (nan, infinities) is null."""
    columns = []
    for name in table.column_names:
        column = table[name].combine_chunks()
        kind = next((word for word, known in TYPES.items() if column.type == known), "text")
        if kind == "float":
            numbers = column.to_numpy(zero_copy_only=False)
            values = [
                value if good else None for value, good in zip(column.to_pylist(), np.isfinite(numbers), strict=True)
            ]
        else:
            values = column.cast(TYPES[kind]).to_pylist()
        columns.append({"name": name, "type": kind, "values": values})
    return {"rows": table.num_rows, "columns": columns}


def rows_of(document: Mapping[str, Any]) -> pa.Table:
    """The rows of such a document; ValueError, TypeError or KeyError for another."""
    columns = {one["name"]: pa.array(one["values"], TYPES[one["type"]]) for one in document["columns"]}
    return pa.table(columns)
