"""One window of one monitor: its captures found, read, measured, judged, and the report written."""

import json
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from monitor import configured, evaluate, filing
from monitor.baseline import Baseline
from monitor.baselines import load
from monitor.config.grammar import Monitor
from monitor.daemon import bundle
from monitor.daemon.folders import folder_name, put
from monitor.daemon.following import Following
from monitor.daemon.looking import monitor_of
from monitor.daemon.task import Answer, Seen, Task, Worked
from monitor.daemon.waiting import awaiting
from monitor.document import to_document
from monitor.evaluate import Outcome
from monitor.feature import Numeric
from monitor.figures import Figures, figures
from monitor.formats import chosen as format_of
from monitor.numbers import numbers_of
from monitor.profile import Measured, Profile
from monitor.reading import Reading
from monitor.rulepath import assembled
from monitor.scripts.postprocess import environment, postprocess
from monitor.scripts.script import ScriptFailed
from monitor.selection import Selection
from monitor.sources.choosing import Known, chosen, input_digest
from monitor.sources.listing import Listed
from monitor.store.words import EvidenceRow

MOST_SAID = 20


def judged(task: Task, prior: bytes = b"") -> Worked:
    """The answer, the report and the profile as JSON, and what the policy keeps; `prior` is what it kept before.

    Raises MonitorError where there is no verdict to be had.
    """
    assert task.window is not None
    times = [time.monotonic()]
    monitor = monitor_of(task)
    baseline = load(monitor.baseline, with_statistics="sagemaker" in monitor.presets)
    files = _files(monitor, task)
    times.append(time.monotonic())
    selection = Selection(task.window, task.closed, slack=configured.SLACK, column=monitor.columns.time)
    following = following_of(monitor, task, bundle.unpacked(prior))
    outcome = _outcome(monitor, task, baseline, files, selection, following)
    times.append(time.monotonic())
    found = published(outcome, task, monitor, baseline, times)
    answer = replace(
        found.answer,
        objects=tuple(_seen(file, selection) for file in files),
        input_digest=input_digest(files),
        replayed=following.replayed,
        notes=(*outcome.notes, *following.notes),
    )
    return replace(found, answer=answer, profile=dense(_kept(outcome.profile)), evidence=bundle.packed(following.rows))


def published(outcome: Outcome, task: Task, monitor: Monitor, baseline: Baseline, times: list[float]) -> Worked:
    """The report's folder written, and what an outcome says in an answer; its profile as it is. `times` are when the
    phases before began."""
    assert task.window is not None
    folder, documents = Path(task.reports) / folder_name(task.window, task.revision), filing.documents(outcome)
    put(documents, folder, task.run_id)
    said = (*outcome.said, *_told(outcome, folder, monitor))
    times = [*times, time.monotonic()]
    answer = Answer(
        status=outcome.report.status.value,
        figures=to_document(_figures(outcome)),
        baseline=_described(baseline),
        folder=str(folder),
        said=said[:MOST_SAID],
        phases={name: b - a for name, a, b in zip(("load", "evaluate", "publish"), times, times[1:], strict=False)},
        labelled=labelled(outcome.profile) if outcome.report.truth is not None else None,
    )
    return Worked(answer=answer, report=documents["report.json"].encode(), profile=dense(outcome.profile))


def labelled(profile: Profile) -> tuple[int, int] | None:
    """How many predictions there are, and how many of them have a label."""
    quality = profile.quality
    return (quality.predicted, quality.labelled) if quality is not None else None


def _figures(outcome: Outcome) -> Figures:
    found = figures(outcome.report, outcome.profile, outcome.base)
    return replace(found, numbers=numbers_of(outcome.profile))


def _described(baseline: Baseline) -> dict[str, Any]:
    return {
        "name": baseline.name,
        "version": baseline.version,
        "digest": baseline.digest,
        "made_at": baseline.provenance.made_at,
        "rows": baseline.profile.rows,
    }


