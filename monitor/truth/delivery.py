"""A delivery: one file of labels, read once; SageMaker's ground truth, or a table with a column of ids and one of
labels."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from monitor.batch import Batch, Expected, Sample
from monitor.decode.format import Decode, Format
from monitor.decode.times import seconds_of
from monitor.measures.categorical import as_text
from monitor.measures.numbers import numbers_of
from monitor.payloads.texts import whole
from monitor.profile import add_counts
from monitor.reading import Reading
from monitor.sizes import STANDARD, Sizes
from monitor.sources.listing import Listed
from monitor.truth import lines
from monitor.truth.labels import UNTOLD, Indices, Labels

MOST_SAMPLES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How deliveries are read: the format, and in tables the columns that hold the record's id, the label, the place
    of the row in its record and the time when the label was made."""

    format: str | Format = "auto"
    id: str = lines.KEY
    label: str = lines.LABEL
    place: str | None = None
    time: str | None = None
    sizes: Sizes = STANDARD

    @property
    def digest(self) -> str:
        """Another one where the same bytes are read otherwise."""
        told = json.dumps([str(self.format), self.id, self.label, self.place, self.time])
        return hashlib.sha256(told.encode()).hexdigest()[:16]


class Delivery:
    """The labels of one file, some at a time. After a pass `digest` names its bytes, `labels` is how many there were,
    and `rejected` counts records without one by reason, of which `samples` are the first."""

    def __init__(self, file: Path | Listed, form: Form) -> None:
        self.file, self.form = file, form
        self.digest = ""
        self.labels = 0
        self.rejected: dict[str, int] = {}
        self.samples: list[Sample] = []

    def __iter__(self) -> Iterator[Labels]:
        self.labels, self.rejected, self.samples = 0, {}, []
        names = [name for name in (self.form.id, self.form.label) if name]
        expected = Expected(texts=frozenset(names), header="yes", sizes=self.form.sizes)
        reading = Reading([self.file], expected, self.form.format)
        for batch in reading.through(_decode):
            self._reject(batch.volume.rejected, batch.rejects)
            if batch.rows.num_rows:
                found = self._labels(batch)
                self.labels += len(found)
                yield found
        self.digest = reading.digests.get(str(self.file), "")

    def _labels(self, batch: Batch) -> Labels:
        """The rows that have an id and a label."""
        form, count = self.form, batch.rows.num_rows
        if lines.PLACE in batch.rows.schema.names and batch.outputs == lines.OURS:
            form = replace(form, id=lines.KEY, label=lines.LABEL, place=lines.PLACE, time=None)
        columns = {name: whole(batch.rows[name]) for name in batch.rows.schema.names}
        missing = [name for name in (form.id, form.label, form.place, form.time) if name and name not in columns]
        if missing:
            there = ", ".join(list(columns)[:8])
            self._reject(
                {"column_missing": count}, [self._sample("column_missing", f"{missing[0]!r}; there are {there}")]
            )
            return Labels.of([])
        key, label = as_text(columns[form.id]), as_text(columns[form.label])
        place, is_placed = (
            _places(columns[form.place]) if form.place else (np.zeros(count, np.int64), np.ones(count, bool))
        )
        has_id, has_label = (_is_told(column) for column in (key, label))
        for reason, wrong in (
            ("no_id", ~has_id),
            ("no_label", has_id & ~has_label),
            ("no_place", has_id & has_label & ~is_placed),
        ):
            if wrong.any():
                self._reject({reason: int(wrong.sum())}, [self._sample(reason, "")])
        seconds, timed = seconds_of(columns[form.time]) if form.time else (place, np.zeros(count, bool))
        when = np.where(timed, seconds, UNTOLD)
        good = np.flatnonzero(has_id & has_label & is_placed)
        return Labels(key=key, place=place, label=label, when=when).take(good)

    def _reject(self, counts: Mapping[str, int], samples: Sequence[Sample]) -> None:
        self.rejected = add_counts(self.rejected, counts)
        self.samples += samples[: MOST_SAMPLES - len(self.samples)]

    def _sample(self, reason: str, why: str) -> Sample:
        return Sample(path=str(self.file), line=0, reason=reason, why=why)


def _decode(name: str, form: Format) -> Decode:
    """SageMaker's lines are read for the labels in them, whatever else is there."""
    return lines.decode if name == "sagemaker" else form.decode


def _is_told(column: pa.StringArray) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    told: np.ndarray[tuple[int], np.dtype[np.bool_]] = pc.fill_null(pc.not_equal(column, ""), False).to_numpy(
        zero_copy_only=False
    )
    return told


def _places(column: pa.Array) -> tuple[Indices, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """Whole numbers from 0, and which of them are."""
    numbers = numbers_of(column).numbers
    fits = (numbers >= 0) & (numbers < 2**31) & (numbers == np.floor(numbers))
    return np.where(fits, numbers, 0).astype(np.int64), fits
