"""How a monitor stands, by its metrics: a number, its word and its colour; and why it may be unknown.

Nothing is green because it is not known: a monitor is OK only where features of its last window were judged, and the
verdict is not old.
"""

from typing import Any

from boards.queries import ALL, LEADS, by, more, raw, shown, since, worst

GREEN, YELLOW, RED, UNKNOWN, GREY, BLUE = "green", "yellow", "red", "purple", "#8e8e8e", "blue"
WORDS = {
    0: ("PAUSED", GREY),
    1: ("OK", GREEN),
    2: ("OK IN PART", YELLOW),
    3: ("UNKNOWN", UNKNOWN),
    4: ("VIOLATED", RED),
}


def mappings(words: dict[int, tuple[str, str]]) -> list[dict[str, Any]]:
    """Words and colours for numbers; what is no number is unknown."""
    known = {str(code): {"text": text, "color": colour, "index": code} for code, (text, colour) in words.items()}
    nothing = {"text": "UNKNOWN", "color": UNKNOWN, "index": len(words)}
    return [
        {"type": "value", "options": known},
        {"type": "special", "options": {"match": "null+nan", "result": nothing}},
    ]


def is_so(expr: str) -> str:
    """1 for each monitor that there is a series of."""
    return f"group by (monitor) ({expr})"


def judged(labels: str = ALL) -> str:
    """The share of features that could be judged for drift in the last window."""
    asked = f"({shown('monitor_features', labels)} > 0)"
    answered = f"count by (monitor) ({shown('feature_drifted', labels, 'monitor, feature')})"
    return f"(({answered} or 0 * {asked}) / {asked})"


def is_old(labels: str = ALL) -> str:
    """As DriftdMonitorStale has it."""
    interval = shown("monitor_interval_seconds", labels)
    return f"{since('monitor_last_success', labels)} > 2 * {interval} + 600"


def broken(labels: str = ALL) -> str:
    """How many times a rule broke within the hour: what it looks for is not known."""
    return more("rule_evaluation_failures_total", "monitor", labels, "[1h]")


def standing(labels: str = ALL) -> str:
    """The number of each monitor: the first of these that holds."""
    enabled = shown("monitor_enabled", labels)
    violations = by("monitor", f"{worst('monitor_violations', labels)} {LEADS}")
    last, success = (shown(f"monitor_last_{word}_timestamp_seconds", labels) for word in ("run", "success"))
    holds = (
        (0, f"{enabled} == 0"),
        (3, is_old(labels)),
        (4, f"{violations} > 0"),
        (3, f"{last} > {success}"),
        (3, f"{broken(labels)} > 0"),
    )
    known = [f"{code} * {is_so(expr)}" for code, expr in holds]
    # Asked once, as it is the most series by far: 3 where nothing was judged, 2 up to a half, 1 beyond.
    return "\nor ".join([*known, f"3 - ceil(2 * {judged(labels)})", f"3 * {is_so(enabled)}"])


def count(code: int, labels: str = ALL) -> str:
    """How many monitors stand so; 0 where there are monitors and none does, nothing where no driftd leads."""
    return f"count(({standing(labels)}) == {code}) or 0 * count({shown('monitor_enabled', labels)})"


REASONS: dict[str, tuple[str, str]] = {
    "never judged yet": ("DriftdMonitorNeverSucceeded", "{enabled} unless {success}"),
    "no verdict for two intervals: what is shown is old": ("DriftdMonitorStale", "{old}"),
    "the last run failed": ("DriftdRunsFailing", "{last} > {success}"),
    "no captures arrive": ("DriftdCaptureStale", "{watermark} - {record} > 2 * {interval}"),
    "the last window was empty": ("DriftdCaptureStale", "{records} == 0"),
    "no feature could be judged": ("DriftdFewJudged", "{judged} == 0"),
    "half of the features or fewer could be judged": ("DriftdFewJudged", "0 < {judged} <= 0.5"),
    "a rule broke within the hour": ("DriftdRuleFailing", "{broken} > 0"),
    "still learning: held against training only": ("DriftdLearningLate", "{seen} < {needed}"),
    "series are left out by metrics.max_series": ("DriftdSeriesDropped", "{dropped} > 0"),
}
"""Why a monitor, or part of it, is unknown: the runbook, and how metrics say so."""


def reasons(labels: str = ALL) -> str:
    """A series for each monitor that is not paused and each reason, with the name of the runbook."""
    parts = {
        "enabled": f"({shown('monitor_enabled', labels)} == 1)",
        "old": is_old(labels),
        "judged": judged(labels),
        "broken": broken(labels),
        **{
            word: shown(f"monitor_{name}", labels)
            for word, name in {
                "last": "last_run_timestamp_seconds",
                "success": "last_success_timestamp_seconds",
                "watermark": "watermark_timestamp_seconds",
                "record": "last_record_timestamp_seconds",
                "interval": "interval_seconds",
                "records": "window_records",
                "seen": "learned_windows",
                "needed": "learned_windows_needed",
            }.items()
        },
        "dropped": by("monitor", raw("metrics_dropped_series", labels)),
    }
    found = "\nor ".join(
        f'label_replace(label_replace({is_so(expr.format(**parts))}, "reason", "{reason}", "", ""), '
        f'"runbook", "{runbook}", "", "")'
        for reason, (runbook, expr) in REASONS.items()
    )
    return f"(\n{found}\n)\nand on (monitor) {is_so(parts['enabled'])}"
