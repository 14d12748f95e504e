"""Batch: decoded rows by column, and what was read to get them."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from monitor.each import Each
from monitor.profile import Volume
from monitor.selection import Selection
from monitor.sizes import STANDARD, Sizes

Half = Literal["", "request", "answer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Whole lines of one file: at most a few megabytes, unless one line is longer.

    `line` is the number of its first line, from 1. `trouble` says why a line or the rest of the file cannot be read, in
    place of bytes, and `reason` what it is counted as.
    `rows`: a file that holds columns and not text (Parquet) comes as these, and `line` counts its rows.
    """

    data: bytes
    path: str
    line: int
    is_first: bool = False
    trouble: str = ""
    reason: str = "unreadable"
    rows: pa.RecordBatch | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What the baseline says of the columns: their names in order, and which of them hold texts.

    `whole` are all columns that its own rows had, where some are no features but ids, times or true values: captures
    may come without these. Nothing is expected (`names` empty) while a baseline is made; columns then take the names
    they bring. `sizes` are the limits beyond which a record is refused. `selection` says which records a window takes;
    None: all are. `each` asks a function of many blocks, several at a time where it is that of threads.
    """

    names: tuple[str, ...] = ()
    texts: frozenset[str] = frozenset()
    header: str = "auto"
    sizes: Sizes = STANDARD
    whole: tuple[str, ...] = ()
    selection: Selection | None = None
    each: Each = map


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One rejected record: where it stood, why it was rejected, and its shape; the text itself is not kept.

    `shape` is the beginning of the record with letters as `a` and digits as `0`.
    """

    path: str
    line: int
    reason: str
    why: str = ""
    shape: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Rows of a block. `rows` holds texts, int64, double or bool columns; a null is a missing value. Where
    blocks were put together to be measured, they are a table in pieces.

    `seconds` is the event time of each row in UTC seconds, `timed` whether it has one. `outputs` names the columns
    that came from the answer. `positions`: the columns had no names of their own. `ids` is the id of each row, a null
    where it has none. `about` holds what else is known of each row and is no feature: what the log says besides, and
    columns whose role is not to be judged.

    `half`: the rows are requests or answers whose other half is logged apart, a record each, and hold its payload as it
    came; each is to be joined with the one of the same id.

    `when`: a window has still to choose among the rows, by a column's time or, where they have none, by this one.

    `places` is where each row stood among those of its record, from 0; None where every record is one row.
    """

    rows: pa.RecordBatch | pa.Table
    volume: Volume
    seconds: NDArray[np.int64] | None = None
    timed: NDArray[np.bool_] | None = None
    outputs: tuple[str, ...] = ()
    positions: bool = False
    rejects: tuple[Sample, ...] = ()
    ids: pa.StringArray | None = None
    about: pa.RecordBatch | None = None
    half: Half = ""
    when: NDArray[np.int64] | None = None
    places: NDArray[np.int64] | None = None

    def take(self, at: NDArray[np.int64]) -> "Batch":
        """The rows at these places, with all that goes with each; the volume as it is."""
        return replace(self, rows=self.rows.take(pa.array(at))).beside(at)

    def beside(self, at: NDArray[np.int64]) -> "Batch":
        """What goes with each row for those at these places; the rows themselves as they are."""
        return replace(
            self,
            seconds=None if self.seconds is None else self.seconds[at],
            timed=None if self.timed is None else self.timed[at],
            ids=None if self.ids is None else self.ids.take(pa.array(at)),
            about=None if self.about is None else self.about.take(pa.array(at)),
            when=None if self.when is None else self.when[at],
            places=None if self.places is None else self.places[at],
        )

    @property
    def uncounted(self) -> "Batch":
        """The rows, and nothing else of what was read to get them."""
        rows = 0 if self.half else self.rows.num_rows
        return replace(self, volume=Volume(rows=rows), rejects=())


NO_ROWS = pa.RecordBatch.from_arrays([], names=[])
