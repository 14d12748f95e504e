"""What is done to batches before they are measured, and what is said of columns that were not found."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa

from monitor.batch import NO_ROWS, Batch
from monitor.expression import parsed
from monitor.intake import Intake
from monitor.profile import Volume
from monitor.roles import Roles


class Given:
    """Batches that were made by hand."""

    files: Sequence[Path | str] = ()
    digest = ""

    def __init__(self, *batches: Batch) -> None:
        self.batches = batches
        self.digests: dict[str, str] = {}
        self.formats: dict[str, str] = {}

    def __iter__(self) -> Iterator[Batch]:
        return iter(self.batches)


def batch(columns: dict[str, list[str]], about: dict[str, list[str]] | None = None) -> Batch:
    rows = pa.RecordBatch.from_pydict(columns)
    beside = pa.RecordBatch.from_pydict(about) if about else None
    return Batch(rows=rows, volume=Volume(rows=rows.num_rows), about=beside)


def test_the_condition_knows_the_columns_that_a_role_takes_out() -> None:
    source = Given(batch({"id": ["test-1", "2"], "y": ["1", "0"], "a": ["x", "y"]}, {"tag": ["t", "t"]}))
    intake = Intake(source, Roles(id="id", truth="y"), parsed("not id like 'test-%' and y = 0 and tag = 't'"))
    (found,) = intake
    assert found.rows.to_pydict() == {"a": ["y"]}
    assert found.ids.to_pylist() == ["2"]
    assert (found.volume.with_id, found.volume.dropped) == (1, 1)
    assert list(intake.columns) == ["id", "y", "a"]
    assert intake.notes == ()


def test_columns_that_no_row_has_are_told_with_what_was_perhaps_meant() -> None:
    roles = Roles(id="requestid", time="ts", version="v", prediction=("score", "a*"), probability=("p",))
    intake = Intake(Given(batch({"request_id": ["1"], "a": ["x"]}, {"v": ["3"]})), roles, parsed("trafic is null"))
    assert intake.notes == ()  # nothing was read yet
    list(intake)
    assert intake.notes == (
        "columns.id: no row has a column 'requestid'; did you mean 'request_id'?",
        "columns.time: no row has a column 'ts'; there are request_id, a, v",
        "columns.prediction: no row has a column 'score'; there are request_id, a, v",
        "columns.probability: no row has a column 'p'; there are request_id, a, v",
        "where: no row has a column 'trafic', so it was null in all of them; there are request_id, a, v",
    )


def test_a_column_that_some_rows_have_is_found_and_no_rows_tell_nothing() -> None:
    intake = Intake(Given(batch({"a": ["1"]}), batch({"b": ["1"]})), Roles(id="b"))
    assert [found.ids is None for found in intake] == [True, False]
    assert intake.notes == ()
    empty = Intake(Given(Batch(rows=NO_ROWS, volume=Volume())), Roles(id="b"))
    list(empty)
    assert empty.notes == ()


def test_many_columns_are_not_all_listed() -> None:
    intake = Intake(Given(batch({f"c{i}": ["1"] for i in range(20)})), Roles(id="nothing alike"))
    list(intake)
    assert intake.notes[0].endswith("there are c0, c1, c2, c3, c4, c5, c6, c7 and 12 more")
