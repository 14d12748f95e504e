"""Interval: a number and the bounds that the truth lies in, and counts in rows that are worth one each."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Effects = tuple[float, float]

INDEPENDENT: Final[Effects] = (1.0, 1.0)  # design effects of now and of base: no row repeats another
LEVEL: Final = 0.05  # the chance of the truth outside of an interval, half of it on either side


class Interval(NamedTuple):
    """`value` with the bounds `low` and `high`, in one unit; nan where nothing was measured."""

    value: float
    low: float
    high: float


NOTHING: Final = Interval(float("nan"), float("nan"), float("nan"))


def effective(now: ArrayLike, base: ArrayLike, effects: Effects = INDEPENDENT) -> tuple[Floats, Floats]:
    """Counts of both sides, shape (cells,), in rows that are worth one each: count / design effect.

    Reference: Kish, Survey Sampling (1965), section 8.2: a sample of n rows with design effect g tells as much as n /
    g.

    >>> now, base = effective([10, 30], [100, 100], (2.0, 1.0)); now.tolist(), base.tolist()
    ([5.0, 15.0], [100.0, 100.0])
    """
    counts = np.asarray(now, dtype=np.float64), np.asarray(base, dtype=np.float64)
    return counts[0] / max(1.0, effects[0]), counts[1] / max(1.0, effects[1])


def together(now: float, base: float) -> float:
    """The rows that both sides are worth in a comparison: `1 / (1/now + 1/base)`; 0 where either is 0.

    >>> together(1000.0, 1000.0), together(0.0, 5.0)
    (500.0, 0.0)
    """
    return now * base / (now + base) if now > 0 and base > 0 else 0.0
