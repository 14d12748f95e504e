"""Following: from what is stored of a monitor's windows, the verdict on one of them, and what is stored in turn."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.policy.life import Life, Step, begun, stepped
from monitor.policy.look import Look
from monitor.policy.memory import Memory, packed_learned, unpacked_learned
from monitor.policy.plan import Plan
from monitor.policy.rehearsal import Rehearsal, rehearsed
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


Kept = Callable[[Iterable[Window]], Collection[Window]]
"""Of windows in order those whose memory is kept."""


def followed(
    look: Look, before: Sequence[Stored], after: Sequence[Stored], plan: Plan, *, kept: Kept | None = None
) -> Followed:
    """Judge a window. Without `kept` the memory after every window is made into bytes.

    `before` are windows that end earlier, in order: at least the latest that has a memory, what was last learned up to
    it, the looks from its `since` on, and all looks after it. Without any memory among them all looks are followed
    from the first. `after` are the later windows, all of them; their looks are followed again. Windows stored under
    another layout (another baseline) are as good as none.
    """
    track = _Track(plan, before)
    verdict = told(track.follow(look), plan)
    step, later = None, [one for one in after if _fits(Look.unpacked(one.look), plan)]
    windows = [look.window, *(one.window for one in later)]
    keeping = set(windows if kept is None else kept(windows))
    stored = [track.stored(look, look.packed(), is_kept=look.window in keeping)]
    for one in later:
        again = Look.unpacked(one.look)
        step = track.follow(again)
        stored.append(track.stored(again, one.look, is_kept=one.window in keeping))
    newest = told(step, plan) if step is not None else None
    changed = bool(later) and (not later[-1].memory or _open(later[-1]) != set(track.memory.notes.open))
    return Followed(verdict=verdict, stored=tuple(stored), newest=newest, changed=changed)


def _fits(look: Look, plan: Plan) -> bool:
    return len(look.counts) == len(plan.layout.owner)


def replayed(looks: Sequence[Look], plan: Plan) -> Iterator[Verdict]:
    """The verdict on every window in order, from the first one on, as if nothing had been stored before."""
    track = _Track(plan, ())
    for look in looks:
        yield told(track.follow(look), plan)


class _Track:
    """A life as it is followed through stored windows; keeps the looks that it may still need.

    What was learned is stored with the window that changed it, once, whichever windows are followed again.
    """

    def __init__(self, plan: Plan, before: Sequence[Stored]) -> None:
        self._plan = plan
        self._life: Life | None = None
        self._changed = False
        before = sorted({one.window: one for one in before}.values(), key=lambda one: one.window.end)
        at = max((number for number, one in enumerate(before) if one.memory), default=None)
        memory = Memory.unpacked(before[at].memory) if at is not None else None
        if memory is not None and memory.notes.digest != plan.layout.digest:
            before, memory, at = [], None, None
        known = [one.learned for one in before[: at + 1] if one.learned] if at is not None else []
        self._known = known[-1] if known else b""
        self._stored = {one.window for one in before if one.learned}
        looks = [Look.unpacked(one.look) for one in before if one.look]
        self.looks = [each for each in looks if _fits(each, plan)]
        if memory is None or at is None or not known:
            return
        last = before[at].window
        later = [each for each in self.looks if each.window.end > last.end]
        self.looks = [each for each in self.looks if each.window.end <= last.end]
        self._life = Life(memory=memory, found=unpacked_learned(known[-1]))
        for each in later:
            self.follow(each)

    @property
    def memory(self) -> Memory:
        assert self._life is not None
        return self._life.memory

    def follow(self, look: Look) -> Step:
        if self._life is None:
            self._life = self._from_the_first(look)
        before, past = self._life, self._needed(self._life)
        self._life, step = stepped(before, look, past, self._plan)
        if any(word.what == "armed" for word in step.words):
            step = _told_of(step, rehearsed([*past, look], self._plan))
        if self._life.found is not before.found:
            self._known, self._changed = packed_learned(self._life.found), True
        if look.window in self._stored:
            self._changed = False
        self.looks.append(look)
        return step

    def stored(self, look: Look, data: bytes, *, is_kept: bool) -> Stored:
        """What is stored of the window that was followed last, with the memory after it where that `is_kept`."""
        assert self._life is not None
        learned, self._changed = (self._known if self._changed else b""), False
        memory = self._life.memory
        packed = memory.packed() if is_kept else b""
        return Stored(window=look.window, look=data, memory=packed, learned=learned, since=memory.notes.since)

    def _from_the_first(self, look: Look) -> Life:
        """A life begun anew, through all looks that are there."""
        past, self.looks = self.looks, []
        self._life = begun(self._plan, past[0] if past else look)
        self._known, self._changed = packed_learned(self._life.found), True
        for one in past:
            self.follow(one)
        return self._life

    def _needed(self, life: Life) -> list[Look]:
        """The looks that are still needed; the others are let go of."""
        since = life.memory.notes.since
        if since is None:
            self.looks.clear()
        else:
            first = datetime.fromisoformat(since)
            while self.looks and self.looks[0].window.start < first:
                self.looks.pop(0)
        return list(self.looks)


def _told_of(step: Step, rehearsal: Rehearsal | None) -> Step:
    """The end of learning with what its rehearsal came to."""
    why = "" if rehearsal is None else str(rehearsal)
    return replace(step, words=tuple(replace(word, why=why) if word.what == "armed" else word for word in step.words))


def _open(one: Stored) -> set[str]:
    return set(Memory.unpacked(one.memory).notes.open)
