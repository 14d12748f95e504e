"""Plan: files to splits, by the files alone."""

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from monitor.batch import Expected
from monitor.engines.plan import OPENING_BYTES, absolute, splits
from monitor.reading import Reading
from monitor.selection import Selection
from monitor.sources.listing import Listed
from monitor.sources.pieces import Piece

NOTHING = Expected()
SIZE = 4096
LINES = "".join(json.dumps({"a": i, "b": "x"}) + "\n" for i in range(1000))


def planned(path: Path, expected: Expected = NOTHING, size: int = SIZE) -> list[list[tuple[str, int, int | None]]]:
    reading = Reading([path], expected)
    return [
        [(Path(f.path).name, f.start, f.end) if isinstance(f, Piece) else (Path(f.path).name, 0, None) for f in s.files]
        for s in splits(absolute(reading.files), reading, size)
    ]


def test_a_large_file_of_json_lines_is_cut_into_pieces_of_the_same_size_each_a_split(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(LINES)
    found = planned(tmp_path)
    size = len(LINES)
    count = -(-size // SIZE)
    assert found == [
        [("a.jsonl", size * i // count, size * (i + 1) // count if i + 1 < count else None)] for i in range(count)
    ]
    assert planned(tmp_path, size=size) == [[("a.jsonl", 0, None)]]


def test_small_files_are_put_together_and_each_counts_for_its_opening_too(tmp_path: Path) -> None:
    for number in range(9):
        (tmp_path / f"{number}.jsonl").write_text('{"a": 1}\n')
    found = planned(tmp_path, size=4 * OPENING_BYTES)
    assert [[name for name, _, _ in split] for split in found] == [
        ["0.jsonl", "1.jsonl", "2.jsonl"],
        ["3.jsonl", "4.jsonl", "5.jsonl"],
        ["6.jsonl", "7.jsonl", "8.jsonl"],
    ]


def test_files_stay_in_their_order_with_large_ones_between_small_ones(tmp_path: Path) -> None:
    for name, text in (("a", '{"a": 1}\n'), ("b", LINES), ("c", '{"a": 1}\n'), ("d", '{"a": 1}\n')):
        (tmp_path / f"{name}.jsonl").write_text(text)
    found = planned(tmp_path, size=len(LINES) // 2 + 10)
    assert [[name[0] for name, _, _ in split] for split in found] == [["a"], ["b"], ["b"], ["c"], ["d"]]


@pytest.mark.parametrize(
    "data",
    [
        gzip.compress(LINES.encode()),
        LINES.replace("\n", "").encode(),
        f"[{','.join(LINES.splitlines())}]".encode(),
        b'[{"prefix": "s3://bucket/"}, "a"]' + b" " * 9999,
        b"a,b\n" + b"1,x\n" * 9999,
        b"\x00" * 9999,
        b"not json at all\n" * 999,
    ],
    ids=["packed", "glued", "a list", "a manifest", "csv", "binary", "unknown"],
)
def test_a_file_that_cannot_be_cut_at_any_line_end_is_read_whole(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a").write_bytes(data)
    assert len(data) > 100
    assert planned(tmp_path, size=100) == [[("a", 0, None)]]


def test_a_parquet_file_is_read_whole(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": range(5000)}), tmp_path / "a.parquet")
    assert planned(tmp_path, size=100) == [[("a.parquet", 0, None)]]


def test_no_file_is_cut_while_a_window_chooses_among_its_records(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(LINES)
    assert planned(tmp_path, Expected(selection=Selection(None))) == [[("a.jsonl", 0, None)]]


def test_paths_are_absolute_and_a_file_that_has_gone_is_kept_for_whoever_reads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.jsonl").write_text(LINES)
    monkeypatch.chdir(tmp_path)
    reading = Reading([Path("a.jsonl")], Expected())
    (file,) = absolute(reading.files)
    assert (file.path, file.size) == (str(tmp_path / "a.jsonl"), len(LINES))
    (again,) = absolute([Listed(path="a.jsonl", size=5, stamp="", modified=file.modified)])
    assert again.path == file.path
    (tmp_path / "a.jsonl").unlink()
    (gone,) = absolute(reading.files)
    assert (gone.path, gone.size) == (file.path, 0)
