"""Tables in memory as batches: each type that pandas and Arrow have, and what is refused."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from monitor.batch import Expected
from monitor.errors import InputError
from monitor.measures.even import BATCH_ROWS
from monitor.reading import Reading
from monitor.tables import InMemory

BERLIN = pd.Series(pd.to_datetime(["2026-01-05 12:00:00", None])).dt.tz_localize("Europe/Berlin")
CASES: dict[str, tuple[Any, list[Any]]] = {
    "texts": (["a", None, "é"], ["a", None, "é"]),
    "whole": ([1, 2], [1, 2]),
    "small": (np.array([1, 2], np.int8), [1, 2]),
    "nullable": (pd.array([1, None], dtype="Int64"), [1, None]),
    "beyond": (np.array([2**63 + 2048, 1], np.uint64), [2.0**63 + 2048, 1.0]),
    "huge": ([2**70, 1], [str(2**70), "1"]),
    "numbers": ([1.5, None, float("inf")], [1.5, None, float("inf")]),
    "half": (np.array([1.5, 2], np.float16), [1.5, 2.0]),
    "decimals": ([Decimal("1.50"), None], [1.5, None]),
    "truths": ([True, False], [True, False]),
    "truths with none": ([True, None], [True, None]),
    "nullable truths": (pd.array([True, None], dtype="boolean"), [True, None]),
    "categories": (pd.Categorical(["x", None, "y"]), ["x", None, "y"]),
    "categories of numbers": (pd.Categorical([2, 1]), [2, 1]),
    "mixed": ([1, "a", None, 2.5], ["1", "a", None, "2.5"]),
    "complex": ([1 + 2j], ["(1+2j)"]),
    "times": (
        pd.to_datetime(["2026-01-05 12:00:00", "2026-01-05 12:00:00.50", None], format="ISO8601"),
        ["2026-01-05T12:00:00.000000", "2026-01-05T12:00:00.500000", None],
    ),
    "times with a zone": (BERLIN, ["2026-01-05T11:00:00.000000Z", None]),
    "dates": ([dt.date(2026, 1, 5), None], ["2026-01-05", None]),
    "durations": (pd.to_timedelta(["1h", None]), [3600.0, None]),
    "nothing": ([None, None], [None, None]),
    "bytes": ([b"a", None], ["a", None]),
    "bytes that are no text": ([b"\xff", None], ["ff", None]),
}
PROMISED = {pa.string(), pa.int64(), pa.float64(), pa.bool_()}


@pytest.mark.parametrize("name", CASES)
def test_a_pandas_column_becomes_a_column_of_the_types_that_batches_have(name: str) -> None:
    given, expected = CASES[name]
    (batch,) = InMemory(pd.DataFrame({name: given}))
    assert batch.rows.to_pydict() == {name: expected}
    assert set(batch.rows.schema.types) <= PROMISED
    assert (batch.volume.records, batch.volume.rows) == (len(expected), len(expected))


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (pa.array(["a"], pa.large_string()), ["a"]),
        (pa.array(["a"], pa.string_view()), ["a"]),
        (pa.array([1.5, float("nan")]), [1.5, "nan"]),
        (pa.array([5], pa.time32("s")), ["00:00:05"]),
        (pa.array([dt.date(2026, 1, 5)], pa.date64()), ["2026-01-05"]),
        (pa.array([0], pa.timestamp("s", "+02:00")), ["1970-01-01T00:00:00.000000Z"]),
        (pa.array([10], pa.timestamp("s")), ["1970-01-01T00:00:10.000000"]),
        (pa.chunked_array([["a"], ["b"]]).dictionary_encode(), ["a", "b"]),
    ],
    ids=lambda value: str(getattr(value, "type", "")),
)
def test_arrow_columns_too(column: pa.Array, expected: list[Any]) -> None:
    table = pa.table({"a": column})
    (batch,) = InMemory(table)
    found = ["nan" if value != value else value for value in batch.rows["a"].to_pylist()]
    assert found == expected
    assert set(batch.rows.schema.types) <= PROMISED
    (again,) = InMemory(table.combine_chunks().to_batches()[0])
    assert again.rows.schema == batch.rows.schema


def test_names_become_texts_and_the_index_is_left_out() -> None:
    (batch,) = InMemory(pd.DataFrame({5: [1], ("a", "b"): [2]}, index=["row"]))
    assert batch.rows.schema.names == ["5", "('a', 'b')"]


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), "the table: column 'a' is there twice; each name once"),
        (pd.DataFrame([[1, 2]], columns=[1, "1"]), "the table: column '1' is there twice; each name once"),
        (pa.table([[1], [2]], names=["a", "a"]), "the table: column 'a' is there twice; each name once"),
        (pd.DataFrame({"v": [[1.0], [2.0]]}), "the table: column 'v' holds list<item: double>; texts, numbers, truth"),
        (pd.DataFrame({"v": [{"k": 1}]}), "the table: column 'v' holds struct<k: int64>; texts, numbers"),
        (pd.Series([1]), "the table: is a Series; a pandas DataFrame, a pyarrow Table or RecordBatch, or the path"),
        ({"a": [1]}, "the table: is a dict; a pandas DataFrame"),
        (None, "the table: is a NoneType; a pandas DataFrame"),
    ],
    ids=[
        "twice",
        "twice as text",
        "twice in arrow",
        "lists",
        "structs",
        "series",
        "dict",
        "none",
    ],
)
def test_what_is_no_table_of_plain_columns_is_refused(table: Any, told: str) -> None:
    with pytest.raises(InputError) as caught:
        list(InMemory(table))
    assert str(caught.value).startswith(told)
    assert "would be right" in str(caught.value)


def test_a_large_table_comes_in_several_batches_each_time_it_is_read() -> None:
    table = InMemory(pa.table({"a": np.arange(BATCH_ROWS + 1)}))
    for _ in range(2):
        assert [batch.rows.num_rows for batch in table] == [BATCH_ROWS, 1]


def digest(table: Any) -> str:
    read = InMemory(table)
    list(read)
    return read.digest


def test_the_digest_is_of_the_values_whatever_brought_them() -> None:
    frame = pd.DataFrame({"a": [1.5, None], "t": ["x", None], "b": [True, False]})
    first = digest(frame)
    chunks = pa.concat_tables([pa.Table.from_pandas(frame[:1]), pa.Table.from_pandas(frame[1:])])
    assert digest(chunks) == first
    garbage = pa.array([1.5, 9.0], mask=np.array([False, True]))  # what stands under a null is nobody's value
    assert digest(pa.table({"a": garbage, "t": ["x", None], "b": [True, False]})) == first
    assert len(first) == len("sha256:") + 64
    for other in (
        frame.rename(columns={"a": "c"}),
        frame.assign(a=[1.5, 0.0]),
        frame.assign(t=["", "x"]),
        frame.assign(b=[False, False]),
        frame[::-1],
        pd.concat([frame, frame]),
    ):
        assert digest(other) != first


@pytest.mark.parametrize("name", sorted(set(CASES) - {"huge", "mixed", "complex", "nothing"}))
def test_a_parquet_file_of_the_table_says_the_same(name: str, tmp_path: Path) -> None:
    frame = pd.DataFrame({name: CASES[name][0]})
    frame.to_parquet(tmp_path / "a.parquet")
    (file,) = [batch for batch in Reading([tmp_path], Expected()) if batch.rows.num_rows]
    (memory,) = InMemory(frame)
    assert file.rows[name].equals(memory.rows[name])


def test_a_table_without_rows_has_no_batch() -> None:
    assert list(InMemory(pd.DataFrame({"a": []}))) == []
