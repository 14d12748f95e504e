"""Copies of an SQLite store. The file alone is not one: what was written last may still stand in its journal."""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

from monitor.errors import StoreError
from monitor.store.failures import told
from monitor.store.sqlite import synced

PAGES = 1000  # a step of the copy: between two of them the daemon may write


def copy(path: Path, to: Path) -> None:
    """A whole and checked copy at `to`, which must not exist yet."""
    if to.exists():
        raise StoreError(f"backup {to}: is there already; name a file that is not")
    part = to.with_name(f".{to.name}.part")
    try:
        to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part.unlink(missing_ok=True)  # of a copy that was cut off
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        _copied(path, part, to)
        synced(part)
        os.rename(part, to)
        synced(to.parent)
    except OSError as error:
        raise StoreError(f"backup {to}: {error.strerror or error}; name a place that can be written to") from error
    finally:
        with suppress(OSError):
            part.unlink()


def _copied(path: Path, part: Path, to: Path) -> None:
    with told(f"{path}, backup to {to}", path.parent / "backups"):
        source = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=10)
        target = sqlite3.connect(part, isolation_level=None)
        try:
            source.backup(target, pages=PAGES, sleep=0.01)
            target.execute("PRAGMA journal_mode=DELETE")
            answer = target.execute("PRAGMA quick_check(1)").fetchone()[0]
        finally:
            target.close()
            source.close()
    if answer != "ok":
        raise StoreError(f"store {path}: the copy at {to} is damaged: {answer}; the store may be too")
