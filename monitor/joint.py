"""Joint: how features move together, as sums over rows that add up to the last digit."""

import base64
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from monitor.arrays import packed, unpacked
from monitor.stats.correlation import fisher

STEPS: Final = 16  # scores are whole sixteenths of a standard deviation, so that sums of them are whole numbers
FURTHEST: Final = 45  # 2.8 standard deviations
MOST_FEATURES: Final = 100  # 4,950 pairs; the work and what is kept grow with the square
Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """Sums over rows of the normal scores of numeric features, in sixteenths.

    `features` are p names; `scores`, shape (p, cells), the score of each of the baseline's cells, by which all rows
    are counted. `sums`, (p,), are the features' own. `products`, (p (p + 1) / 2,), are the sums of score times score,
    and `both` the rows that have a number of both: of the upper triangle, row by row, the diagonal included.

    A row without a number counts as nothing. Correlations are of the rows that have both numbers, means and deviations
    of all that have the one.
    """

    features: tuple[str, ...]
    scores: NDArray[np.int8]
    sums: Whole
    products: Whole
    both: Whole

    @classmethod
    def empty(cls, features: tuple[str, ...], scores: NDArray[np.int8]) -> "Joint":
        """Of no rows."""
        size = len(features)
        nothing = np.zeros(size * (size + 1) // 2, dtype=np.int64)
        return cls(
            features=features, scores=scores, sums=np.zeros(size, dtype=np.int64), products=nothing, both=nothing
        )

    def __add__(self, other: "Joint") -> "Joint":
        if self.features != other.features or not np.array_equal(self.scores, other.scores):
            raise TypeError("joint sums on other cells do not add up")
        return Joint(
            features=self.features,
            scores=self.scores,
            sums=self.sums + other.sums,
            products=self.products + other.products,
            both=self.both + other.both,
        )

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The two features of each pair: each with every later one."""
        first, second = self._places()
        return tuple((self.features[i], self.features[j]) for i, j in zip(first.tolist(), second.tolist(), strict=True))

    @property
    def rows(self) -> Whole:
        """Rows that have both numbers, (pairs,)."""
        return self._square(self.both)[self._places()]

    @property
    def correlations(self) -> Floats:
        """Of normal scores, (pairs,); nan where a feature does not vary, or no row has both."""
        products, both = self._square(self.products).astype(np.float64), self._square(self.both).astype(np.float64)
        with np.errstate(invalid="ignore", divide="ignore"):
            means = self.sums / np.diagonal(both)
            covariance = products / both - np.outer(means, means)
            deviations = np.sqrt(np.maximum(np.diagonal(covariance), 0.0))
            found = covariance / np.outer(deviations, deviations)
        found[~np.isfinite(found)] = np.nan
        pairs: Floats = np.clip(found, -1.0, 1.0)[self._places()]
        return pairs

    def fisher(self) -> Floats:
        """Fisher's z of the correlations, (pairs,)."""
        return fisher(self.correlations, self.rows)

    def _places(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        return np.triu_indices(len(self.features), 1)

    def _square(self, triangle: Whole) -> Whole:
        size = len(self.features)
        square = np.zeros((size, size), dtype=np.int64)
        square[np.triu_indices(size)] = triangle
        square.T[np.triu_indices(size)] = triangle
        return square

    def to_document(self) -> dict[str, Any]:
        """The names, and the numbers as packed arrays in base64: a tenth of the size of lists."""
        arrays = {name: _narrow(getattr(self, name)) for name in ("scores", "sums", "products", "both")}
        return {"features": list(self.features), "sums": base64.b64encode(packed({}, arrays)).decode()}

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> "Joint":
        """ValueError for numbers that are none."""
        _, arrays = unpacked(base64.b64decode(document["sums"]))
        whole = {name: arrays[name].astype(np.int64) for name in ("sums", "products", "both")}
        return cls(features=tuple(document["features"]), scores=arrays["scores"].astype(np.int8), **whole)


def _narrow(numbers: NDArray[Any]) -> NDArray[Any]:
    if numbers.dtype == np.int8 or (numbers.size and np.abs(numbers).max() >= 2**31):
        return numbers
    return numbers.astype(np.int32)
