"""Local files: which are found, and how they are cut."""

import bz2
import gzip
import os

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import InputError
from monitor.sources import files
from monitor.sources.files import blocks, find


def test_files_are_found_once_in_order_of_their_paths(tmp_path):
    for name in ("b.jsonl", "a/2.jsonl", "a/1.jsonl", "c"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    found = find([tmp_path / "c", tmp_path, tmp_path / "a"])
    assert [str(p.relative_to(tmp_path)) for p in found] == ["a/1.jsonl", "a/2.jsonl", "b.jsonl", "c"]
    assert find([]) == ()


def test_hidden_files_of_a_folder_are_left_out_but_may_be_named(tmp_path):
    root = tmp_path / ".hidden"
    for name in (".a", "_SUCCESS", "_temporary/b", ".git/c", "d"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x")
    assert [p.name for p in find([root])] == ["d"]
    assert [p.name for p in find([root / ".a", root / "_SUCCESS"])] == [".a", "_SUCCESS"]


def test_a_path_that_does_not_exist_is_named_with_what_would_be_right(tmp_path):
    with pytest.raises(InputError, match=r"gone: does not exist; give a capture file, or a folder that holds some"):
        find([tmp_path, tmp_path / "gone"])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.binary(max_size=30), max_size=30), st.integers(1, 40), st.booleans())
def test_blocks_are_the_file_cut_at_line_ends(tmp_path_factory, lines, size, ends):
    data = b"\n".join(lines) + b"\n" * ends
    path = tmp_path_factory.mktemp("f") / "f"
    path.write_bytes(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "BLOCK_BYTES", size)
        found = list(blocks(path))
    assert b"".join(b.data for b in found) == data
    assert all(b.data.endswith(b"\n") for b in found[:-1])
    assert [b.is_first for b in found] == [True, *[False] * len(found[1:])][: len(found)]
    assert [b.line for b in found] == [1 + b"".join(p.data for p in found[:i]).count(b"\n") for i in range(len(found))]
    assert not any(b.trouble for b in found)


def test_a_line_longer_than_a_block_is_whole_and_a_longer_one_ends_the_file(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "BLOCK_BYTES", 10)
    monkeypatch.setattr(files, "LONGEST_LINE_BYTES", 50)
    path = tmp_path / "f"
    path.write_bytes(b"a\n" + b"b" * 45 + b"\nc\n")
    assert b"".join(b.data for b in blocks(path)) == path.read_bytes()
    path.write_bytes(b"a\n" + b"b" * 200 + b"\nc\n")
    *_, last = blocks(path)
    assert (last.data, last.line, last.trouble) == (b"", 2, "a line of more than 0 MB")


def test_a_line_end_in_quotes_is_no_place_to_cut(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "BLOCK_BYTES", 12)
    path = tmp_path / "f.csv"
    path.write_bytes(b'1,"a\nb",""\n2,"c\n\nd""\n"\n3,5" pipe\n4,x\n5,y\n')
    found = [b.data for b in blocks(path, quoted=True)]
    assert b"".join(found) == path.read_bytes()
    ends = [b"".join(found[: i + 1]) for i in range(len(found))]
    assert all(end.endswith((b',""\n', b'\n"\n', b"pipe\n", b"x\n", b"y\n")) for end in ends)
    assert len(found) >= 4


def test_one_inch_mark_does_not_make_a_long_file_one_block(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "BLOCK_BYTES", 1000)
    monkeypatch.setattr(files, "LONGEST_LINE_BYTES", 5000)
    path = tmp_path / "f.csv"
    path.write_bytes(b'1,5" pipe\n' + b"2,plain\n" * 5000)
    found = list(blocks(path, quoted=True))
    assert not any(b.trouble for b in found)
    assert len(found) > 30


def test_a_quote_that_is_never_closed_ends_a_long_file_with_a_reason(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "BLOCK_BYTES", 1000)
    monkeypatch.setattr(files, "LONGEST_LINE_BYTES", 5000)
    path = tmp_path / "f.csv"
    path.write_bytes(b'0,x\n1,"open\n' + b"2,plain\n" * 5000)
    first, last = blocks(path, quoted=True)
    assert (first.data, last.line) == (b"0,x\n", 2)
    assert last.trouble.endswith("or a quote that is never closed")


@pytest.mark.parametrize(
    ("ending", "pack"),
    [("gz", gzip.compress), ("bz2", bz2.compress), ("zst", lambda b: pa.compress(b, codec="zstd", asbytes=True))],
)
def test_packed_files_are_unpacked_and_torn_ones_are_told(tmp_path, ending, pack):
    data = os.urandom(20_000).hex().encode() + b"\n"
    path = tmp_path / f"f.{ending}"
    path.write_bytes(pack(data))
    assert b"".join(b.data for b in blocks(path)) == data
    for broken in (pack(data)[:-9000], b"no such thing"):
        path.write_bytes(broken)
        *_, last = blocks(path)
        assert last.trouble
        assert last.data == b""


def test_what_stood_before_a_tear_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "BLOCK_BYTES", 1000)
    lines = [os.urandom(30).hex().encode() for _ in range(1000)]
    (tmp_path / "f.gz").write_bytes(gzip.compress(b"\n".join(lines))[:-9000])
    *before, last = blocks(tmp_path / "f.gz")
    got = b"".join(b.data for b in before).splitlines()
    assert lines[: len(got)] == got
    assert len(got) > 500
    assert (last.line, last.trouble) == (len(got) + 1, "Truncated compressed stream")


def test_two_gzip_files_in_one_are_both_read(tmp_path):
    (tmp_path / "f.gz").write_bytes(gzip.compress(b"a\n") + gzip.compress(b"b\n"))
    assert b"".join(b.data for b in blocks(tmp_path / "f.gz")) == b"a\nb\n"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_told(tmp_path):
    (tmp_path / "f").write_text("x")
    (tmp_path / "f").chmod(0)
    (only,) = blocks(tmp_path / "f")
    assert "ermission" in only.trouble


def test_a_file_that_has_gone_is_told(tmp_path):
    (only,) = blocks(tmp_path / "gone")
    assert only.trouble
    assert only.is_first


def test_an_empty_file_has_no_blocks(tmp_path):
    (tmp_path / "f").write_bytes(b"")
    assert list(blocks(tmp_path / "f")) == []
