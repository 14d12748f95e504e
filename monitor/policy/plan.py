"""Plan: what a policy is to keep to, in the monitor's own windows. Nothing in it is learned."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from monitor.policy.layout import Layout
from monitor.policy.look import Look

DAY, WEEK = timedelta(days=1), timedelta(days=7)
Kind = Literal["expected", "noise", "accepted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What a person says of what was found. It holds for windows that end later than `after`.

    "expected": the feature has moved for good, and is learned anew from where it moved; "noise": its band widens;
    "accepted": its skew is known. `feature` None: all that are open.
    """

    after: datetime
    kind: Kind
    feature: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`interval` is the distance of two windows, `length` how long one is. Tolerances are shares of rows at the median.

    At most `at_most` false alarms are to be expected in `per`. `history` are the baseline's own looks where its rows
    had times, `marks` what people said, in order. `weights` are shares of the budget by feature; others get the rest.
    `tolerances` are those of features that have their own, `left_out` are features that are not followed.
    """

    layout: Layout
    interval: timedelta = timedelta(hours=1)
    length: timedelta = timedelta(hours=1)
    timezone: str = "UTC"
    tolerance: float = 0.025
    tolerance_unlearned: float = 0.10
    at_most: float = 1.0
    per: timedelta = timedelta(weeks=52)
    learn_for: timedelta = timedelta(weeks=2)
    learn_at_least: int = 14
    absorbs: bool = False
    weights: dict[str, float] = field(default_factory=dict)
    tolerances: dict[str, float] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()
    history: tuple[Look, ...] = ()
    marks: tuple[Mark, ...] = ()

    @property
    def period(self) -> float:
        """Windows in which one false alarm is to be expected."""
        return self.per / self.interval / self.at_most

    @property
    def learning(self) -> int:
        """Windows that are learned from."""
        return max(self.learn_at_least, round(self.learn_for / self.interval))

    @property
    def day(self) -> int:
        """Windows in a day; at least 1."""
        return max(1, round(DAY / self.interval))

    @property
    def scales(self) -> tuple[int, ...]:
        """Windows in a block, by scale: one, a day, a week; those shorter than two windows drop out."""
        return (1, *(scale for scale in (round(DAY / self.interval), round(WEEK / self.interval)) if scale >= 2))
