"""Batches of an even size, so that how rows were spread over files does not show in any number."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
import pyarrow as pa

from monitor.batch import NO_ROWS, Batch
from monitor.profile import Volume

BATCH_ROWS = 32768
MOST_PIECES = 64
"""Pieces that are held apart: a piece of one row takes some fifty times its bytes, and files may have one each."""


def even(batches: Iterable[Batch], size: int = BATCH_ROWS) -> Iterator[Batch]:
    """The same rows in the same order, `size` at a time as long as the columns stay the same.

    The rows are tables, whose columns still lie in the pieces they came in: each is made one where it is measured, so
    that memory holds the rows once. What was read (volume, rejects) goes ahead of them, each time it is told.
    """
    held: list[Batch] = []
    count = 0
    for batch in batches:
        rows = batch.rows.num_rows
        batch = replace(batch, ids=None, about=None, places=None)  # no measure asks for them
        yield replace(batch, rows=NO_ROWS, volume=replace(batch.volume, rows=0), seconds=None, timed=None)
        if rows == 0:
            continue
        if held and not _alike(held[0], batch):
            yield _joined(held)
            held, count = [], 0
        table = pa.Table.from_batches([batch.rows])
        held.append(replace(batch, rows=table, volume=Volume(), rejects=()))
        count += rows
        if len(held) == MOST_PIECES:
            whole = _joined(held)
            held = [replace(whole, rows=whole.rows.combine_chunks())]
        if count >= size:
            held = [_joined(held)]
            for start in range(0, count - size + 1, size):
                yield _slice(held[0], start, size)
            rest = count % size
            held, count = ([_slice(held[0], count - rest, rest)], rest) if rest else ([], 0)
    if held:
        yield _joined(held)


def _alike(a: Batch, b: Batch) -> bool:
    return (
        bool(a.rows.schema.equals(b.rows.schema))
        and a.outputs == b.outputs
        and (a.seconds is None) == (b.seconds is None)
    )


def _joined(parts: list[Batch]) -> Batch:
    if len(parts) == 1:
        return parts[0]
    rows = pa.concat_tables([part.rows for part in parts])
    seconds = timed = None
    if parts[0].seconds is not None:
        seconds = np.concatenate([part.seconds for part in parts if part.seconds is not None])
        timed = np.concatenate([part.timed for part in parts if part.timed is not None])
    return replace(parts[0], rows=rows, seconds=seconds, timed=timed)


def _slice(batch: Batch, start: int, size: int) -> Batch:
    return replace(
        batch,
        rows=batch.rows.slice(start, size),
        seconds=None if batch.seconds is None else batch.seconds[start : start + size],
        timed=None if batch.timed is None else batch.timed[start : start + size],
    )
