"""Roles: what columns are for, and batches in which each column stands where its role puts it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

import numpy as np
import pyarrow as pa

from monitor.batch import NO_ROWS, Batch
from monitor.decode.times import moment, seconds_of
from monitor.measures.categorical import as_text
from monitor.model_quality import ModelQuality
from monitor.payloads.texts import hashes_of
from monitor.problem import Problem
from monitor.profile import Profile, Volume
from monitor.selection import Selection
from monitor.stats.distinct import Distinct


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """What columns are for. `prediction`, `probability`, `exclude` and `categorical` are names or globs, the others
    names.

    Outputs of the model are `prediction` and `probability`, in place of what the captures say. `id`, `time`, `truth`
    and `version` are not judged as features. `exclude` is not judged either, `categorical` counted by value.
    """

    prediction: tuple[str, ...] = ()
    probability: tuple[str, ...] = ()
    truth: str | None = None
    id: str | None = None
    time: str | None = None
    version: str | None = None
    exclude: tuple[str, ...] = ()
    categorical: tuple[str, ...] = ()

    @property
    def outputs(self) -> tuple[str, ...]:
        return (*self.prediction, *self.probability)

    @property
    def known(self) -> dict[str, str]:
        """The columns that are no features, by role."""
        found = {"id": self.id, "time": self.time, "truth": self.truth, "version": self.version}
        return {role: name for role, name in found.items() if name}

    def leaves_out(self, name: str) -> bool:
        """Whether a column is not judged."""
        return name in self.known.values() or matches(name, self.exclude)


def matches(name: str, globs: Sequence[str]) -> bool:
    """Whether one of the globs, or the name itself, is among them.

    >>> matches("zip_id", ["*_id"]), matches("p[0]", ["p[0]"]), matches("age", ["*_id"])
    (True, True, False)
    """
    return any(name == glob or fnmatchcase(name, glob) for glob in globs)


def posed(problem: Problem, roles: Roles) -> Problem:
    """The problem with the columns that the roles name, where it names none itself."""
    return replace(
        problem,
        prediction=problem.prediction or next(iter(roles.prediction), None),
        probability=problem.probability or next(iter(roles.probability), None),
        truth=problem.truth or roles.truth,
    )


def asked(base: Profile, problem: Problem | None) -> Profile:
    """The baseline's profile with the problem whose outcomes are to be counted; columns that nobody names now are those
    that the baseline was made with."""
    if problem is None:
        return base
    known = base.quality.problem if base.quality is not None else problem
    has_answer = problem.prediction is not None or problem.probability is not None
    posed = replace(
        problem,
        prediction=problem.prediction if has_answer else known.prediction,
        probability=problem.probability if has_answer else known.probability,
        truth=problem.truth or known.truth,
    )
    return replace(base, quality=ModelQuality.empty(posed))


def placed(batch: Batch, roles: Roles) -> Batch:
    """The batch with columns where their roles put them.

    The id column becomes `ids`, the time column `seconds` and `timed`; truth and version go over to `about`. The
    volume then tells of these ids and times, and no longer of those that the captures say. A column that the batch does
    not have is looked for in its `about`; where it is not there either, rows have no id, no time.
    """
    if not roles.known and not roles.outputs:
        return batch
    volume = batch.volume
    if roles.id:
        volume = replace(volume, with_id=0, ids=Distinct.empty())
        batch = replace(batch, ids=None)
    if roles.time:
        volume = replace(volume, first=None, last=None)
        batch = replace(batch, seconds=None, timed=None)
    batch = replace(batch, volume=volume)
    if not batch.rows.num_rows:
        return batch
    batch = _with_time(_with_ids(batch, roles.id), roles.time)
    batch = _beside(batch, roles)
    if roles.outputs:
        batch = replace(batch, outputs=tuple(n for n in batch.rows.schema.names if matches(n, roles.outputs)))
    return batch


def _with_ids(batch: Batch, name: str | None) -> Batch:
    column = _column(batch, name)
    if column is None:
        return batch
    ids = as_text(column)
    hashes = hashes_of(ids)
    return replace(batch, ids=ids, volume=batch.volume + Volume(with_id=len(hashes), ids=Distinct.of(hashes)))


def _with_time(batch: Batch, name: str | None) -> Batch:
    column = _column(batch, name)
    if column is None:
        return batch
    seconds, timed = seconds_of(column)
    times = seconds[timed]
    volume = batch.volume
    if len(times):
        volume += Volume(first=moment(int(times.min())), last=moment(int(times.max())))
    return replace(batch, seconds=seconds, timed=timed, volume=volume)


def within(batch: Batch, selection: Selection) -> Batch:
    """The rows that a window takes by the column that holds their time, as far as it has still to choose among them."""
    if batch.when is None or not batch.rows.num_rows:
        return batch
    column, when = _column(batch, selection.column), batch.when
    if column is not None:
        seconds, timed = seconds_of(column)
        when = np.where(timed, seconds, when)
    takes = selection.takes_rows(when)
    if takes.all():
        return replace(batch, when=None)
    at = np.flatnonzero(takes)
    volume = replace(batch.volume, rows=batch.volume.rows - (len(takes) - len(at)))
    chosen = replace(batch.take(at), volume=volume, when=None)
    return chosen if len(at) else replace(chosen, rows=NO_ROWS)


def _column(batch: Batch, name: str | None) -> pa.Array | None:
    for columns in (batch.rows, batch.about):
        if name and columns is not None and name in columns.schema.names:
            return columns[name]
    return None


def _beside(batch: Batch, roles: Roles) -> Batch:
    """Columns that are no features out of the rows; truth and version to what else is known of them."""
    there = [(role, name) for role, name in roles.known.items() if name in batch.rows.schema.names]
    if not there:
        return batch
    about = batch.about
    for name in [name for role, name in there if role in ("truth", "version")]:
        if about is None:
            about = pa.RecordBatch.from_arrays([batch.rows[name]], names=[name])
        else:
            held = [other for other in about.schema.names if other != name]
            about = about.select(held).append_column(name, batch.rows[name])
    gone = {name for _, name in there}
    left = [name for name in batch.rows.schema.names if name not in gone]
    rows = batch.rows.select(left)
    return replace(batch, rows=rows, about=about, outputs=tuple(name for name in batch.outputs if name not in gone))
