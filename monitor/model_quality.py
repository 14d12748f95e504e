"""ModelQuality: what a model said against what came true, as counts and sums that add up."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar, Final, Self

import numpy as np
from numpy.typing import NDArray

from monitor.document import from_document, to_document
from monitor.feature import fewest_hashes
from monitor.problem import Problem
from monitor.scores import Scores
from monitor.stats.hashes import hash_bytes
from monitor.stats.moments import Moments
from monitor.stats.quantiles import Quantiles

MOST_CLASSES: Final = 100
Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Binary:
    """Rows by what came true and what was said, in this order: [[TN, FP], [FN, TP]].

    `others` are the commonest names of the class that is not the positive one, as labels had it. `scores` are empty
    where the model gives no probability.
    """

    kind: ClassVar[str] = "binary"

    cells: Whole = field(default_factory=lambda: np.zeros((2, 2), dtype=np.int64))
    others: Mapping[str, int] = field(default_factory=dict)
    scores: Scores = field(default_factory=Scores)

    def __add__(self, other: Self) -> "Binary":
        names = sorted({*self.others, *other.others})
        return Binary(
            cells=self.cells + other.cells,
            others=fewest_hashes({name: self.others.get(name, 0) + other.others.get(name, 0) for name in names}),
            scores=self.scores + other.scores,
        )

    @property
    def negative(self) -> str:
        """What labels call the class that is not the positive one: "0" where there is none."""
        return max(self.others, key=lambda name: (self.others[name], name), default="0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Multiclass:
    """Rows by class: `cells[i, j]` came out as `classes[i]` and were said to be `classes[j]`.

    Beyond 100 classes those of smallest hash are kept, a choice that neither order nor splits change; the others stand
    together in the last row and column, `alike` of them rightly said.
    """

    kind: ClassVar[str] = "multiclass"

    classes: tuple[str, ...] = ()
    cells: Whole = field(default_factory=lambda: np.zeros((1, 1), dtype=np.int64))
    alike: int = 0

    def __add__(self, other: Self) -> "Multiclass":
        return summed((self, other))

    @property
    def right(self) -> Whole:
        """Rows of each class that were rightly said, the others last, (k + 1,)."""
        return np.append(np.diagonal(self.cells)[:-1], self.alike)


def summed(parts: "tuple[Multiclass, ...]") -> Multiclass:
    """Their sum on the classes of all of them, at most 100."""
    names = sorted({name for part in parts for name in part.classes})
    kept = kept_classes(names)
    place = {name: at for at, name in enumerate(kept)}
    cells = np.zeros((len(kept) + 1, len(kept) + 1), dtype=np.int64)
    alike = 0
    for part in parts:
        at = np.array([*(place.get(name, len(kept)) for name in part.classes), len(kept)], dtype=np.int64)
        np.add.at(cells, (at[:, None], at[None, :]), part.cells)
        alike += int(part.right[at == len(kept)].sum())
    return Multiclass(classes=tuple(kept), cells=cells, alike=alike)


def kept_classes(names: list[str]) -> list[str]:
    """Of these distinct names, at most 100."""
    if len(names) <= MOST_CLASSES:
        return names
    texts = [name.encode() for name in names]
    hashes = hash_bytes(np.frombuffer(b"".join(texts), dtype=np.uint8), np.cumsum([0, *map(len, texts)]))
    return [names[at] for at in np.sort(np.argsort(hashes, kind="stable")[:MOST_CLASSES]).tolist()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Regression:
    """Errors are what was said less what came true.

    `leaning` are the sums over rows of `e**2 (y - m)` and `e**2 (y - m)**2`, y what came true and m its mean: how
    errors go with the size of the truth. `logarithmic` are squared differences of `log(1 + y)`, of rows where neither
    is -1 or less; `relative` are `|e / y|`, of rows where y is not 0.
    """

    kind: ClassVar[str] = "regression"

    truth: Moments = field(default_factory=Moments)
    errors: Moments = field(default_factory=Moments)
    absolute: Moments = field(default_factory=Moments)
    logarithmic: Moments = field(default_factory=Moments)
    relative: Moments = field(default_factory=Moments)
    leaning: tuple[float, ...] = (0.0, 0.0)
    distribution: Quantiles = field(default_factory=Quantiles.empty)

    def __add__(self, other: Self) -> "Regression":
        truth = self.truth + other.truth
        mine, theirs = self._leaning_about(truth.mean), other._leaning_about(truth.mean)
        return Regression(
            truth=truth,
            errors=self.errors + other.errors,
            absolute=self.absolute + other.absolute,
            logarithmic=self.logarithmic + other.logarithmic,
            relative=self.relative + other.relative,
            leaning=(mine[0] + theirs[0], mine[1] + theirs[1]),
            distribution=self.distribution + other.distribution,
        )

    @property
    def squares(self) -> float:
        """Sum of squared errors."""
        return self.errors.m2 + self.errors.count * self.errors.mean**2 if self.errors.count else 0.0

    def _leaning_about(self, mean: float) -> tuple[float, float]:
        """The same sums about another mean."""
        if not self.truth.count:
            return 0.0, 0.0
        by, (first, second) = mean - self.truth.mean, self.leaning
        return first - by * self.squares, second - 2 * by * first + by * by * self.squares


Outcome = Binary | Multiclass | Regression
OUTCOMES: Final[Mapping[str, type[Outcome]]] = {kind.kind: kind for kind in (Binary, Multiclass, Regression)}


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelQuality:
    """Rows of a window or a baseline, and what became of their predictions.

    `unpredicted` rows have no prediction that could be read. Of the others `labelled` have a label, of which
    `unreadable` say nothing that is an answer to the `problem`. What is left is counted in `outcome`.
    """

    problem: Problem
    rows: int = 0
    unpredicted: int = 0
    labelled: int = 0
    unreadable: int = 0
    outcome: Outcome

    @classmethod
    def empty(cls, problem: Problem) -> "ModelQuality":
        """Of no rows."""
        return cls(problem=problem, outcome=OUTCOMES[problem.kind]())

    def __add__(self, other: "ModelQuality") -> "ModelQuality":
        if self.problem != other.problem:
            raise TypeError("qualities of two problems do not add up")
        return replace(
            self,
            rows=self.rows + other.rows,
            unpredicted=self.unpredicted + other.unpredicted,
            labelled=self.labelled + other.labelled,
            unreadable=self.unreadable + other.unreadable,
            outcome=self.outcome + other.outcome,  # type: ignore[operator]  # of one problem, so of one kind
        )

    @property
    def predicted(self) -> int:
        return self.rows - self.unpredicted

    @property
    def judged(self) -> int:
        """Rows that the metrics are of."""
        return self.labelled - self.unreadable

    @property
    def coverage(self) -> float:
        """Share of predictions that have a label, 0..1; nan where there is no prediction."""
        return self.labelled / self.predicted if self.predicted else float("nan")

    def beside(self, base: "ModelQuality | None") -> "ModelQuality":
        """The baseline's answers to the same problem; of no rows where it has none."""
        asked = self.problem
        if base is not None and (base.problem.kind, base.problem.positive) == (asked.kind, asked.positive):
            return base
        return ModelQuality.empty(asked)

    def to_document(self) -> dict[str, Any]:
        return {item.name: to_document(getattr(self, item.name)) for item in fields(self)}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "ModelQuality":
        """The outcome is of the kind that the problem says."""
        problem = from_document(Problem, document["problem"])
        outcome = from_document(OUTCOMES[problem.kind], document["outcome"])
        return cls(**{**document, "problem": problem, "outcome": outcome})
