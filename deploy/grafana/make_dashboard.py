"""Make dashboards/Driftd/driftd.json: python deploy/grafana/make_dashboard.py

One dashboard: all monitors, one of them in detail, the daemon. Classic JSON for Grafana 10 and later. What is committed
is what this prints; a test compares the two.
"""

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PATH = HERE / "dashboards" / "Driftd" / "driftd.json"
SOURCE = {"type": "prometheus", "uid": "${datasource}"}
ALL = 'job=~"$job", instance=~"$instance"'
ONE = f'{ALL}, monitor=~"$monitor"'
FEATURE = f'{ONE}, feature=~"$feature"'
GREEN, YELLOW, RED = "green", "orange", "red"
Panel = dict[str, Any]


def target(expr: str, legend: str = "", *, instant: bool = False) -> dict[str, Any]:
    """One query."""
    shape = {"instant": True, "range": False, "format": "table"} if instant else {"instant": False, "range": True}
    return {"datasource": SOURCE, "expr": expr, "legendFormat": legend or "__auto", **shape}


def panel(kind: str, title: str, description: str, size: tuple[int, int], targets: list[dict[str, Any]],
          unit: str = "short", options: Panel | None = None, steps: list[tuple[float | None, str]] | None = None,
          **defaults: Any) -> Panel:  # fmt: skip
    """A panel without its place."""
    colours = [{"value": value, "color": colour} for value, colour in steps or [(None, GREEN)]]
    return {
        "type": kind, "title": title, "description": description, "datasource": SOURCE,
        "gridPos": {"w": size[0], "h": size[1]},
        "targets": [{"refId": chr(65 + place), **one} for place, one in enumerate(targets)],
        "fieldConfig": {
            "defaults": {"unit": unit, "noValue": "no data", "thresholds": {"mode": "absolute", "steps": colours}}
            | defaults,
            "overrides": [],
        },
        "options": options or {},
    }  # fmt: skip


def number(title: str, description: str, expr: str, unit: str = "short", bad: float | None = 1, w: int = 4) -> Panel:
    """One number; from `bad` on it is red."""
    steps = [(None, GREEN)] if bad is None else [(None, GREEN), (bad, RED)]
    options = {"colorMode": "value", "graphMode": "area", "reduceOptions": {"calcs": ["lastNotNull"]}}
    return panel("stat", title, description, (w, 4), [target(expr)], unit, options, steps)


def lines(title: str, description: str, *queries: tuple[str, str], unit: str = "short", w: int = 8) -> Panel:
    """Lines over time. Values of windows are steps, so points are joined over gaps of a scrape only."""
    options = {
        "legend": {"displayMode": "table", "placement": "bottom", "calcs": ["lastNotNull"]},
        "tooltip": {"mode": "multi", "sort": "desc"},
    }
    custom = {"lineInterpolation": "stepAfter", "fillOpacity": 8, "showPoints": "never", "spanNulls": False}
    targets = [target(expr, legend) for expr, legend in queries]
    return panel("timeseries", title, description, (w, 8), targets, unit, options, custom=custom, min=0)


def states(title: str, description: str, expr: str, legend: str) -> Panel:
    """A band for each series, green at 0 and red at 1."""
    mapping = {
        "type": "value",
        "options": {"0": {"text": "stable", "color": GREEN}, "1": {"text": "drifted", "color": RED}},
    }
    steps: list[tuple[float | None, str]] = [(None, GREEN), (1, RED)]
    options = {"showValue": "never", "mergeValues": True, "rowHeight": 0.85, "legend": {"showLegend": True}}
    return panel(
        "state-timeline",
        title,
        description,
        (24, 9),
        [target(expr, legend)],
        "none",
        options,
        steps,
        mappings=[mapping],
    )


def table(title: str, description: str, keys: str, columns: list[tuple[str, str, str]], h: int = 9) -> Panel:
    """A row for each value of the labels `keys`; columns are (title, expression, unit)."""
    names = {f"Value #{chr(65 + place)}": name for place, (name, _, _) in enumerate(columns)}
    targets = [target(by(keys, expr), instant=True) for _, expr, _ in columns]
    made = panel("table", title, description, (24, h), targets)
    made["fieldConfig"]["overrides"] = [
        {"matcher": {"id": "byName", "options": name}, "properties": [{"id": "unit", "value": unit}]}
        for name, _, unit in columns
    ]
    order = {name: place for place, name in enumerate([*keys.split(", "), *names])}
    made["transformations"] = [
        {"id": "merge", "options": {}},
        {"id": "organize", "options": {"excludeByName": {"Time": True}, "indexByName": order, "renameByName": names}},
    ]
    return made


def row(title: str) -> Panel:
    return {"type": "row", "title": title, "collapsed": False, "panels": [], "gridPos": {"w": 24, "h": 1}}


def now(metric: str, labels: str = ONE) -> str:
    """A value of a window, also where the step is longer than the window."""
    return f"last_over_time({metric}{{{labels}}}[$__rate_interval])"


