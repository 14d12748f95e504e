"""Of one monitor: what came in, what was found, and whether the model does well."""

from boards.panels import Panel, lines, row, table
from boards.queries import ONE, more, raw, shown, since


def traffic() -> list[Panel]:
    """What came in, and when."""
    read, rejected = (
        f"sum (increase({raw(f'records_{word}_total', ONE)}[$__rate_interval]))" for word in ("read", "rejected")
    )
    reasons = f"{more('records_rejected_total', 'reason', ONE)} > 0"
    interval = shown("monitor_interval_seconds", ONE)
    return [
        row("Captures and windows"),
        lines(
            "Records of a window",
            "Records of the last closed window. Falls to nothing: captures stop or lie elsewhere.",
            (shown("monitor_window_records", ONE), "records"),
        ),
        lines(
            "Rejected, by reason",
            "Records that could not be used, in each step of the picture, by reason; docs/formats.md says what each "
            "means. Nothing is drawn where nothing was rejected.",
            (reasons, "{{reason}}"),
            bars=True,
        ),
        lines(
            "Share rejected",
            "Rejected records over records read. Above the line DriftdRecordsRejected fires: the rest was judged, "
            "which may be another kind of traffic.",
            (f"{rejected} / ({read} > 0)", "rejected"),
            unit="percentunit",
            limit=0.05,
        ),
        lines(
            "Behind now",
            "Time since the end of the last judged window, and since the newest capture. Above two intervals (dashed) "
            "captures stay away or driftd is behind.",
            (since("monitor_watermark", ONE), "last window"),
            (since("monitor_last_record", ONE), "newest capture"),
            (f"2 * {interval}", "limit: two intervals"),
            unit="s",
        ),
        lines(
            "Windows pending",
            "Windows that are due and not judged yet. Grows: runs take longer than the interval, or fail.",
            (shown("monitor_windows_pending", ONE), "pending"),
            limit=4,
        ),
        lines(
            "Late records",
            "Records that came after their window was judged, in each step of the picture. Many: the schedule's "
            "`delay` is too short.",
            (more("records_late_total", "monitor", ONE), "late"),
            bars=True,
        ),
    ]


def outcome() -> list[Panel]:
    """What was found, and whether the model does well."""
    return [
        row("Verdicts, and the model"),
        lines(
            "Violations, by rule",
            "Violations of the last closed window, by rule. `driftd rules show NAME` says what a rule asks.",
            (shown("monitor_violations", ONE, "rule"), "{{rule}}"),
            w=12,
            bars=True,
        ),
        lines(
            "Model quality",
            "Scores of the model's answers where true values are known. Empty: no true values are configured, or none "
            "has come yet; then nothing is known of the model's quality.",
            (shown("model_quality_score", ONE, "metric"), "{{metric}}"),
            unit="none",
            w=12,
        ),
        lines(
            "Label coverage, by age",
            "Share of predictions whose label has come, by how long ago their windows ended. Below "
            "`truth.min_coverage` (30 %) nothing is said of the model's quality. Empty: no `truth` is configured, or "
            "nothing is due yet.",
            (shown("label_coverage_ratio", ONE, "age"), "{{age}}"),
            unit="percentunit",
            w=12,
        ),
        lines(
            "Labels",
            "Labels that came in each step of the picture, records where labels come that hold none, labels that found "
            "no prediction in time, and those that wait for one. Empty: no `truth` is configured.",
            (more("labels_read_total", "monitor", ONE), "read"),
            (more("labels_rejected_total", "monitor", ONE), "rejected"),
            (more("labels_expired_total", "monitor", ONE), "expired"),
            (shown("labels_waiting", ONE), "waiting"),
            w=12,
        ),
        lines(
            "Evidence and learning",
            "Evidence for an alarm (100 %: an alarm), and how much of production is learned.",
            (shown("monitor_evidence_ratio", ONE), "evidence"),
            (
                f"{shown('monitor_learned_windows', ONE)} / ({shown('monitor_learned_windows_needed', ONE)} > 0)",
                "learned",
            ),
            unit="percentunit",
            limit=1,
        ),
        lines(
            "Runs that failed, windows left out",
            "Runs without a verdict by reason, and windows that were closed without one, in each step of the picture. "
            "`dead`: given up after three attempts.",
            (f"{more('run_failures_total', 'reason', ONE)} > 0", "failed: {{reason}}"),
            (f"{more('windows_skipped_total', 'reason', ONE)} > 0", "left out: {{reason}}"),
            (f"{more('rule_evaluation_failures_total', 'rule, reason', ONE)} > 0", "rule {{rule}}: {{reason}}"),
            bars=True,
        ),
        lines(
            "Run duration",
            "Wall time of the last run. Near the interval, windows will pile up.",
            (shown("monitor_last_run_duration_seconds", ONE), "last run"),
            unit="s",
        ),
        lines(
            "Actions",
            "What was done about alarms (a retrain, a webhook), by what came of it, in each step of the picture.",
            (f"{more('actions_total', 'action, outcome', ONE)} > 0", "{{action}}: {{outcome}}"),
            bars=True,
        ),
        table(
            "What it watches",
            "The model, the endpoint and the baseline of this monitor, as configured.",
            "model, model_version, model_endpoint, baseline, timezone",
            (
                "Baseline made, ago",
                f"(time() - {raw('baseline_created_timestamp_seconds', ONE)}) * on (job, instance, monitor) "
                f"group_right () {raw('monitor_info', ONE)}",
                "s",
                {},
            ),
            (
                "Rows of the baseline",
                f"{raw('baseline_records', ONE)} * on (job, instance, monitor) group_right () "
                f"{raw('monitor_info', ONE)}",
                "short",
                {},
            ),
            h=8,
            w=16,
        ),
    ]
