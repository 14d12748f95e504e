"""Arrow files that appear whole or not at all, and are on the disk when they do; read some rows at a time."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pyarrow as pa

from monitor.errors import SourceError

UNFINISHED = ".unfinished-"
COMPRESSED = pa.ipc.IpcWriteOptions(compression="zstd")


@contextmanager
def written(path: Path, run_id: str) -> Iterator[IO[bytes]]:
    """A file that takes its name when it is whole; what is left of one that was cut off begins with `UNFINISHED`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.parent / f"{UNFINISHED}{run_id}-{path.name}"
    try:
        with made.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(made, path)
        _sync(path.parent)
    finally:
        made.unlink(missing_ok=True)


def read(path: Path) -> Iterator[pa.RecordBatch]:
    """The batches of such a file. Raises SourceError where it is gone or is none."""
    try:
        with pa.OSFile(str(path)) as file, pa.ipc.open_stream(file) as stream:
            yield from stream
    except (OSError, pa.ArrowInvalid) as error:
        raise SourceError(f"{path}: cannot be read: {' '.join(str(error).split())}") from None


def sweep(folder: Path) -> int:
    """Remove what was cut off; how many files. Only while nobody writes."""
    left = list(folder.glob(f"**/{UNFINISHED}*")) if folder.is_dir() else []
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    except OSError:  # a file system that cannot
        pass
    finally:
        os.close(handle)
