"""Look: one window as the policy sees it, counts on the baseline's cells and nothing else. Looks add up."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from monitor.arrays import packed, unpacked
from monitor.feature import Counts
from monitor.window import Window

Floats = NDArray[np.float64]


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

    def __add__(self, other: "Look") -> "Look":
        """Of both windows; the effect is the rows' mean."""
        rows = self.rows + other.rows
        part = self.rows / rows if rows else 0.5
        window = Window(start=min(self.window.start, other.window.start), end=max(self.window.end, other.window.end))
        return Look(
            window=window,
            rows=rows,
            counts=self.counts + other.counts,
            totals=self.totals + other.totals,
            effect=part * self.effect + (1 - part) * other.effect,
            joint=_together(self.joint, other.joint),
        )


def _together(a: Floats, b: Floats) -> Floats:
    """The mean by precision; of no pairs where the two are not of the same."""
    if a.shape != b.shape:
        return np.zeros((2, 0))
    precision = a[1] + b[1]
    sums = np.nan_to_num(a[0]) * a[1] + np.nan_to_num(b[0]) * b[1]
    z = np.divide(sums, precision, out=np.full(len(sums), np.nan), where=precision > 0)
    return np.stack([z, precision]).astype("f4").astype(np.float64)


def _narrow(counts: Counts) -> NDArray[np.int32] | Counts:
    return counts.astype(np.int32) if not len(counts) or counts.max() < 2**31 else counts


def regrouped(looks: Sequence[Look], windows: Sequence[Window]) -> tuple[Look, ...]:
    """The looks added up by the windows that they lie in; those in no window, or across two, are left out."""
    found: dict[Window, Look] = {}
    at = 0
    for look in sorted(looks, key=lambda each: each.window.start):
        while at < len(windows) and windows[at].end <= look.window.start:
            at += 1
        if at < len(windows) and windows[at].start <= look.window.start and look.window.end <= windows[at].end:
            before = found.get(windows[at])
            found[windows[at]] = look if before is None else before + look
    return tuple(found.values())
