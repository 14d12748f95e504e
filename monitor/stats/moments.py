"""Moments that add up: count, sum, mean and the central sums of powers two to four."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Ends: TypeAlias = tuple[float, float, int]
"""The least value, the greatest, and how many are negative."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """Sums over finite values; `m2`, `m3`, `m4` are sums of powers of (value - mean).

    Merging follows Pebay, Formulas for Robust, One-Pass Parallel Computation of Covariances and Arbitrary-Order
    Statistical Moments (Sandia SAND2008-6212), which keeps precision where plain sums of powers lose it.
    Empty: count 0, total 0, mean nan, minimum +inf, maximum -inf. Values near the largest numbers (1e77 and more) make
    sums that are infinite or nan, never an error: one absurd value must not end a window.
    """

    count: int = 0
    total: float = 0.0
    mean: float = 0.0
    m2: float = 0.0
    m3: float = 0.0
    m4: float = 0.0
    minimum: float = float("inf")
    maximum: float = float("-inf")
    negatives: int = 0

    @classmethod
    def of(cls, values: NDArray[np.float64]) -> "Moments":
        """Moments of finite values, shape (n,), any order.

        >>> m = Moments.of(np.array([1.0, 2.0, 3.0, 6.0]))
        >>> m.count, m.mean, m.variance, m.total
        (4, 3.0, 3.5, 12.0)
        """
        if not len(values):
            return cls()
        ends = float(values.min()), float(values.max()), int(np.count_nonzero(values < 0))
        return cls.of_each(values[None], [ends])[0]

    @classmethod
    def of_each(cls, values: NDArray[np.float64], ends: Sequence[Ends]) -> "list[Moments]":
        """Those of each row of finite values, shape (k, n), whose ends are known."""
        count = values.shape[1]
        if count == 0:
            return [cls()] * len(values)
        with np.errstate(over="ignore", invalid="ignore"):
            return cls._of_each(values, ends, count)

    @classmethod
    def _of_each(cls, values: NDArray[np.float64], ends: Sequence[Ends], count: int) -> "list[Moments]":
        totals = values.sum(axis=1)
        means = totals / count
        # No BLAS here (np.dot starts threads that spin); powers by multiplication.
        off = values - means[:, None]
        square = off * off
        m2 = square.sum(axis=1)
        m3 = np.multiply(off, square, out=off).sum(axis=1)
        m4 = np.multiply(square, square, out=square).sum(axis=1)
        sums = (totals.tolist(), means.tolist(), m2.tolist(), m3.tolist(), m4.tolist())
        return [
            cls(count=count, total=a, mean=b, m2=c, m3=d, m4=e, minimum=low, maximum=high, negatives=negatives)
            for a, b, c, d, e, (low, high, negatives) in zip(*sums, ends, strict=True)
        ]

    def __add__(self, other: "Moments") -> "Moments":
        if other.count == 0:
            return self
        if self.count == 0:
            return other
        with np.errstate(over="ignore", invalid="ignore"):
            return self._plus(other)

    def _plus(self, other: "Moments") -> "Moments":
        a, b = self.count, other.count
        n = a + b
        gap = np.float64(other.mean) - self.mean  # overflows to infinity where a plain float raises
        total = self.total + other.total
        m2 = self.m2 + other.m2 + gap**2 * a * b / n
        m3 = self.m3 + other.m3 + gap**3 * a * b * (a - b) / n**2 + 3 * gap * (a * other.m2 - b * self.m2) / n
        m4 = (
            self.m4
            + other.m4
            + gap**4 * a * b * (a * a - a * b + b * b) / n**3
            + 6 * gap**2 * (a * a * other.m2 + b * b * self.m2) / n**2
            + 4 * gap * (a * other.m3 - b * self.m3) / n
        )
        return Moments(
            count=n,
            total=total,
            mean=total / n,
            m2=float(m2),
            m3=float(m3),
            m4=float(m4),
            minimum=min(self.minimum, other.minimum),
            maximum=max(self.maximum, other.maximum),
            negatives=self.negatives + other.negatives,
        )

    @property
    def variance(self) -> float:
        """Population variance (divided by n); nan when empty, and 0 of one value, whose mean may be off by a digit."""
        if not self.count or self.minimum == self.maximum:
            return 0.0 if self.count else float("nan")
        return self.m2 / self.count

    @property
    def deviation(self) -> float:
        """Population standard deviation; nan when empty."""
        return float(np.sqrt(self.variance))

    @property
    def skewness(self) -> float:
        """Third standardised moment; nan when empty or constant."""
        return self._standardised(self.m3, 1.5)

    @property
    def kurtosis(self) -> float:
        """Fourth standardised moment (3 for the normal); nan when empty or constant."""
        return self._standardised(self.m4, 2.0)

    def _standardised(self, total: float, power: float) -> float:
        if not 0 < self.m2 < np.inf:
            return float("nan")
        with np.errstate(over="ignore", invalid="ignore"):
            return float(total / self.count / np.float64(self.variance) ** power)

    def to_document(self) -> list[Any]:
        """The nine numbers in the order of the fields; null for extremes of nothing, and for what is not finite."""
        ends = [None, None] if self.count == 0 else [self.minimum, self.maximum]
        sums = [x if np.isfinite(x) else None for x in (self.total, self.mean, self.m2, self.m3, self.m4)]
        return [self.count, *sums, *ends, self.negatives]

    @classmethod
    def from_document(cls, document: list[Any]) -> "Moments":
        if document[0] == 0:
            return cls()
        names = ("count", "total", "mean", "m2", "m3", "m4", "minimum", "maximum", "negatives")
        numbers: list[Any] = [float("nan") if number is None else number for number in document]
        return cls(**dict(zip(names, numbers, strict=True)))


def ends_of(values: NDArray[np.float64], ordered: NDArray[np.float64]) -> Ends:
    """The ends of finite values; `ordered` are the same, ascending."""
    if not len(ordered):
        return float("inf"), float("-inf"), 0
    low, high = float(ordered[0]), float(ordered[-1])
    if low == 0 or high == 0:  # zeros of both signs are equal: which one is told must not depend on how they sort
        low, high = float(values.min()), float(values.max())
    return low, high, int(ordered.searchsorted(0.0))
