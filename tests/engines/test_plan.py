"""Plan: files to splits, by the files alone."""

import gzip
import json
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from monitor.batch import Expected
from monitor.engines.plan import OPENING_BYTES, absolute, splits
from monitor.reading import Reading
from monitor.selection import Selection
from monitor.sizes import Sizes
from monitor.sources.listing import Listed
from monitor.sources.parquet import footer
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
        b"PAR1" + LINES.encode(),
        LINES.replace("\n", "").encode(),
        f"[{','.join(LINES.splitlines())}]".encode(),
        b'[{"prefix": "s3://bucket/"}, "a"]' + b" " * 9999,
        b"a,b\n" + b"1,x\n" * 9999,
        b"\x00" * 9999,
        b"not json at all\n" * 999,
    ],
    ids=["packed", "no table", "glued", "a list", "a manifest", "csv", "binary", "unknown"],
)
def test_a_file_that_cannot_be_cut_at_any_line_end_is_read_whole(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a").write_bytes(data)
    assert len(data) > 100
    assert planned(tmp_path, size=100) == [[("a", 0, None)]]


def test_a_packed_file_is_read_whole_whatever_it_is_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(gzip.compress(LINES.encode()))
    reading = Reading([tmp_path], NOTHING, format="jsonl")
    ((file,),) = (split.files for split in splits(absolute(reading.files), reading, 100))
    assert not isinstance(file, Piece)


TABLE = pa.table({"a": [i * 0.7 for i in range(5000)], "b": ["x"] * 5000})


@pytest.mark.parametrize("size", [1, 3000, 8000, 20_000, 39_000])
def test_a_large_parquet_file_is_cut_where_row_groups_begin_and_no_piece_is_empty(tmp_path: Path, size: int) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(TABLE, path, row_group_size=500, compression="none")
    begins, whole = footer(path).begins, path.stat().st_size
    largest = max(end - start for start, end in pairwise((*begins, whole)))
    found = [piece for (piece,) in planned(tmp_path, size=size)]
    starts, ends = [start for _, start, _ in found], [end for _, _, end in found]
    assert (starts[0], ends[-1], starts[1:]) == (0, None, ends[:-1])
    assert set(starts[1:]) <= set(begins[1:])
    assert all(end - start < size + largest for start, end in pairwise((*starts, whole)))
    assert len(found) == min(10, -(-whole // size))
    assert planned(tmp_path, size=whole) == [[("a.parquet", 0, None)]]


def test_a_parquet_file_that_cannot_be_cut_is_read_whole(tmp_path: Path) -> None:
    path, whole = tmp_path / "a", [[("a", 0, None)]]
    pq.write_table(TABLE, path)  # one row group
    assert planned(path, size=100) == whole
    pq.write_table(TABLE, path, row_group_size=500)
    assert len(planned(path, size=100)) == 10
    assert planned(path, Expected(selection=Selection(None)), size=100) == whole
    assert planned(path, Expected(sizes=Sizes(columns=1)), size=100) == whole
    text = Reading([path], NOTHING, format="csv")  # one reject, not one of each piece
    assert len(splits(absolute(text.files), text, 100)) == 1
    path.write_bytes(path.read_bytes()[:-9])
    assert planned(path, size=100) == whole
    one = pq.read_metadata(_written(tmp_path / "one"))
    one.append_row_groups(pq.read_metadata(_written(tmp_path / "other")))  # both begin at the same byte
    one.write_metadata_file(path)
    assert len(footer(path).begins) == 2
    assert planned(path, size=100) == whole


def _written(path: Path) -> Path:
    pq.write_table(TABLE.slice(0, 100), path)
    return path


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
