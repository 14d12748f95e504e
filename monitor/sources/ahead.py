"""Fetching ahead: small objects of a store come several at a time, and are handed on in their order."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from monitor.place import Url
from monitor.sources.listing import Listed

AT_ONCE = 8
MOST_BYTES = 2 << 20  # of one object, so that those that wait are few megabytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched(Listed):
    """A file as it was listed, whose bytes are on their way."""

    bytes: "Future[bytes]"


def ahead(files: Iterable[Path | Listed]) -> Iterator[Path | Listed]:
    """The same files; those of them that are small and lie in a store are fetched before their turn has come.

    What goes wrong with one is raised by `Fetched.bytes.result()`, when it is read.
    """
    files = tuple(files)
    if not any(_is_small(file) for file in files):
        yield from files
        return
    waiting: deque[Path | Listed] = deque()
    pool = ThreadPoolExecutor(max_workers=AT_ONCE)
    try:
        for file in files:
            waiting.append(_begun(file, pool))
            if len(waiting) > AT_ONCE:
                yield waiting.popleft()
        while waiting:
            yield waiting.popleft()
    finally:
        pool.shutdown(cancel_futures=True)


def _is_small(file: Path | Listed) -> bool:
    return isinstance(file, Listed) and isinstance(file.place, Url) and file.size <= MOST_BYTES


def _begun(file: Path | Listed, pool: ThreadPoolExecutor) -> Path | Listed:
    if not isinstance(file, Listed) or not isinstance(file.place, Url) or not _is_small(file):
        return file
    from monitor.sources import remote

    return Fetched(
        path=file.path,
        size=file.size,
        stamp=file.stamp,
        modified=file.modified,
        hour=file.hour,
        bytes=pool.submit(remote.read, file.place),
    )
