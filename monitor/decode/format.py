"""What a capture format is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from monitor.batch import Batch, Block, Expected

Decode = Callable[[Iterator[Block], Expected], Iterator[Batch]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """`recognises(head)` is asked with the first bytes of a file; `decode` turns one file's blocks into batches.

    Every row of the file must come out in a batch or as a counted reject. `quoted`: line ends inside double quotes
    belong to the value.
    """

    about: str
    recognises: Callable[[bytes], bool]
    decode: Decode
    quoted: bool = False
