"""The caller's side of user code: checks put to a child process, batches sent through transforms."""

import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from monitor.batch import Batch
from monitor.child.limits import ChildFailed
from monitor.child.parent import Child
from monitor.document import from_document, to_document
from monitor.finding import Finding, failed, unknown
from monitor.judge import Question, asked_here
from monitor.measures.types import typed
from monitor.profile import Volume
from monitor.rule import Check
from monitor.user_code import ROW

MOST_SAMPLE_ROWS = 10_000


class TransformFailed(Exception):
    """A transform broke; which one and why, for a FAILED finding."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(name, why)
        self.name, self.why = name, why


class Sample:
    """A bounded sample of rows, evenly spread: every row up to 10,000, then every second, every fourth, ..."""

    def __init__(self) -> None:
        self.parts: list[pa.Table] = []
        self.stride, self.seen = 1, 0

    def take(self, rows: pa.RecordBatch) -> None:
        """Keep the rows whose number is a multiple of the stride."""
        first = -self.seen % self.stride
        self.seen += rows.num_rows
        self.parts.append(pa.Table.from_batches([rows]).take(np.arange(first, rows.num_rows, self.stride)))
        while sum(part.num_rows for part in self.parts) > MOST_SAMPLE_ROWS:
            kept = pa.concat_tables(self.parts, promote_options="permissive")
            self.parts, self.stride = [kept.take(np.arange(0, kept.num_rows, 2))], self.stride * 2

    @property
    def table(self) -> pa.Table:
        return pa.concat_tables(self.parts, promote_options="permissive") if self.parts else pa.table({})


def asker(child: Child, users: Sequence[str], sample: Sample | None, numbers: Sequence[str]) -> Any:
    """How to put a check to its questions: the user's in the child, the shipped ones here."""

    def ask(check: Check, questions: Sequence[Question]) -> Sequence[Sequence[Finding]]:
        if check.rule.name not in users:
            return asked_here(check, questions)
        task = {
            "do": "judge",
            "path": check.rule.path,
            "rule": check.rule.name,
            "options": plain_options(check.options),
        }
        try:
            return _asked(child, task, check.rule.subject, questions, sample, numbers)
        except ChildFailed as error:
            return [[failed(error.why, error.reason)] for _ in questions]

    return ask


def _asked(
    child: Child,
    task: dict[str, Any],
    subject: str,
    questions: Sequence[Question],
    sample: Sample | None,
    numbers: Sequence[str],
) -> Sequence[Sequence[Finding]]:
    if subject == "DataFrame":
        if sample is None or not sample.seen:
            return [[unknown("no_data", "no row was read")]]
        payload = _stream(as_numbers(sample.table, numbers))
        answer, _ = child.call({**task, "base": to_document(questions[0][2])}, payload)
        note = f"on {sample.table.num_rows} of {sample.seen} rows"
        found = [[from_document(Finding, document) for document in several] for several in answer["answers"]]
        return [[replace(f, why=f"{f.why} ({note})" if f.why else note) for f in several] for several in found]
    documents = [{"now": to_document(now), "base": to_document(base)} for _, now, base in questions]
    answer, _ = child.call(task, json.dumps(documents).encode())
    return [[from_document(Finding, document) for document in several] for several in answer["answers"]]


def as_numbers(rows: pa.Table, numbers: Sequence[str]) -> pa.Table:
    """The rows as a user's rule sees them: columns that are numbers in the baseline hold numbers."""
    for at, name in enumerate(rows.column_names):
        if name in numbers:
            rows = rows.set_column(at, name, pa.array(typed(rows[name].combine_chunks()).numbers))
    return rows


def plain_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """Options as JSON has them: times in seconds."""
    return {k: v.total_seconds() if isinstance(v, timedelta) else v for k, v in options.items()}


def sampled(batches: Iterable[Batch], sample: Sample) -> Iterator[Batch]:
    """The same batches; the sample sees their rows."""
    for batch in batches:
        if batch.rows.num_rows:
            sample.take(batch.rows)
        yield batch


def transformed(batches: Iterable[Batch], child: Child, transforms: Sequence[tuple[str, str]]) -> Iterator[Batch]:
    """The batches as the transforms, one after another, leave them. Raises TransformFailed."""
    named = ", ".join(name for _, name in transforms)
    for batch in batches:
        if not batch.rows.num_rows:
            yield batch
            continue
        marked = batch.rows.append_column(ROW, pa.array(np.arange(batch.rows.num_rows)))
        try:
            _, answer = child.call(
                {"do": "transform", "transforms": transforms}, _stream(pa.Table.from_batches([marked]))
            )
            with pa.ipc.open_stream(pa.py_buffer(answer)) as stream:
                rows = stream.read_next_batch()
        except ChildFailed as error:
            raise TransformFailed(named, error.why) from None
        except (pa.ArrowInvalid, StopIteration) as error:
            raise TransformFailed(named, f"its answer is no record batch: {error}") from None
        yield _realigned(batch, rows, named)


def _realigned(batch: Batch, rows: pa.RecordBatch, named: str) -> Batch:
    twice = {name for name in rows.schema.names if rows.schema.names.count(name) > 1}
    if twice:
        raise TransformFailed(named, f"its answer has two columns {min(twice)!r}; each name once would be right")
    if ROW in rows.schema.names:
        at = _kept(rows[ROW], batch.rows.num_rows, named)
        rows = rows.drop_columns([ROW])
    elif rows.num_rows == batch.rows.num_rows:
        at = np.arange(rows.num_rows)
    else:
        raise TransformFailed(named, f"it dropped rows and the column {ROW!r} by which the others are found; keep it")
    return replace(
        batch.beside(at),
        rows=_plain(rows, named),
        volume=batch.volume + Volume(dropped=batch.rows.num_rows - rows.num_rows),
    )


def _kept(numbers: pa.Array, count: int, named: str) -> NDArray[np.int64]:
    """Which of the `count` rows are left."""
    at = numbers.to_numpy(zero_copy_only=False) if pa.types.is_integer(numbers.type) else np.zeros(0)
    if (
        len(at) != len(numbers)
        or numbers.null_count
        or len(np.unique(at)) < len(at)
        or not np.isin(at, range(count)).all()
    ):
        raise TransformFailed(named, f"the column {ROW!r} no longer numbers the rows that are left; leave it as it is")
    return at.astype(np.int64)


def _plain(rows: pa.RecordBatch, named: str) -> pa.RecordBatch:
    """The columns as decoding leaves them (texts, int64, double or bool), without the index that pandas adds."""
    rows = rows.drop_columns([name for name in rows.schema.names if name.startswith("__index_level_")])
    try:
        return rows.cast(pa.schema([(field.name, _plain_type(field.type)) for field in rows.schema]))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise TransformFailed(named, f"its answer holds more than texts, numbers and truth values: {error}") from None


def _plain_type(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_boolean(kind):
        return kind
    if pa.types.is_integer(kind):
        return pa.int64()
    return pa.float64() if pa.types.is_floating(kind) or pa.types.is_decimal(kind) else pa.string()


def _stream(table: pa.Table) -> bytes:
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks(), max_chunksize=max(1, table.num_rows))
    return sink.getvalue()
