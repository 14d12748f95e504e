"""Curves of scores by class: each point is a threshold, from the highest score down."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.scores import Scores

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """`said` are rows at or above each threshold that came true, (d,), `wrong` those that did not."""

    said: NDArray[np.int64]
    wrong: NDArray[np.int64]

    @classmethod
    def of(cls, scores: Scores) -> "Curve":
        negatives, positives = np.cumsum(scores.counts[:, ::-1], axis=1)
        return cls(said=positives, wrong=negatives)

    @property
    def recalls(self) -> Floats:
        """Also the rate of true positives; no positive: nan."""
        return _shares(self.said, self.said[-1:])

    @property
    def false_positive_rates(self) -> Floats:
        return _shares(self.wrong, self.wrong[-1:])

    @property
    def precisions(self) -> Floats:
        return _shares(self.said, self.said + self.wrong)


def _shares(counts: NDArray[np.int64], totals: NDArray[np.int64]) -> Floats:
    with np.errstate(invalid="ignore"):
        found: Floats = counts / totals
    return found
