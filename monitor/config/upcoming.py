"""What comes next: the next windows of a monitor as lines to read, so that a schedule misunderstood is seen."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from monitor.config.grammar import Config, Monitor
from monitor.config.mistakes import Mistakes, place_at
from monitor.schedule import LONGEST, Once

SHOWN = 3
AGAIN = "a schedule that comes again would be right, such as 1h"


def lines(monitor: Monitor, now: datetime) -> Iterator[str]:
    """The next windows of a monitor without history, and when they are judged; in its own zone too.

    A monitor with history may begin at another moment, where `driftd run` left it.
    """
    schedule = monitor.schedule.timetable
    if isinstance(schedule.ends, Once):
        yield f"  {monitor.name}: one window, up to the moment of the first start"
        return
    for number, window in enumerate(schedule.upcoming(now, SHOWN)):
        begin = f"  {monitor.name}: " if number == 0 else " " * (len(monitor.name) + 4)
        told = f"{_text(window.start)} to {_text(window.end)}, judged {_text(schedule.due(window))}"
        yield begin + told + _local(window.start, window.end, monitor.schedule.timezone)


def never(config: Config, file: Path, now: datetime) -> None:
    """Raise ConfigError for monitors of which no window ends in the next five years. What is told depends on `now`."""
    mistakes = Mistakes(str(file))
    for monitor in config.monitors.values():
        schedule = monitor.schedule.timetable
        coming = schedule.upcoming(now, 1)
        if isinstance(schedule.ends, Once) or (coming and coming[0].end <= now + LONGEST):
            continue
        is_late = schedule.start is not None and schedule.start > now
        key, right = ("start", "an earlier moment would be right") if is_late else ("cron", AGAIN)
        what = f"no window ends in the next 5 years; {right}"
        mistakes.tell(place_at(monitor.places, ("schedule", key)), what)
    mistakes.raise_if_any()


def _text(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}Z" if not at.second else f"{at:%Y-%m-%d %H:%M:%S}Z"


def _local(start: datetime, end: datetime, zone: str) -> str:
    if zone == "UTC":
        return ""
    there = [f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" for at in (start, end)]
    return f" ({there[0]} to {there[1]} {zone})"
