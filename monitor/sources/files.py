"""Local files and folders, read as blocks of whole lines."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa

from monitor.batch import Block
from monitor.decode.payload import last_row
from monitor.errors import InputError

BLOCK_BYTES = 4 << 20
LONGEST_LINE_BYTES = 64 << 20


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


def blocks(path: Path, *, quoted: bool = False) -> Iterator[Block]:
    """The file in blocks of about 4 MB, cut at line ends; gzip, zstd and others by their ending are unpacked.

    `quoted`: a line end inside double quotes is no place to cut. A file that cannot be read on, or a line over 64 MB,
    ends the file with a block that says so.
    """
    line, held, why = 1, b"", ""
    try:
        with pa.input_stream(str(path), compression="detect") as stream:
            data = stream.read(BLOCK_BYTES)
            while data and not why:
                held += data
                data = stream.read(BLOCK_BYTES)  # one ahead: the last block needs no line end
                cut = _cut(held, quoted=quoted) if data else len(held)
                if cut:
                    yield Block(data=held[:cut], path=str(path), line=line, is_first=line == 1)
                    line, held = line + held.count(b"\n", 0, cut), held[cut:]
                if len(held) > LONGEST_LINE_BYTES:
                    why = f"a line of more than {LONGEST_LINE_BYTES >> 20} MB"
                    why += ", or a quote that is never closed" if quoted else ""
    except OSError as error:
        why = error.strerror or next(iter(str(error).splitlines()), type(error).__name__)
        cut = _cut(held, quoted=quoted)
        if cut:
            yield Block(data=held[:cut], path=str(path), line=line, is_first=line == 1)
            line += held.count(b"\n", 0, cut)
    if why:
        yield Block(data=b"", path=str(path), line=line, is_first=line == 1, trouble=why)


def _cut(data: bytes, *, quoted: bool) -> int:
    cut = data.rfind(b"\n") + 1
    if quoted and data.count(b'"', 0, cut) % 2:
        cut, _ = last_row(data, cut)
    return cut


def _is_hidden(path: Path, root: Path) -> bool:
    return any(part.startswith((".", "_")) for part in path.relative_to(root).parts)
