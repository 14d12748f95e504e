"""Statistics of stretches of values: rows with as many places as the longest has, nan where there is no value."""

from collections.abc import Callable
from typing import Final

import numpy as np

from monitor.formula.words import What
from monitor.series import Counts, Floats

BLOCK: Final = 1 << 20  # places at a time, 8 MB


def over(what: What, values: Floats, stretches: tuple[Counts, Counts], needed: int, share: float = 0.5) -> Floats:
    """The statistic of `values[first:last]` for each pair of `stretches`, shape (stretches,).

    What is missing is left out. With fewer than `needed` values the answer is missing; a count is how many there are,
    and never missing. `share` is a quantile's.
    """
    first, last = stretches
    found = np.full(len(first), 0.0 if what == "count" else np.nan)
    width = int((last - first).max(initial=0))
    if not width:
        return found
    places = np.arange(width, dtype=np.int64)
    rows = max(1, BLOCK // width)
    for begin in range(0, len(first), rows):
        at = first[begin : begin + rows, None] + places
        is_inside = at < last[begin : begin + rows, None]
        taken = np.where(is_inside, values[np.minimum(at, len(values) - 1)], np.nan)
        found[begin : begin + rows] = _of(what, taken, needed, share)
    return found


def _of(what: What, taken: Floats, needed: int, share: float) -> Floats:
    count = counts(taken)
    if what == "count":
        return count.astype(np.float64)
    found = np.full(len(taken), np.nan)
    enough = count >= max(needed, 2 if what == "std" else 1)
    if what == "quantile":
        found[enough] = quantile(taken[enough], share)
    else:
        found[enough] = STATISTICS[what](taken[enough])
    return found


def counts(taken: Floats) -> Counts:
    """How many values there are in each row; in those to come there is one at least."""
    found: Counts = np.isfinite(taken).sum(axis=1)
    return found


def minimum(taken: Floats) -> Floats:
    """The least that is there."""
    found: Floats = np.where(np.isnan(taken), np.inf, taken).min(axis=1)
    return found


def maximum(taken: Floats) -> Floats:
    """The greatest that is there."""
    found: Floats = np.where(np.isnan(taken), -np.inf, taken).max(axis=1)
    return found


def total(taken: Floats) -> Floats:
    """The sum of what is there."""
    found: Floats = np.where(np.isnan(taken), 0.0, taken).sum(axis=1)
    return found


def mean(taken: Floats) -> Floats:
    """Counted from the least value: the mean of equal values is that value, to its last digit."""
    least = minimum(taken)
    above = total(taken - least[:, None]) / counts(taken)
    return np.where(np.isfinite(above), np.clip(least + above, least, maximum(taken)), np.nan)


def deviation(taken: Floats) -> Floats:
    """sqrt(sum((x - mean)^2) / (n - 1)), the standard deviation of a sample; 0 for equal values, n is 2 or more."""
    apart = np.where(np.isnan(taken), 0.0, taken - mean(taken)[:, None])
    found: Floats = np.sqrt((apart * apart).sum(axis=1) / (counts(taken) - 1))
    return found


def quantile(taken: Floats, share: float) -> Floats:
    """Between the two values around the place share * (n - 1) of the ordered ones, as numpy's default has it."""
    ordered, last = np.sort(taken, axis=1), counts(taken) - 1  # nan comes last
    place = share * last
    lower = np.floor(place).astype(np.int64)
    row = np.arange(len(taken))
    low, high = ordered[row, lower], ordered[row, np.minimum(lower + 1, last)]
    found: Floats = low + (high - low) * (place - lower)
    return found


STATISTICS: dict[What, Callable[[Floats], Floats]] = {
    "avg": mean, "min": minimum, "max": maximum, "sum": total, "std": deviation
}  # fmt: skip
