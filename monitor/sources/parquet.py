"""Parquet files, read as blocks of rows; the folders of a partitioned table (`day=2026-01-05/`) are columns too."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.parquet as pq

from monitor.batch import Block
from monitor.place import Url
from monitor.sizes import STANDARD, Sizes
from monitor.sources.listing import Listed
from monitor.sources.opening import local, stream

MAGIC = b"PAR1"
BATCH_ROWS = 16384
CHUNK_BYTES = 1 << 20
BUFFER_BYTES = 1 << 18
"""Of a column, read at a time: whole ones would be held for as long as a row group is read."""
NULL = "__HIVE_DEFAULT_PARTITION__"


def columns(path: Path | Url | Listed) -> tuple[str, ...]:
    """The names of the columns; none where the file cannot be read."""
    try:
        with _opened(path) as file:
            return tuple(file.schema_arrow.names)
    except (OSError, ValueError, pa.ArrowException):
        return ()


def blocks(path: Path | Url | Listed, sizes: Sizes = STANDARD) -> Iterator[Block]:
    """The file's rows, 16,384 at a time. A file that cannot be read on ends with a block that says so."""
    line = 1
    try:
        with _opened(path) as file:
            partitions = _partitions(Path(str(path)), file.schema_arrow.names)
            count = file.metadata.num_columns
            if count > sizes.columns:
                why = f"{count} columns, more than {sizes.columns} (limit `columns`)"
                yield _block(path, line, trouble=why, reason="too_many_columns")
                return
            for rows in file.iter_batches(batch_size=BATCH_ROWS, use_threads=False):
                rows.validate(full=True)  # a damaged file may yield offsets beyond its data, and text that is none
                for name, value in partitions.items():
                    rows = rows.append_column(name, pa.array([value] * rows.num_rows, pa.string()))
                yield _block(path, line, rows=rows)
                line += rows.num_rows
    except (OSError, ValueError, pa.ArrowException) as error:
        why = next(iter(str(error).splitlines()), type(error).__name__)[:200]
        yield _block(path, line, trouble=why)


def digest(path: Path | Url | Listed) -> str:
    """SHA-256 of the file's bytes."""
    whole = hashlib.sha256()
    with stream(path) or local(path).open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            whole.update(chunk)
    return whole.hexdigest()


class _opened:
    """A Parquet file; where it lies in a store, what breaks there is said when it is left."""

    def __init__(self, path: Path | Url | Listed) -> None:
        self.remote = stream(path, is_random=True)
        source: Any = self.remote if self.remote is not None else local(path)
        try:
            # Ahead a store is asked for whole columns at once; of a local file that would only fill memory.
            ahead = {} if self.remote is not None else {"pre_buffer": False, "buffer_size": BUFFER_BYTES}
            self.file = pq.ParquetFile(source, **ahead)
        except BaseException:
            self._leave()
            raise

    def __enter__(self) -> pq.ParquetFile:
        return self.file

    def __exit__(self, *_: object) -> None:
        self.file.close()
        self._leave()

    def _leave(self) -> None:
        if self.remote is not None:
            self.remote.leave()


def _block(
    path: Path | Url | Listed,
    line: int,
    *,
    rows: pa.RecordBatch | None = None,
    trouble: str = "",
    reason: str = "unreadable",
) -> Block:
    return Block(data=b"", path=str(path), line=line, is_first=line == 1, rows=rows, trouble=trouble, reason=reason)


def _partitions(path: Path, names: list[str]) -> dict[str, str | None]:
    """Columns that stand in the names of the folders, `name=value`; the file's own come first."""
    pairs = [part.partition("=") for part in path.parent.parts]
    found = {unquote(name): unquote(value) for name, sign, value in pairs if sign and name}
    return {name: None if value == NULL else value for name, value in found.items() if name not in names}
