"""Scores: probabilities that a model gave, counted by what came true; exact while few of them differ."""

import base64
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit

from monitor.arrays import packed, unpacked
from monitor.stats.moments import Moments

MOST_PLACES: Final = 4096  # distinct scores, then cells
FINEST: Final = 24  # cells are at least 2**-24 wide: finer than chance tells scores apart
FURTHEST: Final = 40.0  # log odds beyond which doubles tell no chance from certainty
BINS: Final = 10  # of a reliability diagram, of equal width
NO_CHANCE: Final = float(np.finfo(np.float64).eps)  # a certainty that fails costs log(1 / this), and not infinity

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


def _nothing() -> Whole:
    return np.zeros((2, 0), dtype=np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Rows by probability of the positive class, 0..1, and by class.

    `places`, (d,) and ascending, are the distinct scores themselves while there are at most 4,096 (`fineness` None).
    Beyond, they are numbers of cells, each `2**-fineness` wide in log odds, which tell small chances apart as well as
    those in the middle; `fineness` is the largest with which so few are filled, whatever the order of the rows.
    `counts`, (2, d), are rows that came out negative and positive.

    `calibration`, (3, 10), are rows, positives and the sum of scores in ten bins of equal width. `losses` are
    `-log(p of what came true)`, `squares` are `(p - y)**2`.
    """

    fineness: int | None = None
    places: Floats = field(default_factory=lambda: np.zeros(0))
    counts: Whole = field(default_factory=_nothing)
    calibration: Floats = field(default_factory=lambda: np.zeros((3, BINS)))
    losses: Moments = field(default_factory=Moments)
    squares: Moments = field(default_factory=Moments)

    @classmethod
    def of(cls, scores: Floats, is_positive: NDArray[np.bool_]) -> "Scores":
        """Of n scores, 0..1, and whether each row came out positive. Shapes: (n,)."""
        places, at = np.unique(scores + 0.0, return_inverse=True)
        counts = np.bincount(at + len(places) * is_positive, minlength=2 * len(places)).reshape(2, -1)
        bins = np.minimum((scores * BINS).astype(np.int64), BINS - 1)
        calibration = [np.bincount(bins, weights, minlength=BINS) for weights in (None, is_positive, scores)]
        chance = np.clip(np.where(is_positive, scores, 1 - scores), NO_CHANCE, 1)
        return cls(
            places=places,
            counts=counts.astype(np.int64),
            calibration=np.array(calibration, dtype=np.float64),
            losses=Moments.of(-np.log(chance)),
            squares=Moments.of((scores - is_positive) ** 2),
        )._few()

    @property
    def count(self) -> int:
        return int(self.counts.sum())

    def __add__(self, other: "Scores") -> "Scores":
        mine, theirs = self._alike(other.fineness), other._alike(self.fineness)
        places, at = np.unique(np.concatenate((mine.places, theirs.places)), return_inverse=True)
        counts = np.zeros((2, len(places)), dtype=np.int64)
        counts[:, at[: len(mine.places)]] = mine.counts
        counts[:, at[len(mine.places) :]] += theirs.counts
        return Scores(
            fineness=mine.fineness,
            places=places,
            counts=counts,
            calibration=self.calibration + other.calibration,
            losses=self.losses + other.losses,
            squares=self.squares + other.squares,
        )._few()

    def _alike(self, fineness: int | None) -> "Scores":
        """On cells at most so fine."""
        if fineness is None or (self.fineness is not None and self.fineness <= fineness):
            return self
        return self._coarser(fineness)

    def _few(self) -> "Scores":
        found = self
        while len(found.places) > MOST_PLACES:
            found = found._coarser(FINEST if found.fineness is None else found.fineness - 1)
        return found

    def _coarser(self, fineness: int) -> "Scores":
        if self.fineness is None:
            cells = np.floor(np.clip(logit(self.places), -FURTHEST, FURTHEST) * 2.0**fineness)
        else:
            cells = np.floor(self.places / 2.0 ** (self.fineness - fineness))
        places, first = np.unique(cells, return_index=True)
        counts = np.add.reduceat(self.counts, first, axis=1)
        return Scores(
            fineness=fineness,
            places=places,
            counts=counts,
            calibration=self.calibration,
            losses=self.losses,
            squares=self.squares,
        )

    def to_document(self) -> dict[str, Any]:
        """The numbers as packed arrays in base64, the moments as lists."""
        arrays = {name: getattr(self, name) for name in ("places", "counts", "calibration")}
        return {
            "fineness": self.fineness,
            "counted": base64.b64encode(packed({}, arrays)).decode(),
            "losses": self.losses.to_document(),
            "squares": self.squares.to_document(),
        }

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> "Scores":
        """ValueError for numbers that are none."""
        _, arrays = unpacked(base64.b64decode(document["counted"]))
        losses, squares = (Moments.from_document(document[name]) for name in ("losses", "squares"))
        return cls(fineness=document["fineness"], losses=losses, squares=squares, **arrays)
