"""Pieces: each line of a file is in exactly one of them, wherever the cuts lie."""

import io
from datetime import UTC, datetime
from pathlib import Path

import object_store
from hypothesis import given
from hypothesis import strategies as st

from monitor.sizes import Sizes
from monitor.sources.files import blocks
from monitor.sources.listing import listed
from monitor.sources.pieces import Piece, Stretch, within

LINES = st.lists(st.binary(max_size=40).map(lambda line: line.replace(b"\n", b"")), max_size=12)
ENDS = st.sampled_from((b"\n", b"\r\n"))


@st.composite
def texts(draw: st.DrawFn) -> bytes:
    """Lines short and long, with either end, the last with or without one."""
    end = draw(ENDS)
    return end.join(draw(LINES)) + (end if draw(st.booleans()) else b"")


def piece(path: Path, start: int, end: int | None) -> Piece:
    at = datetime(2026, 1, 5, tzinfo=UTC)
    return Piece(path=str(path), size=path.stat().st_size, stamp="", modified=at, start=start, end=end, form="jsonl")


@given(texts(), st.data(), st.integers(1, 50))
def test_every_line_is_in_exactly_one_piece_wherever_the_cuts_lie(text: bytes, data: st.DataObject, size: int) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(1, len(text) + 3), max_size=5)))
    edges = [0, *cuts]
    parts = []
    for start, end in zip(edges, [*cuts, None], strict=True):
        file = io.BytesIO(text)
        file.seek(start)
        parts.append(b"".join(within(file, start, end, size)))
    assert b"".join(parts) == text
    assert all(part.endswith(b"\n") or not b"".join(parts[i + 1 :]) for i, part in enumerate(parts) if part)


def test_a_piece_ends_with_the_line_that_straddles_its_end_and_the_next_begins_behind_it(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"one\ntwo\nthree\n")
    found = [b"".join(b.data for b in Stretch(piece(path, start, end))) for start, end in ((0, 5), (5, 7), (7, None))]
    assert found == [b"one\ntwo\n", b"", b"three\n"]


def test_a_line_longer_than_several_pieces_is_in_the_one_in_which_it_begins(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"a\n" + b"x" * 100 + b"\nb\n")
    edges = list(range(0, 110, 10))
    found = [
        b"".join(b.data for b in Stretch(piece(path, start, end)))
        for start, end in zip(edges, [*edges[1:], None], strict=True)
    ]
    assert [len(data) for data in found] == [103, *[0] * 9, 2]


def test_blocks_of_pieces_are_those_of_the_file_but_for_their_numbers(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"".join(b"%d\n" % i for i in range(100)))
    stretches = [Stretch(piece(path, 0, 150)), Stretch(piece(path, 150, None))]
    read = [list(stretch) for stretch in stretches]
    assert b"".join(b.data for part in read for b in part) == b"".join(b.data for b in blocks(path))
    assert [(b.line, b.is_first) for part in read for b in part] == [(1, True), (1, False)]
    assert sum(stretch.lines for stretch in stretches) == 100


def test_a_line_over_the_limit_is_told_where_it_begins_and_no_other_line_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"a\n" + b"x" * 60 + b"\nb\n")
    stretch = Stretch(piece(path, 0, None), Sizes(line=10))
    found = [(block.line, block.data, block.reason if block.trouble else "") for block in stretch]
    assert found == [(1, b"a\n", ""), (2, b"", "line_too_long"), (3, b"b\n", "")]
    assert stretch.lines == 3


def test_a_file_that_has_gone_is_a_block_that_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"a\n")
    gone = piece(path, 0, None)
    path.unlink()
    (block,) = Stretch(gone)
    assert block.trouble == "No such file or directory"


def test_pieces_of_an_object_in_a_store_are_asked_for_from_their_start() -> None:
    text = b"".join(b"%07d\n" % number for number in range(1_300_000))  # more than is fetched at once
    with object_store.s3() as store:
        (listing,) = listed(store.put("c/a.jsonl", text))
        edges = [0, 4_000_001, 9_000_000]
        found = [
            b"".join(block.data for block in Stretch(Piece.of(listing, start, end, "jsonl")))
            for start, end in zip(edges, [*edges[1:], None], strict=True)
        ]
    assert b"".join(found) == text
    assert [len(part) for part in found] == [4_000_008, 5_000_000, len(text) - 9_000_008]
