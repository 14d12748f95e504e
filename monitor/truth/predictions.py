"""Predictions: what the model said in a window, kept to wait for labels.

Written as rows are measured: a file of what the join needs, and beside it the sorted hashes of the rows, in runs, by
which it is cheap to tell whose labels have come.
"""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import IO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from monitor.batch import Batch
from monitor.measures.categorical import as_text
from monitor.measures.numbers import numbers_of
from monitor.measures.outcomes import outcomes as said_in
from monitor.measures.outcomes import with_truth
from monitor.outcomes import Outcomes
from monitor.problem import Problem
from monitor.truth import files
from monitor.truth.join import Found, Hashes, hashed, joined
from monitor.truth.shelf import Shelf

RUN_ROWS = 1 << 16
AT_ONCE = 1 << 17
"""Rows joined at a time."""
HASHES = ".hashes"
UNSIGNED = np.dtype("<u8")


class Predictions:
    """Takes batches as they are measured; on leaving, the file is there, or, after an exception, is not."""

    def __init__(self, path: Path, problem: Problem, run_id: str, *, has_ids_by_role: bool) -> None:
        self._path, self._problem, self._run_id = path, problem, run_id
        self._has_ids_by_role = has_ids_by_role
        self._held: list[pa.RecordBatch] = []
        self._open = ExitStack()
        said = pa.float64() if problem.kind == "regression" else pa.string()
        self._schema = pa.schema(
            [
                ("key", pa.string()),
                ("place", pa.int64()),
                ("seconds", pa.int64()),
                ("prediction", said),
                ("probability", pa.float64()),
                ("truth", pa.string()),
            ]
        )

    def __enter__(self) -> "Predictions":
        hashes = self._path.with_suffix(HASHES)
        self._hashes: IO[bytes] = self._open.enter_context(files.written(hashes, self._run_id))
        file = self._open.enter_context(files.written(self._path, self._run_id))
        self._rows = self._open.enter_context(pa.ipc.new_stream(file, self._schema, options=files.COMPRESSED))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._flush()
        self._open.__exit__(kind, error, trace)

    def take(self, batch: Batch) -> None:
        """Keep the predictions of a batch."""
        if not batch.rows.num_rows:
            return
        (batch,) = with_truth([batch], self._problem)
        said = said_in(batch, self._problem)
        nothing = pa.nulls(len(said), pa.string())
        prediction = said.prediction if said.prediction is not None else nothing
        columns = [
            self._keys(batch),
            pa.array(batch.places if batch.places is not None else np.zeros(len(said), np.int64)),
            _seconds(batch),
            _numbers(prediction) if self._problem.kind == "regression" else as_text(prediction),
            _numbers(said.probability if said.probability is not None else nothing),
            as_text(said.truth),
        ]
        self._held.append(pa.RecordBatch.from_arrays(columns, schema=self._schema))
        if sum(held.num_rows for held in self._held) >= RUN_ROWS:
            self._flush()

    def _keys(self, batch: Batch) -> pa.StringArray:
        """The column that is the id, else the capture's `inferenceId`, else its `eventId`."""
        ids = batch.ids if batch.ids is not None else pa.nulls(batch.rows.num_rows, pa.string())
        return ids if self._has_ids_by_role else pc.coalesce(_beside(batch, "inference_id"), ids)

    def _flush(self) -> None:
        if not self._held:
            return
        rows = pa.Table.from_batches(self._held).combine_chunks().to_batches()
        for batch in rows:
            self._rows.write_batch(batch)
            known = batch.filter(pc.is_valid(batch["key"]))
            hashes = hashed(known["key"], known["place"].to_numpy(zero_copy_only=False))
            hashes.sort()
            self._hashes.write(np.array([len(hashes)], UNSIGNED).tobytes() + hashes.astype(UNSIGNED).tobytes())
        self._held = []


def gives(problem: Problem) -> tuple[bool, bool]:
    """Whether the model gives a prediction, and a probability; without a word of either, the first thing it answers."""
    if problem.prediction is None and problem.probability is None:
        return problem.kind != "binary", problem.kind == "binary"
    return problem.prediction is not None, problem.probability is not None


def _beside(batch: Batch, name: str | None) -> pa.Array:
    if name and batch.about is not None and name in batch.about.schema.names:
        return batch.about[name]
    return pa.nulls(batch.rows.num_rows, pa.string())


def _seconds(batch: Batch) -> pa.Array:
    if batch.seconds is None or batch.timed is None:
        return pa.nulls(batch.rows.num_rows, pa.int64())
    return pa.array(batch.seconds, mask=~batch.timed)


def _numbers(column: pa.Array) -> pa.Array:
    numbers = numbers_of(column).numbers
    return pa.array(numbers, mask=np.isnan(numbers))


def outcomes(path: Path, problem: Problem, shelf: Shelf) -> Iterator[tuple[Outcomes, Found]]:
    """The predictions of a file with their labels, some at a time; a label counts before one that came with the
    capture."""
    has_prediction, has_probability = gives(problem)
    for rows in _together(files.read(path)):
        found = joined(rows["key"], rows["place"].to_numpy(zero_copy_only=False), shelf.groups())
        yield (
            Outcomes(
                prediction=rows["prediction"] if has_prediction else None,
                probability=rows["probability"] if has_probability else None,
                truth=pc.coalesce(found.label, rows["truth"]),
            ),
            found,
        )


def _together(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    held: list[pa.RecordBatch] = []
    for batch in batches:
        held.append(batch)
        if sum(one.num_rows for one in held) >= AT_ONCE:
            yield from pa.Table.from_batches(held).combine_chunks().to_batches()
            held = []
    if held:
        yield from pa.Table.from_batches(held).combine_chunks().to_batches()


def are_awaited(path: Path, hashes: Hashes) -> NDArray[np.bool_]:
    """Which of these hashes of labels are of rows of the file at this path."""
    order = np.argsort(hashes)  # neighbours are looked for where the last one was found
    asked, found = hashes[order], np.zeros(len(hashes), dtype=bool)
    file = path.with_suffix(HASHES)
    stored = np.fromfile(file, UNSIGNED) if file.exists() else hashes[:0]
    at = 0
    while at < len(stored):
        run = stored[at + 1 : at + 1 + int(stored[at])]
        if len(run):
            found |= run[np.minimum(np.searchsorted(run, asked), len(run) - 1)] == asked
        at += 1 + len(run)
    told = np.zeros(len(hashes), dtype=bool)
    told[order] = found
    return told
