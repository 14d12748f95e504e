"""Verdict: what the policy says of one window. Findings are made of it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Phase = Literal["learning", "armed"]
Question = Literal["skew", "drift"]
What = Literal["skew", "refused", "armed", "drift", "closed", "widened", "relearned", "heavy_tailed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One thing that is said once: `skew` (around the training baseline), `refused` (production changed while it was
    learned; learning begins again at `since`), `armed`, `drift` (an alarm), `closed` (back inside the band), `widened`
    (marked as noise), `relearned` (marked as expected), `heavy_tailed` (shocks too large for the JUMP channel).

    `feature` None: the monitor; of a pair of features both, joined by " and ". `channel` and `scale` (windows) say what
    found it.
    """

    what: What
    feature: str | None = None
    since: datetime | None = None
    channel: str = ""
    scale: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One feature in one window. Angles are those of shares; `centre` is what it is held against.

    `status` is a finding's. `place` says which share moved most, in words. `now` is that share, `centre` what it was
    held against, `low` and `high` the interval of `now`, `least` and `most` the ends of its band: all shares of rows.
    `evidence` is log M over log A of the feature's own detector (1: an alarm by itself). `noticeable` is the shift, in
    standard deviations, that would have been found within a day with 80 % power; `rows_needed` how many rows a window
    would have to hold for half of one, `n_now` how many it held. `n_base` are the rows of the training baseline, or
    those that would tell as surely what production was learned to be. `since` is when it began. Of a feature that has
    drifted `learned` are all its shares as production was learned, which `worth` rows tell as surely.
    """

    feature: str
    status: str
    place: str = ""
    now: float = float("nan")
    centre: float = float("nan")
    low: float = float("nan")
    high: float = float("nan")
    least: float = float("nan")
    most: float = float("nan")
    n_now: int = 0
    n_base: int = 0
    evidence: float = 0.0
    noticeable: float = float("inf")
    rows_needed: int | None = None
    since: datetime | None = None
    reason: str | None = None
    widened: float = 1.0
    channel: str = ""
    learned: tuple[float, ...] = ()
    worth: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two features that no longer go together as they did: their correlation `now` and as learned, since when."""

    first: str
    second: str
    now: float
    centre: float
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`question` is what `movements` answer: while production is learned "skew", afterwards "drift".

    `pairs` are those of features that are open. `skews` were found when learning ended and are not accepted yet. `seen`
    of `needed` windows are learned; since `armed` there were `raised` alarms. `channels` are those in use, `seasons`
    the rhythms that were learned. `groups` are features that moved together, `correlated` those of
    a group that always do: one thing seen twice. `errors` is what the movement of the model's errors is called, where
    these are followed.
    """

    phase: Phase
    question: Question
    words: tuple[Word, ...] = ()
    movements: tuple[Movement, ...] = ()
    skews: tuple[Movement, ...] = ()
    pairs: tuple[Pair, ...] = ()
    seen: int = 0
    needed: int = 0
    armed: datetime | None = None
    raised: int = 0
    evidence: float = 0.0
    channels: tuple[str, ...] = ()
    seasons: tuple[str, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()
    correlated: tuple[tuple[str, ...], ...] = ()
    errors: str = ""
    notes: tuple[str, ...] = field(default=())

    @property
    def alarms(self) -> tuple[Word, ...]:
        return tuple(word for word in self.words if word.what in ("drift", "skew"))
