"""Making a baseline: rows to a profile on cells of its own, in two or three passes over the same files."""

import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from monitor.baseline import Baseline, Provenance
from monitor.batch import Batch
from monitor.errors import InputError
from monitor.measures.window import measure
from monitor.profile import Profile
from monitor.reading import Reading
from monitor.sagemaker.constraints import suggest
from monitor.sagemaker.statistics import statistics
from monitor.scripts.preprocess import Preprocessed
from monitor.scripts.script import Script, ScriptFailed
from monitor.survey import Column, cells, count_texts, survey, texts_of


def make(
    reading: Reading,
    *,
    name: str,
    made_at: datetime | None = None,
    categorical: Sequence[str] = (),
    predictions: Sequence[str] = (),
    preprocess: Script | None = None,
) -> Baseline:
    """A baseline of all rows read: what each column is, where its cells lie, then exact counts on them.

    Raises InputError where no row could be read, or the preprocessor script broke.
    """
    batches: Iterable[Batch] = reading if preprocess is None else Preprocessed(reading, preprocess)
    try:
        columns, texts, profile = _counted(batches, categorical, predictions)
    except ScriptFailed as error:
        raise InputError(f"{error.name}: {error.why}") from None
    if not profile.rows:
        raise InputError(f"{_named(reading.files)}: no row could be read{_why(batches, profile.volume.dropped)}")
    return Baseline(
        name=name,
        profile=profile,
        columns=tuple(columns),
        statistics=statistics(
            profile,
            sketches={name: column.sketch for name, column in columns.items() if name not in texts},
            distinct={name: column.distinct.estimate for name, column in columns.items()},
            deviations={name: d for name, c in columns.items() if not math.isnan(d := c.deviation.value)},
        ),
        constraints=suggest(profile),
        provenance=Provenance(
            made_from={Path(path).name: digest for path, digest in sorted(reading.digests.items())},
            format=", ".join(sorted(set(reading.formats.values()))),
            made_at=made_at.strftime("%Y-%m-%dT%H:%M:%SZ") if made_at else "",
            made_by="driftd",
        ),
    )


def _counted(
    batches: Iterable[Batch], categorical: Sequence[str], predictions: Sequence[str]
) -> tuple[dict[str, Column], tuple[str, ...], Profile]:
    """The columns, which of them are texts, and all rows on their cells."""
    columns = survey(batches)
    texts = texts_of(columns, categorical)
    count_texts(batches, columns, texts)
    return columns, texts, measure(batches, cells(columns, texts, predictions))


def _named(files: Iterable[Path]) -> str:
    told = [str(path) for path in files]
    return ", ".join(told[:3]) + (f" and {len(told) - 3} more" if len(told) > 3 else "") or "no file"


def _why(batches: Iterable[Batch], dropped: int) -> str:
    if dropped:
        return f"; the preprocessor dropped {dropped} records"
    samples: Iterator[str] = (
        f"; {s.path}:{s.line}: {s.reason}{f' ({s.why})' if s.why else ''}" for batch in batches for s in batch.rejects
    )
    return next(samples, "; the files are empty")
