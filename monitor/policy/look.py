"""Look: one window as the policy sees it, counts on the baseline's cells and nothing else."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from monitor.arrays import packed, unpacked
from monitor.feature import Counts
from monitor.window import Window

Floats = NDArray[np.float64]
OFF = 12
"""A window's looks may be off by this part of its length: two hours of a day, which are others in winter and summer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """`counts` of `totals` rows, shape (cells,), as the layout orders them; `effect` the design effect, (features,).

    `rows` are those of the window. A feature that was not there has totals of 0. `joint` are Fisher's z of pairs of
    features and one over its variance, (2, pairs); of no pairs where that was not measured.
    """

    window: Window
    rows: int
    counts: Counts
    totals: Counts
    effect: Floats
    joint: Floats = field(default_factory=lambda: np.zeros((2, 0)))

    def packed(self) -> bytes:
        """As bytes; `unpacked` reads them."""
        head = {"start": self.window.start.isoformat(), "end": self.window.end.isoformat(), "rows": self.rows}
        arrays = {"counts": _narrow(self.counts), "totals": _narrow(self.totals), "effect": self.effect.astype("f4")}
        return packed(head, arrays | {"joint": self.joint.astype("f4")})

    @classmethod
    def unpacked(cls, data: bytes) -> "Look":
        """ValueError for bytes that are none."""
        head, arrays = unpacked(data)
        window = Window(start=datetime.fromisoformat(head["start"]), end=datetime.fromisoformat(head["end"]))
        return cls(
            window=window,
            rows=head["rows"],
            counts=arrays["counts"].astype(np.int64),
            totals=arrays["totals"].astype(np.int64),
            effect=arrays["effect"].astype(np.float64),
            joint=arrays["joint"].astype(np.float64) if "joint" in arrays else np.zeros((2, 0)),
        )


def _pooled(joints: Sequence[Floats]) -> Floats:
    """The means by precision; of no pairs where they are not all of the same."""
    if len({one.shape for one in joints}) != 1:
        return np.zeros((2, 0))
    precision = np.sum([one[1] for one in joints], axis=0)
    sums = np.sum([np.nan_to_num(one[0]) * one[1] for one in joints], axis=0)
    z = np.divide(sums, precision, out=np.full(len(sums), np.nan), where=precision > 0)
    return np.stack([z, precision]).astype("f4").astype(np.float64)


def _narrow(counts: Counts) -> NDArray[np.int32] | Counts:
    return counts.astype(np.int32) if not len(counts) or counts.max() < 2**31 else counts


def regrouped(looks: Sequence[Look], windows: Iterable[Window]) -> tuple[Look, ...]:
    """The looks, none of which overlap, added up by windows, which may.

    A look across an edge is counted to the window that holds its middle. A window that is so off by more than a twelfth
    of its length at one of its edges is left out; so is one that reaches as far beyond the looks' span, or has none.
    """
    ordered = sorted(looks, key=lambda look: look.window.start)
    starts, ends = [look.window.start for look in ordered], [look.window.end for look in ordered]
    found = []
    for window in windows:
        low, high = bisect_right(ends, window.start), bisect_left(starts, window.end)
        if low >= high:
            continue
        (has_first, first_off), (has_last, last_off) = (_placed(ordered[i].window, window) for i in (low, high - 1))
        low, high = low + (not has_first), high - (not has_last)
        missed = (starts[0] - window.start, window.end - ends[-1], first_off, last_off)
        if low < high and max(missed) <= window.length / OFF:
            found.append(_together(ordered[low:high], window))
    return tuple(found)


def _placed(look: Window, window: Window) -> tuple[bool, timedelta]:
    """Whether a look's middle lies in the window, and how much of the look, or of the window, is then misplaced."""
    shared = min(look.end, window.end) - max(look.start, window.start)
    is_inside = look.start + look.length / 2 in window
    return is_inside, look.length - shared if is_inside else shared


def _together(looks: Sequence[Look], window: Window) -> Look:
    if len(looks) == 1:
        return replace(looks[0], window=window)
    rows = np.array([look.rows for look in looks])
    weights = rows / rows.sum() if rows.any() else np.full(len(rows), 1 / len(rows))
    return Look(
        window=window,
        rows=int(rows.sum()),
        counts=np.sum([look.counts for look in looks], axis=0),
        totals=np.sum([look.totals for look in looks], axis=0),
        effect=np.array(weights @ np.array([look.effect for look in looks])),
        joint=_pooled([look.joint for look in looks]),
    )
