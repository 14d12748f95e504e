"""History: the rows of a baseline by stretch of time, on its cells: how its features went while it was collected."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.arrays import packed, unpacked
from monitor.feature import Counts

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Stretch i runs from `starts[i]` to `ends[i]`, seconds of UTC time; in order, none overlap, each has rows.

    `cells`, shape (stretches, sum of widths), has the cells of all features side by side, `widths` how many each has;
    `missing`, shape (stretches, features), counts rows without a value, `rows` all that have a time. `effects` says how
    many times over rows that lie close in time repeat each other. Stretches are each a `unit` long (hour, day, or
    window), but for the oldest, which are days where there are too many.
    """

    starts: Counts
    ends: Counts
    rows: Counts
    widths: Mapping[str, int]
    cells: Counts
    missing: Counts
    effects: Mapping[str, float]
    unit: str = "hour"
    older: int = 0

    def __post_init__(self) -> None:
        long = len(self.starts)
        shapes = ((long,), (long,), (long,), (long, sum(self.widths.values())), (long, len(self.widths)))
        arrays = (self.starts, self.ends, self.rows, self.cells, self.missing)
        if not long or tuple(array.shape for array in arrays) != shapes or self.effects.keys() != self.widths.keys():
            raise ValueError("arrays that do not fit each other")
        if (self.ends <= self.starts).any() or (self.starts[1:] < self.ends[:-1]).any():
            raise ValueError("stretches that are in no order")

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def span(self) -> tuple[datetime, datetime]:
        """Where the first stretch begins, and the last one ends."""
        return moment(int(self.starts[0])), moment(int(self.ends[-1]))

    def of(self, name: str) -> tuple[Counts, Counts]:
        """Cells of a feature by stretch, shape (stretches, width), and its rows without a value, shape (stretches,)."""
        names = list(self.widths)
        first = sum(self.widths[other] for other in names[: names.index(name)])
        return self.cells[:, first : first + self.widths[name]], self.missing[:, names.index(name)]

    def packed(self) -> bytes:
        """As bytes, each number as short as all of its kind may be; `unpacked` reads them."""
        head = {"unit": self.unit, "older": self.older, "widths": dict(self.widths), "effects": dict(self.effects)}
        arrays = {"starts": self.starts, "ends": self.ends, "rows": self.rows}
        return packed(head, arrays | {"cells": narrow(self.cells), "missing": narrow(self.missing)})

    @classmethod
    def unpacked(cls, data: bytes) -> "History":
        """ValueError for bytes that are none."""
        head, packed_arrays = unpacked(data)
        arrays = {name: array.astype(np.int64) for name, array in packed_arrays.items()}
        given: dict[str, Any] = {**head, **arrays}
        try:
            return cls(**given)
        except (TypeError, AttributeError) as error:
            raise ValueError(f"no history: {error}") from None

    @property
    def digest(self) -> str:
        """Of what it says, whatever it is packed by."""
        found = hashlib.sha256(repr([self.unit, self.older, *self.widths.items(), *self.effects.items()]).encode())
        for array in (self.starts, self.ends, self.rows, narrow(self.cells), narrow(self.missing)):
            found.update(np.ascontiguousarray(array).tobytes())
        return f"sha256:{found.hexdigest()}"


def narrow(counts: Counts) -> NDArray[np.unsignedinteger]:
    """The same in the shortest type that holds them."""
    return counts.astype(np.min_scalar_type(int(counts.max(initial=0))))


def moment(seconds: int) -> datetime:
    """The aware UTC time of a second."""
    return EPOCH + timedelta(seconds=seconds)
