"""Tally: rows by stretch of time on the baseline's cells, counted while its profile is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from monitor.history import History
from monitor.measures.counted import Cells
from monitor.measures.stretches import Stretches
from monitor.profile import Profile, settled_effects
from monitor.stats.design_effect import pooled_design_effect

SAMPLED, PARTS = 64, 16  # so many stretches are counted in so many parts, to see how far rows repeat each other


class Tally:
    """Counts of all rows that have a time. What is counted adds up: neither order nor splits show."""

    def __init__(self, stretches: Stretches, base: Profile) -> None:
        self._stretches = stretches
        self._sampled = _spread(stretches)
        self._firsts, self._starts = _parts(stretches, self._sampled)
        self._cells = {
            name: np.zeros((len(self._starts), len(feature.cells)), np.uint32)
            for name, feature in base.features.items()
        }
        self._missing = {name: np.zeros(len(self._starts), np.uint32) for name in base.features}
        self._rows = np.zeros(len(self._starts), np.int64)

    def at(self, seconds: NDArray[np.int64] | None, timed: NDArray[np.bool_] | None) -> "Spot | None":
        """Where these rows are counted; those without a time are not."""
        if seconds is None or timed is None:
            return None
        which = np.searchsorted(self._starts, seconds, side="right") - 1
        owner = np.searchsorted(self._stretches.starts, seconds, side="right") - 1
        rows = np.flatnonzero(timed & (owner >= 0) & (seconds < self._stretches.ends[owner]))
        if not len(rows):
            return None
        stretches, local = np.unique(which[rows], return_inverse=True)
        self._rows[stretches] += np.bincount(local, minlength=len(stretches))
        return Spot(rows=rows, stretches=stretches, local=local, cells=self._cells, missing=self._missing)

    def history(self) -> History | None:
        """What was counted, without stretches that no row lies in; None where no row has a time."""
        rows = np.add.reduceat(self._rows, self._firsts)
        seen = rows > 0
        if not seen.any():
            return None
        cells = [np.add.reduceat(counts, self._firsts, dtype=np.int64)[seen] for counts in self._cells.values()]
        missing = [np.add.reduceat(counts, self._firsts, dtype=np.int64)[seen] for counts in self._missing.values()]
        return History(
            starts=self._stretches.starts[seen],
            ends=self._stretches.ends[seen],
            rows=rows[seen],
            widths={name: counts.shape[1] for name, counts in self._cells.items()},
            cells=np.concatenate([*cells, np.zeros((int(seen.sum()), 0), np.int64)], axis=1),
            missing=np.column_stack(missing) if missing else np.zeros((int(seen.sum()), 0), np.int64),
            effects=self._effects(),
            unit=self._stretches.unit,
            older=int(seen[: self._stretches.older].sum()),
        )

    def _effects(self) -> Mapping[str, float]:
        parts = (self._firsts[self._sampled][:, None] + np.arange(PARTS)).astype(np.int64)
        own = {name: pooled_design_effect(counts[parts, :-1].astype(np.int64)) for name, counts in self._cells.items()}
        return {name: effect for name, (effect, _) in settled_effects(own).items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where the rows of a batch are counted: those at `rows`, in the stretches `stretches[local]`."""

    rows: NDArray[np.int64]
    stretches: NDArray[np.int64]
    local: NDArray[np.int64]
    cells: Mapping[str, NDArray[np.uint32]]
    missing: Mapping[str, NDArray[np.uint32]]

    def count(self, names: Sequence[str], cells: Sequence[Cells], columns: Sequence[pa.Array]) -> None:
        """Count some columns, each with the cell of each of its rows."""
        for each in zip(names, cells, columns, strict=True):
            self._count(*each)

    def _count(self, name: str, cells: Cells, column: pa.Array) -> None:
        width, height = self.cells[name].shape[1], len(self.stretches)
        counts = np.bincount(self.local * width + cells[self.rows], minlength=height * width)
        self.cells[name][self.stretches] += counts.reshape(height, width).astype(np.uint32)
        if column.null_count:
            gone = column.is_null().to_numpy(zero_copy_only=False)[self.rows]
            self.missing[name][self.stretches] += np.bincount(self.local[gone], minlength=height).astype(np.uint32)


def _spread(stretches: Stretches) -> list[int]:
    """Which stretches are counted in parts: evenly spread over those that are no coarser than they need be."""
    fine = np.flatnonzero((stretches.ends - stretches.starts >= PARTS)[stretches.older :]) + stretches.older
    chosen = np.unique(np.linspace(0, len(fine) - 1, min(SAMPLED, len(fine))).round().astype(np.int64))
    return [int(i) for i in fine[chosen]]


def _parts(stretches: Stretches, sampled: list[int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The place of each stretch's first part, and where every part begins."""
    starts: list[NDArray[np.int64]] = []
    cut = set(sampled)
    for i, (start, end) in enumerate(zip(stretches.starts.tolist(), stretches.ends.tolist(), strict=True)):
        starts.append(start + (end - start) * np.arange(PARTS if i in cut else 1) // PARTS)
    lengths = np.array([len(part) for part in starts])
    return np.cumsum(lengths) - lengths, np.concatenate(starts)
