"""Following: from what is stored of a monitor's windows, the verdict on one of them, and what is stored in turn."""

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.policy.life import Life, Step, begun, stepped
from monitor.policy.look import Look
from monitor.policy.memory import Memory, packed_learned, unpacked_learned
from monitor.policy.plan import Plan
from monitor.policy.telling import told
from monitor.policy.verdict import Verdict
from monitor.window import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What is stored of one window, as bytes: its look; the memory after it (may be let go of: it can be made again
    from earlier ones); and what was learned, where this window changed that. `since` is the start of the earliest
    window whose look the memory still needs besides those to come, None where it needs none.
    """

    window: Window
    look: bytes
    memory: bytes = b""
    learned: bytes = b""
    since: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """The verdict on the window, and what is to be stored: of it, and anew of every later window that was there.

    `newest` is the verdict on the newest window where that is a later one; `changed` whether what is open after it is
    other than was stored.
    """

    verdict: Verdict
    stored: tuple[Stored, ...]
    newest: Verdict | None = None
    changed: bool = False


def followed(look: Look, before: Sequence[Stored], after: Sequence[Stored], plan: Plan) -> Followed:
    """Judge a window.

    `before` are windows that end earlier, in order: at least the latest that has a memory, what was last learned up to
    it, the looks from its `since` on, and all looks after it. Without any memory among them all looks are followed
    from the first. `after` are the later windows, all of them; their looks are followed again. Windows stored under
    another layout (another baseline) are as good as none.
    """
    track = _Track(plan)
    for one in _usable(before, plan):
        track.remember(one)
    verdict = told(track.follow(look), plan)
    stored = [track.stored(look, look.packed())]
    step, later = None, _usable(after, plan)
    for one in later:
        step = track.follow(Look.unpacked(one.look))
        stored.append(track.stored(track.looks[-1], one.look))
    changed = bool(later) and (not later[-1].memory or _open(later[-1]) != set(track.memory.notes.open))
    newest = told(step, plan) if step is not None else None
    return Followed(verdict=verdict, stored=tuple(stored), newest=newest, changed=changed)


class _Track:
    """A life as it is followed through stored windows; keeps the looks that it may still need."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._life: Life | None = None
        self._known: bytes = b""
        self._changed = False
        self.looks: list[Look] = []

    @property
    def memory(self) -> Memory:
        assert self._life is not None
        return self._life.memory

    def remember(self, one: Stored) -> None:
        """A window before: its memory where it is kept, otherwise its look is followed from where the last one was."""
        self._known = one.learned or self._known
        look = Look.unpacked(one.look)
        if one.memory and (self._known or one.learned):
            self._life = Life(memory=Memory.unpacked(one.memory), found=unpacked_learned(self._known))
            self.looks.append(look)
        elif self._life is not None:
            self.follow(look)
        else:
            self.looks.append(look)

    def follow(self, look: Look) -> Step:
        if self._life is None:
            self._life = self._from_the_first(look)
        before = self._life
        self._life, step = stepped(before, look, self._needed(before, look), self._plan)
        self._changed = self._life.found is not before.found
        self.looks.append(look)
        return step

    def stored(self, look: Look, data: bytes) -> Stored:
        """What is stored of the window that was followed last."""
        assert self._life is not None
        learned = packed_learned(self._life.found) if self._changed or not self._known else b""
        self._known = learned or self._known
        memory = self._life.memory
        return Stored(window=look.window, look=data, memory=memory.packed(), learned=learned, since=memory.notes.since)

    def _from_the_first(self, look: Look) -> Life:
        """A life begun anew, through all looks that are there."""
        past, self.looks = self.looks, []
        life = begun(self._plan, past[0] if past else look)
        for one in past:
            self._life, _ = stepped(life, one, self._needed(life, one), self._plan)
            life = self._life
            self.looks.append(one)
        return life

    def _needed(self, life: Life, look: Look) -> list[Look]:
        since = life.memory.notes.since
        if since is None:
            self.looks.clear()
            return []
        return [one for one in self.looks if one.window.start.isoformat() >= since and one.window != look.window]


def _usable(rows: Sequence[Stored], plan: Plan) -> list[Stored]:
    """Those under this layout: the newest memory tells, and a look of another size belongs to another baseline."""
    known = [one for one in rows if one.memory]
    if known and Memory.unpacked(known[-1].memory).notes.digest != plan.layout.digest:
        return []
    cells = len(plan.layout.owner)
    return [one for one in rows if len(Look.unpacked(one.look).counts) == cells]


def _open(one: Stored) -> set[str]:
    return set(Memory.unpacked(one.memory).notes.open)
