"""Survey: what the columns of some rows are, before anything is counted on cells."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from monitor.batch import Batch
from monitor.cells import numeric_cuts
from monitor.feature import Categorical, Classes, Numeric
from monitor.measures.categorical import as_text
from monitor.measures.even import even
from monitor.measures.joint import unmeasured
from monitor.measures.numbers import numbers_of
from monitor.payloads.texts import hashes_of, whole
from monitor.profile import Measured, Profile
from monitor.sagemaker.deviation import Deviation
from monitor.sagemaker.distinct import ApproximateDistinct
from monitor.sagemaker.kll import Kll

MOST_VALUES = 10_000  # different texts of a column that a baseline keeps
ALL_NAMED = 120  # up to so many, each has a cell of its own
NAMED = 50  # beyond, the commonest have, and those that make up
LEAST_SHARE = 0.005  # at least so large a share


@dataclass(slots=True)
class Column:
    """What one pass tells of a column: classes of its values, extremes, and what SageMaker's files say of it."""

    role: str = "input"
    classes: Classes = field(default_factory=Classes)
    low: float = float("inf")
    high: float = float("-inf")
    few: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    sketch: Kll = field(default_factory=Kll)
    deviation: Deviation = field(default_factory=Deviation)
    distinct: ApproximateDistinct = field(default_factory=ApproximateDistinct.empty)
    counts: dict[str, int] = field(default_factory=dict)
    is_complete: bool = True

    def see(self, values: pa.Array) -> None:
        """Take in the next rows, in file order."""
        types = numbers_of(values)
        self.classes += types.classes
        self.distinct += ApproximateDistinct.of(hashes_of(as_text(values)))
        finite = types.numbers[np.isfinite(types.numbers)]
        if len(finite):
            self.low, self.high = min(self.low, float(finite.min())), max(self.high, float(finite.max()))
            self.sketch.extend(finite)
            self.deviation.extend(finite)
            if len(self.few) <= 20:
                self.few = np.union1d(self.few, finite)[:21]

    def count(self, values: pa.Array) -> None:
        """Count texts; beyond twice what is kept the rarest are let go."""
        for entry in as_text(values).drop_null().value_counts().to_pylist():
            self.counts[entry["values"]] = self.counts.get(entry["values"], 0) + entry["counts"]
        if len(self.counts) > 2 * MOST_VALUES:
            self.is_complete = False
            self.counts = dict(self.commonest()[:MOST_VALUES])

    def commonest(self) -> list[tuple[str, int]]:
        """Texts by falling count, equal counts in order of the text."""
        return sorted(self.counts.items(), key=lambda item: (-item[1], item[0]))


def survey(batches: Iterable[Batch]) -> dict[str, Column]:
    """One pass over all rows; columns in the order in which they come."""
    columns: dict[str, Column] = {}
    for batch in even(batches):
        for name in batch.rows.schema.names:
            column = columns.setdefault(name, Column())
            column.role = "prediction" if name in batch.outputs else column.role
            column.see(whole(batch.rows[name]))
        del batch  # before the next is put together
    return columns


def count_texts(batches: Iterable[Batch], columns: Mapping[str, Column], names: Sequence[str]) -> None:
    """A second pass: counts of the texts of these columns."""
    if not names:
        return
    for batch in even(batches):
        for name in names:
            if name in batch.rows.schema.names:
                columns[name].count(whole(batch.rows[name]))
        del batch


def texts_of(columns: Mapping[str, Column], categorical: Sequence[str] = ()) -> tuple[str, ...]:
    """The columns to be counted by category: texts, empty ones, and those named so by globs."""
    return tuple(
        name
        for name, column in columns.items()
        if column.classes.inferred in ("String", "Unknown") or any(fnmatchcase(name, glob) for glob in categorical)
    )


def cells(columns: Mapping[str, Column], texts: Sequence[str]) -> Profile:
    """An empty profile with the cells that rows are to be counted on."""
    features: dict[str, Measured] = {}
    shares: dict[str, NDArray[np.float64]] = {}
    for name, column in columns.items():
        if name in texts:
            features[name] = _categorical(name, column)
        else:
            features[name] = spec = _numeric(name, column)
            shares[name] = _shares(spec, column)
    return Profile(features=features, joint=unmeasured(features, shares))


def _numeric(name: str, column: Column) -> Numeric:
    if len(column.few) <= 20:
        values, weights = column.few, np.ones(len(column.few), dtype=np.float64)
    else:
        values, weights = _weighted(column)
        values, at = np.unique(values, return_inverse=True)
        weights = np.bincount(at, weights=weights).astype(np.float64)
    cuts, is_discrete = numeric_cuts(values, np.cumsum(weights))
    return Numeric(
        name=name,
        role=column.role,
        type=column.classes.inferred,
        cells=np.zeros(len(cuts) + 4, dtype=np.int64),
        cuts=cuts,
        low=column.low if len(values) else 0.0,
        high=column.high if len(values) else 0.0,
        is_discrete=is_discrete,
    )


def _weighted(column: Column) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Values of the sketch, and how many rows each stands for."""
    levels = [np.array(level, dtype=np.float64) for level in column.sketch.data]
    weights = [np.full(len(level), 2.0**height) for height, level in enumerate(levels)]
    return np.concatenate([*levels, np.zeros(0)]), np.concatenate([*weights, np.zeros(0)])


def _shares(spec: Numeric, column: Column) -> NDArray[np.float64]:
    """How the column lies on its cells, within the sketch's error of a thousandth; without the last cell."""
    values, weights = _weighted(column)
    cells = np.searchsorted(spec.edges, values, side="left")
    return np.bincount(cells, weights=weights, minlength=len(spec.cells) - 1).astype(np.float64)


def _categorical(name: str, column: Column) -> Categorical:
    ordered = column.commonest()
    total = sum(count for _, count in ordered)
    named = len(ordered)
    if len(ordered) > ALL_NAMED:
        named = max(NAMED, sum(count >= LEAST_SHARE * total for _, count in ordered))
    kept = ordered[:MOST_VALUES]
    is_complete = column.is_complete and len(ordered) <= MOST_VALUES
    return Categorical(
        name=name,
        role=column.role,
        type=column.classes.inferred,
        cells=np.zeros(named + 3, dtype=np.int64),
        values=tuple(value for value, _ in kept[:named]),
        known=tuple(value for value, _ in kept[named:]),
        is_complete=is_complete,
        once=sum(count == 1 for _, count in ordered) if is_complete else 0,
    )
