"""Area under the ROC curve: how well a score tells two classes apart, with DeLong's interval."""

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, ndtri

LEAST_OF_A_CLASS: Final = 15  # with fewer rows of either class the interval means nothing


class Auc(NamedTuple):
    """`value` with DeLong's `variance`, of so many `positives` and `negatives`."""

    value: float
    variance: float
    positives: int
    negatives: int

    @property
    def logit(self) -> tuple[float, float]:
        """`log(A / (1 - A))` and its standard error `sqrt(var) / (A (1 - A))`; nan, infinite with too few of a class.

        Classes that a score tells apart without a mistake count as if half a row of the smaller were mistaken.
        """
        fewer = min(self.positives, self.negatives)
        if fewer < LEAST_OF_A_CLASS:
            return math.nan, math.inf
        value = min(max(self.value, 0.5 / fewer), 1 - 0.5 / fewer)
        variance = self.variance if value == self.value else max(self.variance, value * (1 - value) / fewer)
        return math.log(value / (1 - value)), math.sqrt(variance) / (value * (1 - value))

    def interval(self, level: float = 0.05) -> tuple[float, float]:
        """Bounds from the logit scale; nan with fewer than 15 rows of either class.

        >>> low, high = Auc(0.8, 0.0016, 50, 50).interval(); round(low, 3), round(high, 3)
        (0.71, 0.867)
        """
        centre, error = self.logit
        if math.isnan(centre):
            return math.nan, math.nan
        reach = -float(ndtri(level / 2)) * error
        return float(expit(centre - reach)), float(expit(centre + reach))


def auc(positives: NDArray[np.float64], negatives: NDArray[np.float64]) -> Auc:
    """The chance that a positive's score, shape (m,), is above a negative's, (n,), ties counting half; 0..1.

    With V10 the share of negatives below each positive and V01 the share of positives above each negative, the value
    is the mean of either and the variance `var(V10) / m + var(V01) / n`. By sorting, in O((m + n) log(m + n)). nan
    where a class is empty; the variance is nan with a single row of one. Scores must be finite.

    Reference: DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988), 837.

    >>> found = auc(np.array([3.0, 4.0, 5.0]), np.array([1.0, 3.0])); round(found.value, 4)  # (1 + .5 + 4) / 6
    0.9167
    >>> round(found.variance, 4)  # var(.75, 1, 1) / 3 + var(1, 5/6) / 2
    0.0139
    """
    m, n = len(positives), len(negatives)
    if not m or not n:
        return Auc(math.nan, math.nan, m, n)
    above = _below(negatives, positives)
    below = 1 - _below(positives, negatives)
    variance = above.var(ddof=1) / m + below.var(ddof=1) / n if min(m, n) > 1 else math.nan
    return Auc(float(above.mean()), float(variance), m, n)


def auc_of_counts(positives: NDArray[np.int64], negatives: NDArray[np.int64]) -> Auc:
    """The same of rows counted by score: `positives` and `negatives`, (d,), at each of d ascending scores.

    >>> round(auc_of_counts(np.array([0, 1, 1, 1]), np.array([1, 1, 0, 0])).value, 4)
    0.9167
    """
    m, n = int(positives.sum()), int(negatives.sum())
    if not m or not n:
        return Auc(math.nan, math.nan, m, n)
    above = (np.cumsum(negatives) - negatives / 2) / n
    below = 1 - (np.cumsum(positives) - positives / 2) / m
    value = float((above * positives).sum()) / m
    variance = math.nan
    if min(m, n) > 1:
        variance = float(((above - value) ** 2 * positives).sum()) / (m - 1) / m
        variance += float(((below - value) ** 2 * negatives).sum()) / (n - 1) / n
    return Auc(value, variance, m, n)


def _below(others: NDArray[np.float64], scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of each score the share of others below it, those equal counting half."""
    ordered = np.sort(others)
    found: NDArray[np.float64] = (
        np.searchsorted(ordered, scores, side="left") + np.searchsorted(ordered, scores, side="right")
    ) / (2 * len(others))
    return found
