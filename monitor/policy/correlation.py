"""CORRELATION: evidence that two features no longer go together as they did, added up over windows.

With z Fisher's transform of a pair's correlation in a window, v its variance, U the upper end of its band and a > 0:
`E = exp((a (z - U) - a^2 / 2) / v)`. Its mean is at most 1 while the true z is up to U (exact where z is normal, which
Fisher's is from a few dozen rows on); downwards alike. So `M <- (M + 1) E`, averaged over pairs, directions and a, has
`E[M] <= windows`, and an alarm at M >= A with a fresh start at most one false alarm in A windows, whatever the pairs
have to do with each other: they all share features.

Reference: Shin, Ramdas and Rinaldo (2023), arXiv 2203.03532.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.policy.look import Floats
from monitor.policy.together import Together

ALTERNATIVES = np.array([0.05, 0.1, 0.2, 0.4])
"""Distances beyond the band's end that are betted on."""
SHARE = 0.1  # of a monitor's budget
FEWEST_TO_RETURN = 3
MOST = 600.0  # of log M; more is as good, and its exponential would be no number
Times = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """`evidence` is log M, (pairs, 2 directions, alternatives); `started` the second since which it grows, (pairs, 2).
    `opened` is the second since which an open pair has moved, 0 of others; `back` adds up z less centre times
    precision, precision and windows of open pairs since their return was last looked for, (3, pairs)."""

    evidence: Floats
    started: Times
    opened: Times
    back: Floats

    def arrays(self) -> dict[str, NDArray[Any]]:
        """As it is stored; numbers in single precision, to which every step has rounded them."""
        numbers = {f"correlation_{name}": getattr(self, name).astype("f4") for name in ("evidence", "back")}
        return numbers | {f"correlation_{name}": getattr(self, name) for name in ("started", "opened")}

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]]) -> "State":
        parts = {name: arrays[f"correlation_{name}"] for name in ("evidence", "started", "opened", "back")}
        return cls(**{name: part.astype("f8" if part.dtype.kind == "f" else "i8") for name, part in parts.items()})

    def restarted(self, pairs: NDArray[np.bool_]) -> "State":
        """These pairs closed and without evidence: they were learned anew, or what was found of them is known."""
        return replace(
            self,
            evidence=np.where(pairs[:, None, None], -np.inf, self.evidence),
            opened=np.where(pairs, 0, self.opened),
            back=np.where(pairs, 0.0, self.back),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What one window came to: pairs `named` by an alarm, pairs `closed`, and how near the channel is to one (1)."""

    named: tuple[int, ...] = ()
    closed: tuple[int, ...] = ()
    total: float = 0.0


def begun(pairs: int) -> State:
    """No evidence."""
    return State(
        evidence=np.full((pairs, 2, len(ALTERNATIVES)), -np.inf),
        started=np.zeros((pairs, 2), dtype=np.int64),
        opened=np.zeros(pairs, dtype=np.int64),
        back=np.zeros((3, pairs)),
    )


def log_threshold(period: float, share: float = SHARE) -> float:
    """log A, for one false alarm to be expected in `period` windows, of which this channel has a share."""
    return float(np.log(max(1.0, period) / share))


def stepped(
    state: State, found: Together, z: Floats, precision: Floats, *, at: int, day: int, threshold: float
) -> tuple[State, Heard]:
    """One window that began at the second `at`: z and precision by pair, (pairs,). `day` is how many windows it has.

    Open pairs gather no evidence. One closes when its mean over a day, three windows at least, is back inside its band
    within a standard error; the next day is looked at otherwise.
    """
    is_seen = found.is_followed & np.isfinite(z) & (precision > 0)
    is_open = state.opened > 0
    weight = np.where(is_seen, precision / found.noise, 0.0)
    away = np.where(is_seen, z - found.centre, 0.0)
    bets = log_bets(away, weight, found.width)
    before = np.exp(np.minimum(state.evidence, MOST))
    evidence = np.where(is_seen[:, None, None], np.log(before + 1.0) + bets, state.evidence)
    evidence[is_open | ~found.is_followed] = -np.inf
    started = np.where((before.mean(axis=-1) < 1) & is_seen[:, None], at, state.started)
    own = _mean(evidence.reshape(len(evidence), 2 * len(ALTERNATIVES)))
    named, total = _named(own - np.log(max(1, int(found.is_followed.sum()))), own, threshold)
    back = state.back + np.where(is_open, np.stack([away * weight, weight, is_seen * 1.0]), 0.0)
    closed, back = _returned(back, found.width, max(day, FEWEST_TO_RETURN))
    opened = np.where(closed, 0, state.opened)
    for pair in named:
        opened[pair] = max(1, int(started[pair, int(_mean(evidence[pair]).argmax())]))
        evidence[pair] = -np.inf
    state = State(evidence=_single(evidence), started=started, opened=opened, back=_single(back))
    return state, Heard(named=named, closed=tuple(np.flatnonzero(closed).tolist()), total=total)


def log_bets(away: Floats, precision: Floats, width: Floats) -> Floats:
    """log E, (pairs, 2, alternatives): of z less centre, its precision, and half the band's width; (pairs,) each."""
    beyond = np.stack([away - width, -away - width], axis=-1)[..., None]
    return (ALTERNATIVES * beyond - ALTERNATIVES**2 / 2) * precision[:, None, None]


def _mean(evidence: Floats) -> Floats:
    """log of the mean over the last axis."""
    most = evidence.max(axis=-1, initial=-np.inf)
    finite = np.where(np.isfinite(most), most, 0.0)
    with np.errstate(divide="ignore"):
        found: Floats = np.log(np.exp(evidence - finite[..., None]).mean(axis=-1)) + finite
    return found


def _named(weighted: Floats, own: Floats, threshold: float) -> tuple[tuple[int, ...], float]:
    """Who an alarm is about: the fewest pairs whose evidence alone is worth it, and all that are half way there."""
    if not len(own):
        return (), 0.0
    order = np.argsort(-weighted, kind="stable")
    sums = np.logaddexp.accumulate(weighted[order])
    total = max(0.0, float(sums[-1]) / threshold)
    if sums[-1] < threshold:
        return (), total
    fewest = int(np.searchsorted(sums, threshold)) + 1
    return tuple(order[: max(fewest, int((own[order] >= threshold / 2).sum()))].tolist()), total


def _returned(back: Floats, width: Floats, windows: int) -> tuple[NDArray[np.bool_], Floats]:
    """Open pairs that are inside their band again, and what is left to add to."""
    sums, precision, count = back
    is_due = count >= windows
    known = np.where(precision > 0, precision, 1.0)
    is_inside = np.abs(sums) / known <= width + 1 / np.sqrt(known)
    return is_due & is_inside, np.where(is_due, 0.0, back)


def _single(values: Floats) -> Floats:
    return values.astype("f4").astype("f8")
