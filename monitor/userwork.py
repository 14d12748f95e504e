"""The caller's side of user code: checks put to a child process, batches sent through transforms."""

import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from monitor.batch import Batch
from monitor.child.limits import ChildFailed
from monitor.child.parent import Child
from monitor.document import from_document, to_document
from monitor.feature import is_score_for_label
from monitor.finding import Finding, Reason, failed, unknown
from monitor.judge import Question, asked_here
from monitor.measures.numbers import numbers_of
from monitor.profile import Profile, Volume
from monitor.rule import Check, Rule
from monitor.sample import Sample
from monitor.user_code import ROW

NOT_KEPT = "the baseline keeps no rows; `driftd baseline make --sample 5000` makes one that does"


class TransformFailed(Exception):
    """A transform broke; which one and why, for a FAILED finding."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(name, why)
        self.name, self.why = name, why


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """What rules that ask for rows see: the window's sample, the baseline's where it keeps one, and which columns are
    numbers."""

    now: Sample | None = None
    base: pa.Table | None = None
    numbers: Sequence[str] = ()


def asker(child: Child, users: Sequence[str], rows: Rows) -> Any:
    """How to put a check to its questions: the user's, and whatever sees rows, in the child; the others here."""

    def ask(check: Check, questions: Sequence[Question]) -> Sequence[Sequence[Finding]]:
        if check.rule.name not in users and check.rule.subject != "DataFrame":
            return asked_here(check, questions)
        task = {
            "do": "judge",
            "path": check.rule.path,
            "rule": check.rule.name,
            "options": plain_options(check.options),
        }
        try:
            return _asked(child, task, check.rule, questions, rows)
        except ChildFailed as error:
            return [[failed(error.why, error.reason)] for _ in questions]

    return ask


def _asked(
    child: Child, task: dict[str, Any], rule: Rule, questions: Sequence[Question], rows: Rows
) -> Sequence[Sequence[Finding]]:
    if rule.subject == "DataFrame":
        return [_asked_of_rows(child, task, rule, question, rows) for question in questions]
    documents = [{"now": to_document(now), "base": to_document(base)} for _, now, base in questions]
    answer, _ = child.call(task, json.dumps(documents).encode())
    return [[from_document(Finding, document) for document in several] for several in answer["answers"]]


def _asked_of_rows(child: Child, task: dict[str, Any], rule: Rule, question: Question, rows: Rows) -> Sequence[Finding]:
    sample, (_, now, base) = rows.now, question
    if sample is None or not sample.seen:
        return [unknown(Reason.NO_DATA, "no row was read")]
    payload = _stream(as_numbers(sample.table, rows.numbers))
    note = f"on {sample.table.num_rows} of {sample.seen} rows"
    if rule.is_against_rows:
        if rows.base is None:
            return [unknown(Reason.ROWS_NOT_KEPT, NOT_KEPT)]
        task |= {"rows": len(payload), "columns": _comparable(now, base)}
        payload += _stream(as_numbers(rows.base, rows.numbers))
        note += f", against {rows.base.num_rows} of {base.rows} of the baseline"
    else:
        task |= {"base": to_document(base)}
    answer, _ = child.call(task, payload)
    found = [from_document(Finding, document) for document in answer["answers"][0]]
    return [replace(one, why=f"{one.why} ({note})" if one.why else note) for one in found]


def _comparable(now: Profile, base: Profile) -> list[str]:
    """Columns in which rows of both sides may be compared: not those of scores where the baseline holds labels."""
    return [name for name, feature in base.features.items() if not is_score_for_label(now.features[name], feature)]


def as_numbers(rows: pa.Table, numbers: Sequence[str]) -> pa.Table:
    """The rows as a user's rule sees them: columns that are numbers in the baseline hold numbers."""
    for at, name in enumerate(rows.column_names):
        if name in numbers:
            rows = rows.set_column(at, name, pa.array(numbers_of(rows[name].combine_chunks()).numbers))
    return rows


def plain_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """Options as JSON has them: times in seconds."""
    return {k: v.total_seconds() if isinstance(v, timedelta) else v for k, v in options.items()}


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
