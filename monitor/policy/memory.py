"""Memory: all that a monitor's policy remembers from one window to the next; small, and made of bytes alone.

It is kept in single precision, and rounded to it after every window, so that a memory that was stored and one that was
not go on alike.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor import arrays
from monitor.policy import correlation
from monitor.policy.jump import Model, State
from monitor.policy.learning import Learned
from monitor.policy.look import Floats
from monitor.policy.season import Season
from monitor.policy.together import Together
from monitor.policy.verdict import Phase

VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """A feature whose alarm is open: since when it moved, when it was said, and what has found it."""

    since: str
    said: str
    channel: str
    scale: int
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Skew:
    """A skew that learning ended with: the share (its place in the layout) and its distance as angles."""

    cell: int
    size: float
    low: float
    high: float
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """What is remembered in words. `since` is the start of the earliest window whose look is still needed, `seen` how
    many windows were looked at since then, `windows` how many since it was begun or armed; `marks` how many marks were
    heeded, `alarms` how often drift was found. While production is learned: `accepted` are features whose skew is
    known, `closed` those whose alarm closed once; the next one stays open, for it may be a rhythm not learned yet.
    """

    digest: str
    phase: Phase
    begun: str
    since: str | None
    seen: int = 0
    armed: str | None = None
    windows: int = 0
    alarms: int = 0
    marks: int = 0
    is_dated: bool = False
    accepted: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    open: Mapping[str, Open] = field(default_factory=dict)
    skews: Mapping[str, Skew] = field(default_factory=dict)
    widened: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """`levels` is log evidence by scale, (scales, cells, 2, alternatives). `blocks` are the counts, totals and season
    of the block under way at each longer scale, (scales - 1, 3, cells). `onset` and `started` are the evidence of the
    best start of a move and when that was, in seconds, (cells, 2). `moved` and `recent` add up counts, totals and
    season of open features: since they opened, and since their return was last looked for, (3, cells) each. `jump` and
    `pairs` are the states of their channels."""

    notes: Notes
    levels: Floats
    blocks: Floats
    onset: Floats
    started: NDArray[np.int64]
    moved: Floats
    recent: Floats
    jump: State | None = None
    pairs: correlation.State | None = None

    def packed(self) -> bytes:
        """As bytes; `unpacked` reads them."""
        head = {"version": VERSION, "notes": asdict(self.notes)}
        parts: dict[str, NDArray[Any]] = {name: getattr(self, name).astype("f4") for name in _NUMBERS}
        parts["started"] = self.started
        if self.jump is not None:
            parts |= {f"jump_{name}": getattr(self.jump, name).astype("f4") for name in _JUMP}
        if self.pairs is not None:
            parts |= self.pairs.arrays()
        return arrays.packed(head, parts)

    @classmethod
    def unpacked(cls, data: bytes) -> "Memory":
        """ValueError for bytes that are none."""
        head, parts = arrays.unpacked(data)
        if head.get("version") != VERSION:
            raise ValueError(f"a memory of version {head.get('version')}; {VERSION} would be right")
        return cls(
            notes=_notes(head["notes"]),
            started=parts["started"].astype(np.int64),
            jump=State(**{name: parts[f"jump_{name}"].astype("f8") for name in _JUMP})
            if "jump_mean" in parts
            else None,
            pairs=correlation.State.of(parts) if "correlation_evidence" in parts else None,
            **{name: parts[name].astype("f8") for name in _NUMBERS},
        )

    def rounded(self) -> "Memory":
        """As it would come back from its bytes."""
        state = self.jump
        if state is not None:
            mean, variance, evidence = (_single(getattr(state, name)) for name in _JUMP)
            state = State(mean=mean, variance=variance, evidence=evidence)
        changed: dict[str, Any] = {name: _single(getattr(self, name)) for name in _NUMBERS}
        return replace(self, jump=state, **changed)


_NUMBERS = ("levels", "blocks", "onset", "moved", "recent")
_JUMP = ("mean", "variance", "evidence")
_LEARNED = ("centre", "error", "spread", "tails", "effect")
_MODEL = ("rho", "wander", "scale", "tails")


def _single(values: Floats) -> Floats:
    return values.astype("f4").astype("f8")


def _notes(document: Mapping[str, Any]) -> Notes:
    opened = {name: Open(**one) for name, one in document["open"].items()}
    skews = {name: Skew(**one) for name, one in document["skews"].items()}
    once = {name: tuple(document[name]) for name in ("accepted", "closed")}
    return Notes(**{**document, "open": opened, "skews": skews, **once})


def packed_learned(found: Learned) -> bytes:
    """What was learned, as bytes."""
    head = {"version": VERSION, "blocks": list(found.blocks), "heavy": found.heavy.tolist()}
    parts = {name: getattr(found, name).astype("f4") for name in _LEARNED}
    parts |= {"hours": found.season.hours.astype("f4"), "days": found.season.days.astype("f4")}
    if found.model is not None:
        parts |= {f"model_{name}": getattr(found.model, name).astype("f4") for name in _MODEL}
    if found.together is not None:
        parts |= found.together.arrays()
    return arrays.packed(head, parts)


def unpacked_learned(data: bytes) -> Learned:
    """What `packed_learned` made bytes of; ValueError for other bytes."""
    head, parts = arrays.unpacked(data)
    model = None
    if "model_rho" in parts:
        model = Model(**{name: parts[f"model_{name}"].astype("f8") for name in _MODEL})
    return Learned(
        blocks=tuple(head["blocks"]),
        heavy=np.array(head["heavy"], dtype=bool),
        together=Together.of(parts) if "together_centre" in parts else None,
        season=Season(hours=parts["hours"].astype("f8"), days=parts["days"].astype("f8")),
        model=model,
        **{name: parts[name].astype("f8") for name in _LEARNED},
    )
