"""What the tests of deploy/ share: where things lie, Debian's checkers, the names of metrics, the YAML of a file."""

import re
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from prometheus_server import tool

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
HOME = (DEPLOY / "home.txt").read_text().strip()
# Until docs/metrics.md is there.
PLANNED = """
| `driftd_build_info` | info |
| `driftd_config_last_reload_successful` | gauge |
| `driftd_config_last_reload_success_timestamp_seconds` | gauge |
| `driftd_leader` | gauge |
| `driftd_monitors` | gauge |
| `driftd_workers` | gauge |
| `driftd_workers_busy` | gauge |
| `driftd_scheduler_last_tick_timestamp_seconds` | gauge |
| `driftd_runs_total` | counter |
| `driftd_run_failures_total` | counter |
| `driftd_windows_skipped_total` | counter |
| `driftd_run_duration_seconds` | histogram |
| `driftd_run_phase_duration_seconds` | histogram |
| `driftd_records_read_total` | counter |
| `driftd_read_bytes_total` | counter |
| `driftd_records_rejected_total` | counter |
| `driftd_records_late_total` | counter |
| `driftd_violations_total` | counter |
| `driftd_rule_evaluations_total` | counter |
| `driftd_rule_evaluation_failures_total` | counter |
| `driftd_notifications_total` | counter |
| `driftd_notifications_failed_total` | counter |
| `driftd_notification_latency_seconds` | histogram |
| `driftd_notifications_queued` | gauge |
| `driftd_http_requests_total` | counter |
| `driftd_http_request_duration_seconds` | histogram |
| `driftd_log_messages_total` | counter |
| `driftd_store_errors_total` | counter |
| `driftd_store_size_bytes` | gauge |
| `driftd_monitor_info` | info |
| `driftd_monitor_enabled` | gauge |
| `driftd_monitor_interval_seconds` | gauge |
| `driftd_monitor_last_run_timestamp_seconds` | gauge |
| `driftd_monitor_last_success_timestamp_seconds` | gauge |
| `driftd_monitor_next_run_timestamp_seconds` | gauge |
| `driftd_monitor_watermark_timestamp_seconds` | gauge |
| `driftd_monitor_last_record_timestamp_seconds` | gauge |
| `driftd_monitor_windows_pending` | gauge |
| `driftd_monitor_window_records` | gauge |
| `driftd_monitor_last_run_duration_seconds` | gauge |
| `driftd_monitor_features` | gauge |
| `driftd_monitor_drifted_features` | gauge |
| `driftd_monitor_violations` | gauge |
| `driftd_baseline_created_timestamp_seconds` | gauge |
| `driftd_baseline_records` | gauge |
| `driftd_feature_drift_score` | gauge |
| `driftd_feature_drift_threshold` | gauge |
| `driftd_feature_drifted` | gauge |
| `driftd_feature_missing_ratio` | gauge |
| `driftd_model_quality_score` | gauge |
| `driftd_metrics_dropped_series` | gauge |
| `driftd_metrics_collection_duration_seconds` | gauge |
"""
RULES = sorted((DEPLOY / "prometheus" / "rules").glob("*.yml"))


def ran(*command: str | Path, code: int = 0, seconds: float = 60) -> str:
    """What a checker says, all of it; it must end with this code, and in time."""
    found = [tool(str(command[0])), *map(str, command[1:])]
    done = subprocess.run(found, capture_output=True, text=True, timeout=seconds, check=False)
    assert done.returncode == code, f"{command}: {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def document(path: Path) -> Any:
    """The only YAML document of a file."""
    return yaml.safe_load(path.read_text())


@cache
def rules() -> dict[str, dict[str, Any]]:
    """Every alert and recording rule by name."""
    found = [rule for path in RULES for group in document(path)["groups"] for rule in group["rules"]]
    return {rule.get("alert") or rule["record"]: rule for rule in found}


def alerts() -> dict[str, dict[str, Any]]:
    return {name: rule for name, rule in rules().items() if "alert" in rule}


@cache
def series() -> frozenset[str]:
    """Names that driftd exposes, by docs/metrics.md; of a histogram those of its series."""
    page = ROOT / "docs" / "metrics.md"
    rows = re.findall(r"^\| `(driftd_\w+)` \| (\w+) \|", page.read_text() if page.exists() else PLANNED, re.MULTILINE)
    histograms = [f"{name}_{part}" for name, kind in rows if kind == "histogram" for part in ("bucket", "sum", "count")]
    standard = ["process_start_time_seconds", "process_resident_memory_bytes", "process_cpu_seconds_total"]
    return frozenset([*(name for name, kind in rows if kind != "histogram"), *histograms, *standard])


def asked(expression: str) -> set[str]:
    """Names of series in a PromQL expression: words that stand before a selector, or look like one of ours."""
    bare = re.sub(r'"[^"]*"', '""', expression)
    return {word for word in re.findall(r"[A-Za-z_:][\w:]*", bare) if re.match(r"driftd_|process_|monitor:", word)}
