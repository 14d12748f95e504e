"""One window, no history: what `driftd check` says, with real profiles through the shipped rule."""

from collections.abc import Sequence
from functools import partial

import numpy as np
import pyarrow as pa

from benchmarks.verdicts.run import Make
from benchmarks.verdicts.table import Row, share
from benchmarks.verdicts.trial import Outcome, Trial
from benchmarks.verdicts.worlds import Floats
from monitor import rulepath
from monitor.finding import Finding, Status
from monitor.judge import judge
from monitor.library import make_baseline
from monitor.measures.window import measure
from monitor.profile import Profile
from monitor.rule import Check
from monitor.tables import InMemory

FEATURES, ROWS, BASE_ROWS, WINDOWS = 31, 1000, 50_000, 50
CORRELATION = 0.3


def table(values: Floats) -> pa.Table:
    """(rows, features) as columns f0, f1, ..."""
    return pa.table({f"f{i}": column for i, column in enumerate(values.T)})


def rows(rng: np.random.Generator, count: int, features: int, repeat: int = 1) -> Floats:
    """Correlated normal features; each row `repeat` times running."""
    shared = np.sqrt(CORRELATION) * rng.normal(size=(count // repeat, 1))
    values = np.sqrt(1 - CORRELATION) * rng.normal(size=(count // repeat, features)) + shared
    return np.repeat(values, repeat, axis=0)


def judged(values: Floats, base: Profile, checks: Sequence[Check]) -> tuple[Finding, ...]:
    """The findings on these rows."""
    return judge(measure(InMemory(table(values)), base), base, checks)


def windows(
    repeat: int,
    shift: float,
    rng: np.random.Generator,
    make: Make,  # noqa: ARG001
    count: int = WINDOWS,
) -> Outcome:
    """Windows against one baseline: how many were called moved, in how many was the moved feature."""
    base = make_baseline(table(rows(rng, BASE_ROWS, FEATURES))).profile
    checks = [Check(rule=rulepath.shipped()["drift"])]
    called = named = 0
    for _ in range(count):
        values = rows(rng, ROWS, FEATURES, repeat)
        values[:, 0] += shift
        moved = {f.feature for f in judged(values, base, checks) if f.status is Status.VIOLATED}
        called, named = called + bool(moved), named + ("f0" in moved)
    return {"windows": count, "called": called, "named": named}


def _rows(words: str, shift: float, outcomes: Sequence[Outcome]) -> list[Row]:
    total = sum(o["windows"] for o in outcomes)
    called, named = sum(o["called"] for o in outcomes), sum(o["named"] for o in outcomes)
    if shift:
        passed, must = named >= 0.85 * total, "found in at least 85 %"
        return [Row("A26", words, must, f"{share(named, total)} of {total} windows", passed)]
    must = "at most 5 % of windows called moved"
    return [Row("A26", words, must, f"{share(called, total)} of {total} windows", called <= 0.05 * total)]


def trials() -> list[Trial]:
    """A26: rows that repeat each other and rows that do not, nothing moved and half a standard deviation."""
    found = []
    for repeat in (5, 1):
        for shift in (0.0, 0.5):
            how = f"every row {repeat} times" if repeat > 1 else "independent rows"
            words = f"one window, 31 features, n = 1,000, {how}, {f'{shift} sd in one' if shift else 'no drift'}"
            one, rows_of = partial(windows, repeat, shift), partial(_rows, words, shift)
            found.append(Trial(name=f"one window {repeat} {shift}", one=one, rows=rows_of, runs=10, short=1))
    return found
