"""Traffic for the policy: looks drawn on a layout of normal features, cut where a baseline cuts."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from scipy.special import ndtr, ndtri

from monitor.cells import LEVELS
from monitor.policy.layout import Layout
from monitor.policy.life import Life, Step, begun, stepped
from monitor.policy.look import Look
from monitor.policy.plan import Plan
from monitor.window import Window

START = datetime(2026, 1, 5, tzinfo=UTC)
CUTS = ndtri(np.array(LEVELS))
HOUR = timedelta(hours=1)


def layout(features: int = 5, rows: int = 50_000, digest: str = "base") -> Layout:
    """Normal features, each with eleven cuts and the share of rows without a value (none in the baseline)."""
    shares = np.append(np.array(LEVELS), 0.0)
    places = tuple((f"at or below {cut:.2f}", f"above {cut:.2f}") for cut in CUTS)
    return Layout(
        features=tuple(f"x{number}" for number in range(features)),
        owner=np.repeat(np.arange(features), len(shares)),
        outputs=np.zeros(features, dtype=bool),
        counts=np.tile(np.round(shares * rows).astype(np.int64), features),
        totals=np.full(features * len(shares), rows),
        effect=np.ones(features),
        places=(*places, ("without a value", "with a value")) * features,
        digest=digest,
    )


def plan(features: int = 5, interval: timedelta = HOUR, **options: Any) -> Plan:
    return Plan(layout=options.pop("layout", layout(features)), interval=interval, length=interval, **options)


class Traffic:
    """Windows of `rows` rows in a row; each is drawn where the means of the features are just then."""

    def __init__(self, plan: Plan, seed: int, rows: int = 1000) -> None:
        self.plan, self.rows, self.number = plan, rows, 0
        self._rng = np.random.default_rng(seed)

    def look(self, means: float | Sequence[float] = 0.0, missing: float = 0.0) -> Look:
        features = len(self.plan.layout.features)
        at = np.broadcast_to(np.asarray(means, dtype=float), (features,))
        counts = []
        for mean in at:
            gone = int(self._rng.binomial(self.rows, missing))
            shares = np.diff(np.concatenate([[0.0], ndtr(CUTS - mean), [1.0]]))
            below = np.cumsum(self._rng.multinomial(self.rows - gone, shares))[:-1]
            counts.append(np.append(below, gone))
        totals = [np.append(np.full(len(CUTS), self.rows - one[-1]), self.rows) for one in counts]
        start = START + self.number * self.plan.interval
        self.number += 1
        return Look(
            window=Window(start=start, end=start + self.plan.interval),
            rows=self.rows,
            counts=np.concatenate(counts).astype(np.int64),
            totals=np.concatenate(totals).astype(np.int64),
            effect=np.ones(features),
        )

    def looks(self, number: int, means: float | Sequence[float] = 0.0) -> list[Look]:
        return [self.look(means) for _ in range(number)]


class Followed:
    """A life that is fed look by look; keeps what it still needs."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.life: Life | None = None
        self.past: list[Look] = []
        self.steps: list[Step] = []

    def feed(self, *looks: Look) -> "Followed":
        for look in looks:
            if self.life is None:
                self.life = begun(self.plan, look)
            since = self.life.memory.notes.since
            self.past = [one for one in self.past if since is not None and one.window.start.isoformat() >= since]
            self.life, step = stepped(self.life, look, self.past, self.plan)
            self.past.append(look)
            self.steps.append(step)
        return self

    def said(self, what: str) -> list[tuple[int, str | None]]:
        """When a word was said, by the number of the window from 0, and of whom."""
        return [(at, word.feature) for at, step in enumerate(self.steps) for word in step.words if word.what == what]
