"""Life: a monitor from its first window. Learning, refused or armed; alarms that open and close; marks of people."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np

from monitor.policy import correlation, jump, level
from monitor.policy.arming import armed, refused, relearned
from monitor.policy.band import Band, band_of, held
from monitor.policy.learning import Learned, learned, unlearned
from monitor.policy.look import Look
from monitor.policy.memory import Memory, Notes, Open, packed_learned, unpacked_learned
from monitor.policy.minding import heeded
from monitor.policy.pairing import paired_off
from monitor.policy.plan import Plan
from monitor.policy.returning import returned
from monitor.policy.verdict import Word
from monitor.policy.watching import Watched, watched


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """A memory, what was learned by then, and the band around it where it has been worked out."""

    memory: Memory
    found: Learned
    band: Band | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one window came to; `telling.told` makes a verdict of it. `memory`, `found` and `band` are those that it
    was held against, with the alarms that it opened and closed; `after` the notes once it was learned from."""

    words: tuple[Word, ...]
    memory: Memory
    found: Learned
    band: Band
    seen: Watched
    after: Notes
    look: Look


def begun(plan: Plan, first: Look) -> Life:
    """Before the first window. A baseline whose rows had times tells at once how shares wander."""
    is_dated = len(plan.history) >= plan.learning
    found = _rounded(held(learned(plan.history, plan), plan) if is_dated else unlearned(plan))
    start = first.window.start.isoformat()
    notes = Notes(digest=plan.layout.digest, phase="learning", begun=start, since=start, is_dated=is_dated)
    return Life(memory=fresh(notes, found, plan), found=found)


def fresh(notes: Notes, found: Learned, plan: Plan) -> Memory:
    """A memory without any evidence."""
    cells, scales = len(plan.layout.owner), len(plan.scales)
    return Memory(
        notes=notes,
        levels=np.stack([level.begun(cells)] * scales),
        blocks=np.zeros((scales - 1, 3, cells)),
        onset=np.zeros((cells, 2)),
        started=np.zeros((cells, 2), dtype=np.int64),
        moved=np.zeros((3, cells)),
        recent=np.zeros((3, cells)),
        jump=jump.begun(found.model) if found.model is not None else None,
        pairs=correlation.begun(plan.layout.joint.shape[1]) if found.together is not None else None,
    )


def stepped(life: Life, look: Look, past: Sequence[Look], plan: Plan) -> tuple[Life, Step]:
    """One window. `past` are the looks from the memory's `since` up to this window, none where that is None."""
    memory, found, words = heeded(life.memory, life.found, look, plan)
    if found is not life.found:  # what goes on from it is to be what goes on from its bytes
        found = _rounded(found)
    band = life.band
    if band is None or memory is not life.memory:
        band = _band(memory, found, plan)
    memory, seen = watched(memory, found, band, look, plan, {*memory.notes.open, *memory.notes.accepted})
    memory, opened = _opened(memory, seen, look, plan)
    widened = memory.notes.widened
    memory, closed = returned(memory, found, band, seen, look, plan)
    memory, paired = paired_off(memory, found, look, plan)
    words += opened + closed + paired
    notes = memory.notes
    memory = replace(memory, notes=replace(notes, windows=notes.windows + 1, seen=notes.seen + 1))
    after = Life(memory=memory, found=found, band=band if memory.notes.widened is widened else None)
    if notes.since is not None:
        after, said = _learning(after, (*past, look), plan)
        words += said
    step = Step(
        words=tuple(words), memory=memory, found=found, band=band, seen=seen, after=after.memory.notes, look=look
    )
    return replace(after, memory=after.memory.rounded()), step


def _band(memory: Memory, found: Learned, plan: Plan) -> Band:
    notes = memory.notes
    is_wide = notes.phase == "learning" and not notes.is_dated
    widened = np.array([notes.widened.get(name, 1.0) for name in plan.layout.features])
    has_pairs, has_jumps = memory.pairs is not None, memory.jump is not None
    return band_of(found, plan, widened, is_wide=is_wide, jumps=has_jumps, pairs=has_pairs)


def _opened(memory: Memory, seen: Watched, look: Look, plan: Plan) -> tuple[Memory, list[Word]]:
    """Alarms: the named features are open from now on, and their evidence is spent."""
    if not seen.hits:
        return memory, []
    notes, names = memory.notes, plan.layout.features
    question = "skew" if notes.phase == "learning" else "drift"
    opened, words = dict(notes.open), []
    for hit in seen.hits:
        for feature in hit.features:
            name = names[feature]
            if name in opened:
                continue
            since = _since(memory, feature, hit.scale, look, plan)
            opened[name] = Open(
                since=since.isoformat(),
                said=look.window.end.isoformat(),
                channel=hit.channel,
                scale=hit.scale,
                question=question,
            )
            words.append(
                Word(what="drift" if question == "drift" else "skew", feature=name, since=since,
                     channel=hit.channel, scale=hit.scale)
            )  # fmt: skip
    spent = np.isin(plan.layout.owner, [names.index(word.feature) for word in words if word.feature is not None])
    notes = replace(notes, open=opened, alarms=notes.alarms + (question == "drift"))
    return replace(_spent(memory, spent), notes=notes), words


def _since(memory: Memory, feature: int, scale: int, look: Look, plan: Plan) -> datetime:
    """Where the evidence of the feature's clearest share began; else the beginning of the block."""
    cells = np.flatnonzero(plan.layout.owner == feature)
    onset = memory.onset[cells]
    at = np.unravel_index(int(onset.argmax()), onset.shape)
    if onset[at] > 0:
        return datetime.fromtimestamp(int(memory.started[cells][at]), UTC)
    return look.window.start - (scale - 1) * plan.interval


def _spent(memory: Memory, cells: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> Memory:
    levels = memory.levels.copy()
    levels[:, cells] = -np.inf
    state = memory.jump
    if state is not None:
        evidence = state.evidence.copy()
        evidence[cells] = -np.inf
        state = replace(state, evidence=evidence)
    moved, recent = memory.moved.copy(), memory.recent.copy()
    moved[:, cells] = 0.0
    recent[:, cells] = 0.0
    return replace(memory, levels=levels, jump=state, moved=moved, recent=recent)


def _learning(life: Life, looks: Sequence[Look], plan: Plan) -> tuple[Life, list[Word]]:
    """What these looks, the last one included, change about what is learned."""
    notes = life.memory.notes
    if notes.phase == "armed":
        found, notes, words = relearned(life.found, notes, looks, plan)
        if found is life.found:
            return replace(life, memory=replace(life.memory, notes=notes)), words
        found = _rounded(found)
        return Life(memory=fresh(notes, found, plan), found=found), words
    if len(looks) % plan.day == 0:
        changed, words = refused(notes, looks, plan)
        if changed is not notes:
            return replace(life, memory=replace(life.memory, notes=changed)), words
    if len(looks) < plan.learning:
        return life, []
    found, notes, words = armed(life.found, notes, looks, plan)
    found = _rounded(found)
    return Life(memory=fresh(notes, found, plan), found=found), words


def _rounded(found: Learned) -> Learned:
    """As it would come back from its bytes."""
    return unpacked_learned(packed_learned(found))
