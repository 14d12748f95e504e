"""Plan: files to splits of about 64 MB. It depends on the files alone, so that all engines give the same states."""

import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
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
    """Small files are put together; one that is not small is cut if it is of JSON lines and not packed, or Parquet.

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
    """The file, or pieces of it of the same size: of lines, which are counted each by itself, or of row groups."""
    if file.size <= size:
        return [file]
    count = math.ceil(file.size / size)
    edges = [file.size * number // count for number in range(1, count)]
    data = _beginning(file)
    is_table = data.startswith(parquet.MAGIC)
    form, cuts = _table_cuts(file, reading, edges) if is_table else (_line_form(data, reading), edges)
    if form is None:
        return [file]
    ends = zip([0, *cuts], [*cuts, None], strict=True)
    return [Piece.of(file, start, end, form, is_table=is_table) for start, end in ends]


def _beginning(file: Listed) -> bytes:
    """The first bytes of a file; none of one that is packed or cannot be read."""
    try:
        with unpacked(file) as (stream, unpacked_size):
            return b"" if unpacked_size < math.inf else bytes(stream.read(BLOCK_BYTES))
    except OSError:
        return b""


def _line_form(data: bytes, reading: Reading) -> str | None:
    """The format of a file that may be cut at any line end; None for one that may not."""
    head = data[:HEAD_BYTES]
    if manifest.recognises(head):
        return None
    name, form = (reading.name, reading.chosen) if isinstance(reading.chosen, Format) else formats.told(head)
    is_lines = form is not None and form.is_json and documents.is_by_lines(data)
    return name if is_lines else None


def _table_cuts(file: Listed, reading: Reading, edges: Sequence[int]) -> tuple[str | None, Sequence[int]]:
    """The format of a Parquet file, and where row groups begin next to these edges; no format where it may not be cut:
    where it has one group, they do not follow each other, or it is no table to be read."""
    footer = parquet.footer(file)
    name, form = (
        (reading.name, reading.chosen) if isinstance(reading.chosen, Format) else formats.of_table(footer.names)
    )
    is_read = form.reads_tables and footer.stored <= reading.expected.sizes.columns
    is_ordered = all(one < other for one, other in pairwise((0, *footer.begins, file.size)))
    later = footer.begins[1:]
    if not (is_read and is_ordered and later):
        return None, ()
    return name, sorted({_nearest(later, edge) for edge in edges})


def _nearest(places: Sequence[int], edge: int) -> int:
    at = bisect_left(places, edge)
    return min(places[max(0, at - 1) : at + 1], key=lambda place: abs(place - edge))
