"""Every metric: name, type, labels, meaning. Names are promises: docs/metrics.md is made from this table."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["gauge", "counter", "histogram", "info"]
RUN_BUCKETS = (1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0)
QUICK_BUCKETS = (0.005, 0.025, 0.1, 0.5, 1.0, 5.0, 30.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A metric as it is exposed; `buckets` are a histogram's, in seconds."""

    name: str
    kind: Kind
    labels: tuple[str, ...] = ()
    meaning: str
    buckets: tuple[float, ...] = ()


def _row(name: str, kind: Kind, labels: str, meaning: str, buckets: tuple[float, ...] = ()) -> Row:
    return Row(name=f"driftd_{name}", kind=kind, labels=tuple(labels.split()), meaning=meaning, buckets=buckets)


DAEMON = (
    _row("build_info", "info", "version revision python_version", "What is running; always 1."),
    _row("config_last_reload_successful", "gauge", "", "1 if the last load or reload of the configuration succeeded."),
    _row("config_last_reload_success_timestamp_seconds", "gauge", "", "When a configuration was last loaded."),
    _row("leader", "gauge", "", "1 if this instance plans and runs windows."),
    _row("monitors", "gauge", "", "Monitors in the loaded configuration."),
    _row("workers", "gauge", "", "Worker slots."),
    _row("workers_busy", "gauge", "", "Worker slots in use."),
    _row("scheduler_last_tick_timestamp_seconds", "gauge", "", "When the planner last woke up."),
    _row("runs_total", "counter", "monitor", "Runs finished, whatever their outcome."),
    _row("run_failures_total", "counter", "monitor reason", "Runs that ended in an error, without a verdict."),
    _row("windows_skipped_total", "counter", "monitor reason", "Windows closed without a verdict."),
    _row("run_duration_seconds", "histogram", "", "Wall time of a run.", RUN_BUCKETS),
    _row("run_phase_duration_seconds", "histogram", "phase", "Wall time of a part of a run.", RUN_BUCKETS),
    _row("records_read_total", "counter", "monitor", "Captured records read."),
    _row("read_bytes_total", "counter", "monitor", "Bytes of captures read."),
    _row("records_rejected_total", "counter", "monitor reason", "Records that could not be used."),
    _row("records_late_total", "counter", "monitor", "Records found for a window that was closed already."),
    _row("labels_read_total", "counter", "monitor", "Labels read, where they come apart from captures."),
    _row("labels_rejected_total", "counter", "monitor", "Records where labels come that hold none."),
    _row("labels_expired_total", "counter", "monitor", "Labels that waited for a prediction for as long as they may."),
    _row("violations_total", "counter", "monitor rule", "Violations found since the start."),
    _row("rule_evaluations_total", "counter", "monitor", "Questions put to rules."),
    _row("rule_evaluation_failures_total", "counter", "monitor rule reason", "Rules that broke."),
    _row("notifications_total", "counter", "integration", "Notifications attempted."),
    _row("notifications_failed_total", "counter", "integration reason", "Notifications given up."),
    _row("notification_latency_seconds", "histogram", "integration", "Time to deliver.", QUICK_BUCKETS),
    _row("notifications_queued", "gauge", "", "Events that wait for delivery."),
    _row("actions_total", "counter", "monitor action outcome", "Actions by what came of them: done, failed, refused."),
    _row("http_requests_total", "counter", "handler method code", "HTTP requests by route."),
    _row("http_request_duration_seconds", "histogram", "handler", "Time to answer, by route.", QUICK_BUCKETS),
    _row("log_messages_total", "counter", "level", "Log messages written."),
    _row("store_errors_total", "counter", "operation", "Store operations that failed."),
    _row("store_size_bytes", "gauge", "", "The state store on disk."),
)

_INFO = "monitor kind model model_version model_endpoint baseline timezone"
LAST = "of the last closed window."

