"""Stock: the rules that other tools ship, as their documents and code have them, over the features of one window.

All are read from one fine histogram of each feature (0.01 standard deviations a cell), so that a year of windows takes
a minute; their own bins are made of its cells.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import kstwobign

from benchmarks.verdicts.worlds import Floats

LOW, HIGH, FINE = -6.0, 6.0, 1200
DECILES = np.arange(1, 10) / 10
EQUAL_BINS = 16  # as Doane's formula gives at 50,000 rows
SAGEMAKER_C = 1.8
LEAST_SHARE = 1e-4  # what stands for an empty bin in PSI


def histogram(values: Floats) -> NDArray[np.int64]:
    """Counts of (rows, features) values, (features, FINE)."""
    features = values.shape[1]
    cells = ((values - LOW) * (FINE / (HIGH - LOW))).astype(np.int64)
    np.clip(cells, 0, FINE - 1, out=cells)
    return np.bincount((cells + FINE * np.arange(features)).ravel(), minlength=FINE * features).reshape(features, FINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A training sample as other tools keep it: shares below each fine cell's end, spread, and where their bins end."""

    rows: int
    below: Floats
    spread: Floats
    deciles: NDArray[np.int64]
    equal: NDArray[np.int64]

    @classmethod
    def of(cls, counts: NDArray[np.int64]) -> "Reference":
        rows = int(counts[0].sum())
        below = np.cumsum(counts, axis=1) / rows
        middle = LOW + (np.arange(FINE) + 0.5) * (HIGH - LOW) / FINE
        mean = counts @ middle / rows
        spread = np.sqrt(counts @ middle**2 / rows - mean**2)
        deciles = np.array([np.searchsorted(row, DECILES) for row in below])
        ends = [(np.flatnonzero(row)[0], np.flatnonzero(row)[-1]) for row in counts]
        equal = np.array([np.linspace(a, b, EQUAL_BINS + 1)[1:-1].astype(int) for a, b in ends])
        return cls(rows=rows, below=below, spread=spread, deciles=deciles, equal=equal)

    def measures(self, counts: NDArray[np.int64]) -> Mapping[str, Floats]:
        """What the tools compute of a window, by feature."""
        rows = int(counts[0].sum())
        below = np.cumsum(counts, axis=1) / rows
        gap = below - self.below
        largest = np.abs(gap).max(axis=1)
        size = rows * self.rows / (rows + self.rows)
        base, now = _binned(self.below, self.deciles), _binned(below, self.deciles)
        return {
            "ks p": kstwobign.sf(largest * np.sqrt(size)),
            "psi": _psi(now, base),
            "js": _js(_binned(below, self.equal), _binned(self.below, self.equal)),
            "w1": np.abs(gap).sum(axis=1) * (HIGH - LOW) / FINE / self.spread,
            "linf": np.maximum(0.0, largest - SAGEMAKER_C * np.sqrt(1 / rows + 1 / self.rows)),
        }


def _binned(below: Floats, ends: NDArray[np.int64]) -> Floats:
    at = np.take_along_axis(below, ends, axis=1)
    sides = np.zeros((len(below), 1))
    return np.diff(np.concatenate([sides, at, sides + 1], axis=1), axis=1)


def _psi(now: Floats, base: Floats) -> Floats:
    now, base = np.maximum(now, LEAST_SHARE), np.maximum(base, LEAST_SHARE)
    return ((now - base) * np.log(now / base)).sum(axis=1)


def _js(now: Floats, base: Floats) -> Floats:
    """The distance (a square root), in bits."""
    middle = (now + base) / 2

    def part(shares: Floats) -> Floats:
        ratio = np.divide(shares, middle, out=np.ones_like(shares), where=shares > 0)
        return (shares * np.log2(ratio)).sum(axis=1)

    return np.sqrt(np.maximum(0.0, (part(now) + part(base)) / 2))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule alarms where some feature's `measure` is beyond `threshold` ("ks p": below it). `split`: the threshold is
    divided by the number of features. `learned`: the threshold is how many standard deviations beyond the mean of the
    reference windows."""

    name: str
    measure: str
    threshold: float
    split: bool = False
    learned: bool = False


RULES = (
    Rule(name="KS, p < 0.05", measure="ks p", threshold=0.05),
    Rule(name="KS, p < 0.05 / features", measure="ks p", threshold=0.05, split=True),
    Rule(name="PSI > 0.1", measure="psi", threshold=0.1),
    Rule(name="PSI > 0.2", measure="psi", threshold=0.2),
    Rule(name="Jensen-Shannon > 0.1", measure="js", threshold=0.1),
    Rule(name="Wasserstein / sd > 0.1 (Evidently)", measure="w1", threshold=0.1),
    Rule(name="L-infinity, robust > 0.1 (SageMaker)", measure="linf", threshold=0.1),
    Rule(name="Jensen-Shannon > mean + 3 sd (NannyML)", measure="js", threshold=3.0, learned=True),
)
