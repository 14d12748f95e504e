"""Files and folders, read as blocks of whole lines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from monitor.batch import Block
from monitor.errors import InputError
from monitor.place import Url, place
from monitor.sizes import STANDARD, Sizes
from monitor.sources.listing import Listed, listed
from monitor.sources.opening import unpacked

BLOCK_BYTES = 2 << 20
LINE_END = ord("\n")
HARMLESS_BYTES = 1 << 30  # a packed file may grow to this, whatever its size


def find(paths: Sequence[Path]) -> tuple[Path, ...]:
    """Every file named, and every file below each folder named, once, in order of their paths.

    Files and folders whose names begin with a dot or an underscore are left out of folders. Raises InputError for a
    path that does not exist.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            found.update(dict.fromkeys(p for p in sorted(path.rglob("*")) if p.is_file() and not _is_hidden(p, path)))
        elif path.exists():
            found[path] = None
        else:
            raise InputError(f"{path}: does not exist; give a capture file, or a folder that holds some")
    return tuple(sorted(found))


def found(given: Sequence[str | Path | Url | Listed]) -> tuple[Path | Listed, ...]:
    """As `find`, in stores too; what has been listed already is taken as it is."""
    places = [one if isinstance(one, Listed) else place(one) for one in given]
    files: dict[str, Path | Listed] = {str(path): path for path in find([p for p in places if isinstance(p, Path)])}
    for at in places:
        if not isinstance(at, Path):
            files.update({file.path: file for file in ([at] if isinstance(at, Listed) else listed(at))})
    return tuple(sorted(files.values(), key=lambda file: str(file).split("/")))


def blocks(path: Path | Url | Listed, sizes: Sizes = STANDARD) -> Iterator[Block]:
    """The file in blocks of about 2 MB, cut at line ends; gzip, zstd, bz2 and lz4 are unpacked, whatever the name.

    A line over the limit is left out and a block says so. A file that cannot be read on, or that grows to many times
    its size when it is unpacked, ends with a block that says so. Raises SourceError where a store breaks off.
    """
    cutting = Cutting(path=str(path), most=sizes.line)
    try:
        with unpacked(path) as (stream, size):
            read = 0
            data = stream.read(BLOCK_BYTES)
            while data:
                read += len(data)
                following = stream.read(BLOCK_BYTES)  # one ahead: the last block needs no line end
                cut = cutting.cut(data, is_last=not following)
                data = following
                while cut:  # let go of each when it is done with
                    yield cut.pop(0)
                if read > max(HARMLESS_BYTES, size * sizes.unpacked):
                    why = f"unpacks to more than {sizes.unpacked} times its size (limit `unpacked`)"
                    yield cutting.trouble(why, "unpacked_size")
                    return
    except OSError as error:
        yield from cutting.cut(b"", is_last=False, is_all=True)
        yield cutting.trouble(error.strerror or next(iter(str(error).splitlines()), type(error).__name__), "unreadable")


@dataclass(slots=True)
class Cutting:
    """Bytes as they come to blocks of whole lines; lines over the limit are passed over."""

    path: str
    most: int
    held: list[bytes] = field(default_factory=list)
    size: int = 0  # of what is held
    line: int = 1
    is_first: bool = True
    is_skipping: bool = False

    def cut(self, data: bytes, *, is_last: bool, is_all: bool = False) -> list[Block]:
        """The blocks that are whole; at the end of the file (`is_last`) what is left needs no line end."""
        found: list[Block] = []
        if self.is_skipping:
            end = data.find(b"\n") + 1
            if not end:
                return found
            data, self.is_skipping = data[end:], False
            self.line += 1
        cut = len(data) if is_last else data.rfind(b"\n") + 1
        if cut or (is_last and self.held):
            whole = b"".join([*self.held, memoryview(data)[:cut]])  # the only copy
            self.held, self.size = [], 0
            found += self._whole(whole)
        if cut < len(data):
            self.held.append(data[cut:])
            self.size += len(data) - cut
        if self.size > self.most:
            found.append(self.trouble(f"longer than {self.most} bytes (limit `line`)", "line_too_long"))
            self.held, self.size, self.is_skipping = [], 0, True
        elif is_all:
            self.held, self.size = [], 0
        return found

    def _whole(self, data: bytes) -> Iterator[Block]:
        """A block of these lines, without those over the limit."""
        if len(data) > self.most:
            start = 0
            while start < len(data):
                end = data.find(b"\n", start) + 1 or len(data)
                if end - start - (data[end - 1] == LINE_END) > self.most:
                    if start:
                        yield self._block(data[:start])
                    yield self.trouble(f"longer than {self.most} bytes (limit `line`)", "line_too_long")
                    self.line += 1
                    data, start = data[end:], 0
                else:
                    start = end
        if data:
            yield self._block(data)

    def _block(self, data: bytes) -> Block:
        block = Block(data=data, path=self.path, line=self.line, is_first=self.is_first)
        self.line += int(np.count_nonzero(np.frombuffer(data, np.uint8) == LINE_END))
        self.is_first = False
        return block

    def trouble(self, why: str, reason: str) -> Block:
        """A block that says what is wrong at this line."""
        block = Block(data=b"", path=self.path, line=self.line, is_first=self.is_first, trouble=why, reason=reason)
        self.is_first = False
        return block


def _is_hidden(path: Path, root: Path) -> bool:
    return any(part.startswith((".", "_")) for part in path.relative_to(root).parts)
