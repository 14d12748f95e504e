"""Waiting for labels: what a worker is told of them, beside its window."""

import json
import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from monitor import configured
from monitor.baseline import Baseline
from monitor.config.grammar import Monitor
from monitor.daemon.receiving import SHELF, predictions_path
from monitor.daemon.task import Answer, Task
from monitor.daemon.watched import Loaded, Watched
from monitor.store import labels, queries
from monitor.store.database import Database
from monitor.store.states import OPEN
from monitor.store.words import LABELLED, Awaited, Claim, LabelFile
from monitor.truth.awaiting import Awaiting
from monitor.truth.shelf import Delivered, Shelf

MOST_OPEN = 1000


def folder(one: Watched, loaded: Loaded) -> Path:
    """Where a monitor's predictions wait, and its labels are kept."""
    return loaded.config.state / "truth" / one.name


def look(database: Database, one: Watched, loaded: Loaded, now: datetime) -> Task:
    """The task to see which labels have come."""
    truth = one.monitor.truth
    assert truth is not None
    with database.read() as connection:
        files, waiting = labels.files(connection, one.name), labels.awaited(connection, one.name)
        open_ones = queries.windows(connection, one.name, states=OPEN, limit=MOST_OPEN)
    starts = [each.window.start for each in waiting] + [each.window.start for each in open_ones]
    return Task(
        name=one.name,
        monitor=one.document,
        folder=str(loaded.folder),
        run_id=f"labels-{os.getpid()}",
        truth=str(folder(one, loaded)),
        labels=tuple(files),
        awaited=tuple(waiting),
        labels_since=min([now - truth.max_delay, *starts]),
    )


def told(connection: Connection, one: Watched, claim: Claim, truth: Path, now: datetime) -> dict[str, Any]:
    """What a worker is told of the labels of its window; nothing where labels do not come apart."""
    configured = one.monitor.truth
    if configured is None:
        return {}
    files = [file for file in labels.files(connection, one.name) if not file.is_expired]
    due, until = claim.window.end + configured.first, claim.window.end + configured.max_delay
    place = max((file.place for file in files), default=0)
    awaits = Awaited(window=claim.window, due=due, until=until, is_judged=now >= due, seen_to=place)
    is_kept = predictions_path(str(truth), claim.window).exists()
    return {
        "truth": str(truth),
        "labels": tuple(files),
        "awaits": awaits if now <= until else None,
        "waits": "" if now >= due else f"on {due:%Y-%m-%d at %H:%M} UTC",
        "is_labelled": claim.reason == LABELLED and claim.revision > 1 and is_kept,
    }


def before(connection: Connection, claim: Claim) -> bytes:
    """What is known of the revision before, for the worker that judges its labels alone."""
    last = queries.result(connection, claim.monitor, claim.window)
    report = queries.report(connection, claim.monitor, claim.window) or b"{}"
    profile = queries.profile(connection, claim.monitor, claim.window) or b"{}"
    waited = [one for one in labels.awaited(connection, claim.monitor) if one.window == claim.window]
    about = {
        "report": json.loads(report),
        "profile": json.loads(profile),
        "input_digest": last.input_digest if last is not None else "",
        "is_judged": any(one.is_judged for one in waited),
    }
    return json.dumps(about).encode()


def awaiting(task: Task, monitor: Monitor, baseline: Baseline) -> Awaiting | None:
    """How a window's predictions find their labels; None where labels do not come apart, or nobody says what the model
    answers."""
    problem = configured.problem_of(monitor, baseline)
    if monitor.truth is None or not task.truth or problem is None:
        return None
    assert task.window is not None
    return Awaiting(
        problem=problem,
        path=predictions_path(task.truth, task.window),
        shelf=Shelf(Path(task.truth) / SHELF, _delivered(task.labels)),
        run_id=task.run_id,
        least=monitor.truth.min_coverage,
        waits=task.waits,
    )


def _delivered(files: tuple[LabelFile, ...]) -> list[Delivered]:
    """In the order of their own times; the same bytes once, where they were first."""
    once: dict[str, LabelFile] = {}
    for file in files:
        once.setdefault(file.digest, file)
    return [Delivered(segments=file.segments, seconds=int(file.own.timestamp())) for file in once.values()]


def awaited(task: Task, answer: Answer) -> Awaited | None:
    """How a judged window waits for labels from now on; one without predictions does not."""
    predictions, labelled = answer.labelled or (0, 0)
    if task.awaits is None or not predictions:
        return None
    return replace(task.awaits, predictions=predictions, labelled=labelled)
