"""Feature: what was counted about one column. Everything in it adds up."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from monitor.document import to_document
from monitor.slices import Slices
from monitor.stats.distinct import Distinct
from monitor.stats.hashes import hash_bytes
from monitor.stats.moments import Moments
from monitor.stats.quantiles import Quantiles

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """`count` rows of `total`; `design_effect` says how many times over the rows repeat each other (1: independent)."""

    count: int
    total: int
    design_effect: float = 1.0

    @property
    def value(self) -> float:
        """The share, 0..1; nan where there are no rows."""
        return self.count / self.total if self.total else float("nan")


@dataclass(frozen=True, slots=True, kw_only=True)
class Classes:
    """Values by type, from the raw text: the classes of Deequ and SageMaker Model Monitor; missing ones are in none."""

    integral: int = 0
    fractional: int = 0
    boolean: int = 0
    string: int = 0

    def __add__(self, other: "Classes") -> "Classes":
        return Classes(
            integral=self.integral + other.integral,
            fractional=self.fractional + other.fractional,
            boolean=self.boolean + other.boolean,
            string=self.string + other.string,
        )

    @property
    def inferred(self) -> str:
        """Type of the column: any text makes it String, so does a truth value among numbers; nothing is Unknown."""
        numbers = self.integral + self.fractional
        if self.string or self.boolean:
            return "String"
        if not numbers:
            return "Unknown"
        return "Fractional" if self.fractional else "Integral"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One column of one window or baseline; `Numeric` or `Categorical`.

    `cells` are row counts on cells fixed by the baseline; `by_time` and `by_order` the same counts by stretch.
    `rows` is every row asked about, `missing` those without a value, of which `absent` had no such column at all.
    `role` is "input" or "prediction", `type` the baseline's Integral, Fractional or String. `design_effect` and its
    degrees of freedom are filled in by `Profile.settled()` and do not add up.
    """

    kind: ClassVar[str] = ""

    name: str
    role: str = "input"
    type: str = "Unknown"
    rows: int = 0
    missing: int = 0
    absent: int = 0
    classes: Classes = field(default_factory=Classes)
    cells: Counts
    by_time: Slices | None = None
    by_order: Slices | None = None
    distinct: Distinct = field(default_factory=Distinct.empty)
    design_effect: float = 1.0
    freedom: int = 0

    @property
    def present(self) -> int:
        """Rows with a value of any kind."""
        return self.rows - self.missing

    @property
    def missing_share(self) -> Share:
        return Share(count=self.missing, total=self.rows, design_effect=self.design_effect)

    def to_document(self) -> dict[str, Any]:
        """Every field in order of its name, and the kind, by which the document is read back."""
        names = sorted(item.name for item in fields(self))
        return {"kind": self.kind, **{name: to_document(getattr(self, name)) for name in names}}

    def _sums(self, other: Self) -> dict[str, Any]:
        """The fields that are of any feature, added."""
        return {
            "role": self.role if self.role == other.role else "prediction",
            "rows": self.rows + other.rows,
            "missing": self.missing + other.missing,
            "absent": self.absent + other.absent,
            "classes": self.classes + other.classes,
            "cells": self.cells + other.cells,
            "by_time": add_slices(self.by_time, other.by_time),
            "by_order": add_slices(self.by_order, other.by_order),
            "distinct": self.distinct + other.distinct,
            "design_effect": 1.0,
            "freedom": 0,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Numeric(Feature):
    """A column of numbers.

    `cells` has len(cuts) + 4 counts: below `low`; up to and including each cut; up to `high`; above it; no number.
    `low` and `high` are the baseline's extremes. `is_discrete`: the cuts are the baseline's distinct values but the
    last. `nan`, `infinite` and `text` are rows whose value is present and no finite number.
    """

    kind: ClassVar[str] = "numeric"

    moments: Moments = field(default_factory=Moments)
    nan: int = 0
    infinite: int = 0
    text: int = 0
    quantiles: Quantiles = field(default_factory=Quantiles.empty)
    cuts: Floats = field(default_factory=lambda: np.zeros(0))
    low: float = 0.0
    high: float = 0.0
    is_discrete: bool = False

    def __add__(self, other: Self) -> Self:
        return replace(
            self,
            **self._sums(other),
            moments=self.moments + other.moments,
            nan=self.nan + other.nan,
            infinite=self.infinite + other.infinite,
            text=self.text + other.text,
            quantiles=self.quantiles + other.quantiles,
        )

    def _share(self, count: int, total: int) -> Share:
        return Share(count=int(count), total=int(total), design_effect=self.design_effect)

    @property
    def count(self) -> int:
        """Finite numbers."""
        return self.moments.count

    @property
    def mean(self) -> float:
        return self.moments.mean if self.count else float("nan")

    @property
    def deviation(self) -> float:
        """Population standard deviation."""
        return self.moments.deviation

    @property
    def median(self) -> float:
        return float(self.quantiles.quantile(0.5))

    @property
    def negative(self) -> Share:
        return self._share(self.moments.negatives, self.count)

    @property
    def not_a_number(self) -> Share:
        """Present values that are no finite number: nan, infinities, text."""
        return self._share(self.nan + self.infinite + self.text, self.present)

    @property
    def below_range(self) -> Share:
        return self._share(self.cells[0], self.count)

    @property
    def above_range(self) -> Share:
        return self._share(self.cells[-2], self.count)

    @property
    def out_of_range(self) -> Share:
        """Values below the baseline's minimum or above its maximum."""
        return self._share(self.cells[0] + self.cells[-2], self.count)

    @property
    def edges(self) -> Floats:
        """Upper ends of all cells but the last two, ascending: a value is in the first that it does not pass."""
        return np.concatenate(([np.nextafter(self.low, -np.inf)], self.cuts, [self.high]))

    @property
    def below_cuts(self) -> Counts:
        """Values at or below each cut, shape (len(cuts),)."""
        return np.cumsum(self.cells)[1 : 1 + len(self.cuts)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Categorical(Feature):
    """A column of texts.

    `cells` has len(values) + 3 counts: each of `values` (the baseline's commonest, in that order), other known ones,
    never seen, missing. `known` are the baseline's other values; `is_complete` says that none is left out of them, and
    `once` how many of all its values stood in the baseline a single time: what fresh rows bring that is new.
    `unseen` holds the commonest of the never seen with exact counts (at most 64 of them, chosen by hash beyond).
    """

    kind: ClassVar[str] = "categorical"

    values: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    is_complete: bool = True
    once: int = 0
    lengths: Moments = field(default_factory=Moments)
    unseen: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: Self) -> Self:
        unseen = {
            value: self.unseen.get(value, 0) + other.unseen.get(value, 0) for value in {**self.unseen, **other.unseen}
        }
        return replace(self, **self._sums(other), lengths=self.lengths + other.lengths, unseen=fewest_hashes(unseen))

    @property
    def unseen_share(self) -> Share:
        return self._share_of(self.cells[-2])

    @property
    def fresh_share(self) -> Share:
        """Of a baseline: the share of never seen values in fresh rows of its source, as Good and Turing estimate it.

        Reference: Good, Biometrika 40 (1953), 237.
        """
        return self._share_of(self.once)

    def _share_of(self, count: int) -> Share:
        return Share(count=int(count), total=self.present, design_effect=self.design_effect)


def is_score_for_label(now: Feature, base: Feature) -> bool:
    """A prediction that is mostly fractions within 0..1, against a baseline of few whole numbers: not comparable."""
    if not (isinstance(now, Numeric) and isinstance(base, Numeric)) or now.role != "prediction":
        return False
    is_score = now.count > 0 and now.moments.minimum >= 0 and now.moments.maximum <= 1
    mostly = now.classes.fractional * 2 > now.present
    return is_score and mostly and base.is_discrete and base.type == "Integral"


MOST_UNSEEN = 64


def fewest_hashes(counts: Mapping[str, int]) -> dict[str, int]:
    """At most 64 of the values, those of smallest hash: a choice that neither order nor splits change."""
    if len(counts) <= MOST_UNSEEN:
        return dict(sorted(counts.items()))
    values = sorted(counts)
    texts = [value.encode() for value in values]
    offsets = np.cumsum([0, *map(len, texts)])
    hashes = hash_bytes(np.frombuffer(b"".join(texts), dtype=np.uint8), offsets)
    chosen = np.sort(np.argsort(hashes, kind="stable")[:MOST_UNSEEN])
    return {values[i]: counts[values[i]] for i in chosen.tolist()}


def add_slices(a: Slices | None, b: Slices | None) -> Slices | None:
    """Their sum; rows without a place are in neither."""
    if a is None or b is None:
        return a if b is None else b
    return a + b