def by(label: str, expr: str) -> str:
    """One series for a monitor that several instances show."""
    return f"max by ({label}) ({expr})"


def since(moment: str, labels: str = ALL) -> str:
    """Seconds from then to now."""
    return f"time() - driftd_{moment}_timestamp_seconds{{{labels}}}"


def overview() -> list[Panel]:
    stale = f"{since('monitor_last_success')} > 2 * driftd_monitor_interval_seconds{{{ALL}}} + 600"
    alerts = target('ALERTS{alertname=~"Driftd.+", alertstate="firing", job=~"$job"}', instant=True)
    hidden = dict.fromkeys(("Time", "Value", "__name__", "alertstate", "job", "instance"), True)
    firing = panel("table", "Firing alerts", "Alerts of the rules in deploy/prometheus/rules.", (24, 6), [alerts])
    firing["transformations"] = [{"id": "organize", "options": {"excludeByName": hidden}}]
    return [
        row("All monitors"),
        number("Monitors", "Monitors in the loaded configuration.", f"max(driftd_monitors{{{ALL}}})", bad=None),
        number("With drifted features", "Monitors with a drifted feature in the last closed window.",
               f"count(max by (monitor) (driftd_monitor_drifted_features{{{ALL}}}) > 0) or vector(0)"),
        number("Stale", "Monitors that judged no window for two intervals and ten minutes.",
               f"count(({stale}) and driftd_monitor_enabled{{{ALL}}} == 1) or vector(0)"),
        number("Pending windows", "Windows that are due and not judged, of all monitors.",
               f"sum(max by (monitor) (driftd_monitor_windows_pending{{{ALL}}}))", bad=20),
        number("Leaders", "Instances that plan and run windows; 1 is right.", f"sum(driftd_leader{{{ALL}}})", bad=2),
        number("Planner woke", "Time since the planner last woke.",
               f"time() - max(driftd_scheduler_last_tick_timestamp_seconds{{{ALL}}})", "s", 300),
        firing,
        table("Monitors", "The last closed window of every monitor; pick one above for its details.", "monitor", [
            ("Since success", since("monitor_last_success"), "s"),
            ("Since newest capture", since("monitor_last_record"), "s"),
            ("Records", f"driftd_monitor_window_records{{{ALL}}}", "short"),
            ("Features", f"driftd_monitor_features{{{ALL}}}", "short"),
            ("Drifted", f"driftd_monitor_drifted_features{{{ALL}}}", "short"),
            ("Violations", f"sum without (rule) (driftd_monitor_violations{{{ALL}}})", "short"),
            ("Pending", f"driftd_monitor_windows_pending{{{ALL}}}", "short"),
        ]),
        lines("Share of drifted features", "Drifted features over features asked about, by monitor.",
              (by("monitor", f"{now('driftd_monitor_drifted_features', ALL)} / {now('driftd_monitor_features', ALL)}"),
               "{{monitor}}"), unit="percentunit", w=24),
    ]  # fmt: skip


def one_monitor() -> list[Panel]:
    read = [(f"sum by (monitor) (rate(driftd_records_{word}_total{{{ONE}}}[$__rate_interval]))", word + " {{monitor}}")
            for word in ("read", "rejected", "late")]  # fmt: skip
    score, threshold = (now(f"driftd_feature_drift_{word}", FEATURE) for word in ("score", "threshold"))
    beside = f"0 * driftd_feature_drift_score{{{FEATURE}}} + on (job, instance, monitor, feature) group_left ()"
    return [
        row("$monitor"),
        states("Drifted features", "Whether the drift finding of the last closed window is violated, by feature.",
               by("monitor, feature", now("driftd_feature_drifted", FEATURE)), "{{monitor}} {{feature}}"),
        table("Features", "Scores of the last closed window and the thresholds from which on they count.",
              "monitor, feature, method", [
            ("Drifted", f"{beside} driftd_feature_drifted{{{FEATURE}}}", "none"),
            ("Score", f"driftd_feature_drift_score{{{FEATURE}}}", "none"),
            ("Threshold", f"driftd_feature_drift_threshold{{{FEATURE}}}", "none"),
            ("Missing", f"{beside} driftd_feature_missing_ratio{{{FEATURE}}}", "percentunit"),
        ]),
        lines("Score", "How far each feature has moved; the threshold is drawn beside it.",
              (by("monitor, feature, method", score), "{{monitor}} {{feature}} {{method}}"),
              (by("monitor, feature, method", threshold), "threshold {{monitor}} {{feature}} {{method}}"),
              unit="none", w=12),
        lines("Missing values", "Share of rows without a value, by feature.",
              (by("monitor, feature", now("driftd_feature_missing_ratio", FEATURE)), "{{monitor}} {{feature}}"),
              unit="percentunit", w=12),
        lines("Violations", "Violations of the last closed window, by rule.",
              (by("monitor, rule", now("driftd_monitor_violations")), "{{monitor}} {{rule}}")),
        lines("Volume", "Records of the last closed window.",
              (by("monitor", now("driftd_monitor_window_records")), "{{monitor}}")),
        lines("Model quality", "Scores of the model's answers where true values are known.",
              (by("monitor, metric", now("driftd_model_quality_score")), "{{monitor}} {{metric}}"), unit="none"),
        lines("Behind now", "Time since the end of the last judged window, and since the newest capture.",
              (by("monitor", since("monitor_watermark", ONE)), "window {{monitor}}"),
              (by("monitor", since("monitor_last_record", ONE)), "capture {{monitor}}"),
              unit="s"),
        lines("Pending windows", "Windows that are due and not judged.",
              (by("monitor", f"driftd_monitor_windows_pending{{{ONE}}}"), "{{monitor}}")),
        lines("Records", "Records read, rejected and late, per second.", *read, unit="ops"),
    ]  # fmt: skip


