"""Opening: the bytes of a file, local or in a store, packed or not; what has been listed is opened as it was."""

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pyarrow as pa

from monitor.place import Url
from monitor.sources.ahead import Fetched
from monitor.sources.listing import Listed

if TYPE_CHECKING:
    from monitor.sources.remote import Stream

File: TypeAlias = Path | Url | Listed
"""What can be opened; its text is its path or URL."""

ENDINGS = {".gz": "gzip", ".zst": "zstd", ".bz2": "bz2", ".lz4": "lz4"}
PACKED = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd", b"BZh": "bz2", b"\x04\x22\x4d\x18": "lz4"}


def stream(file: File, *, is_random: bool = False) -> "Stream | None":
    """The bytes of an object in a store; None for a local file, which needs none of this."""
    place, size = (file.place, file.size) if isinstance(file, Listed) else (file, None)
    if isinstance(place, Path):
        return None
    from monitor.sources import remote

    if isinstance(file, Fetched):
        return remote.fetched(place, file.bytes.result())
    return remote.opened(place, size, is_random=is_random)


def local(file: File) -> Path:
    """The path of a local file."""
    return file if isinstance(file, Path) else Path(str(file))


def size_bytes(file: File) -> int:
    """How large a file is."""
    if isinstance(file, Listed):
        return file.size
    return file.stat().st_size if isinstance(file, Path) else 0


class unpacked:
    """The unpacked bytes of a file, and the size against which its growth is held: none where it is not packed."""

    def __init__(self, file: File) -> None:
        self.remote = stream(file)
        if self.remote is None:
            path = local(file)
            with path.open("rb") as opened:
                head = opened.read(4)
            size = path.stat().st_size
        else:
            head = self.remote.read(4)
            size = self.remote.size_bytes
            self.remote.seek(0)
        by_name = ENDINGS.get(Path(str(file)).suffix) if head else None
        packed = next((name for magic, name in PACKED.items() if head.startswith(magic)), by_name)
        self.size = size if packed else math.inf
        source: Any = self.remote if self.remote is not None else str(path)
        self.stream = source if self.remote is not None and not packed else pa.input_stream(source, compression=packed)

    def __enter__(self) -> tuple[Any, float]:
        return self.stream, self.size

    def __exit__(self, *_: object) -> None:
        try:
            self.stream.close()
        finally:
            if self.remote is not None:
                self.remote.leave()
