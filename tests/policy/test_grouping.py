"""Features that moved together, and those of them that are one thing seen twice."""

from dataclasses import replace
from datetime import timedelta
from itertools import combinations

import numpy as np
from looks import START, layout, plan

from monitor.policy.grouping import at_one_time, correlated
from monitor.policy.learning import unlearned
from monitor.policy.memory import Notes, Open


def notes(*hours: float) -> Notes:
    opened = {
        f"x{number}": Open(
            since=(START + timedelta(hours=hour)).isoformat(), said="", channel="level", scale=1, question="drift"
        )
        for number, hour in enumerate(hours)
    }
    return Notes(digest="", phase="armed", begun="", since=None, open=opened)


def test_moves_that_began_within_a_day_of_each_other_are_one_group() -> None:
    assert at_one_time(notes(0, 100, 23, 47, 124), plan()) == (("x0", "x2", "x3"), ("x1", "x4"))
    assert at_one_time(notes(0, 25), plan()) == ()


def test_correlated_features_of_a_group_are_told_apart_from_those_that_moved_by_chance() -> None:
    base = layout(5)
    pairs = tuple(combinations(base.features, 2))
    strength = {("x0", "x1"): 0.8, ("x1", "x2"): -0.6, ("x0", "x3"): 0.4, ("x3", "x4"): 0.9}
    z = np.arctanh([strength.get(pair, 0.0) for pair in pairs])
    asked = plan(layout=replace(base, pairs=pairs, joint=np.stack([z, np.full(len(pairs), 1e5)])))
    found = unlearned(asked)
    assert correlated([("x0", "x1", "x2", "x3")], found, asked) == (("x0", "x1", "x2"),)
    assert correlated([("x0", "x3"), ("x4", "x1")], found, asked) == ()
    assert correlated([("x0", "x1")], replace(found, together=None), asked) == ()
