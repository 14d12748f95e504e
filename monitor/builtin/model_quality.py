"""Is the model still as right as it was?"""

from collections.abc import Iterator
from dataclasses import replace

from monitor import (
    Finding,
    Metric,
    ModelQuality,
    Reason,
    at_least,
    at_most,
    failed,
    metric_difference,
    metrics_of,
    rule,
    unknown,
)
from monitor.distance import rows_at
from monitor.quality.metrics import CHIEF
from monitor.stats.angle import angle
from monitor.wording import number

MATTERS = 4  # tolerances: what an OK promises would have been found
LOSSES = ("mae", "mse", "rmse", "mape", "rmsle", "log_loss", "brier", "cost")
DEVIATIONS = 0.5  # of a feature, that are as much: `finding.MUST_NOTICE`


@rule
def model_quality(
    now: ModelQuality,
    base: ModelQuality,
    *,
    metrics: str = "",
    tolerance: float = 0.025,
    loss_tolerance: float = 0.10,
    min_coverage: float = 0.3,
) -> Iterator[Finding]:
    """Violated for each metric that is worse than in the baseline by more than a tolerance, as its interval says.

    Asked where the configuration or the baseline names a problem. `tolerance` is that of metrics within 0 and 1, and of
    mcc, in points at one half; nearer to 0 and 1 it is fewer, as noise is: of 0.025, 1.2 points at 94 %.
    `loss_tolerance` is that of all others, a share of the baseline's value (of r2 a share of 1 - r2). OK says that four
    times the tolerance would have been found. UNKNOWN, `truth_missing`, while fewer than `min_coverage` of the
    predictions have a label.

    Where windows are followed the model's errors are, under the budget of false alarms (finding `errors`); metrics are
    numbers then, but for those that `metrics` names.

    `metrics` are names with commas between them; by default accuracy, precision, recall, f1, auc, log_loss (binary),
    accuracy, weighted_f1 (multiclass) or mae, rmse, r2 (regression). docs/model-quality.md has them all.
    """
    told = f"labels for {now.labelled} of {now.predicted} predictions"
    if not now.predicted:
        yield unknown(Reason.NO_DATA, "no row has a prediction that can be read")
    elif not now.coverage >= min_coverage:
        share = f"{100 * now.coverage:.3g} % and {100 * min_coverage:.3g} % are needed"
        yield replace(unknown(Reason.TRUTH_MISSING, f"{told}: {share}"), n_now=now.judged)
    else:
        here, there = metrics_of(now), metrics_of(base)
        for name in _names(metrics) or [one for one in CHIEF[now.problem.kind] if one in here]:
            if name not in here or here[name].better is None:
                known = ", ".join(one.name for one in here.values() if one.better is not None)
                yield failed(f"metric {name!r} is none of this problem; one of {known} would be right", "bad_result")
            else:
                allowed = loss_tolerance if name in LOSSES or name == "r2" else tolerance
                yield replace(_judged(here[name], there.get(name), allowed, told), feature=name)


def _names(metrics: str) -> list[str]:
    return [name.strip() for name in metrics.split(",") if name.strip()]


def _judged(now: Metric, base: Metric | None, tolerance: float, told: str) -> Finding:
    if base is None or not base.n:
        return unknown(Reason.NO_BASELINE, f"the baseline has no {now.name}; it now is {number(now.value)} ({told})")
    why = f"{now.name} {number(base.value)} -> {number(now.value)}; {told}"
    if not now.is_known or not base.is_known:
        reason = Reason.BASELINE_TOO_SMALL if now.is_known else Reason.TOO_FEW_ROWS
        return replace(unknown(reason, why), n_now=now.n, n_base=base.n)
    allowed = _worse(base, tolerance)
    apart = metric_difference(now, base, unit=_worse(base, MATTERS * tolerance) / DEVIATIONS or 1.0)
    if now.better == "higher":
        return at_least(apart, -allowed, why=why)
    return at_most(apart, allowed, why=why)


def _worse(base: Metric, tolerance: float) -> float:
    """How much worse than the baseline's the metric may be, in its own unit."""
    if base.name in LOSSES:
        return tolerance * abs(base.value)
    if base.name == "r2":
        return tolerance * (1 - base.value)
    if base.name == "mcc":
        return 2 * rows_at(tolerance, angle((1 - base.value) / 2))
    return rows_at(tolerance, angle(1 - base.value if base.better == "higher" else base.value))
