"""What is shown of each monitor: one immutable view, made from the configuration, the store and the last window."""

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from monitor.daemon.bookkeeping import figures_of
from monitor.daemon.task import Answer
from monitor.daemon.watched import Watched
from monitor.document import from_document
from monitor.figures import Figures
from monitor.incident import precision
from monitor.metrics.view import Incidents, Labels, MonitorView
from monitor.store import incidents as kept
from monitor.store import labels, tallies
from monitor.store.rows import MonitorRow, ResultRow
from monitor.store.words import Claim

AGES = {"0h": 0, "6h": 6, "1d": 24, "2d": 48, "4d": 96, "7d": 168, "14d": 336, "28d": 672}
"""Of windows, in hours, by which the coverage of labels is told."""
HOUR = timedelta(hours=1)
LATELY, YEAR = timedelta(days=30), timedelta(weeks=52)
"""Of what people said alert precision is told; and the time that false alarms are promised for."""


def configured(one: Watched, planned_to: datetime | None, now: datetime) -> MonitorView:
    """What the configuration says of a monitor."""
    monitor, endpoint = one.monitor, one.monitor.endpoint
    return MonitorView(
        name=one.name,
        model=endpoint.model or "",
        model_version=endpoint.version or "",
        model_endpoint=endpoint.name or "",
        baseline=monitor.baseline.name,
        timezone=monitor.schedule.timezone,
        labels=monitor.labels,
        rules=one.rules,
        weights=monitor.alarm.weights.features,
        enabled=monitor.enabled,
        is_shadow=monitor.shadow,
        alarms=0 if one.is_followed else None,
        interval_seconds=one.schedule.interval(now).total_seconds(),
        next_run=next_run(one, planned_to, now) if monitor.enabled else None,
    )


def next_run(one: Watched, planned_to: datetime | None, now: datetime) -> datetime | None:
    """When the next window becomes due."""
    upcoming = one.schedule.upcoming(now, 1, planned_to)
    return one.schedule.due(upcoming[0]) if upcoming else None


def restored(view: MonitorView, row: MonitorRow | None, last: ResultRow | None) -> MonitorView:
    """With what the store remembers."""
    if row is not None:
        view = replace(
            view,
            last_run=row.last_run,
            last_success=row.last_success,
            last_record=row.last_record,
            last_run_seconds=row.last_seconds,
            watermark=row.watermark,
            pending=row.pending,
            alarms=None if view.alarms is None else row.alarms,
        )
    if last is None:
        return view
    figures = dict(last.figures)
    baseline = figures.pop("baseline", {})
    return replace(
        view,
        window_start=last.window.start,
        window_end=last.window.end,
        revision=last.revision,
        run_id=last.run_id,
        figures=from_document(Figures, figures),
        **of_baseline(baseline),
    )


def truth(connection: Connection, name: str, now: datetime) -> Labels:
    """How many labels wait, and what share of the predictions has one, by the age of their windows."""
    waiting = sum(file.labels - file.found for file in labels.files(connection, name) if not file.is_expired)
    windows = [one for one in labels.awaited(connection, name) if one.is_judged and one.predictions]
    coverage = {}
    for (age, least), most in zip(AGES.items(), [*list(AGES.values())[1:], math.inf], strict=True):
        aged = [one for one in windows if least <= (now - one.window.end) / HOUR < most]
        if aged:
            coverage[age] = sum(one.labelled for one in aged) / sum(one.predictions for one in aged)
    return Labels(waiting=waiting, coverage=coverage)


def judged(view: MonitorView, claim: Claim, answer: Answer, now: datetime) -> MonitorView:
    """After a window was judged. A window before the last one shown changes only the times."""
    figures = figures_of(answer)
    last = max((at for at in (view.last_record, figures.last_record) if at is not None), default=None)
    view = replace(
        view, last_run=now, last_success=now, last_record=last, last_run_seconds=answer.took_seconds, trouble=""
    )
    if view.window_end is not None and claim.window.end < view.window_end:
        return view
    return replace(
        view,
        window_start=claim.window.start,
        window_end=claim.window.end,
        revision=claim.revision,
        run_id=claim.run_id,
        figures=figures,
        **of_baseline(answer.baseline),
    )


def of_baseline(baseline: Mapping[str, Any]) -> dict[str, Any]:
    """When the baseline was made, and from how many rows."""
    made_at = baseline.get("made_at")
    return {
        "baseline_created": datetime.fromisoformat(made_at) if made_at else None,
        "baseline_records": baseline.get("rows"),
    }


def incidents(connection: Connection, monitor: str, now: datetime) -> Incidents:
    """How many there are and were, what people said of them, and how alarms stand."""
    found = tallies.tallied(connection, monitor, now - LATELY, now - YEAR)
    return Incidents(
        open=found.open,
        opened=found.opened,
        precision=precision(found.said),
        false=found.false,
        alarms={name: row.state for name, row in kept.alarms(connection, monitor).items()},
    )
