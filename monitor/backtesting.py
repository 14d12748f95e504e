"""Back-testing: what a plan would have said of windows that are stored, and where two plans differ. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

from scipy.special import gammaincinv

from monitor.policy.following import replayed
from monitor.policy.look import Look
from monitor.policy.plan import Plan
from monitor.policy.verdict import Question, Verdict, Word

DAY, MONTH = timedelta(days=1), timedelta(days=30)
SURE = 0.95
HALF = 0.5
"""Of the windows after learning: a feature that could not be judged in more of them is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """One feature from its alarm on. `at` is the end of the window that raised it, `since` when the move began,
    `closed` the end of the window in which it was over; None: still open at the end."""

    feature: str
    question: Question
    at: datetime
    since: datetime | None = None
    channel: str = ""
    closed: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """What was said of windows in a row. `armed` is when production had been learned, None where it never was.

    `told` is what was said of learning, with the window's end: refused, armed, relearned, heavy_tailed. `skews` are the
    features found apart from the training baseline then. `unjudged` are features that could not be judged in more than
    half of the windows since, by reason. `quiet` is the time since production was learned first.
    """

    windows: int
    start: datetime
    end: datetime
    quiet: timedelta
    armed: datetime | None = None
    episodes: tuple[Episode, ...] = ()
    told: tuple[tuple[datetime, Word], ...] = ()
    skews: tuple[str, ...] = ()
    unjudged: tuple[tuple[str, str], ...] = ()

    @property
    def alarms(self) -> tuple[tuple[Episode, ...], ...]:
        """Alarms of drift, in order: the features that one window raised together."""
        return self._together("drift")

    @property
    def early(self) -> tuple[tuple[Episode, ...], ...]:
        """Alarms of skew, while production was learned."""
        return self._together("skew")

    def _together(self, question: Question) -> tuple[tuple[Episode, ...], ...]:
        asked = [episode for episode in self.episodes if episode.question == question]
        return tuple(tuple(group) for _, group in groupby(asked, key=lambda episode: episode.at))

    @property
    def a_month(self) -> float | None:
        """Alarms in thirty days; None where nothing was followed for a day."""
        return len(self.alarms) * (MONTH / self.quiet) if self.quiet >= DAY else None

    @property
    def most_a_month(self) -> float | None:
        """What the rate lies below with 95 % confidence: Poisson's, exact (Garwood 1936). 0 in 30 days: 3 a month."""
        return float(gammaincinv(len(self.alarms) + 1, SURE)) * (MONTH / self.quiet) if self.quiet >= DAY else None


def timeline(looks: Sequence[Look], plan: Plan, *, tell: Callable[[], None] | None = None) -> Timeline:
    """What the plan says of these windows, in order; `tell` is called at each. ValueError where there is none."""
    if not looks:
        raise ValueError("no window to replay")
    armed: datetime | None = None
    told: list[tuple[datetime, Word]] = []
    skews: dict[str, None] = {}
    opened: dict[str, Episode] = {}
    over: list[Episode] = []
    counts: Counter[tuple[str, str]] = Counter()
    followed = 0
    for look, verdict in zip(looks, replayed(looks, plan), strict=True):
        at = look.window.end
        counts.update(_unjudged(verdict))
        followed += verdict.question == "drift"
        for word in verdict.words:
            over += _heard(word, at, opened)
            if word.feature is None or word.what in ("refused", "relearned"):
                told.append((at, word))
            if word.what == "armed":
                armed = armed or at
                over += [replace(episode, closed=at) for episode in opened.values()]
                opened.clear()
        skews |= {skew.feature: None for skew in verdict.skews}
        if tell is not None:
            tell()
    every = sorted((*over, *opened.values()), key=lambda episode: (episode.at, episode.feature))
    return Timeline(
        windows=len(looks),
        start=looks[0].window.start,
        end=looks[-1].window.end,
        quiet=looks[-1].window.end - armed if armed is not None else timedelta(0),
        armed=armed,
        episodes=tuple(every),
        told=tuple(told),
        skews=tuple(skews),
        unjudged=tuple(sorted(pair for pair, count in counts.items() if count > HALF * followed)),
    )


def _unjudged(verdict: Verdict) -> Iterable[tuple[str, str]]:
    if verdict.question == "drift":
        for movement in verdict.movements:
            if movement.status == "unknown":
                yield movement.feature, movement.reason or ""


def _heard(word: Word, at: datetime, opened: dict[str, Episode]) -> list[Episode]:
    """Keep what a word opens in `opened`; the episodes that it closes."""
    if word.feature is None:
        return []
    if word.what in ("drift", "skew"):
        question: Question = "drift" if word.what == "drift" else "skew"
        found = Episode(feature=word.feature, question=question, at=at, since=word.since, channel=word.channel)
        opened[word.feature] = found
        return []
    if word.what in ("closed", "relearned", "widened") and word.feature in opened:
        return [replace(opened.pop(word.feature), closed=at)]
    return []


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Alarms of two timelines of the same windows: said by both (the pairs), by the first only, by the second only."""

    both: tuple[tuple[Episode, Episode], ...]
    first: tuple[Episode, ...]
    second: tuple[Episode, ...]


def difference(first: Timeline, second: Timeline) -> Difference:
    """Where two timelines differ. Of one feature, what was open at the same time, or began at the same, is the same."""
    left = [episode for episode in second.episodes if episode.question == "drift"]
    both, alone = [], []
    for one in first.episodes:
        if one.question != "drift":
            continue
        other = next((episode for episode in left if _is_same(one, episode)), None)
        if other is None:
            alone.append(one)
        else:
            left.remove(other)
            both.append((one, other))
    return Difference(both=tuple(both), first=tuple(alone), second=tuple(left))


def _is_same(one: Episode, other: Episode) -> bool:
    is_apart = (one.closed is not None and one.closed <= (other.since or other.at)) or (
        other.closed is not None and other.closed <= (one.since or one.at)
    )
    return one.feature == other.feature and not is_apart
