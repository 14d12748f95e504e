"""A monitor's series as text, made once a window: a scrape only puts the pieces one behind the other."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import prometheus_client.utils

from monitor import alarm
from monitor.cause import Cause
from monitor.figures import Figures, Standing
from monitor.ladder import SEVERITIES
from monitor.metrics.labels import clean, pair, unique
from monitor.metrics.table import MONITOR, Row
from monitor.metrics.view import Incidents, MonitorView

Detail = Literal["all", "violating", "none"]
Series = tuple[str, str, float]
"""Name, labels as text, value."""

_number: Callable[[float], str] = prometheus_client.utils.floatToGoString

FAMILIES: Mapping[str, Row] = {row.name: row for row in MONITOR}
IN_FIXED_ORDER = tuple(FAMILIES)
OWN_LABELS = frozenset(FAMILIES["driftd_monitor_info"].labels)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """The lines of one metric and one monitor."""

    text: str
    series: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A monitor with its blocks by the metric's name."""

    view: MonitorView
    blocks: Mapping[str, Block]


def rendered(view: MonitorView, detail: Detail = "all") -> Rendered:
    """All series of a monitor, but for those that depend on the moment or on the other monitors."""
    lines: dict[str, list[str]] = {}
    for name, labels, value in series(view, detail):
        lines.setdefault(name, []).append(line(name, labels, value))
    blocks = {name: Block(text="".join(texts), series=len(texts)) for name, texts in lines.items()}
    return Rendered(view=view, blocks=blocks)


def line(name: str, labels: str, value: float) -> str:
    """A sample, the same in the text format and in OpenMetrics."""
    return f"{name}{{{labels}}} {_number(value)}\n"


def monitor_label(view: MonitorView) -> str:
    """The label that every series of a monitor has."""
    return pair("monitor", clean(view.name))


def series(view: MonitorView, detail: Detail = "all") -> Iterator[Series]:
    """What is not known has no series; it is never 0."""
    monitor = monitor_label(view)
    yield "driftd_monitor_info", _info(view), 1.0
    numbers: Mapping[str, float | None] = {
        "driftd_monitor_enabled": float(view.enabled),
        "driftd_monitor_shadow": float(view.is_shadow),
        "driftd_alarms_total": view.alarms,
        "driftd_monitor_interval_seconds": view.interval_seconds,
        "driftd_monitor_last_run_timestamp_seconds": _seconds(view.last_run),
        "driftd_monitor_last_success_timestamp_seconds": _seconds(view.last_success),
        "driftd_monitor_next_run_timestamp_seconds": _seconds(view.next_run),
        "driftd_monitor_watermark_timestamp_seconds": _seconds(view.watermark),
        "driftd_monitor_last_record_timestamp_seconds": _seconds(view.last_record),
        "driftd_monitor_windows_pending": view.pending,
        "driftd_monitor_last_run_duration_seconds": view.last_run_seconds,
        "driftd_baseline_created_timestamp_seconds": _seconds(view.baseline_created),
        "driftd_baseline_records": view.baseline_records,
    }
    for name, value in numbers.items():
        if value is not None:
            yield name, monitor, value
    if view.truth is not None:
        yield "driftd_labels_waiting", monitor, view.truth.waiting
        for age, share in view.truth.coverage.items():
            yield "driftd_label_coverage_ratio", f"{monitor},{pair('age', age)}", share
    if view.incidents is not None:
        yield from _of_incidents(monitor, view.incidents)
    if view.figures is not None:
        yield from _of_window(monitor, view.rules, view.figures)
        yield from _of_features(monitor, view.figures, detail)


def _info(view: MonitorView) -> str:
    """A label of the monitor's own never takes the place of one of ours."""
    known = {name: str(getattr(view, name)) for name in FAMILIES["driftd_monitor_info"].labels if name != "monitor"}
    own = {name: value for name, value in sorted(view.labels.items()) if name not in OWN_LABELS}
    return ",".join([monitor_label(view), *(pair(name, clean(value)) for name, value in {**known, **own}.items())])


def _of_incidents(monitor: str, incidents: Incidents) -> Iterator[Series]:
    """Every severity and cause from the start, so that the first incident shows as an increase."""
    for severity in SEVERITIES:
        at = f"{monitor},{pair('severity', severity)}"
        yield "driftd_monitor_open_incidents", at, incidents.open.get(severity, 0)
    for cause in Cause:
        yield "driftd_incidents_total", f"{monitor},{pair('cause', cause)}", incidents.opened.get(cause, 0)
    yield "driftd_monitor_false_alarms", monitor, incidents.false
    if incidents.precision is not None:
        yield "driftd_monitor_alert_precision", monitor, incidents.precision
    for name, value in unique(incidents.alarms).items():
        for state in alarm.State:
            at = f"{monitor},{pair('alarm', value)},{pair('state', state)}"
            yield "driftd_alarm_state", at, float(incidents.alarms[name] == state)


def _of_window(monitor: str, rules: tuple[str, ...], figures: Figures) -> Iterator[Series]:
    yield "driftd_monitor_window_records", monitor, figures.records
    yield "driftd_monitor_features", monitor, figures.features
    yield "driftd_monitor_drifted_features", monitor, len(figures.drifted)
    for rule, value in unique(dict.fromkeys((*rules, *figures.violations))).items():
        yield "driftd_monitor_violations", f"{monitor},{pair('rule', value)}", figures.violations.get(rule, 0)
    yield from _of_policy(monitor, figures.policy)
    for metric, value in unique(figures.quality).items():
        yield "driftd_model_quality_score", f"{monitor},{pair('metric', value)}", figures.quality[metric]


def _of_policy(monitor: str, standing: Standing | None) -> Iterator[Series]:
    if standing is None:
        return
    yield "driftd_monitor_learned_windows", monitor, standing.seen
    yield "driftd_monitor_learned_windows_needed", monitor, standing.needed
    yield "driftd_monitor_open_alarms", monitor, standing.open
    yield "driftd_monitor_band_widening", monitor, standing.widened
    yield "driftd_monitor_promised_false_alarms", monitor, standing.promised
    if standing.evidence is not None:
        yield "driftd_monitor_evidence_ratio", monitor, standing.evidence


def _of_features(monitor: str, figures: Figures, detail: Detail) -> Iterator[Series]:
    names = dict.fromkeys((*figures.missing, *figures.drift, *(score.feature for score in figures.scores)))
    labels = {name: f"{monitor},{pair('feature', value)}" for name, value in unique(names).items()}
    shown = labels if detail == "all" else dict.fromkeys(figures.violating if detail == "violating" else ())
    for score in figures.scores:
        if score.feature in shown:
            at = f"{labels[score.feature]},{pair('method', score.method)}"
            yield "driftd_feature_drift_score", at, score.score
            if score.threshold is not None:
                yield "driftd_feature_drift_threshold", at, score.threshold
    for name, has_moved in figures.drift.items():
        if name in shown:
            yield "driftd_feature_drifted", labels[name], float(has_moved)
    for name, ratio in figures.missing.items():
        if name in shown:
            yield "driftd_feature_missing_ratio", labels[name], ratio


def _seconds(at: datetime | None) -> float | None:
    return None if at is None else at.timestamp()
