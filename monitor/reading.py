"""Files to batches: finds them, tells their format, reads every row once."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain
from pathlib import Path

from monitor import formats
from monitor.batch import NO_ROWS, Batch, Block, Expected, Sample
from monitor.decode import documents
from monitor.decode.format import Decode, Format
from monitor.decode.halves import paired
from monitor.place import Url
from monitor.profile import Volume
from monitor.selection import EPOCH, Selection
from monitor.sources import manifest, parquet
from monitor.sources.ahead import ahead
from monitor.sources.files import blocks, found
from monitor.sources.listing import Listed, own_time
from monitor.sources.memory import keep_freed
from monitor.sources.opening import size_bytes
from monitor.sources.pieces import Piece, Stretch

HEAD_BYTES = 65536
LARGEST_MANIFEST_BYTES = 64 << 20
Instead = Callable[[str, Format], Decode]


class Reading:
    """The batches of some files, in order of their paths; may be read more than once. They may lie in object stores.

    `format` is a name, or a format itself. `watch` is told the bytes of each block when it is done with. After a pass
    `digests` holds the SHA-256 of each file's bytes (unpacked), `formats` what each was read as, `lines` the line ends
    of each piece of a file, `has_halves` whether requests and answers were logged apart, and `is_torn` whether a piece
    of a Parquet file could not be read to its end.
    """

    def __init__(
        self,
        paths: Sequence[str | Path | Url | Listed],
        expected: Expected,
        format: str | Format = "auto",
        watch: Callable[[int], None] | None = None,
    ) -> None:
        self.chosen = formats.named(format) if isinstance(format, str) and format != "auto" else format
        self.name = format if isinstance(format, str) else "mapped"
        self.files: tuple[Path | Listed, ...] = found(paths)
        self.expected = expected
        self.watch = watch
        self.digests: dict[str, str] = {}
        self.formats: dict[str, str] = {}
        self.lines: dict[str, int] = {}
        self.has_halves = False
        self.is_torn = False

    def __iter__(self) -> Iterator[Batch]:
        return self.through(None)

    def through(self, instead: Instead | None) -> Iterator[Batch]:
        """The batches; `instead` is told each file's format and answers what decodes it in the format's place."""
        for told in (self.digests, self.formats, self.lines):
            told.clear()
        self.has_halves = False
        self.is_torn = False
        if self.expected.selection is not None:
            self.expected.selection.restart()
        batches = self._noting(self._batches(instead))
        yield from _bounded(paired(batches, self.expected), self.expected.sizes.columns)

    @property
    def digest(self) -> str:
        """One digest for all files, whatever their names and order."""
        together = hashlib.sha256("\n".join(sorted(self.digests.values())).encode())
        return f"sha256:{together.hexdigest()}"

    def _batches(self, instead: Instead | None) -> Iterator[Batch]:
        keep_freed()
        for path in ahead(self.files):
            yield from self._piece(path) if isinstance(path, Piece) else self._file(path, instead)

    def _noting(self, batches: Iterable[Batch]) -> Iterator[Batch]:
        for batch in batches:
            self.has_halves |= bool(batch.half)
            yield batch

    def _piece(self, piece: Piece) -> Iterator[Batch]:
        """A stretch of a file that has told what it is."""
        chosen = self.chosen if isinstance(self.chosen, Format) else formats.known()[piece.form]
        self.formats[str(piece)] = piece.form
        if piece.is_table:
            yield from chosen.decode(self._groups(piece), self.expected)
            return
        stretch = Stretch(piece, self.expected.sizes)
        yield from chosen.decode(self._hashed(piece, iter(stretch)), self.expected)
        self.lines[str(piece)] = stretch.lines

    def _groups(self, piece: Piece) -> Iterator[Block]:
        """Row groups of a Parquet file; what is torn has no digest."""
        for block in parquet.blocks(piece, self.expected.sizes):
            self.is_torn |= bool(block.trouble)
            yield block
        if not self.is_torn:
            self.digests[str(piece)] = parquet.digest(piece)

    def _file(self, path: Path | Listed, instead: Instead | None, *, is_named: bool = False) -> Iterator[Batch]:
        selection = self.expected.selection
        if selection is not None:
            selection.begin(str(path), _own(path, selection))
        begun = blocks(path, self.expected.sizes)
        taken, first = _first(begun)
        if first is None:
            self.digests[str(path)] = hashlib.sha256().hexdigest()
            return
        head = first.data[:HEAD_BYTES]
        if head.startswith(parquet.MAGIC):
            yield from self._parquet(path, instead)
            return
        if manifest.recognises(head) and not is_named:
            yield from self._manifest(path, self._hashed(path, chain(taken, begun)), instead)
            return
        name, chosen = (self.name, self.chosen) if isinstance(self.chosen, Format) else formats.told(head)
        stream = self._hashed(path, chain(taken, begun))
        if chosen is None or (first.trouble and first.reason == "unreadable"):
            yield from self._of_window(_unread(first), path)
            for _ in stream:
                pass
            return
        self.formats[str(path)] = name
        if chosen.is_json:
            stream = documents.lines(stream)
        decode = chosen.decode if instead is None else instead(name, chosen)
        yield from decode(stream, self.expected)

    def _parquet(self, path: Path | Listed, instead: Instead | None) -> Iterator[Batch]:
        names = parquet.footer(path).names
        name, chosen = (self.name, self.chosen) if isinstance(self.chosen, Format) else formats.of_table(names)
        self.digests[str(path)] = parquet.digest(path)
        if not chosen.reads_tables:
            why = f"a Parquet file, which format {name} does not read"
            yield from self._of_window(_rejected(Block(data=b"", path=str(path), line=1), "unknown_format", why), path)
            return
        self.formats[str(path)] = name
        decode = chosen.decode if instead is None else instead(name, chosen)
        yield from decode(self._watched(parquet.blocks(path, self.expected.sizes), path), self.expected)

    def _manifest(self, path: Path | Listed, stream: Iterator[Block], instead: Instead | None) -> Iterator[Batch]:
        """The files that a list of them names, each once; those that are not here are rejects."""
        data = b""
        for block in stream:
            data += block.data if len(data) <= LARGEST_MANIFEST_BYTES else b""
        named = manifest.files(path, data)
        whole = Block(data=b"", path=str(path), line=1)
        if named is None:
            why = f"a manifest that is torn, or longer than {LARGEST_MANIFEST_BYTES} bytes"
            yield from self._of_window(_rejected(whole, "not_json", why), path)
            return
        self.formats[str(path)] = "manifest"
        own = {str(file) for file in self.files}
        for name, file in dict(named).items():
            if file is None:
                lost = _rejected(whole, "not_here", f"the manifest names {name}, which is not here")
                yield from self._of_window(lost, path)
            elif str(file) not in own and str(file) not in self.digests:
                yield from self._file(file, instead, is_named=True)

    def _of_window(self, batch: Batch, path: Path | Listed) -> Iterator[Batch]:
        """A reject, if its file's time lies in the window."""
        selection = self.expected.selection
        if selection is None or selection.takes_untimed(str(path)):
            yield batch

    def _hashed(self, path: Path | Listed, stream: Iterator[Block]) -> Iterator[Block]:
        digest = hashlib.sha256()
        for block in stream:
            digest.update(block.data)
            yield block
            if self.watch is not None:
                self.watch(len(block.data))
        self.digests[str(path)] = digest.hexdigest()

    def _watched(self, stream: Iterator[Block], path: Path | Listed) -> Iterator[Block]:
        yield from stream
        if self.watch is not None:
            self.watch(size_bytes(path))