def following_of(monitor: Monitor, task: Task, prior: Sequence[EvidenceRow]) -> Following:
    """How the policy is asked of the task's window."""
    assert task.window is not None
    return Following(
        monitor=monitor,
        window=task.window,
        prior=prior,
        own=next((row for row in prior if row.window == task.window), None),
        waits=bool(task.waits),
        marks=task.marks,
        history=lambda known: load(monitor.baseline, known.version, with_statistics=False, with_history=True).history,
    )


def _files(monitor: Monitor, task: Task) -> list[Listed]:
    """The captures that may hold records of the window, or late ones of those before it."""
    assert task.window is not None
    known = {
        one.path: Known(size=one.size, stamp=one.stamp, first=one.first, last=one.last, is_half=one.is_half)
        for one in task.known
    }
    files = configured.files(monitor, task.window, again=task.revision > 1)
    return chosen(files, known, task.window, configured.SLACK)


def _outcome(
    monitor: Monitor,
    task: Task,
    baseline: Baseline,
    files: Sequence[Listed],
    selection: Selection,
    following: Following,
) -> Outcome:
    """The window judged; where windows are not followed, how it looked is kept for the time when they are."""
    rules = assembled(task.rules)
    policy = following if configured.follows(monitor, rules) else None
    order = configured.order(monitor, rules, config_digest=task.config_digest, window=task.window, policy=policy)
    order = replace(order, truth=awaiting(task, monitor, baseline))
    expected = evaluate.expected(baseline, monitor.captures.header, monitor.limits.sizes, selection)
    reading = Reading(files, expected, format_of(monitor.captures.format))
    outcome = evaluate.evaluate(reading, baseline, order, configured.engine(monitor))
    if policy is None:
        following.look(outcome.profile, replace(baseline, profile=outcome.base))
    return outcome


def _seen(file: Listed, selection: Selection) -> Seen:
    seen = selection.seen.get(file.path)
    dated_to = file.hour.end if file.hour is not None else None
    if seen is None:  # it was not come to: its own time is all that is known
        return Seen(path=file.path, size=file.size, stamp=file.stamp, first=file.own, last=file.own, dated_to=dated_to)
    places = {window: str(number) for number, window in enumerate(selection.closed)}
    return Seen(
        path=file.path,
        size=file.size,
        stamp=file.stamp,
        first=seen.first,
        last=seen.last,
        is_half=seen.is_half,
        dated_to=dated_to,
        rows=seen.rows,
        elsewhere={places[window]: count for window, count in seen.elsewhere.items() if count},
    )


def _told(outcome: Outcome, folder: Path, monitor: Monitor) -> tuple[str, ...]:
    """What the postprocessor said, called behind the written report; that it broke is said too, the report stays."""
    script = configured.script(monitor.postprocess, "postprocess_handler", configured.limits(monitor))
    if script is None:
        return ()
    about = environment(outcome.report, folder, source=monitor.captures.path, endpoint=monitor.endpoint.name)
    try:
        return postprocess(script, folder, about)
    except ScriptFailed as error:
        return (*error.said, f"{error.name}: {error.why}")


def _kept(profile: Profile) -> Profile:
    """The profile as the ledger keeps it, for years: distinct values and ranks within a per cent."""
    return replace(
        profile,
        features={name: _coarse(feature) for name, feature in profile.features.items()},
        volume=replace(profile.volume, ids=profile.volume.ids.coarse()),
    )


def _coarse(feature: Measured) -> Measured:
    distinct = feature.distinct.coarse()
    if isinstance(feature, Numeric):
        return replace(feature, distinct=distinct, quantiles=feature.quantiles.coarse())
    return replace(feature, distinct=distinct)


def dense(profile: Profile) -> bytes:
    """A profile as the ledger has it."""
    return json.dumps(to_document(profile), separators=(",", ":")).encode()
