"""Columns where their roles put them."""

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from monitor.batch import NO_ROWS, Batch
from monitor.profile import Volume
from monitor.roles import Roles, placed
from monitor.stats.distinct import Distinct

T0 = int(datetime(2026, 1, 5, tzinfo=UTC).timestamp())
ROWS = pa.RecordBatch.from_pydict(
    {
        "score": pa.array([0.5, 0.25, 1.0]),
        "p_yes": pa.array([0.5, 0.5, 0.5]),
        "y": pa.array(["1", "0", None]),
        "request_id": pa.array([7, 7, None]),
        "ts": pa.array([f"{T0 + 5}", "2026-01-05T00:00:01Z", "never"]),
        "age": pa.array([1, 2, 3]),
    }
)


def batch(**more: object) -> Batch:
    return Batch(rows=ROWS, volume=Volume(records=3, rows=3), **more)  # type: ignore[arg-type]


ALL = Roles(prediction=("score",), probability=("p_*",), truth="y", id="request_id", time="ts", version="v")


def test_each_column_goes_where_its_role_puts_it() -> None:
    found = placed(batch(), ALL)
    assert found.rows.schema.names == ["score", "p_yes", "age"]
    assert found.outputs == ("score", "p_yes")
    assert found.ids.to_pylist() == ["7", "7", None]
    assert found.about.to_pydict() == {"y": ["1", "0", None]}
    assert found.seconds is not None
    assert found.timed is not None
    assert (found.seconds.tolist(), found.timed.tolist()) == ([T0 + 5, T0 + 1, 0], [True, True, False])


def test_the_volume_tells_ids_and_times_of_columns() -> None:
    volume = placed(batch(), ALL).volume
    assert (volume.records, volume.rows, volume.with_id, volume.ids.estimate) == (3, 3, 2, 1)
    assert volume.first == datetime(2026, 1, 5, 0, 0, 1, tzinfo=UTC)
    assert volume.last == datetime(2026, 1, 5, 0, 0, 5, tzinfo=UTC)


def test_without_roles_a_batch_is_left_as_it_was() -> None:
    told = Volume(records=3, rows=3, first=datetime(2026, 1, 1, tzinfo=UTC), last=datetime(2026, 1, 1, tzinfo=UTC))
    found = placed(Batch(rows=ROWS, volume=told, outputs=("age",)), Roles(categorical=("age",), exclude=("*",)))
    assert (found.rows, found.outputs, found.volume) == (ROWS, ("age",), told)
    assert found.ids is None
    assert found.seconds is None


def test_ids_and_times_of_the_captures_count_no_more_where_columns_have_these_roles() -> None:
    at = datetime(2020, 1, 1, tzinfo=UTC)
    volume = Volume(records=9, first=at, last=at, with_id=9, ids=Distinct.of(np.arange(9, dtype=np.uint64)))
    ahead = placed(Batch(rows=NO_ROWS, volume=volume), ALL).volume
    assert (ahead.records, ahead.first, ahead.last, ahead.with_id, ahead.ids.estimate) == (9, None, None, 0, 0)
    kept = placed(Batch(rows=NO_ROWS, volume=volume), Roles(prediction=("score",), truth="y")).volume
    assert (kept.first, kept.with_id) == (at, 9)


def test_a_batch_without_the_column_has_no_times_and_no_ids() -> None:
    own = {"seconds": np.zeros(3, np.int64), "timed": np.ones(3, dtype=bool), "ids": pa.array(["a", "b", "c"])}
    found = placed(batch(**own), Roles(id="gone", time="gone_too", truth="gone_three"))
    assert (found.seconds, found.timed, found.ids, found.about) == (None, None, None, None)
    assert found.rows.schema.names == ROWS.schema.names


def test_a_time_column_without_a_single_time_tells_none() -> None:
    found = placed(batch(), Roles(time="score"))
    assert found.timed is not None
    assert found.timed.all()  # numbers are times, whatever they mean
    found = placed(Batch(rows=pa.RecordBatch.from_pydict({"t": ["x", "y"]}), volume=Volume(rows=2)), Roles(time="t"))
    assert found.timed is not None
    assert not found.timed.any()
    assert (found.volume.first, found.volume.last) == (None, None)


def test_a_role_may_be_played_by_what_is_known_besides() -> None:
    about = pa.RecordBatch.from_pydict({"trace": ["a", "b", "c"], "y": ["old", "old", "old"]})
    found = placed(batch(about=about), Roles(id="trace", truth="y", version="score"))
    assert found.ids.to_pylist() == ["a", "b", "c"]
    assert found.about.to_pydict() == {
        "trace": ["a", "b", "c"],
        "y": ["1", "0", None],  # the rows' own goes before
        "score": [0.5, 0.25, 1.0],
    }


def test_an_output_that_gets_another_role_is_no_output() -> None:
    found = placed(batch(outputs=("score", "y")), Roles(truth="y"))
    assert found.outputs == ("score",)


def test_outputs_are_those_named_in_place_of_what_the_captures_say() -> None:
    assert placed(batch(outputs=("score", "y")), Roles(prediction=("age", "nothing"))).outputs == ("age",)
