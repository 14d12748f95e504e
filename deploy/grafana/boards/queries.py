"""How metrics are asked for: by the variables of the dashboard, and of the leader alone where a monitor is meant."""

import re

ALL = 'job=~"$job", instance=~"$instance"'
ONE = f'{ALL}, monitor="$monitor"'
FEATURE = f'{ONE}, feature=~"$feature"'
LIVE, TRAINING = 'method=~"largest_shift|sagemaker_distance"', 'method="largest_shift_from_training"'
STEP = "[$__rate_interval]"
LEADS = f"and on (job, instance) driftd_leader{{{ALL}}} == 1"
"""A stand-by shows what it last read from the store."""


def raw(metric: str, labels: str = ALL) -> str:
    """Series as they are at the moment. What has gone is not shown on: `last_over_time` would."""
    return f"driftd_{metric}{{{labels}}}"


def worst(metric: str, labels: str = ALL) -> str:
    """The greatest value within a step, so that no bad window falls between two of them. See `now`."""
    return f"max_over_time({raw(metric, labels)}{STEP})"


def now(expr: str) -> str:
    """The same of this very moment, however long the picture is; what was counted, of the last five minutes."""
    return re.sub(r"max_over_time\((\w+\{[^}]*\})\[\$__rate_interval\]\)", r"\1", expr).replace(STEP, "[5m]")


def by(keys: str, expr: str) -> str:
    """One series for these labels, however many instances there are."""
    return f"max by ({keys}) ({expr})"


def shown(metric: str, labels: str = ALL, keys: str = "monitor") -> str:
    """What the leader shows of monitors."""
    return by(keys, f"{raw(metric, labels)} {LEADS}")


def since(metric: str, labels: str = ALL) -> str:
    """Seconds from that moment to now, by monitor."""
    return f"time() - {shown(f'{metric}_timestamp_seconds', labels)}"


def rate(metric: str, keys: str, labels: str = ALL) -> str:
    """How many per second."""
    return f"sum by ({keys}) (rate({raw(metric, labels)}{STEP}))"


def more(metric: str, keys: str, labels: str = ALL, over: str = STEP) -> str:
    """How many in each step of the picture, or over a time."""
    return f"sum by ({keys}) (increase({raw(metric, labels)}{over}))"


def quantile(share: float, metric: str, keys: str = "") -> str:
    """Of a histogram."""
    return f"histogram_quantile({share:g}, {rate(f'{metric}_bucket', ', '.join(filter(None, ['le', keys])))})"


def mean(metric: str, keys: str) -> str:
    """Of a histogram; no series where nothing was counted."""
    return f"{rate(f'{metric}_sum', keys)} / ({rate(f'{metric}_count', keys)} > 0)"


def used(keys: str, labels: str = ALL) -> str:
    """How much of its limit a feature's score uses, 1 is the limit: from production as learned, or while it is learned
    from training. p-values, which are bad when small, are left out."""
    live, training = (_used(keys, f"{labels}, {method}") for method in (LIVE, TRAINING))
    return f"{live} or {training}"


def _used(keys: str, labels: str) -> str:
    return by(keys, f"{worst('feature_drift_score', labels)} / ({raw('feature_drift_threshold', labels)} > 0) {LEADS}")
