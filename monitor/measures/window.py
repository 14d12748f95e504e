"""Batches to the profile of a window."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from monitor.batch import Batch
from monitor.each import Each
from monitor.feature import Numeric
from monitor.joint import Joint
from monitor.measures.categorical import Lookup, categorical
from monitor.measures.counted import Cells, Counted
from monitor.measures.even import even
from monitor.measures.joint import joint, pairing
from monitor.measures.model_quality import measured
from monitor.measures.numeric import NO_CODE, Codes, numeric
from monitor.measures.outcomes import TRUTH, outcomes, with_truth
from monitor.measures.places import places
from monitor.measures.plan import Plan
from monitor.measures.tally import Tally
from monitor.model_quality import ModelQuality
from monitor.payloads.texts import whole
from monitor.problem import Problem
from monitor.profile import Measured, Profile, Volume


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The measures of one batch. The cells of its features lie apart, those of all in the order of the plan."""

    profile: Profile
    counted: Counted | None


def measure(batches: Iterable[Batch], base: Profile, tally: Tally | None = None, each: Each = map) -> Profile:
    """The profile of all batches on the baseline's cells; memory does not grow with the rows.

    Columns that the baseline does not have are only counted; columns that no row has are all missing. A `tally` counts
    the same rows by time, and is not for several threads; `each` is how batches are measured, several at a time or not.
    Predictions are held against what came true where the baseline has a problem.
    """
    planned = Plan.of(base)
    features = {name: spec.spec if isinstance(spec, Lookup) else spec for name, spec in planned.specs.items()}
    together, problem = pairing(base), problem_of(base)
    beside = (TRUTH, problem.truth) if problem is not None else ()
    total = Profile(features=features, joint=together, quality=unasked(base))

    def part(placed: tuple[Batch, int]) -> Part | Volume:
        batch, first_row = placed
        if not batch.rows.num_rows:
            return batch.volume
        found = _measured(batch, planned, together, first_row, tally, beside)
        if problem is None:
            return found
        quality = measured(problem, outcomes(batch, problem))
        return replace(found, profile=replace(found.profile, quality=quality))

    counted: Counted | None = None
    for found in each(part, _placed(even(with_truth(batches, problem)))):
        if isinstance(found, Part):
            total = total + found.profile
            counted = counted + found.counted if counted and found.counted else found.counted
        else:
            total = replace(total, volume=total.volume + found)
    return total if counted is None else replace(total, features=counted.given(total.features, planned.groups))


def problem_of(base: Profile) -> Problem | None:
    """The problem whose outcomes are counted."""
    return base.quality.problem if base.quality is not None else None


def unasked(base: Profile) -> ModelQuality | None:
    """The state of no outcomes; None where none are counted."""
    return ModelQuality.empty(base.quality.problem) if base.quality is not None else None


def _placed(batches: Iterable[Batch]) -> Iterator[tuple[Batch, int]]:
    """Each batch with the number of rows before it."""
    rows = 0
    for batch in batches:
        count = batch.rows.num_rows
        yield batch, rows
        rows += count
        del batch  # before the next is put together


def _measured(
    batch: Batch,
    planned: Plan,
    together: Joint | None,
    first_row: int,
    tally: Tally | None,
    beside: tuple[str | None, ...],
) -> Part:
    """`beside` are columns that hold what came true, and are no features."""
    rows = batch.rows
    where = places(first_row, rows.num_rows, batch.seconds, batch.timed)
    history = tally.at(batch.seconds, batch.timed) if tally is not None else None
    codes = np.full((len(together.features) if together else 0, rows.num_rows), NO_CODE, dtype=np.uint8)
    code_of = dict(zip(together.features, codes, strict=True)) if together else {}
    features: dict[str, Measured] = {}
    counted: list[Counted] = []
    there = frozenset(rows.schema.names)
    for names in planned.groups:
        columns = [rows[n] if n in there else pa.nulls(rows.num_rows, pa.string()) for n in names]
        found, cells = _some([planned.specs[name] for name in names], columns, code_of)
        features |= {each.name: _told(each, batch, is_there=each.name in there) for each in found}
        counted.append(where.counted(cells, [len(feature.cells) for feature in found]))
        if history is not None:
            history.count(names, cells, columns)
    others = [name for name in rows.schema.names if name not in planned.specs and name not in beside]
    extra = {name: rows.num_rows - rows[name].null_count for name in others}
    profile = Profile(
        volume=Volume(rows=rows.num_rows),
        features=features,
        extra=extra,
        positions=batch.positions,
        joint=joint(together, codes) if together else None,
    )
    return Part(profile=profile, counted=Counted.beside(counted) if counted else None)


def _some(specs: list[Numeric | Lookup], columns: list[pa.Array], codes: Codes) -> tuple[list[Measured], list[Cells]]:
    """Some columns of one kind, measured together."""
    texts = [spec for spec in specs if isinstance(spec, Lookup)]
    numbers = [spec for spec in specs if isinstance(spec, Numeric)]
    found, cells = categorical(texts, [*map(whole, columns)]) if texts else numeric(numbers, columns, codes)
    return list(found), cells


def _told(feature: Measured, batch: Batch, *, is_there: bool) -> Measured:
    """The feature with what the batch says of its column as a whole."""
    if feature.name in batch.outputs and feature.role != "prediction":
        feature = replace(feature, role="prediction")
    return feature if is_there else replace(feature, absent=feature.rows)
