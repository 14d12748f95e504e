"""What is old goes: reports on the disk and results in the store, of one monitor at a time."""

import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path

from monitor.daemon.watched import Watched
from monitor.logs import logger
from monitor.store.database import Database
from monitor.store.retention import forget

NAMED = re.compile(r"[0-9]{8}T[0-9]{6}Z_([0-9]{8}T[0-9]{6}Z)_r[0-9]+")
AT_ONCE = 200
"""Folders removed at a time."""

log = logger("tidying")


class Tidying:
    """Goes from monitor to monitor, one a turn."""

    def __init__(self) -> None:
        self._turns: Iterator[str] = iter(())
        self._names: tuple[str, ...] = ()

    def turn(self, monitors: Mapping[str, Watched], reports: Path, database: Database, now: datetime) -> None:
        """Tidy up the next monitor, if there is one."""
        if tuple(monitors) != self._names:
            self._names, self._turns = tuple(monitors), cycle(monitors)
        name = next(self._turns, None)
        if name is None:
            return
        keep = monitors[name].monitor.retention
        folders = removed(reports / name, now - keep.reports)
        windows = forget(database, name, now - keep.results)
        if folders or windows:
            about = {"monitor": name, "reports": folders, "windows": windows}
            log.info("what is old was removed", extra={"about": about})


def removed(folder: Path, before: datetime) -> int:
    """Remove report folders of windows that end before a time, the oldest first, but for the newest; how many."""
    found = sorted(_dated(folder))
    old = [path for end, path in found[:-1] if end < before][:AT_ONCE]
    for path in old:
        shutil.rmtree(path, ignore_errors=True)
    return len(old)


def _dated(folder: Path) -> Iterator[tuple[datetime, Path]]:
    for path in folder.iterdir() if folder.is_dir() else ():
        named = NAMED.fullmatch(path.name)
        if named is not None:
            with suppress(ValueError):  # a name of digits that are no date is somebody else's
                yield datetime.strptime(named[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC), path
