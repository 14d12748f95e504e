"""What is old goes: reports on the disk and results in the store, of one monitor at a time; labels nobody takes."""

import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path

from monitor.config.grammar import Retention
from monitor.daemon.telling import REMEMBERED
from monitor.daemon.watched import Loaded, Watched
from monitor.logs import logger
from monitor.store.database import Database
from monitor.store.retention import forget, forget_told, let_go_of

NAMED = re.compile(r"[0-9]{8}T[0-9]{6}Z_([0-9]{8}T[0-9]{6}Z)_r[0-9]+")
AT_ONCE = 200
"""Folders removed at a time."""

log = logger("tidying")


class Tidying:
    """Goes from monitor to monitor, one a turn."""

    def __init__(self) -> None:
        self._turns: Iterator[str] = iter(())
        self._names: tuple[str, ...] = ()

    def turn(self, loaded: Loaded, database: Database, now: datetime) -> None:
        """Tidy up the next monitor, if there is one; and what is of no monitor, or of one that is gone."""
        monitors = loaded.monitors
        before = now - longest(monitors)
        _forsaken(loaded.config.state / "truth", monitors, database, before)
        told = forget_told(database, before - REMEMBERED)  # an incident in the first window looks so far back
        if told:
            log.info("occasions and reloads that are old were removed", extra={"about": {"removed": told}})
        if tuple(monitors) != self._names:
            self._names, self._turns = tuple(monitors), cycle(monitors)
        name = next(self._turns, None)
        if name is None:
            return
        keep = monitors[name].monitor.retention
        folders = removed(loaded.reports / name, now - keep.reports)
        windows = forget(database, name, now - keep.results)
        if folders or windows:
            about = {"monitor": name, "reports": folders, "windows": windows}
            log.info("what is old was removed", extra={"about": about})


def _forsaken(truth: Path, monitors: Mapping[str, Watched], database: Database, before: datetime) -> None:
    """Labels and predictions of monitors that take none any more, once nothing of them is as new as any result."""
    taking = {name for name, one in monitors.items() if one.monitor.truth is not None}
    for folder in truth.iterdir() if truth.is_dir() else ():
        if folder.name in taking or not folder.is_dir() or _changed(folder) >= before:
            continue
        let_go_of(database, folder.name)  # first: files that the store names are missed, others are not
        shutil.rmtree(folder, ignore_errors=True)
        log.info("labels of a monitor that takes none any more were removed", extra={"about": {"monitor": folder.name}})


def longest(monitors: Mapping[str, Watched]) -> timedelta:
    """For how long the results of any monitor are kept."""
    return max((one.monitor.retention.results for one in monitors.values()), default=Retention().results)


def _changed(folder: Path) -> datetime:
    """When a file last came or went in it, or in a folder of it."""
    folders = (folder, *(path for path in folder.iterdir() if path.is_dir()))
    return datetime.fromtimestamp(max(path.stat().st_mtime for path in folders), UTC)


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
