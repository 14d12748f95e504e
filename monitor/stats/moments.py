"""Moments that add up: count, sum, mean and the central sums of powers two to four."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """Sums over finite values; `m2`, `m3`, `m4` are sums of powers of (value - mean).

    Merging follows Pebay, Formulas for Robust, One-Pass Parallel Computation of Covariances and Arbitrary-Order
    Statistical Moments (Sandia SAND2008-6212), which keeps precision where plain sums of powers lose it.
    Empty: count 0, total 0, mean nan, minimum +inf, maximum -inf.
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
        count = len(values)
        if count == 0:
            return cls()
        total = float(values.sum())
        mean = total / count
        # No BLAS here (np.dot starts threads that spin); powers by multiplication.
        off = values - mean
        square = off * off
        return cls(
            count=count,
            total=total,
            mean=mean,
            m2=float(square.sum()),
            m3=float((square * off).sum()),
            m4=float((square * square).sum()),
            minimum=float(values.min()),
            maximum=float(values.max()),
            negatives=int((values < 0).sum()),
        )

    def __add__(self, other: "Moments") -> "Moments":
        if other.count == 0:
            return self
        if self.count == 0:
            return other
        a, b = self.count, other.count
        n = a + b
        gap = other.mean - self.mean
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
            m2=m2,
            m3=m3,
            m4=m4,
            minimum=min(self.minimum, other.minimum),
            maximum=max(self.maximum, other.maximum),
            negatives=self.negatives + other.negatives,
        )

    @property
    def variance(self) -> float:
        """Population variance (divided by n); nan when empty."""
        return self.m2 / self.count if self.count else float("nan")

    @property
    def deviation(self) -> float:
        """Population standard deviation; nan when empty."""
        return float(np.sqrt(self.variance))

    @property
    def skewness(self) -> float:
        """Third standardised moment; nan when empty or constant."""
        return self.m3 / self.count / self.variance**1.5 if self.m2 > 0 else float("nan")

    @property
    def kurtosis(self) -> float:
        """Fourth standardised moment (3 for the normal); nan when empty or constant."""
        return self.m4 / self.count / self.variance**2 if self.m2 > 0 else float("nan")

    def to_document(self) -> list[Any]:
        """The nine numbers in the order of the fields; an empty one keeps null extremes."""
        ends = [None, None] if self.count == 0 else [self.minimum, self.maximum]
        return [self.count, self.total, self.mean, self.m2, self.m3, self.m4, *ends, self.negatives]

    @classmethod
    def from_document(cls, document: list[Any]) -> "Moments":
        if document[0] == 0:
            return cls()
        names = ("count", "total", "mean", "m2", "m3", "m4", "minimum", "maximum", "negatives")
        return cls(**dict(zip(names, document, strict=True)))
