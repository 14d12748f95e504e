"""Where predictions and truth stand in a batch: by name, by glob, by the answer's place, or merged into captures."""

import pyarrow as pa
import pytest

from monitor.batch import Batch
from monitor.measures.outcomes import TRUTH, labels, outcomes, with_truth
from monitor.problem import Problem
from monitor.profile import Volume


def batch(about: dict[str, list[object]] | None = None, **columns: list[object]) -> Batch:
    rows = pa.RecordBatch.from_pydict(columns)
    return Batch(
        rows=rows,
        volume=Volume(rows=rows.num_rows),
        outputs=("score", "said"),
        about=pa.RecordBatch.from_pydict(about) if about else None,
    )


def found(problem: Problem, one: Batch) -> tuple[object, object, object]:
    (seen,) = with_truth([one], problem)
    told = outcomes(seen, problem)
    return tuple(None if c is None else c.to_pylist() for c in (told.prediction, told.probability, told.truth))  # type: ignore[return-value]


ROWS = {"a": [1, 2], "score": [0.2, 0.9], "said": ["0", "1"], "y": [0, 1]}


@pytest.mark.parametrize(
    ("problem", "prediction", "probability"),
    [
        (Problem(kind="binary"), None, [0.2, 0.9]),
        (Problem(kind="regression"), [0.2, 0.9], None),
        (Problem(kind="binary", prediction="said", probability="sc*"), ["0", "1"], [0.2, 0.9]),
        (Problem(kind="binary", prediction="1", probability="0"), ["0", "1"], [0.2, 0.9]),
        (Problem(kind="multiclass", prediction="7"), None, None),
        (Problem(kind="multiclass", prediction="other"), None, None),
    ],
)
def test_answers_are_found_by_name_glob_or_place(problem: Problem, prediction: object, probability: object) -> None:
    assert found(problem, batch(**ROWS))[:2] == (prediction, probability)


def test_truth_is_a_column_of_the_rows_or_beside_them_or_was_merged() -> None:
    asked = Problem(kind="binary", truth="y")
    assert found(asked, batch(**ROWS))[2] == [0, 1]
    beside = {name: values for name, values in ROWS.items() if name != "y"}
    assert found(asked, batch(about={"y": [1, None]}, **beside))[2] == [1, None]
    assert found(asked, batch(about={"truth": ["1", '{"label": 0}']}, **beside))[2] == ["1", "0"]
    assert found(asked, batch(**beside))[2] == [None, None]


def test_a_batch_stays_as_it_is_where_nothing_is_asked() -> None:
    (seen,) = with_truth([batch(**ROWS)], None)
    assert TRUTH not in seen.rows.schema.names


def test_labels_in_json_are_read_and_what_is_none_stays_a_text() -> None:
    texts = [
        '{"label": true}',
        '{"anything": "cat"}',
        "[3]",
        "[1, 2]",
        '{"a": 1, "b": 2}',
        "{torn",
        '{"label": null}',
        None,
    ]
    assert labels(pa.array(texts)).to_pylist() == [
        "true", "cat", "3", "[1, 2]", '{"a": 1, "b": 2}', "{torn", '{"label": null}', None,
    ]  # fmt: skip
    plain = pa.array([1, 2])
    assert labels(plain) is plain
