"""A first look at where a monitor's captures lie: when does its history begin?"""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from monitor.batch import Batch, Expected
from monitor.config.grammar import Monitor
from monitor.daemon.task import Task
from monitor.formats import chosen as format_of
from monitor.formats import known as formats
from monitor.intake import Intake
from monitor.reading import Reading
from monitor.sources.listing import Listed, oldest

MOST_FILES = 200
"""Of files that no folder dates, how many of the earliest written are looked into."""


def monitor_of(task: Task) -> Monitor:
    """The monitor's configuration."""
    context = {"folder": Path(task.folder), "formats": tuple(formats()), "name": task.name, "places": {}}
    return Monitor.model_validate(dict(task.monitor), context=context)


def first_event(task: Task) -> tuple[datetime | None, bool]:
    """When the first event was, as the beginnings of the earliest files say; and whether there is no file at all."""
    monitor = monitor_of(task)
    files = sorted(oldest(monitor.captures.path), key=lambda file: (file.modified, file.path))[:MOST_FILES]
    return min((_begins(file, monitor) for file in files), default=None), not files


def _begins(file: Listed, monitor: Monitor) -> datetime:
    """The earliest event among the first rows of a file; what its folder or its time of writing says where none has
    a time."""
    expected = Expected(header=monitor.captures.header, sizes=monitor.limits.sizes)
    read = Intake(Reading([file], expected, format_of(monitor.captures.format)), monitor.columns.roles)
    return _first(read) or file.own


def _first(batches: Iterable[Batch]) -> datetime | None:
    for batch in batches:
        if batch.volume.first is not None:
            return batch.volume.first
    return None
