"""SQLite: one file, one writer, readers beside it; durable at every commit."""

import os
import sqlite3
import time
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event

from monitor.errors import StoreError
from monitor.store import disks
from monitor.store.failures import damaged, told

APPLICATION = 0x64726674  # "drft", in the file's header
CHECK_SECONDS = 5.0
WAIT_SECONDS = 10
OLDEST = (3, 37, 0)  # strict tables
# Below these a checkpoint may race with another connection's commit (sqlite.org/wal.html, "the WAL-reset bug").
FIXED, BACK_PORTS = (3, 51, 3), {(3, 50): 7, (3, 44): 6}


def warnings(version: tuple[int, int, int] = sqlite3.sqlite_version_info) -> list[str]:
    """What is to be said about this SQLite library.

    >>> warnings((3, 51, 3)), warnings((3, 50, 8)), len(warnings((3, 40, 1)))
    ([], [], 1)
    """
    if version >= FIXED or version[2] >= BACK_PORTS.get(version[:2], version[2] + 1):
        return []
    return [
        f"SQLite {'.'.join(map(str, version))} has the WAL-reset bug (fixed in 3.51.3, 3.50.7, 3.44.6): a second "
        "writing process could damage the store. driftd writes with one connection only; open the file with nothing "
        "else while it runs"
    ]


def made_ready(path: Path) -> list[str]:
    """Makes folder and file where there are none and looks at what is there; the warnings to be logged."""
    if sqlite3.sqlite_version_info < OLDEST:
        raise StoreError(f"store {path}: needs SQLite 3.37 or later; this Python has {sqlite3.sqlite_version}")
    kind = disks.networked(path.parent.absolute(), disks.mounts())
    if kind:
        raise StoreError(
            f"store {path}: lies on a network file system ({kind}), where SQLite loses data; "
            "set `state` to a folder on a local disk, or `store` to a postgresql+psycopg:// address"
        )
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            _create(path)
        said = warnings()
        if path.parent.stat().st_mode & 0o077:
            said.append(f"state folder {path.parent}: others may read it; `chmod 700` keeps reports to driftd's user")
    except OSError as error:
        raise StoreError(
            f"store {path}: {error.strerror or error}; `state` must be a folder that driftd may write to"
        ) from error
    checked(path)
    return said


def _create(path: Path) -> None:
    """An empty store appears whole, under another name first: a file without content is never a new one."""
    backups = path.parent / "backups"
    left = [name for name in (f"{path}-wal", f"{path}-journal") if os.path.exists(name)]
    if left or (backups.is_dir() and any(backups.glob("*.db"))):
        raise damaged(str(path), f"the file is gone, but {left[0] if left else backups} is there", backups)
    new = path.with_name(f".{path.name}.new")
    new.unlink(missing_ok=True)
    os.close(os.open(new, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    with told(str(path), backups):
        connection = sqlite3.connect(new, isolation_level=None)
        try:
            for pragma in (f"application_id={APPLICATION}", "auto_vacuum=INCREMENTAL", "journal_mode=WAL"):
                connection.execute(f"PRAGMA {pragma}")
            connection.execute("VACUUM")
        finally:
            connection.close()
    synced(new)
    os.rename(new, path)
    synced(path.parent)


def synced(path: Path) -> None:
    """What is written there is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def checked(path: Path) -> None:
    """Refuses a file that is no store of driftd's, or is damaged as far as a few seconds of looking can tell."""
    backups = path.parent / "backups"
    if path.stat().st_size == 0:
        raise damaged(str(path), "the file is empty", backups)
    with told(str(path), backups):
        connection = sqlite3.connect(_address(path, "ro"), uri=True, timeout=WAIT_SECONDS, isolation_level=None)
        try:
            application = connection.execute("PRAGMA application_id").fetchone()[0]
            answer = _quick_check(connection)
        finally:
            connection.close()
    if answer != "ok":
        raise damaged(str(path), answer, backups)
    if application != APPLICATION:
        raise StoreError(f"store {path}: an SQLite file, but not one of driftd's; set `state` to another folder")


def _quick_check(connection: sqlite3.Connection) -> str:
    until = time.monotonic() + CHECK_SECONDS
    connection.set_progress_handler(lambda: int(time.monotonic() > until), 100_000)
    try:
        return str(connection.execute("PRAGMA quick_check(1)").fetchone()[0]).replace("\n", "; ")
    except sqlite3.OperationalError as error:
        if "interrupted" in str(error):  # a large store: what was looked at is sound
            return "ok"
        raise
    finally:
        connection.set_progress_handler(None, 0)


def _address(path: Path, mode: str) -> str:
    return f"file:{quote(str(path))}?mode={mode}"


def writer(path: Path) -> Engine:
    """The one connection that writes and checkpoints; each transaction takes the write lock when it begins."""
    engine = _engine(path, "rw", 1)

    @event.listens_for(engine, "begin")
    def immediate(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def readers(path: Path) -> Engine:
    """Connections that cannot write."""
    engine = _engine(path, "ro", 8)

    @event.listens_for(engine, "connect")
    def query_only(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA query_only=ON")
        connection.execute("PRAGMA wal_autocheckpoint=0")

    @event.listens_for(engine, "begin")
    def deferred(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def _engine(path: Path, mode: str, connections: int) -> Engine:
    engine = create_engine(
        f"sqlite+pysqlite:///{_address(path.absolute(), mode)}&uri=true",
        pool_size=connections,
        max_overflow=0,
        connect_args={"timeout": WAIT_SECONDS, "isolation_level": None, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def pragmas(connection: sqlite3.Connection, _: object) -> None:
        for pragma in ("synchronous=FULL", "foreign_keys=ON", "trusted_schema=OFF"):
            connection.execute(f"PRAGMA {pragma}")

    return engine
