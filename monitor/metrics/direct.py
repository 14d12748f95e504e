"""Counters of the daemon itself. What is known beforehand stands at 0 from the start, so that an increase shows."""

import platform
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info

from monitor.figures import Figures
from monitor.metrics import reasons
from monitor.metrics.labels import clean
from monitor.metrics.reasons import known
from monitor.metrics.table import DAEMON, Row

KINDS = {"gauge": Gauge, "counter": Counter, "histogram": Histogram, "info": Info}
AT_START: Mapping[str, Iterable[str]] = {
    "run_phase_duration_seconds": reasons.PHASES,
    "log_messages_total": reasons.LEVELS,
    "store_errors_total": reasons.OPERATIONS,
}


class Direct:
    """What the daemon tells as it happens. Monitors are counted once they are watched, until they are forgotten."""

    def __init__(self, registry: CollectorRegistry, *, version: str, revision: str = "") -> None:
        self._all: Mapping[str, Any] = {row.name.removeprefix("driftd_"): _made(row, registry) for row in DAEMON}
        about = {"version": version, "revision": revision, "python_version": platform.python_version()}
        self._all["build_info"].info(about)
        self._watched: dict[str, frozenset[str]] = {}
        for name, values in AT_START.items():
            for value in values:
                self._all[name].labels(value)

    def watch(
        self, monitor: str, rules: Iterable[str], users: Collection[str] = (), actions: Iterable[str] = ()
    ) -> None:
        """Begin to count for a monitor; `users` are those of its rules that run in a process of their own."""
        name = clean(monitor)
        for metric in (
            "runs_total", "records_read_total", "read_bytes_total", "records_late_total", "rule_evaluations_total",
            "labels_read_total", "labels_rejected_total", "labels_expired_total",
        ):  # fmt: skip
            self._all[metric].labels(name)
        for metric, values in (
            ("run_failures_total", reasons.RUN_FAILURES),
            ("windows_skipped_total", reasons.WINDOWS_SKIPPED),
            ("records_rejected_total", reasons.REJECTED),
        ):
            for value in values:
                self._all[metric].labels(name, value)
        self._watch_rules(name, frozenset(map(clean, rules)), frozenset(map(clean, users)))
        for action in actions:
            for outcome in reasons.ACTION_OUTCOMES:
                self._all["actions_total"].labels(name, action, outcome)

    def _watch_rules(self, name: str, rules: frozenset[str], users: frozenset[str]) -> None:
        """Rules that are asked no more, as after a reload, vanish."""
        for gone in self._watched.get(name, frozenset()) - rules:
            for metric in ("violations_total", "rule_evaluation_failures_total"):
                self._all[metric].remove_by_labels({"monitor": name, "rule": gone})
        for rule in rules:
            self._all["violations_total"].labels(name, rule)
            for reason in reasons.RULE_FAILURES if rule in users else ("raised",):
                self._all["rule_evaluation_failures_total"].labels(name, rule, reason)
        self._watched[name] = rules

    def forget(self, monitor: str) -> None:
        """The monitor is no more: its counters vanish, and a run that ends later brings none of them back."""
        name = clean(monitor)
        self._watched.pop(name, None)
        for row in DAEMON:
            if "monitor" in row.labels:
                self._all[row.name.removeprefix("driftd_")].remove_by_labels({"monitor": name})

    def run_finished(
        self,
        monitor: str,
        *,
        seconds: float,
        reason: str = "",
        run_id: str = "",
        figures: Figures | None = None,
        read_bytes: int = 0,
        phases: Mapping[str, float] | None = None,
    ) -> None:
        """A run has ended: with the figures of its window, or with the reason why there are none."""
        name, exemplar = clean(monitor), {"run_id": run_id[:64]} if run_id else None
        if name not in self._watched:
            return
        self._all["runs_total"].labels(name).inc()
        self._all["run_duration_seconds"].observe(seconds, exemplar)
        self._all["read_bytes_total"].labels(name).inc(read_bytes)
        for phase, took in (phases or {}).items():
            self._all["run_phase_duration_seconds"].labels(known(phase, reasons.PHASES)).observe(took)
        if reason:
            self._all["run_failures_total"].labels(name, known(reason, reasons.RUN_FAILURES)).inc()
        if figures is not None:
            self._judged(name, figures, exemplar)

    def _judged(self, name: str, figures: Figures, exemplar: dict[str, str] | None) -> None:
        self._all["records_read_total"].labels(name).inc(figures.records)
        self._all["rule_evaluations_total"].labels(name).inc(figures.asked)
        for reason, count in figures.rejected.items():
            self._all["records_rejected_total"].labels(name, known(reason, reasons.REJECTED)).inc(count)
        for rule, count in figures.violations.items():
            self._all["violations_total"].labels(name, clean(rule)).inc(count, exemplar if count else None)
        for rule, broken in figures.failed.items():
            for reason, count in broken.items():
                labels = (name, clean(rule), known(reason, reasons.RULE_FAILURES))
                self._all["rule_evaluation_failures_total"].labels(*labels).inc(count)

    def windows_skipped(self, monitor: str, reason: str, count: int = 1) -> None:
        """Windows were closed without a verdict."""
        if clean(monitor) in self._watched:
            self._all["windows_skipped_total"].labels(clean(monitor), known(reason, reasons.WINDOWS_SKIPPED)).inc(count)

    def records_late(self, monitor: str, count: int) -> None:
        """Records were found for a window that was closed already."""
        if clean(monitor) in self._watched:
            self._all["records_late_total"].labels(clean(monitor)).inc(count)

    def labels_read(self, monitor: str, count: int, rejected: int) -> None:
        """Labels were read, and records that hold none."""
        if clean(monitor) in self._watched:
            self._all["labels_read_total"].labels(clean(monitor)).inc(count)
            self._all["labels_rejected_total"].labels(clean(monitor)).inc(rejected)

    def labels_expired(self, monitor: str, count: int) -> None:
        """Labels wait no longer for their predictions."""
        if clean(monitor) in self._watched:
            self._all["labels_expired_total"].labels(clean(monitor)).inc(count)

    def tick(self, now: datetime) -> None:
        """The planner woke up."""
        self._all["scheduler_last_tick_timestamp_seconds"].set(now.timestamp())

    def reloaded(self, now: datetime, *, succeeded: bool) -> None:
        """A configuration was loaded, or was not."""
        self._all["config_last_reload_successful"].set(succeeded)
        if succeeded:
            self._all["config_last_reload_success_timestamp_seconds"].set(now.timestamp())

    def leads(self, is_leader: bool) -> None:
        """Whether this instance plans and runs windows."""
        self._all["leader"].set(is_leader)

    def workers(self, slots: int, busy: int) -> None:
        """Worker slots, and how many are in use."""
        self._all["workers"].set(slots)
        self._all["workers_busy"].set(busy)

    def queued(self, events: int) -> None:
        """Events wait for delivery."""
        self._all["notifications_queued"].set(events)

    def notified(self, integration: str, seconds: float, reason: str = "") -> None:
        """A notification was delivered, or given up for a reason."""
        self._all["notifications_total"].labels(integration).inc()
        self._all["notification_latency_seconds"].labels(integration).observe(seconds)
        for value in reasons.NOTIFICATION_FAILURES:
            self._all["notifications_failed_total"].labels(integration, value)
        if reason:
            reason = known(reason, reasons.NOTIFICATION_FAILURES)
            self._all["notifications_failed_total"].labels(integration, reason).inc()

    def acted(self, monitor: str, action: str, outcome: str) -> None:
        """An action was done, has failed, or was refused."""
        if clean(monitor) in self._watched:
            self._all["actions_total"].labels(clean(monitor), action, known(outcome, reasons.ACTION_OUTCOMES)).inc()

    def stored(self, size_bytes: int) -> None:
        """The store's size on disk."""
        self._all["store_size_bytes"].set(size_bytes)

    def store_failed(self, operation: str) -> None:
        """An operation of the store failed."""
        self._all["store_errors_total"].labels(known(operation, reasons.OPERATIONS)).inc()

    def logged(self, level: str) -> None:
        """A log message was written."""
        self._all["log_messages_total"].labels(level if level in reasons.LEVELS else "info").inc()

    def answered(self, handler: str, method: str, code: int, seconds: float) -> None:
        """An HTTP request was answered; `handler` is the route as written."""
        self._all["http_requests_total"].labels(handler, method, str(code)).inc()
        self._all["http_request_duration_seconds"].labels(handler).observe(seconds)

    def monitors(self, count: int) -> None:
        """Monitors in the configuration."""
        self._all["monitors"].set(count)


def _made(row: Row, registry: CollectorRegistry) -> Any:
    more = {"buckets": row.buckets} if row.buckets else {}
    name = row.name.removesuffix("_info")
    return KINDS[row.kind](name, row.meaning, row.labels if row.kind != "info" else (), registry=registry, **more)