def daemon() -> list[Panel]:
    def rate(metric: str, label: str) -> str:
        return f"sum by ({label}) (rate({metric}{{{ALL}}}[$__rate_interval]))"

    quantiles = [
        (f"histogram_quantile({q}, {rate('driftd_run_duration_seconds_bucket', 'le')})", f"{q}") for q in (0.5, 0.95)
    ]
    answers = [
        (
            f"histogram_quantile(0.95, {rate('driftd_http_request_duration_seconds_bucket', 'le, handler')})",
            "{{handler}}",
        )
    ]
    return [
        row("The daemon"),
        lines("Run duration", "Wall time of runs: median and 95th percentile.", *quantiles, unit="s"),
        lines("Runs", "Runs and failed runs per second.", (rate("driftd_runs_total", "instance"), "runs {{instance}}"),
              (rate("driftd_run_failures_total", "monitor, reason"), "failed {{monitor}} {{reason}}"), unit="ops"),
        lines("Workers", "Worker slots, and those in use.", (f"driftd_workers_busy{{{ALL}}}", "busy {{instance}}"),
              (f"driftd_workers{{{ALL}}}", "all {{instance}}")),
        lines("Memory", "Resident memory of the daemon's own process.",
              (f"process_resident_memory_bytes{{{ALL}}}", "{{instance}}"), unit="bytes"),
        lines("CPU", "Cores used by the daemon's own process.",
              (rate("process_cpu_seconds_total", "instance"), "{{instance}}")),
        lines("Store", "Size of the state store.", (f"driftd_store_size_bytes{{{ALL}}}", "{{instance}}"), unit="bytes"),
        lines("Store errors", "Failed operations of the store per second.",
              (rate("driftd_store_errors_total", "operation"), "{{operation}}"), unit="ops"),
        lines("Log messages", "Messages per second, by level.",
              (rate("driftd_log_messages_total", "level"), "{{level}}"), unit="ops"),
        lines("Answers", "95th percentile of the time to answer a request, by route.", *answers, unit="s"),
    ]  # fmt: skip


def placed(panels: list[Panel]) -> list[Panel]:
    """From left to right, a new line where one is full; ids in this order."""
    x = y = height = 0
    for identity, one in enumerate(panels, 1):
        place = one["gridPos"]
        if x + place["w"] > 24:
            x, y, height = 0, y + height, 0
        one["id"], place["x"], place["y"] = identity, x, y
        x, height = x + place["w"], max(height, place["h"])
    return panels


def variable(name: str, query: str, label: str) -> dict[str, Any]:
    """A variable of which all values are shown until some are picked."""
    return {
        "type": "query", "name": name, "label": label, "datasource": SOURCE, "refresh": 2, "sort": 1,
        "query": {"query": query, "refId": name}, "definition": query, "includeAll": True, "multi": True,
        "allValue": ".+", "current": {"text": ["All"], "value": ["$__all"]},
    }  # fmt: skip


def dashboard() -> dict[str, Any]:
    """All of it."""
    source = {"type": "datasource", "name": "datasource", "label": "Data Source", "query": "prometheus", "refresh": 1}
    variables = [
        source,
        variable("job", "label_values(driftd_build_info, job)", "Job"),
        variable("instance", 'label_values(driftd_build_info{job=~"$job"}, instance)', "Instance"),
        variable("monitor", 'label_values(driftd_monitor_info{job=~"$job"}, monitor)', "Monitor"),
        variable(
            "feature", 'label_values(driftd_feature_drifted{job=~"$job", monitor=~"$monitor"}, feature)', "Feature"
        ),
    ]
    return {
        "uid": "driftd-overview", "id": None, "title": "driftd", "tags": ["driftd", "model-monitoring"],
        "description": "Machine-learning models watched by driftd: what drifted, and whether the watching works.",
        "schemaVersion": 39, "editable": False, "timezone": "utc", "refresh": "1m", "graphTooltip": 1,
        "time": {"from": "now-7d", "to": "now"}, "templating": {"list": variables}, "annotations": {"list": []},
        "links": [], "panels": placed([*overview(), *one_monitor(), *daemon()]),
    }  # fmt: skip


def text() -> str:
    return json.dumps(dashboard(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    PATH.parent.mkdir(parents=True, exist_ok=True)
    PATH.write_text(text())
