"""Streams of looks for tests: shares as in the baseline, that wander and move when they are told to."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from monitor.policy.layout import Layout
from monitor.policy.look import Look
from monitor.stats.angle import angle, share_at
from monitor.window import Window

START = datetime(2026, 1, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
CUTS = np.arange(1, 10) / 10
TRAINED = 100_000
Moves = Mapping[str, Sequence[tuple[int, int, float]]]


def layout(features: Sequence[str], outputs: Sequence[str] = ()) -> Layout:
    """A baseline of so many numbers, known by their deciles."""
    size, cells = len(features), len(features) * len(CUTS)
    return Layout(
        features=tuple(features),
        owner=np.repeat(np.arange(size), len(CUTS)),
        outputs=np.array([name in outputs for name in features]),
        counts=np.tile((TRAINED * CUTS).astype(np.int64), size),
        totals=np.full(cells, TRAINED),
        effect=np.ones(size),
        places=tuple((f"at or below {cut:.1f}", f"above {cut:.1f}") for cut in np.tile(CUTS, size)),
        digest="of a test",
    )


def looks(
    of: Layout,
    count: int,
    *,
    rows: int = 1000,
    seed: int = 1,
    start: datetime = START,
    interval: timedelta = HOUR,
    moved: Moves | None = None,
) -> list[Look]:
    """Windows in a row. `moved` shifts a feature's shares from one window up to another, as angles: 0.4 is what half a
    standard deviation is at the median."""
    draw = np.random.default_rng(seed)
    base = angle(of.counts / np.maximum(of.totals, 1))
    found = []
    for number in range(count):
        shift = np.zeros(len(of.features))
        for name, stretches in (moved or {}).items():
            shift[of.features.index(name)] = sum(by for first, last, by in stretches if first <= number < last)
        found.append(
            Look(
                window=Window(start=start + number * interval, end=start + (number + 1) * interval),
                rows=rows,
                counts=draw.binomial(rows, share_at(base + shift[of.owner])),
                totals=np.full(len(of.owner), rows),
                effect=np.ones(len(of.features)),
            )
        )
    return found
