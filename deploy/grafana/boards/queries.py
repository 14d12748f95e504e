"""How metrics are asked for: by the variables of the dashboard, and of the leader alone where a monitor is meant."""

ALL = 'job=~"$job", instance=~"$instance"'
ONE = f'{ALL}, monitor="$monitor"'
FEATURE = f'{ONE}, feature=~"$feature"'
STEP = "[$__rate_interval]"
LEADS = f"and on (job, instance) last_over_time(driftd_leader{{{ALL}}}{STEP}) == 1"
"""A stand-by shows what it last read from the store."""


def raw(metric: str, labels: str = ALL) -> str:
    """Series as they are at the moment."""
    return f"driftd_{metric}{{{labels}}}"


def latest(metric: str, labels: str = ALL) -> str:
    """The last value within a step of the picture."""
    return f"last_over_time({raw(metric, labels)}{STEP})"


def worst(metric: str, labels: str = ALL) -> str:
    """The greatest value within a step, so that no bad window falls between two of them."""
    return f"max_over_time({raw(metric, labels)}{STEP})"


def by(keys: str, expr: str) -> str:
    """One series for these labels, however many instances there are."""
    return f"max by ({keys}) ({expr})"


def shown(metric: str, labels: str = ALL, keys: str = "monitor") -> str:
    """What the leader shows of monitors."""
    return by(keys, f"{latest(metric, labels)} {LEADS}")


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
    """How much of its limit a score uses: 1 is the limit. p-values, which are bad when small, are left out."""
    scored = f'{labels}, method!="sagemaker_chi2_p"'
    score, limit = worst("feature_drift_score", scored), latest("feature_drift_threshold", scored)
    return by(keys, f"{score} / ({limit} > 0) {LEADS}")
