"""Local files: which are found, and how they are cut."""

import bz2
import gzip
import os

import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from monitor.errors import InputError
from monitor.sizes import Sizes
from monitor.sources import files, opening
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
    assume(not data.startswith(tuple(opening.PACKED)))
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


@pytest.mark.parametrize("size", [10, 40, 1000])
def test_a_line_longer_than_a_block_is_whole_and_one_over_the_limit_is_left_out_alone(tmp_path, monkeypatch, size):
    monkeypatch.setattr(files, "BLOCK_BYTES", size)
    limits = Sizes(line=50)
    path = tmp_path / "f"
    path.write_bytes(b"a\n" + b"b" * 45 + b"\nc\n")
    assert b"".join(b.data for b in blocks(path, limits)) == path.read_bytes()
    path.write_bytes(b"a\n" + b"b" * 200 + b"\nc\n" + b"d" * 51)
    found = list(blocks(path, limits))
    assert b"".join(b.data for b in found).splitlines() == [b"a", b"c"]
    told = [(b.line, b.reason, b.trouble) for b in found if b.trouble]
    assert told == [(n, "line_too_long", "longer than 50 bytes (limit `line`)") for n in (2, 4)]
    assert [b.line for b in found if b.data == b"c\n"] in ([3], [])


@pytest.mark.parametrize("pack", [gzip.compress, lambda b: pa.compress(b, codec="zstd", asbytes=True)])
def test_a_file_that_grows_to_many_times_its_size_ends_there(tmp_path, monkeypatch, pack):
    monkeypatch.setattr(files, "HARMLESS_BYTES", 1000)
    path = tmp_path / "bomb"
    path.write_bytes(pack(b"0,1\n" * 20_000_000))
    *_, last = blocks(path, Sizes(unpacked=50))
    assert (last.reason, last.trouble) == ("unpacked_size", "unpacks to more than 50 times its size (limit `unpacked`)")
    path.write_bytes(pack(b"0,1\n" * 20))
    assert not any(b.trouble for b in blocks(path, Sizes(unpacked=2)))


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
