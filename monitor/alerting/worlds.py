"""Worlds to try the alerts of a monitor in: the series that it would have, every one with the same values all along."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Literal

from monitor.alerting.alert import BEYOND, seconds
from monitor.alerting.finding import VIOLATIONS
from monitor.alerting.layers import samples
from monitor.alerting.promql import series
from monitor.alerting.subject import Subject
from monitor.figures import DRIFT_RULES

World = Literal["broken", "fine", "bare"]
"""Everything is broken; all is well; no window was ever judged with success, and no feature has a series."""
LEADER = {"job": "driftd", "instance": "driftd:9465"}
FEATURES_A_JUDGED = 100
"""So many features for each that is judged, where few are."""


def values(subject: Subject, world: World, step: int) -> Iterator[tuple[str, str]]:
    """Series, and their values as promtool writes them, but for how many; `step` are seconds between two."""
    for metric, more, first, rises in _values(subject, world):
        yield series(metric, {**LEADER, "monitor": subject.name, **more}), f"{first}+{step if rises else 0}"


def _values(subject: Subject, world: World) -> Iterator[tuple[str, dict[str, str], int, bool]]:
    is_broken, tried = world == "broken", samples(subject)
    beyond = seconds(BEYOND)
    yield "driftd_monitor_enabled", {}, 1, False
    yield "driftd_monitor_shadow", {}, 0, False
    yield "driftd_metrics_dropped_series", {}, 0, False
    if world != "bare":
        yield "driftd_monitor_last_success_timestamp_seconds", {}, -_age(subject.stale, beyond, world), True
        yield "driftd_monitor_watermark_timestamp_seconds", {}, 0, True
        yield "driftd_monitor_last_record_timestamp_seconds", {}, -_age(subject.silent, beyond, world), True
    yield "driftd_monitor_learned_windows", {}, 3 if is_broken else 14, False
    yield "driftd_monitor_learned_windows_needed", {}, 14, False
    shown = {} if world == "bare" else tried
    yield "driftd_monitor_features", {}, (len(tried) or 1) * (FEATURES_A_JUDGED if is_broken else 1), False
    for name in shown:
        yield "driftd_feature_drifted", {"feature": name}, int(is_broken), False
    for rule in sorted({*subject.rules, *DRIFT_RULES}):
        is_violated = world != "fine" and rule in subject.rules
        yield "driftd_monitor_violations", {"rule": rule}, VIOLATIONS if is_violated else 0, False


def _age(allowed: timedelta, beyond: int, world: World) -> int:
    return seconds(allowed) + beyond if world == "broken" else seconds(allowed)
