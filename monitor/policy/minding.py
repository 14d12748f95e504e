"""Minding: what people said of what was found. A band widens, a centre moves, a skew is known, by their word alone."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from monitor.policy.learning import Learned
from monitor.policy.look import Look
from monitor.policy.memory import Memory, Notes, Open
from monitor.policy.pairing import name_of
from monitor.policy.plan import Mark, Plan
from monitor.policy.returning import MOST_WIDENED, WIDER
from monitor.policy.verdict import Word
from monitor.stats.angle import angle


def heeded(memory: Memory, found: Learned, look: Look, plan: Plan) -> tuple[Memory, Learned, list[Word]]:
    """The marks that hold from this window on, in order; each once."""
    words: list[Word] = []
    due = [mark for mark in plan.marks if mark.after < look.window.end]
    if len(due) <= memory.notes.marks:
        return memory, found, words
    for mark in due[memory.notes.marks :]:
        notes = memory.notes
        if mark.kind == "accepted":
            memory = replace(memory, notes=_accepted(notes, mark))
            continue
        for name in _meant(mark, notes.open):
            if mark.kind == "noise":
                width = min(MOST_WIDENED, notes.widened.get(name, 1.0) * WIDER)
                notes = replace(notes, widened={**notes.widened, name: width})
                words.append(Word(what="widened", feature=name, why=f"marked as noise; its band is {width:g} times"))
            else:
                found = _moved(found, memory, name, plan)
                words.append(Word(what="relearned", feature=name, why="marked as expected; centred on where it is"))
            words.append(Word(what="closed", feature=name, since=look.window.start))
        names = _meant(mark, notes.open)
        cells = np.isin(plan.layout.owner, [plan.layout.features.index(name) for name in names])
        onset = np.where(cells[:, None], 0.0, memory.onset)
        memory = replace(memory, notes=replace(notes, open=_without(notes.open, names)), onset=onset)
        memory, found, said = _paired(memory, found, mark, plan)
        words += said
    memory = replace(memory, notes=replace(memory.notes, marks=len(due)))
    return memory, found, words


def _paired(memory: Memory, found: Learned, mark: Mark, plan: Plan) -> tuple[Memory, Learned, list[Word]]:
    """Open pairs: as noise their band widens, as expected they are not followed until they are learned anew."""
    if memory.pairs is None or found.together is None:
        return memory, found, []
    names = np.array([name_of(pair) for pair in plan.layout.pairs])
    meant = (memory.pairs.opened > 0) & ((names == mark.feature) | (mark.feature is None))
    words = [Word(what="closed", feature=str(name)) for name in names[meant]]
    notes, together = memory.notes, found.together
    if mark.kind == "expected":
        together = together.without(meant)
    else:
        before = np.array([notes.widened.get(str(name), 1.0) for name in names])
        after = np.where(meant, np.minimum(MOST_WIDENED, before * WIDER), before)
        together = together.widened(after / before)
        wider = {str(name): float(width) for name, width in zip(names[meant], after[meant], strict=True)}
        notes = replace(notes, widened={**notes.widened, **wider})
    if not words:
        return memory, found, []
    memory = replace(memory, notes=notes, pairs=memory.pairs.restarted(meant))
    return memory, replace(found, together=together), words


def _meant(mark: Mark, opened: Mapping[str, Open]) -> list[str]:
    return [name for name in opened if mark.feature in (None, name)]


def _without(opened: Mapping[str, Open], names: list[str]) -> dict[str, Open]:
    return {name: one for name, one in opened.items() if name not in names}


def _accepted(notes: Notes, mark: Mark) -> Notes:
    """A skew is known: armed, it is told no more; while production is learned its feature is not asked about."""
    skews = {name: skew for name, skew in notes.skews.items() if mark.feature not in (None, name)}
    notes = replace(notes, skews=skews)
    if notes.phase == "armed":
        return notes
    names = _meant(mark, notes.open)
    accepted = tuple(dict.fromkeys((*notes.accepted, *names)))
    return replace(notes, accepted=accepted, open=_without(notes.open, names))


def _moved(found: Learned, memory: Memory, name: str, plan: Plan) -> Learned:
    """Centred on the windows since the feature's alarm; they were few, so the centre's error grows."""
    cells = plan.layout.owner == plan.layout.features.index(name)
    counts, totals, season = memory.moved
    known = cells & (totals > 0)
    rows = np.maximum(totals, 1e-9)
    centre = np.where(known, angle(counts / rows) - season / rows, found.centre)
    windows = max(1.0, float((rows[known] / np.maximum(1.0, rows[known].max(initial=1.0))).max(initial=1.0)))
    wander = found.spread[0] ** 2 / windows
    error = np.where(known, np.sqrt(1 / rows + wander), found.error)
    return replace(found, centre=centre, error=error)