MONITOR = (
    _row("monitor_info", "info", _INFO, "What a monitor watches; always 1. The monitor's own labels stand here too."),
    _row("monitor_enabled", "gauge", "monitor", "0 if the monitor is paused."),
    _row("monitor_interval_seconds", "gauge", "monitor", "Nominal distance of two windows."),
    _row("monitor_last_run_timestamp_seconds", "gauge", "monitor", "When a run last finished, whatever its outcome."),
    _row(
        "monitor_last_success_timestamp_seconds", "gauge", "monitor",
        "When a run last ended with a report; absent until there was one, kept over restarts.",
    ),
    _row("monitor_next_run_timestamp_seconds", "gauge", "monitor", "When the next run is due."),
    _row("monitor_watermark_timestamp_seconds", "gauge", "monitor", "Event time up to which every window is closed."),
    _row("monitor_last_record_timestamp_seconds", "gauge", "monitor", "Newest event time seen in captures."),
    _row("monitor_windows_pending", "gauge", "monitor", "Windows due and not closed; absent until they were planned."),
    _row("monitor_window_records", "gauge", "monitor", f"Records {LAST}"),
    _row("monitor_last_run_duration_seconds", "gauge", "monitor", "Wall time of the last run."),
    _row("monitor_features", "gauge", "monitor", f"Features asked about drift {LAST}"),
    _row("monitor_drifted_features", "gauge", "monitor", f"Features with a drift violation {LAST}"),
    _row("monitor_violations", "gauge", "monitor rule", f"Violations {LAST} 0 for every rule without one."),
    _row("baseline_created_timestamp_seconds", "gauge", "monitor", "When the baseline was made."),
    _row("baseline_records", "gauge", "monitor", "Records the baseline was made from."),
    _row(
        "feature_drift_score", "gauge", "monitor feature method",
        f"How far a feature has moved, without a unit, {LAST}",
    ),
    _row("feature_drift_threshold", "gauge", "monitor feature method", f"From which score on it counts {LAST}"),
    _row(
        "feature_drifted", "gauge", "monitor feature",
        f"1 if the feature's drift finding is VIOLATED, 0 if it is OK, absent if it was not judged, {LAST}",
    ),
    _row("feature_missing_ratio", "gauge", "monitor feature", f"Share of rows without a value {LAST}"),
    _row("monitor_shadow", "gauge", "monitor", "1 if the monitor judges without acting; shipped alerts leave it out."),
    _row("monitor_learned_windows", "gauge", "monitor", f"Windows that production was learned from, as {LAST}"),
    _row("monitor_learned_windows_needed", "gauge", "monitor", "Windows that production is learned from."),
    _row("monitor_evidence_ratio", "gauge", "monitor", f"Evidence for an alarm, 1 where there is one, {LAST}"),
    _row("monitor_open_alarms", "gauge", "monitor", f"Features whose alarm is open {LAST}"),
    _row("monitor_band_widening", "gauge", "monitor", f"How many times people had the widest band widened {LAST}"),
    _row(
        "monitor_promised_false_alarms", "gauge", "monitor",
        "False alarms to be expected in 52 weeks while traffic wanders as it did when it was learned.",
    ),
    _row("alarms_total", "counter", "monitor", "Alarms told since the monitor began; kept over restarts."),
    _row("monitor_open_incidents", "gauge", "monitor severity", "Incidents that are not over, muted or not."),
    _row("incidents_total", "counter", "monitor cause", "Incidents since the monitor began; kept over restarts."),
    _row(
        "monitor_alert_precision", "gauge", "monitor",
        "Share of true ones among the incidents that people called true or false in the last 30 days.",
    ),
    _row(
        "monitor_false_alarms", "gauge", "monitor",
        "Incidents that began in the last 52 weeks and that people called false; to hold against the promise.",
    ),
    _row("alarm_state", "gauge", "monitor alarm state", "1 for the state that a configured alarm is in, 0 for others."),
    _row("model_quality_score", "gauge", "monitor metric", f"Quality of the model's answers, by score, {LAST}"),
    _row("labels_waiting", "gauge", "monitor", "Labels whose prediction has not come (yet)."),
    _row(
        "label_coverage_ratio", "gauge", "monitor age",
        "Share of predictions that have a label, of windows that ended so long ago or longer, up to the next age; "
        "absent until their labels are due.",
    ),
    _row("metrics_dropped_series", "gauge", "monitor", "Series left out because of the limits of metrics."),
    _row("metrics_collection_duration_seconds", "gauge", "", "Time to collect the monitors' series in this scrape."),
)  # fmt: skip

TABLE = (*DAEMON, *MONITOR)