def _own(path: Path | Listed, selection: Selection) -> datetime:
    """The time of a file itself; of one that is gone meanwhile the window's, so that it is told there."""
    if isinstance(path, Listed):
        return path.own
    try:
        return own_time(path)
    except OSError:
        return selection.window.start if selection.window is not None else EPOCH


def _first(stream: Iterator[Block]) -> tuple[list[Block], Block | None]:
    """The first block that holds something, by which the file is told; where there is none, the one that says why.

    Before it the blocks that were taken, which are to be read too.
    """
    taken: list[Block] = []
    for block in stream:
        taken.append(block)
        if not block.trouble:
            return taken, block
    return taken, taken[0] if taken else None


def _unread(block: Block) -> Batch:
    """A file that no format reads: one record, rejected."""
    if block.trouble:
        return _rejected(block, block.reason, block.trouble)
    if b"\x00" in block.data[:HEAD_BYTES]:
        at = block.data.index(b"\x00")
        return _rejected(block, "not_text", f"byte {at + 1} is 0: a binary file")
    return _rejected(block, "unknown_format", f"none of {', '.join(formats.known())}")


def _rejected(block: Block, reason: str, why: str) -> Batch:
    sample = Sample(path=block.path, line=block.line, reason=reason, why=why)
    return Batch(rows=NO_ROWS, volume=Volume(records=1, rejected={reason: 1}), rejects=(sample,))


def _bounded(batches: Iterable[Batch], columns: int) -> Iterator[Batch]:
    """The batches, but for those that would bring the number of different columns over the limit: their rows are
    counted as rejected."""
    seen: set[str] = set()
    for batch in batches:
        names = seen.union(batch.rows.schema.names)
        if len(names) <= columns:
            seen = names
            yield batch
            continue
        why = f"{len(names)} different columns, more than {columns} (limit `columns`)"
        sample = Sample(path="", line=0, reason="too_many_columns", why=why)
        count = batch.rows.num_rows
        rejected = {**batch.volume.rejected}
        rejected["too_many_columns"] = rejected.get("too_many_columns", 0) + count
        volume = replace(batch.volume, rows=batch.volume.rows - count, rejected=rejected)
        yield Batch(rows=NO_ROWS, volume=volume, rejects=(*batch.rejects, sample))
