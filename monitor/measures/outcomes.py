"""What a batch holds of predictions and of what came true, found by what a problem says of its columns."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from monitor.batch import Batch
from monitor.outcomes import Outcomes
from monitor.payloads.texts import whole
from monitor.problem import Problem

TRUTH = "\0truth"  # no column of anybody's has this name
MERGED = "truth"  # where captures are kept that Model Monitor has joined with their labels
FIRST_ANSWER = "0"


def with_truth(batches: Iterable[Batch], problem: Problem | None) -> Iterator[Batch]:
    """The batches with what came true as a column of their rows; null where there is none.

    It is the problem's column, of the rows or of what else is known of them, or what captures were joined with.
    """
    for batch in batches:
        if problem is None or not batch.rows.num_rows:
            yield batch
            continue
        truth = _truth(batch, problem.truth)
        names = [*batch.rows.schema.names, TRUTH]
        columns = [*batch.rows.columns, truth if truth is not None else pa.nulls(batch.rows.num_rows, pa.string())]
        yield replace(batch, rows=pa.RecordBatch.from_arrays(columns, names=names))


def _truth(batch: Batch, name: str | None) -> pa.Array | None:
    for columns in (batch.rows, batch.about):
        if name is not None and columns is not None and name in columns.schema.names:
            return columns[name]
    if batch.about is None or MERGED not in batch.about.schema.names:
        return None
    return labels(batch.about[MERGED])


def labels(texts: pa.Array) -> pa.Array:
    """Labels as they were merged into captures: the text itself, or what stands in JSON: `{"label": 1}`, `[1]`.

    >>> labels(pa.array(["1", '{"label": 0}', None, '[2.5]', '{"a": 1, "b": 2}'])).to_pylist()
    ['1', '0', None, '2.5', '{"a": 1, "b": 2}']
    """
    if not pa.types.is_string(texts.type) or not pc.any(pc.match_substring_regex(texts, r"^\s*[{\[]")).as_py():
        return texts
    coded = texts.dictionary_encode()
    found = pa.array([_label(text) for text in coded.dictionary.to_pylist()], pa.string())
    return found.take(coded.indices)


def _label(text: str) -> str:
    try:
        value: Any = json.loads(text)
    except (ValueError, RecursionError):
        return text
    if isinstance(value, dict):
        value = value.get("label", next(iter(value.values())) if len(value) == 1 else None)
    elif isinstance(value, list):
        value = value[0] if len(value) == 1 else None
    if isinstance(value, bool | int | float | str):
        return value if isinstance(value, str) else json.dumps(value)
    return text


def outcomes(batch: Batch, problem: Problem) -> Outcomes:
    """The columns of a batch that `with_truth` has seen."""
    prediction, probability = problem.prediction, problem.probability
    if prediction is None and probability is None:  # what a capture's answer says first
        prediction, probability = (None, FIRST_ANSWER) if problem.kind == "binary" else (FIRST_ANSWER, None)
    truth = batch.rows[TRUTH]
    return Outcomes(prediction=_answer(batch, prediction), probability=_answer(batch, probability), truth=whole(truth))


def _answer(batch: Batch, name: str | None) -> pa.Array | None:
    """The column of this name, of the first that a glob fits, or of the answer's by its place from 0."""
    if name is None:
        return None
    names = batch.rows.schema.names
    if name not in names and name.isdecimal():
        found = batch.outputs[int(name)] if int(name) < len(batch.outputs) else None
    else:
        found = name if name in names else next((one for one in names if fnmatchcase(one, name)), None)
    return whole(batch.rows[found]) if found is not None else None
