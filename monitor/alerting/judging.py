"""Alerts on whether a monitor is judged, with thresholds from its own schedule."""

from collections.abc import Iterator
from datetime import timedelta

from monitor.alerting.alert import BEYOND, LEADS, Alert, Told, of, seconds
from monitor.alerting.layers import samples
from monitor.alerting.promql import duration
from monitor.alerting.subject import Subject
from monitor.schedule import DAY

FEWEST_JUDGED = 0.5
MONITOR, AGO = "{{ $labels.monitor }}", "{{ $value | humanizeDuration }}"


def alerts(subject: Subject) -> Iterator[Alert]:
    """Those that make sense: where there is one window ever, none comes late and nothing lasts."""
    yield _never(subject)
    if not subject.is_once:
        yield _stale(subject)
        yield _silent(subject)
        if subject.drift and subject.shows_features:
            yield _few_judged(subject)
    if subject.learning is not None:
        yield _learning(subject, subject.learning)


def _is_judged(subject: Subject) -> str:
    return f"and {of(subject.name, 'driftd_monitor_enabled')} == 1\n{LEADS}"


def _stale(subject: Subject) -> Alert:
    usual = duration(seconds(subject.stale))
    begin = "Monitor {} last judged a window {} ago; " + f"{usual} are the most by its schedule. What it shows is old."
    age = f"time() - {of(subject.name, 'driftd_monitor_last_success_timestamp_seconds')}"
    return Alert(
        name="DriftdMonitorStale",
        expr=f"({age} > {seconds(subject.stale)})\n{_is_judged(subject)}",
        severity=subject.gravest,
        labels=subject.names,
        summary="A monitor has not judged a window for longer than its schedule allows.",
        description=begin.format(MONITOR, AGO),
        broken=(Told(description=begin.format(subject.name, duration(seconds(subject.stale + BEYOND)))),),
    )


def _never(subject: Subject) -> Alert:
    begin = "Monitor {} has been configured for {} and has not judged one window yet."
    waited = duration(seconds(subject.first))
    return Alert(
        name="DriftdMonitorNeverSucceeded",
        expr=(
            f"(\n  {of(subject.name, 'driftd_monitor_enabled')} == 1\n"
            f"  unless {of(subject.name, 'driftd_monitor_last_success_timestamp_seconds')}\n)\n{LEADS}"
        ),
        wait=subject.first,
        severity=subject.gravest,
        labels=subject.names,
        summary="A monitor has never judged a window.",
        description=begin.format(MONITOR, waited),
        bare=(Told(description=begin.format(subject.name, waited)),),
    )


def _silent(subject: Subject) -> Alert:
    """Both are event times: a long delay, a stopped daemon and catching up do not look like missing captures."""
    begin = "The newest capture of monitor {} lies {} before the end of the last judged window."
    watermark = of(subject.name, "driftd_monitor_watermark_timestamp_seconds")
    newest = of(subject.name, "driftd_monitor_last_record_timestamp_seconds")
    return Alert(
        name="DriftdCaptureStale",
        expr=f"({watermark} - {newest} > {seconds(subject.silent)})\n{_is_judged(subject)}",
        wait=timedelta(minutes=15),
        severity=subject.rules.get("freshness", subject.gravest),
        labels={**subject.names, "rung": "freshness"},
        summary="No captures arrive for a monitor.",
        description=begin.format(MONITOR, AGO),
        broken=(Told(description=begin.format(subject.name, duration(seconds(subject.silent + BEYOND)))),),
    )


def _learning(subject: Subject, learning: timedelta) -> Alert:
    begin = "Monitor {} still learns how production wanders, after twice the {} that this was to take."
    planned = duration(seconds(learning))
    return Alert(
        name="DriftdLearningLate",
        expr=(
            f"(\n  {of(subject.name, 'driftd_monitor_learned_windows')}\n"
            f"  < {of(subject.name, 'driftd_monitor_learned_windows_needed')}\n)\n{LEADS}"
        ),
        wait=2 * learning,
        severity="info",
        labels=subject.names,
        summary="A monitor learns for longer than was planned.",
        description=begin.format(MONITOR, planned),
        broken=(Told(description=begin.format(subject.name, planned)),),
    )


def _few_judged(subject: Subject) -> Alert:
    """What the limits of metrics leave out is not shown, and no sign of anything."""
    begin = (
        "Of the features of monitor {}, {} could be judged in its last windows. Drift in the others would go unseen."
    )
    drifted, asked = of(subject.name, "driftd_feature_drifted"), of(subject.name, "driftd_monitor_features")
    return Alert(
        name="DriftdFewJudged",
        expr=(
            f"(\n  (count without (feature) ({drifted}) or 0 * {asked})\n  / {asked} < {FEWEST_JUDGED}\n)\n"
            f"unless {of(subject.name, 'driftd_metrics_dropped_series')} > 0\n{_is_judged(subject)}"
        ),
        wait=max(DAY, 3 * subject.longest),
        severity=_at_most_warning(subject),
        labels=subject.names,
        summary="Most features of a model cannot be judged.",
        description=begin.format(MONITOR, "{{ $value | humanizePercentage }}"),
        broken=(Told(description=begin.format(subject.name, "1%" if samples(subject) else "0%")),),
        bare=(Told(description=begin.format(subject.name, "0%")),),
    )


def _at_most_warning(subject: Subject) -> str:
    """Nobody is called for what has lasted a day already."""
    return "info" if subject.gravest == "info" else "warning"
