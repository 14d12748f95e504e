"""Answer: what is told of a window that was followed, and the policy's own words in the report."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from monitor.baseline import Baseline
from monitor.policy.following import Followed
from monitor.policy.plan import Plan
from monitor.policy.verdict import Movement, Verdict, Word
from monitor.profile import Profile

YEAR = timedelta(weeks=52)
DIGITS = 9
OF_REPORTS_ONLY = "bands"
"""The part of a document that is as long as there are features."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The verdict with what is to be stored; `document` is how the policy stands, JSON-able, for the report."""

    followed: Followed
    document: Mapping[str, Any]

    @property
    def is_learning(self) -> bool:
        return self.followed.verdict.question == "skew"

    @property
    def follows_errors(self) -> bool:
        """Whether the model's errors are among what is followed."""
        verdict = self.followed.verdict
        return any(movement.feature == verdict.errors for movement in verdict.movements)


Policy = Callable[[Profile, Baseline], Answer]
"""What a window's evaluation asks between measuring and judging."""


def answered(followed: Followed, plan: Plan, *, notes: Sequence[str] = (), is_shadow: bool = False) -> Answer:
    """The answer of a window that was followed; `notes` are what else is to be said of it."""
    found = document(followed.verdict, plan, is_shadow=is_shadow)
    return Answer(followed=followed, document={**found, "notes": [*found["notes"], *notes]})


def document(verdict: Verdict, plan: Plan, *, is_shadow: bool = False) -> dict[str, Any]:
    """How the policy stands after a window, as JSON: `policy` in report.json.

    `is_shadow`: the monitor judges without acting.
    """
    opened = [one for one in verdict.movements if one.status == "violated"]
    return {
        "phase": verdict.phase,
        "learned": {"seen": verdict.seen, "needed": verdict.needed},
        "promise": {"at_most": _number(plan.at_most), "per_seconds": _number(plan.per.total_seconds())},
        "raised": {"alarms": verdict.raised, "since": _time(verdict.armed)},
        "evidence": _number(verdict.evidence),
        "words": [_word(word) for word in verdict.words],
        "open": [{"question": verdict.question, "channel": one.channel, **_moved(one)} for one in opened],
        "skews": [_moved(one) for one in verdict.skews],
        "channels": list(verdict.channels),
        "seasons": list(verdict.seasons),
        "groups": [list(group) for group in verdict.groups],
        "correlated": [list(group) for group in verdict.correlated],
        "notes": list(verdict.notes),
        "shadow": is_shadow,
        OF_REPORTS_ONLY: [_band(one) for one in verdict.movements if one.place],
    }


def a_year(at_most: float, per_seconds: float) -> float:
    """False alarms to be expected in 52 weeks.

    >>> a_year(0.5, timedelta(weeks=4).total_seconds())
    6.5
    """
    return at_most * YEAR.total_seconds() / per_seconds


def _word(word: Word) -> dict[str, Any]:
    return {
        "what": word.what,
        "feature": word.feature,
        "since": _time(word.since),
        "channel": word.channel,
        "scale": word.scale,
        "why": word.why,
    }


def _moved(one: Movement) -> dict[str, Any]:
    return {
        "feature": one.feature,
        "since": _time(one.since),
        "place": one.place,
        "now": _number(one.now),
        "centre": _number(one.centre),
        "low": _number(one.low),
        "high": _number(one.high),
    }


def _band(one: Movement) -> dict[str, Any]:
    """Between which shares of rows a feature may wander, where it is nearest to an end."""
    return {
        "feature": one.feature,
        "place": one.place,
        "now": _number(one.now),
        "centre": _number(one.centre),
        "least": _number(one.least),
        "most": _number(one.most),
        "widened": _number(one.widened),
        "evidence": _number(one.evidence),
    }


def _time(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat().replace("+00:00", "Z")


def _number(value: float) -> float | None:
    return float(f"{value:.{DIGITS}g}") + 0.0 if math.isfinite(value) else None
