"""Parquet files as blocks of rows."""

import hashlib

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from monitor.sizes import Sizes
from monitor.sources import parquet
from monitor.sources.parquet import blocks, columns, digest

TABLE = pa.table({"a": range(100), "b": ["x"] * 100})


def write(path, table=TABLE, **given):
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path, **given)
    return path


def test_rows_come_in_blocks_with_the_number_of_the_first(tmp_path, monkeypatch):
    monkeypatch.setattr(parquet, "BATCH_ROWS", 30)
    found = list(blocks(write(tmp_path / "f")))
    assert [block.line for block in found] == [1, 31, 61, 91]
    assert [block.is_first for block in found] == [True, False, False, False]
    assert pa.Table.from_batches([block.rows for block in found]).equals(TABLE)


def test_folders_that_are_partitions_are_columns_and_the_files_own_come_first(tmp_path):
    path = write(
        tmp_path / "day=2026-01-05" / "city=S%C3%A3o%20Paulo" / "a=9" / "none=__HIVE_DEFAULT_PARTITION__" / "f"
    )
    (block,) = blocks(path)
    assert block.rows.slice(1, 1).to_pylist() == [
        {"a": 1, "b": "x", "day": "2026-01-05", "city": "São Paulo", "none": None}
    ]


def test_a_damaged_file_ends_with_a_block_that_says_so(tmp_path):
    data = write(tmp_path / "f", compression="none").read_bytes()
    for broken in (data[:-9], data[:50], data[:4], data[:30] + b"\xff" * 200 + data[230:]):
        (tmp_path / "f").write_bytes(broken)
        *_, last = blocks(tmp_path / "f")
        assert last.trouble or sum(block.rows.num_rows for block in blocks(tmp_path / "f")) == 100


def test_text_that_is_none_is_told_and_never_passed_on(tmp_path):
    bad = pa.StringArray.from_buffers(1, pa.py_buffer(b"\0\0\0\0\1\0\0\0"), pa.py_buffer(b"\xff"))
    (block,) = blocks(write(tmp_path / "f", pa.table({"a": bad})))
    assert (block.rows, block.reason) == (None, "unreadable")
    assert "UTF8" in block.trouble


def test_too_many_columns_are_told_with_the_limit(tmp_path):
    (block,) = blocks(write(tmp_path / "f"), Sizes(columns=1))
    assert (block.reason, block.trouble) == ("too_many_columns", "2 columns, more than 1 (limit `columns`)")


def test_names_and_digest(tmp_path):
    path = write(tmp_path / "f")
    assert columns(path) == ("a", "b")
    assert digest(path) == hashlib.sha256(path.read_bytes()).hexdigest()
    path.write_bytes(b"PAR1")
    assert columns(path) == ()


@pytest.mark.parametrize("missing", [True, False])
def test_a_file_that_is_not_there_is_told(tmp_path, missing):
    if not missing:
        (tmp_path / "f").mkdir()
    (block,) = blocks(tmp_path / "f")
    assert block.trouble
