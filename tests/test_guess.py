"""Guesses that a person confirms: which columns are an id, a time, an answer; where a log keeps its payloads."""

import pyarrow as pa
import pytest

from monitor.batch import Batch
from monitor.guess import guessed_columns, guessed_layout
from monitor.profile import Volume
from monitor.survey import survey


def surveyed(**columns: list) -> dict:
    rows = pa.RecordBatch.from_pydict(columns)
    return survey([Batch(rows=rows, volume=Volume(rows=rows.num_rows))])


def test_columns_are_guessed_by_name_and_an_id_must_differ_in_nearly_every_row() -> None:
    rows = 40
    columns = surveyed(
        shop_id=[1] * rows,
        request_id=list(range(rows)),
        timestamp=["2026-01-05"] * rows,
        amount=[1.5] * rows,
        y_pred_proba=[0.5] * rows,
        y_pred=[1] * rows,
    )
    assert guessed_columns(columns, rows) == {
        "id": "request_id",
        "time": "timestamp",
        "probability": "y_pred_proba",
        "prediction": "y_pred",
    }
    assert guessed_columns(surveyed(paid=[1], identity=[2], times=[3], scored=[4]), 1) == {}


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (
            {"request_id": "a", "ts": 1, "request": {"instances": [[1]]}, "response": {"predictions": [1]}},
            {"id": "$.request_id", "time": "$.ts", "inputs": "$.request", "outputs": "$.response"},
        ),
        (
            {"meta": {"id": "a", "created_at": "x"}, "inputs": {"a": 1}, "score": 0.5},
            {"id": "$.meta.id", "time": "$.meta.created_at", "inputs": "$.inputs", "outputs": "$.score"},
        ),
        ({"my.log": {"data": "[1]", "result": "x"}}, {"inputs": "$['my.log'].data", "outputs": "$['my.log'].result"}),
        ({"id": 1, "amount": 2.5, "score": 0.5}, None),
        ({"features": 3}, None),
        ({}, None),
    ],
)  # fmt: skip
def test_a_layout_is_guessed_where_a_record_holds_a_payload(record: dict, expected: dict | None) -> None:
    assert guessed_layout([record]) == (None if expected is None else {"jsonl": expected})


def test_no_records_no_guess() -> None:
    assert guessed_layout([]) is None
