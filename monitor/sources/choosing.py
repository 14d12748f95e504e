"""Choosing: which of the listed files hold records of a window; and one digest of those that were read. Pure."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.sources.listing import Listed
from monitor.window import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What was seen of a file when it was last read: the times of its first and last record, if any had one.

    `is_half`: it holds requests or answers whose other halves are in other files.
    """

    size: int
    stamp: str
    first: datetime | None = None
    last: datetime | None = None
    is_half: bool = False


def chosen(listed: Iterable[Listed], known: Mapping[str, Known], window: Window, slack: timedelta) -> list[Listed]:
    """The files to read for a window: those that are new or have changed, and those whose records meet it.

    One that holds halves is read where its records come within `slack` of the window: the other halves may lie in it.
    """
    return [file for file in listed if _is_needed(file, known.get(file.path), window, slack)]


def input_digest(read: Iterable[Listed]) -> str:
    """What names the input of a window: the same files, sizes and stamps, in whatever order, give the same.

    >>> input_digest([])
    'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
    """
    lines = sorted(f"{file.path}\0{file.size}\0{file.stamp}\n" for file in read)
    return f"sha256:{hashlib.sha256(''.join(lines).encode('utf-8', 'surrogateescape')).hexdigest()}"


def _is_needed(file: Listed, known: Known | None, window: Window, slack: timedelta) -> bool:
    if known is None or (known.size, known.stamp) != (file.size, file.stamp):
        return True
    first = known.first if known.first is not None else file.own
    last = known.last if known.last is not None else file.own
    around = slack if known.is_half else timedelta(0)
    return first < window.end + around and last >= window.start - around
