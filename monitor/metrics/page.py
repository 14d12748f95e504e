"""docs/metrics.md, made from the table: `python -m monitor.metrics.page docs/metrics.md` writes it."""

import sys
from collections.abc import Iterable
from pathlib import Path

from monitor.figures import METHODS
from monitor.metrics import reasons
from monitor.metrics.limits import DROPPED_FIRST, OF_THE_WINDOW
from monitor.metrics.table import DAEMON, MONITOR, Row

LISTS = (
    ("driftd_run_failures_total", "reason", reasons.RUN_FAILURES),
    ("driftd_windows_skipped_total", "reason", reasons.WINDOWS_SKIPPED),
    ("driftd_records_rejected_total", "reason", reasons.REJECTED),
    ("driftd_rule_evaluation_failures_total", "reason", reasons.RULE_FAILURES),
    ("driftd_notifications_failed_total", "reason", reasons.NOTIFICATION_FAILURES),
    ("driftd_run_phase_duration_seconds", "phase", reasons.PHASES),
    ("driftd_store_errors_total", "operation", reasons.OPERATIONS),
    ("driftd_log_messages_total", "level", reasons.LEVELS),
    ("driftd_feature_drift_score", "method", METHODS),
)

PAGE = """# Metrics

<!-- Made from the code by `python -m monitor.metrics.page docs/metrics.md`; a test fails where the two differ. -->

`GET /metrics` has them in the text format, or in OpenMetrics where that is asked for (there with the run's id as an
exemplar of `driftd_run_duration_seconds` and `driftd_violations_total`). Names, types and labels are promises: what
changes is deprecated for a release first. `name[]=driftd_monitors` picks metrics out, as in Prometheus' own clients.

## The daemon

{daemon}

## Each monitor

From the last closed window. A number that is not known has no series; it is never 0.

{monitor}

And `process_*` and `python_*`, as every Python program has them.

## Label values

`monitor` and `rule` come from the configuration, `feature` from the baseline and never from captures: cut to 200
characters, with what does not print replaced, and numbered (`~2`) where two would be the same. Reasons are lists:

| metric | label | values |
|---|---|---|
{lists}

What a `monitor` watches stands on `driftd_monitor_info`, with the monitor's own `labels`. Join it:

```
driftd_feature_drifted * on (job, instance, monitor) group_left (model, team) driftd_monitor_info
```

## What goes, and when

A monitor that is stale (`metrics.stale_after` behind the end of its last window; by default three intervals, and at
least an hour) exposes {of_the_window} no more. Its timestamps stay, and alerts go by them. A monitor
that was removed leaves nothing behind.

Over `metrics.max_series_per_monitor` or `metrics.max_series`, whole metrics are left out, in this order:
{dropped_first}. `driftd_metrics_dropped_series` says how many series that were.
`metrics.feature_detail: violating` keeps `driftd_feature_*` for features with a violation only, `none` for no feature.
Series of a monitor: 37, one for each rule, three for each configured alarm, four for each feature; and some 50
counters, which no limit touches. If your scrape job has a `sample_limit` or a `body_size_limit`, set it above that:
over it, Prometheus takes nothing at all.
"""


def page() -> str:
    """The page's text."""
    return PAGE.format(
        daemon=_table(DAEMON),
        monitor=_table(MONITOR),
        lists=_lists(),
        of_the_window=_names(OF_THE_WINDOW),
        dropped_first=_names(DROPPED_FIRST),
    )


def _table(rows: Iterable[Row]) -> str:
    lines = [
        f"| `{row.name}` | {row.kind} | {', '.join(f'`{label}`' for label in row.labels) or '–'} | {_meaning(row)} |"
        for row in rows
    ]
    return "\n".join(["| name | type | labels | meaning |", "|---|---|---|---|", *lines])


def _meaning(row: Row) -> str:
    edges = ", ".join(f"{edge:g}" for edge in row.buckets)
    return f"{row.meaning} Buckets: {edges}." if edges else row.meaning


def _lists() -> str:
    told = ((name, label, ", ".join(f"`{value}`" for value in values)) for name, label, values in LISTS)
    return "\n".join(f"| `{name}` | `{label}` | {values} |" for name, label, values in told)


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
