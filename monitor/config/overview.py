"""The configured alarms and actions of a monitor as lines to read, and what is odd about them: no mistake, but hardly
meant."""

from collections.abc import Iterator
from datetime import timedelta

from monitor.config.alarms import AlarmLine
from monitor.config.bands import Band
from monitor.config.grammar import Monitor
from monitor.formula.remarks import remarks
from monitor.usual import LEAST
from monitor.wording import counted, span


def lines(monitor: Monitor) -> Iterator[str]:
    """Each alarm, and under it what is odd about it; each action; labels that nobody asks for."""
    interval, kept = monitor.schedule.timetable.usual_interval, monitor.retention.results
    for name, line in monitor.alarms.items():
        yield f"alarm {name}: {line.text}{_when(line)}"
        odd = [] if line.formula is None else [*remarks(line.formula, interval, kept)]
        odd += [] if line.band is None else [*_short(line.band, interval, kept)]
        yield from (f"  odd: {each}" for each in odd)
    for one in monitor.actions:
        when = f"when {one.alarm} comes into {one.state}"
        yield f"action {one.name}: {one.told}, {when}; at most once in {span(one.cooldown)}"
    if monitor.truth is not None and monitor.problem is None:
        yield "odd: truth without a problem: labels are held against predictions only if the baseline was made with one"


def _when(line: AlarmLine) -> str:
    counts = "" if line.of is None else f", {line.of} windows"
    return counts if line.suppressor is None else f"{counts}; withheld while {line.suppressor.alarm} is in alarm"


def _short(band: Band, interval: timedelta, kept: timedelta) -> Iterator[str]:
    """A history that is gone, or too short to learn from."""
    if band.history > kept:
        yield (
            f"history {span(band.history)}, and windows are kept for {span(kept)}; "
            "a shorter history, or a longer retention would be right"
        )
    windows = band.history // interval
    if windows < LEAST:
        yield (
            f"history {span(band.history)} has {counted(windows, 'window')}, and {LEAST} are needed to learn from; "
            f"{span(LEAST * interval)} or more would be right"
        )
