"""How many series a scrape may have, and for how long a monitor that stopped keeps showing its last window."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.metrics.state import Block, Detail, Rendered
from monitor.metrics.view import MonitorView

DROPPED_FIRST = (
    "driftd_feature_drift_threshold",
    "driftd_feature_drift_score",
    "driftd_feature_missing_ratio",
    "driftd_feature_drifted",
)
"""Whole metrics in this order: never some features of one and not others."""
OF_THE_WINDOW = (
    *DROPPED_FIRST,
    "driftd_monitor_violations",
    "driftd_monitor_features",
    "driftd_monitor_drifted_features",
    "driftd_monitor_evidence_ratio",
    "driftd_monitor_open_alarms",
    "driftd_model_quality_score",
)
"""What goes when the monitor is stale; timestamps stay, and alerts go by them."""
SHORTEST_STALE = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """`stale_after` is counted from a window's end; None: three intervals, and at least an hour."""

    feature_detail: Detail = "all"
    max_series_per_monitor: int = 2000
    max_series: int = 50_000
    stale_after: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What is exposed of a monitor, and how many series the limits cost."""

    view: MonitorView
    blocks: Mapping[str, Block]
    dropped: int = 0


def is_stale(view: MonitorView, limits: Limits, now: datetime) -> bool:
    """Whether the last window ended so long ago that its numbers say nothing of the present."""
    if view.window_end is None:
        return False
    after = limits.stale_after or max(3 * timedelta(seconds=view.interval_seconds), SHORTEST_STALE)
    return now - view.window_end > after


def chosen(monitors: Sequence[Rendered], limits: Limits, now: datetime) -> list[Chosen]:
    """Each monitor within its own limit, then all of them within the limit of the scrape."""
    found = [_within(monitor, limits, now) for monitor in monitors]
    for family in DROPPED_FIRST:
        if sum(_count(one.blocks) for one in found) <= limits.max_series:
            break
        found = [_without(one, family) for one in found]
    return found


def _within(monitor: Rendered, limits: Limits, now: datetime) -> Chosen:
    blocks = monitor.blocks
    if is_stale(monitor.view, limits, now):
        blocks = {name: block for name, block in blocks.items() if name not in OF_THE_WINDOW}
    one = Chosen(view=monitor.view, blocks=blocks)
    for family in DROPPED_FIRST:
        if _count(one.blocks) <= limits.max_series_per_monitor:
            break
        one = _without(one, family)
    return one


def _count(blocks: Mapping[str, Block]) -> int:
    """The series of these blocks, and the one that tells how many were dropped."""
    return sum(block.series for block in blocks.values()) + 1


def _without(one: Chosen, family: str) -> Chosen:
    block = one.blocks.get(family)
    if block is None:
        return one
    rest = {name: kept for name, kept in one.blocks.items() if name != family}
    return Chosen(view=one.view, blocks=rest, dropped=one.dropped + block.series)
