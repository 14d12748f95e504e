"""Split: what is read in one go by one worker; whole files, or a piece of a large one."""

from dataclasses import dataclass
from typing import TypeAlias

from monitor.sources.listing import Listed
from monitor.sources.pieces import Piece

Files: TypeAlias = tuple[Listed | Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Files in the order in which they are read; paths are absolute or URLs, as every worker sees them."""

    files: Files

    @property
    def size(self) -> int:
        """Bytes, as they are stored."""
        return sum(stored(file) for file in self.files)


def stored(file: Listed) -> int:
    """How many bytes of it there are to read."""
    if isinstance(file, Piece):
        return (file.size if file.end is None else file.end) - file.start
    return file.size
