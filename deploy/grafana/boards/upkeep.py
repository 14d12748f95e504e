"""Of the daemon: what it costs, whether anybody hears of it, scrapes and pages."""

from boards.panels import Panel, coloured, lines, row, table
from boards.queries import ALL, by, more, quantile, raw


def resources() -> list[Panel]:
    """What it costs."""
    return [
        row("Processes and store"),
        lines(
            "Workers",
            "Worker slots, and those in use. All in use for long: more `workers`, or longer intervals.",
            (by("instance", raw("workers_busy")), "in use {{instance}}"),
            (by("instance", raw("workers")), "limit {{instance}}"),
        ),
        lines(
            "Memory of the daemon",
            "Resident memory of the daemon's own process. Workers are processes of their own, each bounded by the "
            "monitor's `limits.memory`; one that goes beyond shows as a failed run with reason `memory`.",
            (f"process_resident_memory_bytes{{{ALL}}}", "{{instance}}"),
            unit="bytes",
        ),
        lines(
            "Processor",
            "Cores used by the daemon's own process, without workers.",
            (f"sum by (instance) (rate(process_cpu_seconds_total{{{ALL}}}[$__rate_interval]))", "{{instance}}"),
            unit="none",
        ),
        lines(
            "Open files",
            "Files and connections that the daemon holds open, and how many it may.",
            (f"process_open_fds{{{ALL}}}", "{{instance}}"),
            (f"process_max_fds{{{ALL}}}", "limit {{instance}}"),
        ),
        lines(
            "Store",
            "Size of the state store on disk. Grows without end: see `retention`.",
            (by("instance", raw("store_size_bytes")), "{{instance}}"),
            unit="bytes",
        ),
        lines(
            "Store errors",
            "Operations of the store that failed, in each step of the picture. Any is worth a look.",
            (more("store_errors_total", "operation"), "{{operation}}"),
            bars=True,
        ),
    ]


def told() -> list[Panel]:
    """Whether anybody hears of it."""
    return [
        row("Deliveries and actions"),
        lines(
            "Waiting to be delivered",
            "Events that wait for delivery. Grows: a receiver does not answer.",
            (by("instance", raw("notifications_queued")), "{{instance}}"),
        ),
        lines(
            "Notifications",
            "Notifications attempted, and those given up by reason, in each step of the picture.",
            (more("notifications_total", "integration"), "{{integration}}"),
            (
                f"{more('notifications_failed_total', 'integration, reason')} > 0",
                "given up {{integration}}: {{reason}}",
            ),
            bars=True,
        ),
        lines(
            "Time to deliver",
            "Of 20 deliveries 19 take no longer, by the way they go. Rises: the receiver is slow, and events wait.",
            (quantile(0.95, "notification_latency_seconds", "integration"), "{{integration}}"),
            unit="s",
        ),
        lines(
            "Actions",
            "Actions of all monitors by what came of them, in each step of the picture.",
            (more("actions_total", "monitor, action, outcome"), "{{monitor}} {{action}}: {{outcome}}"),
            bars=True,
        ),
        lines(
            "Rules that broke",
            "Rules that raised, hung or took too much, in each step of the picture (DriftdRuleFailing). What they look"
            " for goes unseen.",
            (
                f"{more('rule_evaluation_failures_total', 'monitor, rule, reason')} > 0",
                "{{monitor}} {{rule}}: {{reason}}",
            ),
            bars=True,
        ),
        lines(
            "Log messages",
            "Warnings and errors in the log, in each step of the picture.",
            (more("log_messages_total", "level", f'{ALL}, level=~"warning|error|critical"'), "{{level}}"),
            bars=True,
        ),
    ]


def web() -> list[Panel]:
    """Scrapes and pages."""
    beside = f"* on (job, instance) group_right () {raw('build_info')}"
    mistakes = more("http_requests_total", "handler, code", f'{ALL}, code=~"5.."')
    return [
        row("Scrapes and pages"),
        lines(
            "Scrape duration",
            "How long Prometheus waits for /metrics. At the job's scrape_timeout (10 s by default) it takes nothing at"
            " all.",
            (f"max by (instance) (scrape_duration_seconds{{{ALL}}})", "{{instance}}"),
            unit="s",
            limit=10,
        ),
        lines(
            "Series in a scrape",
            "Samples that a scrape brings. The job's sample_limit must lie above.",
            (f"max by (instance) (scrape_samples_scraped{{{ALL}}})", "{{instance}}"),
        ),
        lines(
            "Making the metrics",
            "Time that driftd takes to put the monitors' series together.",
            (by("instance", raw("metrics_collection_duration_seconds")), "{{instance}}"),
            unit="s",
        ),
        lines(
            "Series left out",
            "Series of each monitor that the limits of metrics leave out; dashboards and alerts do not see them "
            "(DriftdSeriesDropped).",
            (f"topk(10, {by('monitor', raw('metrics_dropped_series'))})", "{{monitor}}"),
            limit=1,
        ),
        lines(
            "Time to answer",
            "Of 20 requests 19 take no longer, by page. Rises: too many scrapes or readers, or a slow store.",
            (quantile(0.95, "http_request_duration_seconds", "handler"), "{{handler}}"),
            unit="s",
        ),
        lines(
            "Pages that failed",
            "Answers with a code of 500 or more, in each step of the picture. Nothing is drawn where there were none.",
            (mistakes, "{{handler}} {{code}}"),
            bars=True,
        ),
        table(
            "Instances",
            "What runs where.",
            "instance, version, revision, python_version",
            (
                "Up for",
                f"(time() - process_start_time_seconds{{{ALL}}}) {beside}",
                "s",
                {},
            ),
            ("Leads", f"{raw('leader')} {beside}", "bool_yes_no", {}),
            (
                "Config loaded, ago",
                f"(time() - {raw('config_last_reload_success_timestamp_seconds')}) {beside}",
                "s",
                coloured([(None, "transparent")]),
            ),
            h=7,
        ),
    ]
