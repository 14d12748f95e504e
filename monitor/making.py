"""Making a baseline: rows to a profile on cells of its own, in two or three passes over the same files."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from monitor.baseline import Baseline, Provenance
from monitor.errors import InputError
from monitor.history import History
from monitor.intake import Intake, Source
from monitor.measures.stretches import Hours, stretches
from monitor.measures.tally import Tally
from monitor.measures.window import measure
from monitor.model_quality import ModelQuality
from monitor.problem import Problem
from monitor.profile import Profile
from monitor.roles import posed
from monitor.sagemaker import model_quality
from monitor.sagemaker.constraints import suggest
from monitor.sagemaker.statistics import statistics
from monitor.sample import Sample, sampled
from monitor.schedule import Schedule
from monitor.scripts.script import ScriptFailed
from monitor.survey import Column, cells, count_texts, survey, texts_of


def make(
    intake: Intake,
    *,
    name: str,
    made_at: datetime | None = None,
    schedule: Schedule | None = None,
    sample: int = 0,
    problem: Problem | None = None,
) -> Baseline:
    """A baseline of all rows read: what each column is, where its cells lie, then exact counts on them.

    Where rows have times, these are counted by hour (or day) as well, or by the windows of a `schedule`.
    Up to `sample` of them, evenly spread, are kept. Of a `problem`, predictions are held against what came true.
    Its `columns` are all that the rows had; there is no feature for those whose role is to be none. Raises InputError
    where no row could be read, none has both a prediction and a label, or a preprocessor script broke.
    """
    source = intake.source
    try:
        kept = Sample(sample) if sample else None
        columns, texts, profile, history = _counted(intake, schedule, kept, problem)
    except ScriptFailed as error:
        raise InputError(f"{error.name}: {error.why}") from None
    if not profile.rows:
        raise InputError(f"{_named(source.files)}: {_why(intake, profile.volume.dropped)}")
    if profile.quality is not None and not profile.quality.judged:
        raise InputError(_unanswered(profile.quality))
    return Baseline(
        name=name,
        profile=profile,
        columns=tuple(intake.columns),
        statistics=_statistics(profile, columns, texts),
        constraints=suggest(profile) | _asked_of(profile.quality),
        provenance=_provenance(source, made_at),
        history=history,
        history_digest=history.digest if history is not None else "",
        sample=kept.table if kept is not None else None,
        sample_rows=kept.table.num_rows if kept is not None else 0,
    )


def _asked_of(quality: ModelQuality | None) -> dict[str, Any]:
    """What the metrics of the baseline ask for: a section of its constraints."""
    return model_quality.suggest(quality) if quality is not None else {}


def _unanswered(found: ModelQuality) -> str:
    problem = found.problem
    answers = " or ".join(repr(name) for name in (problem.prediction, problem.probability) if name) or "the answer's"
    truth = repr(problem.truth) if problem.truth else "none is named"
    return (
        f"problem {problem.kind}: no row has both a prediction (column {answers}: {found.predicted} of {found.rows} "
        f"rows) and a label (column: {truth}); name the columns that hold them (`columns`, or --prediction, "
        f"--probability and --truth)"
    )


def _statistics(profile: Profile, columns: Mapping[str, Column], texts: Sequence[str]) -> dict[str, Any]:
    return statistics(
        profile,
        sketches={name: column.sketch for name, column in columns.items() if name not in texts},
        distinct={name: column.distinct.estimate for name, column in columns.items()},
        deviations={name: d for name, c in columns.items() if not math.isnan(d := c.deviation.value)},
    )


def _provenance(source: Source, made_at: datetime | None) -> Provenance:
    return Provenance(
        made_from={Path(path).name: digest for path, digest in sorted(source.digests.items())},
        format=", ".join(sorted(set(source.formats.values()))),
        made_at=made_at.strftime("%Y-%m-%dT%H:%M:%SZ") if made_at else "",
        made_by="driftd",
    )


def _counted(
    intake: Intake, schedule: Schedule | None, sample: Sample | None, problem: Problem | None
) -> tuple[dict[str, Column], tuple[str, ...], Profile, History | None]:
    """The columns, which of them are texts, all rows on their cells, and those that have times by stretch of time."""
    hours = Hours()
    columns = survey(hours.watching(intake))
    texts = texts_of(columns, intake.roles.categorical)
    count_texts(intake, columns, texts)
    base = cells(columns, texts)
    if problem is not None:
        base = replace(base, quality=ModelQuality.empty(posed(problem, intake.roles)))
    rows = intake if sample is None else sampled(intake, sample)
    if not len(hours.at):
        return columns, texts, measure(rows, base), None
    width = sum(len(feature.cells) for feature in base.features.values())
    tally = Tally(stretches(hours, width, schedule), base)
    return columns, texts, measure(rows, base, tally), tally.history()


def _named(files: Iterable[object]) -> str:
    told = [str(path) for path in files]
    return ", ".join(told[:3]) + (f" and {len(told) - 3} more" if len(told) > 3 else "") or "no file"


def _why(intake: Intake, dropped: int) -> str:
    if dropped:
        if intake.where is not None:
            return f"`where` leaves none of {dropped} rows"
        return f"no row could be read; the preprocessor dropped {dropped} records"
    samples: Iterator[str] = (
        f"; {s.path}:{s.line}: {s.reason}{f' ({s.why})' if s.why else ''}" for batch in intake for s in batch.rejects
    )
    return f"no row could be read{next(samples, '; there is none')}"
