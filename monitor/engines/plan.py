"""Plan: files to splits of about 64 MB. It depends on the files alone, so that all engines give the same states."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from monitor import formats
from monitor.decode import documents
from monitor.decode.format import Format
from monitor.engines.split import Split, stored
from monitor.errors import InputError
from monitor.reading import HEAD_BYTES, Reading
from monitor.selection import EPOCH
from monitor.sources import manifest, parquet
from monitor.sources.files import BLOCK_BYTES
from monitor.sources.listing import Listed, listed
from monitor.sources.opening import unpacked
from monitor.sources.pieces import Piece

SPLIT_BYTES = 64 << 20
OPENING_BYTES = 256 << 10
"""What opening a file counts for: a thousand files of one row are work too."""


def splits(files: Sequence[Listed], reading: Reading, size: int = SPLIT_BYTES) -> tuple[Split, ...]:
    """Small files are put together; a file of JSON lines that is neither packed nor small is cut.

    No file is cut while a window chooses among its records: one without a time goes by the record before it.
    """
    is_cut = reading.expected.selection is None
    pieces = [piece for file in files for piece in (_pieces(file, reading, size) if is_cut else [file])]
    return tuple(Split(files=tuple(group)) for group in _groups(pieces, size))


def absolute(files: Iterable[Path | Listed]) -> tuple[Listed, ...]:
    """The files as workers in other folders find them, listed where they were not."""
    return tuple(_listed(file) if isinstance(file, Path) else _absolute(file) for file in files)


def _listed(path: Path) -> Listed:
    try:
        return listed(path.absolute())[0]
    except InputError:  # has gone since it was found: whoever reads it will say so
        return Listed(path=str(path.absolute()), size=0, stamp="", modified=EPOCH)


def _absolute(file: Listed) -> Listed:
    return replace(file, path=str(file.place.absolute())) if isinstance(file.place, Path) else file


def _groups(files: Sequence[Listed], size: int) -> Iterator[list[Listed]]:
    held: list[Listed] = []
    filled = 0
    for file in files:
        weight = stored(file) + OPENING_BYTES
        if held and (isinstance(file, Piece) or filled + weight > size):
            yield held
            held, filled = [], 0
        held.append(file)
        filled += size if isinstance(file, Piece) else weight
    if held:
        yield held


def _pieces(file: Listed, reading: Reading, size: int) -> list[Listed]:
    """The file, or pieces of it of the same size, whose lines are counted each by itself."""
    form = _form(file, reading) if file.size > size else None
    if form is None:
        return [file]
    count = math.ceil(file.size / size)
    edges = [file.size * number // count for number in range(count)]
    return [Piece.of(file, start, end, form) for start, end in zip(edges, [*edges[1:], None], strict=True)]


def _form(file: Listed, reading: Reading) -> str | None:
    """The format of a file that may be cut at any line end; None for one that may not."""
    try:
        with unpacked(file) as (stream, unpacked_size):
            data = stream.read(BLOCK_BYTES)
    except OSError:
        return None
    head = data[:HEAD_BYTES]
    if unpacked_size < math.inf or head.startswith(parquet.MAGIC) or manifest.recognises(head):
        return None
    name, form = (reading.name, reading.chosen) if isinstance(reading.chosen, Format) else formats.told(head)
    is_lines = form is not None and form.is_json and documents.is_by_lines(data)
    return name if is_lines else None
