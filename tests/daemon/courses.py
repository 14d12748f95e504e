"""The policy on a real ledger without captures: windows of a small model come in any order, as a daemon judges them."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
from daemon.parts import HOUR, NINE, configuration, window, worked

from monitor.baseline import Baseline
from monitor.config.grammar import Monitor
from monitor.daemon import alarms, bundle
from monitor.daemon.following import Following
from monitor.daemon.task import Answer
from monitor.policy.answer import Answer as Said
from monitor.profile import Profile
from monitor.store import evidence, marks
from monitor.store.database import Database
from monitor.store.ledger import Ledger
from monitor.store.words import Claim, Done, Event, Finished
from monitor.testing import profile

QUICK = "}, alarm: {learn: {for: 1h, at_least: 6 windows}"
LEASE = timedelta(seconds=30)
LATER = NINE + 1000 * HOUR
ROWS = 400


def columns(seed: int, rows: int = ROWS, *, moved: float = 0.0) -> dict[str, Sequence[Any]]:
    rng = np.random.default_rng(seed)
    return {
        "score": rng.random(rows).round(3).tolist(),
        "age": rng.normal(40 + 12 * moved, 12, rows).round(1).tolist(),
        "city": rng.choice(["a", "b", "c"], rows).tolist(),
    }


BASE = profile(columns(999, 4000))


def baseline(digest: str = "sha256:1") -> Baseline:
    return Baseline(name="base", version="v1", profile=BASE, columns=tuple(BASE.features), digest=digest)


def monitor(folder: Path, more: str = QUICK) -> Monitor:
    return configuration(folder, more).monitors["m"].monitor


def hour(number: int, *, moved_from: int = 10**6, rows: int = ROWS) -> Profile:
    """What an hour holds; its first `rows` rows."""
    whole = columns(number, moved=1.5 if number >= moved_from else 0.0)
    return profile({name: values[:rows] for name, values in whole.items()}, BASE)


@dataclass
class Course:
    """A monitor with its ledger, and what it said of each window."""

    database: Database
    monitor: Monitor
    base: Baseline = field(default_factory=baseline)
    moved_from: int = 10**6
    said: dict[int, Said] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.database, "me")

    def plan(self, numbers: Collection[int]) -> None:
        """Windows to be judged, whether for the first time or again."""
        self.ledger.reopen("m", [window(number) for number in numbers], "backfill", LATER)

    def run(self, *, rows: int = ROWS) -> list[Finished]:
        """Judge all that is open, each window on its first `rows` rows."""
        found = []
        while (claim := self.ledger.claim(["m"], LEASE, LATER)) is not None:
            done = self.finish(claim, self.judged(claim, rows))
            found.append(done)
        return found

    def judged(self, claim: Claim, rows: int = ROWS) -> Done:
        number = (claim.window.start - NINE) // HOUR
        with self.database.read() as connection:
            kept = evidence.prior(connection, "m", claim.window)
            said = marks.marks(connection, "m")
        sent = bundle.packed([*kept.before, *kept.after])
        following = Following(monitor=self.monitor, window=claim.window, prior=bundle.unpacked(sent), marks=said)
        self.said[number] = following(hour(number, moved_from=self.moved_from, rows=rows), self.base)
        rows_kept = bundle.unpacked(bundle.packed(following.rows))
        answer = Answer(replayed=following.replayed)
        events: tuple[Event, ...] = tuple(alarms.events(claim, answer, rows_kept))
        return Done(
            status="ok",
            report=worked().report,
            profile=b"{}",
            figures={},
            evidence=rows_kept,
            replays=bool(following.replayed),
            outbox=events,
        )

    def finish(self, claim: Claim, done: Done) -> Finished:
        found = self.ledger.finish(claim, done, LATER)
        assert found is not None
        return found

    def kept(self) -> list[tuple[Any, ...]]:
        """All that the policy keeps of the monitor, but for what windows between said."""
        c = evidence.EVIDENCE.c
        with self.database.read() as connection:
            query = evidence.select(c.start_at, c.since_at, c.look, c.learned, c.memory).order_by(c.end_at)
            return [tuple(row) for row in connection.execute(query)]

    def told(self) -> list[tuple[str, dict[str, Any]]]:
        """Events by kind, in order of their windows."""
        with self.database.read() as connection:
            rows = connection.exec_driver_sql("SELECT kind, body FROM outbox ORDER BY end_at, kind, revision").all()
        return [(kind, json.loads(body)) for kind, body in rows]
