"""Table: what each experiment must show and what was seen, with the intervals that its number of runs allows."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import betaincinv, gammaincinv
from scipy.stats import binom

TAIL = 0.025  # on each side: 95 % intervals


class Row(NamedTuple):
    """`passed` None: reported, nothing is promised."""

    name: str
    condition: str
    must: str
    seen: str
    passed: bool | None

    @property
    def verdict(self) -> str:
        return "reported" if self.passed is None else "yes" if self.passed else "**no**"


def poisson_interval(count: int) -> tuple[float, float]:
    """Of the mean of a Poisson count, exact (Garwood, Biometrika 28 (1936), 437).

    >>> [round(end, 2) for end in poisson_interval(0)], [round(end, 2) for end in poisson_interval(4)]
    ([0.0, 3.69], [1.09, 10.24])
    """
    low = float(gammaincinv(count, TAIL)) if count else 0.0
    return low, float(gammaincinv(count + 1, 1 - TAIL))


def share_interval(count: int, total: int) -> tuple[float, float]:
    """Of a share, exact (Clopper and Pearson, Biometrika 26 (1934), 404).

    >>> [round(end, 3) for end in share_interval(0, 20)], [round(end, 3) for end in share_interval(19, 20)]
    ([0.0, 0.168], [0.751, 0.999])
    """
    low = float(betaincinv(count, total - count + 1, TAIL)) if count else 0.0
    return low, float(betaincinv(count + 1, total - count, 1 - TAIL)) if count < total else 1.0


def quantile_of(values: Sequence[float], level: float) -> float:
    """The smallest of the values that at least this share of them does not exceed.

    >>> quantile_of([3, 1, 2, float("inf")], 0.5), quantile_of([3, 1, 2, float("inf")], 0.9)
    (2, inf)
    """
    return sorted(values)[max(0, int(np.ceil(level * len(values) - 1e-9)) - 1)]


def median_interval(values: Sequence[float]) -> tuple[float, float]:
    """Of the median, by the ranks that a fair coin allows; infinite where the values are too few.

    >>> median_interval([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    (2, 9)
    """
    ordered, rank = sorted(values), int(binom.ppf(TAIL, len(values), 0.5))
    if rank < 1:
        return 0.0, float("inf")
    return ordered[rank - 1], ordered[len(ordered) - rank]


def rate(alarms: int, budget: float) -> str:
    """Alarms against what the budget allows, with the interval of their mean.

    >>> rate(0, 11.5), rate(3, 2.3)
    ('0 alarms of 11.5 allowed (mean 0 to 3.7)', '3 alarms of 2.3 allowed (mean 0.62 to 8.8)')
    """
    low, high = poisson_interval(alarms)
    return f"{alarms} alarms of {budget:.3g} allowed (mean {low:.2g} to {high:.2g})"


def share(count: int, total: int) -> str:
    """A share in per cent with its interval.

    >>> share(19, 20)
    '95 % (75.1 to 99.9)'
    """
    low, high = share_interval(count, total)
    return f"{100 * count / total:.3g} % ({100 * low:.3g} to {100 * high:.3g})"


def spell(delays: Sequence[float], horizon: int) -> str:
    """Delays in words: median with its interval, the 90 % point, how many were found.

    >>> spell([1, 1, 2, 1, 1, 3, 1, 1, float("inf"), 1], 504)
    'median 1 window (1 to 3); 90 % within 3; 9 of 10 found'
    """

    def told(windows: float) -> str:
        return f"{windows:.0f}" if windows < float("inf") else f"more than {horizon}"

    middle, (low, high) = quantile_of(delays, 0.5), median_interval(delays)
    found = sum(delay < float("inf") for delay in delays)
    unit = "window" if middle == 1 else "windows"
    text = f"median {told(middle)} {unit} ({told(low)} to {told(high)}); 90 % within {told(quantile_of(delays, 0.9))}"
    return f"{text}; {found} of {len(delays)} found"


def markdown(rows: Sequence[Row]) -> str:
    """The rows as a table."""
    head = "| # | condition | must | seen | kept |\n|---|---|---|---|---|\n"
    return head + "".join(f"| {r.name} | {r.condition} | {r.must} | {r.seen} | {r.verdict} |\n" for r in rows)
