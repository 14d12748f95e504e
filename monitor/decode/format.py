"""What a capture format is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.batch import Batch, Block, Expected
from monitor.decode.layout import Layout

Decode = Callable[[Iterator[Block], Expected], Iterator[Batch]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Where in the file each record of a block stood, ascending, when it was in UTC seconds, and whether it says so."""

    line: NDArray[np.int64]
    seconds: NDArray[np.int64]
    timed: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """`recognises(head)` is asked with the first bytes of a file; `decode` turns one file's blocks into batches.

    Every row of the file must come out in a batch or as a counted reject. `columns`: a columnar file that has all of
    one of these is recognised by them. `is_json`: a file may also be one JSON list of its records. `reads_tables`:
    blocks may hold the rows of a columnar file in place of bytes. `times`: when the records of a block were, where the
    format knows. `layout`: where a mapped log keeps what, by which the format is made anew elsewhere.
    """

    about: str
    recognises: Callable[[bytes], bool]
    decode: Decode
    columns: tuple[frozenset[str], ...] = ()
    is_json: bool = True
    reads_tables: bool = False
    times: Callable[[Block, Expected], Times] | None = None
    layout: Layout | None = None
