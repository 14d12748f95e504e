"""Parquet files as blocks of rows."""

import hashlib
from itertools import accumulate, pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.sizes import Sizes
from monitor.sources import parquet
from monitor.sources.listing import listed
from monitor.sources.parquet import MAGIC, Footer, blocks, digest, footer
from monitor.sources.pieces import Piece

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


def test_folders_are_columns_wherever_the_file_is_asked_from(tmp_path, monkeypatch):
    path = write(tmp_path / "day=5" / "f")
    monkeypatch.chdir(path.parent)
    (here,), (there,) = blocks(Path("f")), blocks(path)
    assert here.rows.equals(there.rows)
    assert here.rows.schema.names == ["a", "b", "day"]


def test_the_footer_and_the_digest(tmp_path):
    path = write(tmp_path / "f", pa.table({"a": range(100), "b": [{"c": 1, "d": 2}] * 100}), row_group_size=30)
    data = path.read_bytes()
    told = footer(path)
    assert (told.names, told.stored, len(told.begins)) == (("a", "b"), 3, 4)
    assert told.begins[0] == len(MAGIC)
    assert digest(path) == hashlib.sha256(data).hexdigest()
    path.write_bytes(b"PAR1")
    assert footer(path) == Footer()


@pytest.mark.parametrize("given", [{}, {"use_dictionary": False}, {"write_page_index": True}, {"compression": "zstd"}])
def test_a_row_group_begins_with_its_first_column_and_its_dictionary(tmp_path, given):
    path = write(tmp_path / "f", row_group_size=30, **given)
    told = pq.read_metadata(path)
    chunks = [[told.row_group(n).column(c) for c in range(told.num_columns)] for n in range(told.num_row_groups)]
    ends = [sum(c.total_compressed_size for c in group) for group in chunks]
    begins = footer(path).begins
    assert [end - start for start, end in pairwise(begins)] == ends[:-1]


@settings(max_examples=100)
@given(
    rows=st.lists(st.integers(0, 40), min_size=1, max_size=9),
    cuts=st.lists(st.integers(1, 9000), max_size=5, unique=True),
)
def test_every_row_is_in_exactly_one_piece_with_its_number_wherever_the_cuts_lie(tmp_path_factory, rows, cuts):
    path = tmp_path_factory.getbasetemp() / "pieces"
    schema = pa.schema({"a": pa.int64(), "b": pa.string()})
    with pq.ParquetWriter(path, schema) as writer:
        for at, count in zip(accumulate(rows, initial=0), rows, strict=False):
            part = pa.table({"a": range(at, at + count), "b": [f"{at}"] * count}, schema)
            writer.write_table(part, row_group_size=count or 1)
    (file,) = listed(path)
    edges = [0, *sorted(cuts)]
    parts = [Piece.of(file, *ends, "parquet", is_table=True) for ends in zip(edges, [*edges[1:], None], strict=True)]
    found = [block for part in parts for block in blocks(part)]
    assert [a for block in found for a in block.rows.column("a").to_pylist()] == list(range(sum(rows)))
    assert all(block.line == block.rows.column("a")[0].as_py() + 1 for block in found)
    assert all(block.is_first == (block.line == 1) for block in found)
    hashed = [hashlib.sha256(path.read_bytes()[part.start : part.end]).hexdigest() for part in parts]
    assert [digest(part) for part in parts] == hashed


@pytest.mark.parametrize("missing", [True, False])
def test_a_file_that_is_not_there_is_told(tmp_path, missing):
    if not missing:
        (tmp_path / "f").mkdir()
    (block,) = blocks(tmp_path / "f")
    assert block.trouble
