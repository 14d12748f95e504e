"""What a store that fails says: which one it is, what is wrong with it, and what to do."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from monitor.errors import StoreAway, StoreError

BROKEN = ("malformed", "not a database", "file is encrypted", "disk image", "unsupported file format")
FULL = ("disk is full", "disk full", "no space left")
READ_ONLY = ("readonly", "read-only", "unable to open database file")


@contextmanager
def told(place: str, backups: Path | None) -> Iterator[None]:
    """Database errors within become StoreErrors about this place; others pass."""
    try:
        yield
    except OperationalError as error:
        raise store_error(place, str(error.orig).strip(), backups, is_server=backups is None) from error
    except DBAPIError as error:
        raise store_error(place, str(error.orig).strip(), backups) from error
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise store_error(place, str(error).strip(), backups) from error


def store_error(place: str, what: str, backups: Path | None, *, is_server: bool = False) -> StoreError:
    """The error for what the database said; `backups` is where an SQLite store keeps its own, None for a server.

    `is_server`: the server itself is meant, and not what it was asked.
    """
    low = what.lower()
    if is_server:
        return StoreAway(f"store {place}: {what.splitlines()[0] if what else 'no answer'}")
    if backups is None:
        return StoreError(f"store {place}: {what.splitlines()[0] if what else 'no answer'}")
    if any(word in low for word in FULL):
        return StoreAway(f"store {place}: {what}; nothing of this change was written: make room and it goes on")
    if any(word in low for word in READ_ONLY):
        return StoreError(f"store {place}: {what}; its folder must be there and writable by this user")
    if any(word in low for word in BROKEN):
        return damaged(place, what, backups)
    if "locked" in low:
        return StoreError(f"store {place}: {what}; another process writes to it: only one driftd may run on a store")
    return StoreError(f"store {place}: {what}")


def damaged(place: str, what: str, backups: Path) -> StoreError:
    """The error for a file that cannot be trusted, with the way back."""
    kept = sorted(backups.glob("*.db"), key=lambda path: path.stat().st_mtime) if backups.is_dir() else []
    copy = f"the newest here is {kept[-1]}" if kept else f"there is none in {backups}"
    return StoreError(
        f"store {place}: damaged: {what}; driftd does not begin anew over it. Move it and its -wal and -shm files "
        f"away and copy a backup to its place (what `driftd store backup` wrote; {copy}). "
        f"Without a backup an empty place begins a new history"
    )
