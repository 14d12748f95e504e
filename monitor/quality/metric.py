"""Metric: one number that tells how right a model is, with its interval."""

import math
from dataclasses import dataclass
from typing import Literal

from monitor.stats.interval import NOTHING, Interval

Better = Literal["higher", "lower"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """`value` of `n` rows with the bounds of a 95 % interval; nan is what could not be told.

    `better` says which way is good; None where neither is.
    """

    name: str
    value: float
    low: float = math.nan
    high: float = math.nan
    n: int
    better: Better | None = "higher"
    method: str = ""

    @property
    def interval(self) -> Interval:
        return Interval(self.value, self.low, self.high)

    @property
    def is_known(self) -> bool:
        """Whether there is a value with an interval."""
        return not (math.isnan(self.value) or math.isnan(self.low) or math.isnan(self.high))


def metric(
    name: str, found: Interval | None, n: int, *, better: Better | None = "higher", method: str = "Wilson interval"
) -> Metric:
    """A metric of an interval; None: there is none."""
    value, low, high = found or NOTHING
    return Metric(name=name, value=value, low=low, high=high, n=n, better=better, method=method)
