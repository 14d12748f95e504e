"""Tables of labels."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from truths import delivered, written


def test_ids_of_a_csv_table_are_texts_and_times_their_own(tmp_path: Path) -> None:
    table = written(tmp_path / "l.csv", ["id,label,at", "007,yes,2026-01-01T00:00:00Z", "008,no,", ",no,", "009,,"])
    rows, found = delivered(table, time="at")
    assert rows == [("007", 0, "yes", 1767225600), ("008", 0, "no", None)]
    assert (found.rejected, found.labels) == ({"no_id": 1, "no_label": 1}, 2)


def test_a_place_column_tells_the_rows_of_a_record_apart(tmp_path: Path) -> None:
    table = written(tmp_path / "l.csv", ["id,label,row", "a,1,0", "a,0,1", "b,1,first", "b,1,-1"])
    rows, found = delivered(table, place="row")
    assert rows == [("a", 0, "1", None), ("a", 1, "0", None)]
    assert found.rejected == {"no_place": 2}


def test_objects_a_line_and_lists_of_them_are_tables(tmp_path: Path) -> None:
    lines = ['{"request": 7, "y": 1}', '{"request": 8, "y": 0.5}', '{"request": 9}', "nonsense"]
    rows, found = delivered(written(tmp_path / "l.jsonl", lines), id="request", label="y")
    assert sorted(rows) == [("7", 0, "1", None), ("8", 0, "0.5", None)]
    assert found.rejected == {"no_label": 1, "not_json": 1}
    rows, _ = delivered(written(tmp_path / "m.jsonl", ['[{"id": "a", "label": 1}]']))
    assert rows == [("a", 0, "1", None)]


def test_a_parquet_table_is_read(tmp_path: Path) -> None:
    at = pa.array([1767225600000000, None], pa.timestamp("us", "UTC"))
    pq.write_table(pa.table({"id": [1, 2], "label": [0.5, 2.0], "at": at}), tmp_path / "l.parquet")
    assert delivered(tmp_path / "l.parquet", time="at")[0] == [("1", 0, "0.5", 1767225600), ("2", 0, "2", None)]


def test_a_table_without_the_column_says_which_are_there(tmp_path: Path) -> None:
    rows, found = delivered(written(tmp_path / "l.csv", ["key,label", "a,1", "b,0"]))
    assert (rows, found.rejected) == ([], {"column_missing": 2})
    assert found.samples[0].why == "'id'; there are key, label"


def test_a_file_that_holds_no_labels_is_counted_and_aborts_nothing(tmp_path: Path) -> None:
    (tmp_path / "l.bin").write_bytes(b"\x00\x01")
    rows, found = delivered(tmp_path / "l.bin")
    assert (rows, found.rejected) == ([], {"not_text": 1})
    rows, found = delivered(written(tmp_path / "empty.jsonl", []))
    assert (rows, found.rejected) == ([], {})
