"""Streams of looks for tests: numbers with known shares at their cuts, that wander and move when they are told to."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
from scipy.special import ndtr, ndtri

from monitor.policy.layout import Layout
from monitor.policy.look import Look
from monitor.window import Window

START = datetime(2026, 1, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
CUTS = ndtri(np.arange(1, 10) / 10)
"""Of a unit normal."""
TRAINED = 100_000


def layout(features: Sequence[str], outputs: Sequence[str] = ()) -> Layout:
    """A baseline of so many unit normals."""
    size, cells = len(features), len(features) * len(CUTS)
    return Layout(
        features=tuple(features),
        owner=np.repeat(np.arange(size), len(CUTS)),
        outputs=np.array([name in outputs for name in features]),
        counts=np.tile(np.round(TRAINED * ndtr(CUTS)).astype(np.int64), size),
        totals=np.full(cells, TRAINED),
        effect=np.ones(size),
        places=tuple((f"at or below {cut:.2g}", f"above {cut:.2g}") for cut in np.tile(CUTS, size)),
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
    wander: float = 0.0,
    moved: Mapping[str, tuple[int, int, float]] | None = None,
) -> list[Look]:
    """Windows in a row. `wander` is how far a feature's mean strays from window to window, in standard deviations;
    `moved` shifts it by so many from one window up to another."""
    draw = np.random.default_rng(seed)
    found = []
    for number in range(count):
        means = draw.normal(0, wander, len(of.features)) if wander else np.zeros(len(of.features))
        for name, (first, last, by) in (moved or {}).items():
            means[of.features.index(name)] += by if first <= number < last else 0.0
        values = draw.normal(means, 1, (rows, len(of.features)))
        counts = np.stack([(values <= cut).sum(axis=0) for cut in CUTS], axis=1).reshape(-1)
        found.append(
            Look(
                window=Window(start=start + number * interval, end=start + (number + 1) * interval),
                rows=rows,
                counts=counts,
                totals=np.full(len(counts), rows),
                effect=np.ones(len(of.features)),
            )
        )
    return found
