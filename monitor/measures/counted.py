"""Rows by cell and stretch, of many columns side by side: a state that adds up in one go, and not column by column."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from monitor.feature import add_slices
from monitor.profile import Measured
from monitor.slices import Slices

Cells: TypeAlias = NDArray[np.integer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Rows by stretch of reading order, and of time where any has one; the cells of columns one behind the other."""

    order: Slices
    time: Slices | None

    def __add__(self, other: "Counted") -> "Counted":
        """Further rows of the same columns."""
        time = add_slices(self.time, other.time)
        return Counted(order=self.order + other.order, time=time)

    @classmethod
    def beside(cls, parts: Sequence["Counted"]) -> "Counted":
        """All columns of the same rows, from those of some of them."""
        times = [part.time for part in parts if part.time is not None]
        return cls(order=_beside([part.order for part in parts]), time=_beside(times) if times else None)

    def given(self, features: Mapping[str, Measured], groups: Iterable[Sequence[str]]) -> dict[str, Measured]:
        """The features with their counts; `groups` are their names in the order in which they were counted."""
        found, at = dict(features), 0
        for name in chain.from_iterable(groups):
            end = at + len(features[name].cells)
            order, time = _some(self.order, at, end), None if self.time is None else _some(self.time, at, end)
            found[name] = replace(features[name], cells=order.counts.sum(axis=0), by_order=order, by_time=time)
            at = end
        return found


def _beside(slices: Sequence[Slices]) -> Slices:
    return replace(slices[0], counts=np.concatenate([each.counts for each in slices], axis=1))


def _some(slices: Slices, at: int, end: int) -> Slices:
    return replace(slices, counts=slices.counts[:, at:end].copy())
