"""Files to batches: finds them, tells their format, reads every row once."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from monitor.batch import NO_ROWS, Batch, Block, Expected, Sample
from monitor.decode import FORMATS
from monitor.decode.format import Decode
from monitor.decode.payload import BOM
from monitor.errors import InputError
from monitor.profile import Volume
from monitor.sources.files import blocks, find

HEAD_BYTES = 65536
OBJECTS = "json"  # lines of JSON objects that no format reads; a script may


class Reading:
    """The batches of some files, in order of their paths; may be read more than once.

    `watch` is told the bytes of each block when it is done with. After a pass `digests` holds the SHA-256 of each
    file's bytes (unpacked), `formats` what each was read as.
    """

    def __init__(
        self,
        paths: Sequence[Path],
        expected: Expected,
        format: str = "auto",
        watch: Callable[[int], None] | None = None,
    ) -> None:
        if format != "auto" and format not in FORMATS:
            raise InputError(f"format {format!r}: unknown; one of auto, {', '.join(FORMATS)} would be right")
        self.files = find(paths)
        self.expected = expected
        self.format = format
        self.watch = watch
        self.digests: dict[str, str] = {}
        self.formats: dict[str, str] = {}

    def __iter__(self) -> Iterator[Batch]:
        return self.through(None)

    def through(self, instead: Callable[[str], Decode] | None) -> Iterator[Batch]:
        """The batches; `instead` is told each file's format and answers what decodes it in the format's place.

        It is also given what no format reads, lines of JSON objects, under the name `json`.
        """
        for path in self.files:
            yield from self._file(path, instead)

    @property
    def digest(self) -> str:
        """One digest for all files, whatever their names and order."""
        together = hashlib.sha256("\n".join(sorted(self.digests.values())).encode())
        return f"sha256:{together.hexdigest()}"

    def _file(self, path: Path, instead: Callable[[str], Decode] | None) -> Iterator[Batch]:
        first = next(iter(blocks(path)), None)
        if first is None:
            self.digests[str(path)] = hashlib.sha256().hexdigest()
            return
        name = self.format if self.format != "auto" else _told(first.data[:HEAD_BYTES])
        if not name and instead is not None and _is_object(first.data[:HEAD_BYTES]):
            name = OBJECTS
        if not name or first.trouble:
            yield _unread(first)
            for _ in self._hashed(path, blocks(path)):
                pass
            return
        self.formats[str(path)] = name
        decode = instead(name) if instead is not None else FORMATS[name].decode
        quoted = instead is None and FORMATS[name].quoted
        yield from decode(self._hashed(path, blocks(path, quoted=quoted)), self.expected)

    def _hashed(self, path: Path, stream: Iterator[Block]) -> Iterator[Block]:
        digest = hashlib.sha256()
        for block in stream:
            digest.update(block.data)
            yield block
            if self.watch is not None:
                self.watch(len(block.data))
        self.digests[str(path)] = digest.hexdigest()


def _told(head: bytes) -> str:
    """The format that recognises the first bytes; empty where none does."""
    if b"\x00" in head:
        return ""
    return next((name for name, known in FORMATS.items() if known.recognises(head)), "")


def _is_object(head: bytes) -> bool:
    return b"\x00" not in head and head.removeprefix(BOM).lstrip().startswith(b"{")


def _unread(block: Block) -> Batch:
    """A file that no format reads: one record, rejected."""
    if block.trouble:
        reason, why = "unreadable", block.trouble
    elif b"\x00" in block.data[:HEAD_BYTES]:
        at = block.data.index(b"\x00")
        reason, why = "not_text", f"byte {at + 1} is 0: a binary file"
    else:
        reason, why = "unknown_format", f"none of {', '.join(FORMATS)}"
    sample = Sample(path=block.path, line=block.line, reason=reason, why=why)
    return Batch(rows=NO_ROWS, volume=Volume(records=1, rejected={reason: 1}), rejects=(sample,))
