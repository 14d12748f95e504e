"""Pairing: the window's pairs of features through their channel, and what is said of them."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from monitor.policy import correlation
from monitor.policy.learning import Learned
from monitor.policy.look import Look
from monitor.policy.memory import Memory
from monitor.policy.plan import Plan
from monitor.policy.verdict import Pair, What, Word


def paired_off(memory: Memory, found: Learned, look: Look, plan: Plan) -> tuple[Memory, list[Word]]:
    """The window's evidence about pairs added, those closed and opened that it names."""
    if memory.pairs is None or found.together is None or look.joint.shape != plan.layout.joint.shape:
        return memory, []
    notes = memory.notes
    threshold = correlation.log_threshold(plan.period)
    start = int(look.window.start.timestamp())
    z, precision = look.joint
    state, heard = correlation.stepped(
        memory.pairs, found.together, z, precision, at=start, day=plan.day, threshold=threshold
    )
    what: What = "drift" if notes.phase == "armed" else "skew"
    names = plan.layout.pairs
    words = [Word(what="closed", feature=" and ".join(names[pair]), since=look.window.end) for pair in heard.closed]
    for pair in heard.named:
        words.append(
            Word(
                what=what, feature=" and ".join(names[pair]), since=_since(state, pair), channel="correlation", scale=1
            )
        )
    alarms = notes.alarms + (bool(heard.named) and what == "drift")
    return replace(memory, pairs=state, notes=replace(notes, alarms=alarms)), words


def open_pairs(memory: Memory, found: Learned, look: Look, plan: Plan) -> tuple[Pair, ...]:
    """The pairs that are open, with their correlation in the window."""
    if memory.pairs is None or found.together is None or look.joint.shape != plan.layout.joint.shape:
        return ()
    names = plan.layout.pairs
    return tuple(
        Pair(
            first=names[pair][0],
            second=names[pair][1],
            now=float(np.tanh(look.joint[0][pair])),
            centre=float(np.tanh(found.together.centre[pair])),
            since=_since(memory.pairs, pair),
        )
        for pair in np.flatnonzero(memory.pairs.opened > 0).tolist()
    )


def name_of(pair: tuple[str, str]) -> str:
    """Both features of a pair in one text."""
    return " and ".join(pair)


def _since(state: correlation.State, pair: int) -> datetime:
    return datetime.fromtimestamp(int(state.opened[pair]), UTC)
