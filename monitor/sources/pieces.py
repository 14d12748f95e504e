"""Pieces: a stretch of a large file, cut so that each line, or row of a table, is in exactly one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from monitor.batch import Block
from monitor.sizes import STANDARD, Sizes
from monitor.sources.files import BLOCK_BYTES, Cutting
from monitor.sources.listing import Listed
from monitor.sources.opening import local, stream


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece(Listed):
    """The lines of a file that begin behind `start` and not behind `end` (None: up to the file's own end).

    It begins behind the first line end at or after `start` (the first piece, from 0, with the file), and ends with the
    first line end at or after `end`. `form` names the format that the file told.

    `is_table`: of a Parquet file the row groups that begin at `start` or behind it and before `end`.
    """

    start: int
    end: int | None
    form: str
    is_table: bool = False

    @classmethod
    def of(cls, file: Listed, start: int, end: int | None, form: str, *, is_table: bool = False) -> "Piece":
        """A piece of a file that was listed."""
        return cls(
            path=file.path,
            size=file.size,
            stamp=file.stamp,
            modified=file.modified,
            hour=file.hour,
            start=start,
            end=end,
            form=form,
            is_table=is_table,
        )


class Stretch:
    """The blocks of a piece of lines, which are counted from 1. `lines` is how many line ends went by, once read."""

    def __init__(self, piece: Piece, sizes: Sizes = STANDARD) -> None:
        self.piece, self.sizes = piece, sizes
        self.lines = 0

    def __iter__(self) -> Iterator[Block]:
        self.lines = 0
        cutting = Cutting(path=str(self.piece), most=self.sizes.line, is_first=self.piece.start == 0)
        try:
            with stream(self.piece) or local(self.piece).open("rb") as file:
                file.seek(self.piece.start)
                held = b""
                for data in within(file, self.piece.start, self.piece.end):
                    self.lines += data.count(b"\n")
                    if held:  # one behind: the last block needs no line end
                        yield from cutting.cut(held, is_last=False)
                    held = data
                yield from cutting.cut(held, is_last=True)
        except OSError as error:
            yield from cutting.cut(b"", is_last=False, is_all=True)
            yield cutting.trouble(error.strerror or type(error).__name__, "unreadable")


def within(file: Any, start: int, end: int | None, size: int = BLOCK_BYTES) -> Iterator[bytes]:
    """The bytes of a piece, some at a time, of a file that stands at its start."""
    at, is_begun = start, start == 0
    while data := file.read(size):
        first, at = at, at + len(data)
        stop = data.find(b"\n", max(0, end - first)) + 1 if end is not None and at > end else 0
        if not is_begun:
            begin = data.find(b"\n") + 1
            is_begun = begin > 0
            if is_begun and begin != stop:
                yield data[begin : stop or len(data)]
        else:
            yield data[: stop or len(data)]
        if stop:
            return
