"""Grouping: of the features that are open, which moved together, and which of these are one thing seen twice."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from monitor.policy.learning import Learned
from monitor.policy.memory import Notes
from monitor.policy.plan import Plan

Groups = tuple[tuple[str, ...], ...]
STRONG = 0.5  # Cohen's "large" correlation


def at_one_time(notes: Notes, plan: Plan) -> Groups:
    """Open features whose moves began within a day of each other, two at least, by when they began."""
    starts = sorted((datetime.fromisoformat(one.since), name) for name, one in notes.open.items())
    groups: list[list[str]] = []
    last = None
    for at, name in starts:
        if last is None or at - last > plan.day * plan.interval:
            groups.append([])
        groups[-1].append(name)
        last = at
    return tuple(tuple(group) for group in groups if len(group) > 1)


def correlated(groups: Sequence[Sequence[str]], found: Learned, plan: Plan) -> Groups:
    """Of each group the features that a correlation of 0.5 or more, as learned, leads from one to the next of."""
    if found.together is None:
        return ()
    strong = np.abs(np.tanh(np.nan_to_num(found.together.centre))) >= STRONG
    linked = [plan.layout.pairs[pair] for pair in np.flatnonzero(strong).tolist()]
    result: list[tuple[str, ...]] = []
    for group in groups:
        leader = {name: name for name in group}
        for a, b in linked:
            if a in leader and b in leader and leader[a] != leader[b]:
                kept, gone = leader[a], leader[b]
                leader = {name: kept if led == gone else led for name, led in leader.items()}
        bound = (tuple(name for name in group if leader[name] == first) for first in dict.fromkeys(leader.values()))
        result += [names for names in bound if len(names) > 1]
    return tuple(result)
