"""How alerts that are the same for all monitors sound when they are tried. Series stand every half hour."""

from collections.abc import Mapping
from dataclasses import dataclass, field

NAME = "{name}"
"""Where the name of the monitor that is tried goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """`series` are metric, labels, values of an alert that fires and values of a quiet one; `labels` those that its
    series bring along besides the monitor's; `monitor` the name that is tried, where it is to be another one."""

    series: tuple[tuple[str, Mapping[str, str], str, str], ...]
    description: str
    labels: Mapping[str, str] = field(default_factory=dict)
    monitor: str = NAME
    has_own_labels: bool = True


def _is(value: float) -> str:
    return f"{value:g}+0x{{n}}"


def _grows(by: float) -> str:
    return f"0+{by:g}x{{n}}"


_READ: tuple[str, Mapping[str, str], str, str] = ("driftd_records_read_total", {}, _grows(1000), _grows(1000))
TRIALS: Mapping[str, Trial] = {
    "DriftdBacklog": Trial(
        series=(("driftd_monitor_windows_pending", {}, _is(4), _is(3)),),
        description=f"4 windows of monitor {NAME} are due and not judged.",
    ),
    "DriftdRunsFailing": Trial(
        series=(("driftd_run_failures_total", {"reason": "timeout"}, _grows(2), _is(7)),),
        description=f"About 4 runs of monitor {NAME} failed within the hour. A window is given up after three.",
    ),
    "DriftdWindowDead": Trial(
        series=(("driftd_windows_skipped_total", {"reason": "dead"}, _grows(2), _is(7)),),
        labels={"reason": "dead"},
        description=(
            f"Judging a window of monitor {NAME} failed three times; later windows go on. It stays without a verdict "
            "until it is judged anew."
        ),
    ),
    "DriftdWindowsExpired": Trial(
        series=(("driftd_windows_skipped_total", {"reason": "expired"}, _grows(2), _is(7)),),
        labels={"reason": "expired"},
        description=(
            f"About 24 missed windows of monitor {NAME} lie beyond what its catchup allows, and were not judged."
        ),
    ),
    "DriftdRuleFailing": Trial(
        series=(("driftd_rule_evaluation_failures_total", {"rule": "mine", "reason": "timeout"}, _grows(2), _is(7)),),
        labels={"rule": "mine"},
        description=f"Rule mine failed for monitor {NAME} within the hour. What it looks for would go unseen.",
    ),
    "DriftdRecordsRejected": Trial(
        series=(_READ, ("driftd_records_rejected_total", {"reason": "not_json"}, _grows(100), _grows(40))),
        description=f"10% of what monitor {NAME} read within the hour was rejected. The rest was judged.",
    ),
    "DriftdRecordsLate": Trial(
        series=(_READ, ("driftd_records_late_total", {}, _grows(100), _grows(40))),
        description=f"10% of what monitor {NAME} read within six hours came late. Its delay is too short.",
    ),
    "DriftdBaselineOld": Trial(
        # Its age does not change: a minute over 90 days.
        series=(("driftd_baseline_created_timestamp_seconds", {}, "-7776060+1800x{n}", "0+1800x{n}"),),
        description=f"The baseline of monitor {NAME} was made 90d 0h 1m 0s ago.",
    ),
    "DriftdSeriesDropped": Trial(
        series=(("driftd_metrics_dropped_series", {}, _is(120), _is(0)),),
        description=(
            f"120 series of monitor {NAME} are left out of /metrics; reports and API have them all. Alerts on features "
            "may be among them."
        ),
    ),
    "DriftdRulesOutdated": Trial(
        series=(("driftd_monitor_enabled", {}, _is(1), _is(0)),),
        description=(
            f"Monitor {NAME} is judged, and has no alert rules of its own: they were made before it was there. "
            "Make them anew: driftd config rules."
        ),
        monitor=f"{NAME}-and-a-newer-one",
        has_own_labels=False,
    ),
}
