"""Listing: the files of a place with size, stamp and time; dated folders outside of the bounds are not entered."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from monitor.errors import InputError, SourceError, UnreachableInput
from monitor.place import Place, Url, place
from monitor.sources.dated import Dated, dated
from monitor.window import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A file as it was listed. `path` is a local path or a URL.

    `stamp` changes when its content does: the store's etag, otherwise the time of modification in ns. `hour` is the
    hour, or the day, that its folders name.
    """

    path: str
    size: int
    stamp: str
    modified: datetime
    hour: Window | None = None

    def __str__(self) -> str:
        return self.path

    @property
    def place(self) -> Place:
        """What can be opened."""
        return Url(self.path) if "://" in self.path else Path(self.path)

    @property
    def own(self) -> datetime:
        """What counts as the time of records that say none: the beginning of the folder's hour, else `modified`."""
        return self.hour.start if self.hour is not None else self.modified


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a folder's listing; `whole` is what names it in full."""

    name: str
    whole: str
    is_folder: bool
    size: int = 0
    stamp: str = ""
    modified: datetime = field(default=datetime.fromtimestamp(0, UTC))


Folder = Callable[[str], list[Entry]]
"""Lists a folder: the files and folders right in it. Raises FileNotFoundError where it has gone."""


def listed(where: str | Place, since: datetime | None = None, until: datetime | None = None) -> list[Listed]:
    """Every file below a place, or the file that it is, in order of their paths.

    A folder that is dated (an hour, day or month) is entered only where it meets `since` to `until`; other folders are
    walked whole. Left out are files and folders whose names begin with a dot or an underscore, and links that lead out
    of the place. Raises InputError for a place that does not exist or cannot be listed, SourceError where a folder
    below it cannot be.
    """
    entries, folder, start = _begun(where)
    found = _walk(entries, folder, start, lambda span: _meets(span, since, until))
    return sorted(found, key=lambda file: file.path.split("/"))


def oldest(where: str | Place) -> list[Listed]:
    """The files among which the first record is: those of the earliest dated folder that has any, and all undated ones.

    Later dated folders are not entered.
    """
    entries, folder, start = _begun(where)
    found = list(_first(entries, folder, start))
    earliest = min((file.hour.start for file in found if file.hour is not None), default=None)
    kept = (file for file in found if file.hour is None or file.hour.start == earliest)
    return sorted(kept, key=lambda file: file.path.split("/"))


def one(url: Url) -> Listed | None:
    """One object of a store; None where there is none."""
    from monitor.sources import remote

    entry = remote.entry(url)
    return None if entry is None else _listed(entry, dated(url.parts[:-1]))


def own_time(path: Path) -> datetime:
    """`Listed.own` of a local file that was named and not listed. Raises OSError where it is not there."""
    hour = dated(path.absolute().parts[:-1]).hour
    return hour.start if hour is not None else _time(path.stat().st_mtime)


def _begun(where: str | Place) -> tuple[list[Entry], Folder, Dated]:
    """What lies right in the place, how folders below it are listed, and what its own path says of the time."""
    at = place(where)
    if isinstance(at, Url):
        from monitor.sources import remote

        try:
            return remote.begun(at), remote.entries, _start(at.parts)
        except FileNotFoundError as error:
            raise InputError(f"{at}: does not exist ({remote.words(error)}); give a file or folder that does") from None
        except SourceError as error:
            raise UnreachableInput(str(error)) from None
    try:
        if not at.is_dir():
            return [_entry(at.name, str(at), os.stat(at))], _scanned(at), dated(at.absolute().parts[:-1])
        return _scanned(at)(str(at)), _scanned(at), _start(at.absolute().parts)
    except FileNotFoundError:
        raise InputError(f"{at}: does not exist; give a capture file, or a folder that holds some") from None
    except OSError as error:
        raise InputError(f"{at}: cannot be listed: {error.strerror}") from None


def _start(parts: tuple[str, ...]) -> Dated:
    """What a place's own path says: only where it ends within a date, which its folders go on with."""
    before, after = dated(parts[:-1]), dated(parts)
    return after if after.numbers != before.numbers else Dated()


def _walk(entries: list[Entry], folder: Folder, at: Dated, enters: Callable[[Window], bool]) -> Iterator[Listed]:
    for entry in entries:
        if not entry.is_folder:
            yield _listed(entry, at)
            continue
        below = at.below(entry.name)
        if below.numbers == at.numbers or below.span is None or enters(below.span):
            yield from _walk(_inside(folder, entry.whole), folder, below, enters)


def _first(entries: list[Entry], folder: Folder, at: Dated) -> Iterator[Listed]:
    """All that is undated, and of the folders that go on with a date the first that has files."""
    further: list[tuple[datetime, Dated, str]] = []
    for entry in entries:
        if not entry.is_folder:
            yield _listed(entry, at)
            continue
        below = at.below(entry.name)
        if below.numbers == at.numbers or not below.numbers:
            yield from _first(_inside(folder, entry.whole), folder, below)
        else:
            start = below.span.start if below.span is not None else datetime(below.numbers[0], 1, 1, tzinfo=UTC)
            further.append((start, below, entry.whole))
    for _, below, whole in sorted(further, key=lambda one: (one[0], one[2])):
        found = list(_first(_inside(folder, whole), folder, below))
        yield from found
        if any(file.hour is not None for file in found):
            return


def _inside(folder: Folder, whole: str) -> list[Entry]:
    try:
        return folder(whole)
    except FileNotFoundError:  # has gone since its parent was listed, and all its files with it
        return []
    except OSError as error:
        raise SourceError(f"{whole}: cannot be listed: {error.strerror or error}") from None


def _listed(entry: Entry, at: Dated) -> Listed:
    return Listed(path=entry.whole, size=entry.size, stamp=entry.stamp, modified=entry.modified, hour=at.hour)


def _meets(span: Window, since: datetime | None, until: datetime | None) -> bool:
    return (since is None or span.end > since) and (until is None or span.start <= until)


def _scanned(root: Path) -> Folder:
    """How local folders below this one are listed. No link to a folder is entered: it might lead in circles."""
    inside = root.resolve()

    def scan(whole: str) -> list[Entry]:
        found = []
        with os.scandir(whole) as entries:
            for entry in entries:
                if entry.name.startswith((".", "_")):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    found.append(Entry(entry.name, entry.path, True))
                elif entry.is_file() and _is_inside(entry, inside):
                    try:
                        found.append(_entry(entry.name, entry.path, entry.stat()))
                    except FileNotFoundError:  # has gone since
                        continue
        return found

    return scan


def _is_inside(entry: os.DirEntry[str], root: Path) -> bool:
    return not entry.is_symlink() or Path(entry.path).resolve().is_relative_to(root)


def _entry(name: str, whole: str, status: os.stat_result) -> Entry:
    return Entry(name, whole, False, status.st_size, str(status.st_mtime_ns), _time(status.st_mtime))


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
