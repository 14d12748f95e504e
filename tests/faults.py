"""Real windows of real traffic with one fault planted, and what fires in them."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
from traffic import CHECKS, Columns, baseline, batches, columns

from monitor.cause import Scene
from monitor.finding import Finding
from monitor.judge import judge
from monitor.ladder import Fired, fired
from monitor.measures.window import measure
from monitor.profile import Profile
from monitor.rule import Check

ROWS = 3000
OUTPUT = "normal7"
Fault = Callable[[Columns], Columns]


@cache
def base() -> Profile:
    """The baseline of all of them; one of its columns is the model's answer."""
    made = baseline(columns(np.random.default_rng(7), 30_000))
    output = replace(made.features[OUTPUT], role="prediction")
    return replace(made, features={**made.features, OUTPUT: output})


def window(fault: Fault | None = None, *, rows: int = ROWS, seed: int = 8) -> Profile:
    """The profile of a window in which the fault has changed the columns."""
    drawn = columns(np.random.default_rng(seed), rows)
    return measure(batches(fault(drawn) if fault else drawn), base())


def unread(share: float) -> Profile:
    """A window of which this share of records could not be read."""
    (batch,) = batches(columns(np.random.default_rng(8), ROWS))
    lost = round(ROWS * share)
    volume = replace(batch.volume, rows=ROWS - lost, rejected={"json": lost})
    return measure([replace(batch, rows=batch.rows.slice(lost), volume=volume)], base())


def found(now: Profile, checks: tuple[Check, ...] = tuple(CHECKS)) -> tuple[Finding, ...]:
    return judge(now, base(), checks)


def firing(now: Profile, checks: tuple[Check, ...] = tuple(CHECKS)) -> Fired:
    return fired(found(now, checks), outputs=[OUTPUT])


def scene(now: Profile) -> Scene:
    return Scene(now=now, base=base(), usual_rows=ROWS)


def times(name: str, factor: float, offset: float = 0.0) -> Fault:
    return lambda drawn: {**drawn, name: drawn[name] * factor + offset}


def null(*names: str) -> Fault:
    return lambda drawn: {**drawn, **{name: np.full(len(drawn[name]), np.nan) for name in names}}


def dropped(*names: str) -> Fault:
    return lambda drawn: {name: values for name, values in drawn.items() if name not in names}


def worded(name: str) -> Fault:
    """Numbers that come as words."""
    return lambda drawn: {**drawn, name: np.array([f"about {value}" for value in drawn[name]], dtype=object)}


def renamed(name: str, before: str, after: str) -> Fault:
    def change(drawn: Columns) -> Columns:
        return {**drawn, name: np.where(drawn[name] == before, after, drawn[name])}

    return change


def nothing() -> Profile:
    """A window without a record."""
    return measure([], base())
