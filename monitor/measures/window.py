"""Batches to the profile of a window."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from monitor.batch import Batch
from monitor.each import Each
from monitor.feature import Categorical, Classes, Numeric
from monitor.joint import Joint
from monitor.measures.categorical import Lookup, categorical
from monitor.measures.even import even
from monitor.measures.joint import joint, pairing
from monitor.measures.model_quality import measured
from monitor.measures.numeric import numeric
from monitor.measures.outcomes import TRUTH, outcomes, with_truth
from monitor.measures.places import places
from monitor.measures.tally import Tally
from monitor.model_quality import ModelQuality
from monitor.payloads.texts import whole
from monitor.problem import Problem
from monitor.profile import Measured, Profile, Volume
from monitor.stats.distinct import Distinct
from monitor.stats.moments import Moments
from monitor.stats.quantiles import Quantiles

Plan = Mapping[str, Numeric | Lookup]


def emptied(feature: Measured) -> Measured:
    """The feature with its cells and nothing counted."""
    nothing: dict[str, Any] = {
        "rows": 0,
        "missing": 0,
        "absent": 0,
        "classes": Classes(),
        "cells": np.zeros_like(feature.cells),
        "by_time": None,
        "by_order": None,
        "distinct": Distinct.empty(),
        "design_effect": 1.0,
        "freedom": 0,
    }
    if isinstance(feature, Numeric):
        return replace(feature, **nothing, moments=Moments(), nan=0, infinite=0, text=0, quantiles=Quantiles.empty())
    return replace(feature, **nothing, lengths=Moments(), unseen={})


def plan(base: Profile) -> Plan:
    """What to count for each column of the baseline."""
    specs = {name: emptied(feature) for name, feature in base.features.items()}
    return {name: Lookup.of(s) if isinstance(s, Categorical) else s for name, s in specs.items()}


def measure(batches: Iterable[Batch], base: Profile, tally: Tally | None = None, each: Each = map) -> Profile:
    """The profile of all batches on the baseline's cells; memory does not grow with the rows.

    Columns that the baseline does not have are only counted; columns that no row has are all missing. A `tally` counts
    the same rows by time, and is not for several threads; `each` is how batches are measured, several at a time or not.
    Predictions are held against what came true where the baseline has a problem.
    """
    planned = plan(base)
    features = {name: spec.spec if isinstance(spec, Lookup) else spec for name, spec in planned.items()}
    together, problem = pairing(base), problem_of(base)
    beside = (TRUTH, problem.truth) if problem is not None else ()
    total = Profile(features=features, joint=together, quality=unasked(base))

    def part(placed: tuple[Batch, int]) -> Profile | Volume:
        batch, first_row = placed
        if not batch.rows.num_rows:
            return batch.volume
        found = _measured(batch, planned, together, first_row, tally, beside)
        return found if problem is None else replace(found, quality=measured(problem, outcomes(batch, problem)))

    for found in each(part, _placed(even(with_truth(batches, problem)))):
        total = total + found if isinstance(found, Profile) else replace(total, volume=total.volume + found)
    return total


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
) -> Profile:
    """`beside` are columns that hold what came true, and are no features."""
    rows = batch.rows
    where = places(first_row, rows.num_rows, batch.seconds, batch.timed)
    history = tally.at(batch.seconds, batch.timed) if tally is not None else None
    there = frozenset(rows.schema.names)
    codes = np.full((len(together.features) if together else 0, rows.num_rows), 255, dtype=np.uint8)
    code_of = dict(zip(together.features, codes, strict=True)) if together else {}
    features: dict[str, Measured] = {}
    for name, spec in planned.items():
        is_there = name in there
        column = whole(rows[name]) if is_there else pa.nulls(rows.num_rows, pa.string())
        feature: Measured
        if isinstance(spec, Lookup):
            feature = categorical(spec, column, where, history)
        else:
            feature = numeric(spec, column, where, history, code_of.get(name))
        role = "prediction" if name in batch.outputs else feature.role
        features[name] = replace(feature, role=role, absent=0 if is_there else rows.num_rows)
    others = [name for name in rows.schema.names if name not in planned and name not in beside]
    extra = {name: rows.num_rows - rows[name].null_count for name in others}
    return Profile(
        volume=Volume(rows=rows.num_rows),
        features=features,
        extra=extra,
        positions=batch.positions,
        joint=joint(together, codes) if together else None,
    )
