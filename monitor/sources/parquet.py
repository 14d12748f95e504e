"""Parquet files, read as blocks of rows; the folders of a partitioned table (`day=2026-01-05/`) are columns too."""

import hashlib
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
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
from monitor.sources.pieces import Piece

MAGIC = b"PAR1"
BATCH_ROWS = 16384
CHUNK_BYTES = 1 << 20
BUFFER_BYTES = 1 << 18
"""Of a column, read at a time: whole ones would be held for as long as a row group is read."""
NULL = "__HIVE_DEFAULT_PARTITION__"


@dataclass(frozen=True, slots=True, kw_only=True)
class Footer:
    """What the end of a file says: the names of its columns, how many it stores (a nested one is several), and at which
    byte each row group begins; nothing where it cannot be read."""

    names: tuple[str, ...] = ()
    stored: int = 0
    begins: tuple[int, ...] = ()


def footer(path: Path | Url | Listed) -> Footer:
    """What the end of this file says."""
    found = Footer()
    with suppress(OSError, ValueError, IndexError, pa.ArrowException):
        with _opened(path) as file:
            told = file.metadata
            found = Footer(names=tuple(file.schema_arrow.names), stored=told.num_columns)
        found = replace(found, begins=_begins(told))
    return found


def blocks(path: Path | Url | Listed, sizes: Sizes = STANDARD) -> Iterator[Block]:
    """The rows of a file, or of a piece of one, 16,384 at a time; each has the number that it has in the whole file.

    A file that cannot be read on ends with a block that says so.
    """
    line = 1
    try:
        with _opened(path) as file:
            groups = _groups(path, file.metadata)
            line += sum(file.metadata.row_group(number).num_rows for number in range(groups.start))
            partitions = _partitions(path, file.schema_arrow.names)
            count = file.metadata.num_columns
            if count > sizes.columns:
                why = f"{count} columns, more than {sizes.columns} (limit `columns`)"
                yield _block(path, line, trouble=why, reason="too_many_columns")
                return
            for rows in file.iter_batches(batch_size=BATCH_ROWS, row_groups=groups, use_threads=False):
                rows.validate(full=True)  # a damaged file may yield offsets beyond its data, and text that is none
                for name, value in partitions.items():
                    rows = rows.append_column(name, pa.array([value] * rows.num_rows, pa.string()))
                yield _block(path, line, rows=rows)
                line += rows.num_rows
    except (OSError, ValueError, pa.ArrowException) as error:
        why = next(iter(str(error).splitlines()), type(error).__name__)[:200]
        yield _block(path, line, trouble=why)


def digest(path: Path | Url | Listed) -> str:
    """SHA-256 of the file's bytes; of a piece those from its start to its end, the first with the head of the file and
    the last with its footer: each byte is in one."""
    found = hashlib.sha256()
    start, end = (path.start, path.end) if isinstance(path, Piece) else (0, None)
    with stream(path) or local(path).open("rb") as file:
        file.seek(start)
        while chunk := file.read(CHUNK_BYTES if end is None else min(CHUNK_BYTES, end - start)):
            found.update(chunk)
            start += len(chunk)
    return found.hexdigest()


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


def _begins(told: pq.FileMetaData) -> tuple[int, ...]:
    """Where each row group begins: with its first column, and that with its dictionary where it has one."""
    firsts = [told.row_group(number).column(0) for number in range(told.num_row_groups if told.num_columns else 0)]
    return tuple(first.dictionary_page_offset or first.data_page_offset for first in firsts)  # some say 0 for none


def _groups(path: Path | Url | Listed, told: pq.FileMetaData) -> range:
    """The row groups of a file; of a piece those that begin in it."""
    if not isinstance(path, Piece):
        return range(told.num_row_groups)
    begins = _begins(told)
    return range(bisect_left(begins, path.start), len(begins) if path.end is None else bisect_left(begins, path.end))


def _partitions(path: Path | Url | Listed, names: list[str]) -> dict[str, str | None]:
    """Columns that stand in the names of the folders, `name=value`; the file's own come first."""
    place = path.place if isinstance(path, Listed) else path
    folders = (place.absolute() if isinstance(place, Path) else place).parts[:-1]  # wherever it is asked from
    pairs = [part.partition("=") for part in folders]
    found = {unquote(name): unquote(value) for name, sign, value in pairs if sign and name}
    return {name: None if value == NULL else value for name, value in found.items() if name not in names}
