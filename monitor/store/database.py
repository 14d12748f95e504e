"""The store: one SQLite file in the state folder, or a PostgreSQL database, by the same code."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from monitor.errors import StoreError
from monitor.store import backups, postgres, sqlite, upgrading
from monitor.store.failures import told

NAME = "driftd.db"


class Database:
    """Transactions on the store. A database error in one becomes a StoreError; the next one connects anew.

    `warnings` are what the daemon should log once. Whoever writes to an SQLite store holds its leadership first.
    """

    def __init__(self, *, place: str, writer: Engine, readers: Engine, path: Path | None, url: URL | None) -> None:
        self.place = place
        self.path = path
        self.url = url
        self.warnings: tuple[str, ...] = ()
        self._writer, self._readers = writer, readers
        self._turn = threading.RLock()
        self._writing = False

    @classmethod
    def open(cls, url: str, state: Path, *, read_only: bool = False) -> "Database":
        """The store at `sqlite` (the file driftd.db in `state`) or at a `postgresql+psycopg://` address.

        An SQLite store that is not there is made, unless `read_only`: then nothing is made, checked or written.
        """
        if url != "sqlite":
            address = postgres.address(url)
            engine = postgres.engine(address)
            opened = cls(place=postgres.named(address), writer=engine, readers=engine, path=None, url=address)
            with opened.read() as connection:
                connection.execute(text("SELECT 1"))
            return opened
        path = state / NAME
        if read_only and not path.exists():
            raise StoreError(f"store {path}: is not there; `driftd run` makes it")
        said = [] if read_only else sqlite.made_ready(path)
        readers = sqlite.readers(path)
        writer = readers if read_only else sqlite.writer(path)
        opened = cls(place=str(path), writer=writer, readers=readers, path=path, url=None)
        opened.warnings = tuple(said)
        if not read_only:
            with opened.write():
                pass
        return opened

    @property
    def is_sqlite(self) -> bool:
        return self.path is not None

    @property
    def backups(self) -> Path | None:
        """Where an SQLite store keeps the copies it makes before its tables change."""
        return self.path.parent / "backups" if self.path else None

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction that writes: all of it is kept when the block ends, nothing when it raises.

        SQLite: one at a time in this process, and the file's write lock is taken at the beginning.
        """
        if self._writer is self._readers and self.is_sqlite:
            raise StoreError(f"store {self.place}: was opened for reading only")
        if not self.is_sqlite:
            with told(self.place, None), self._writer.begin() as connection:
                yield connection
            return
        with self._turn:
            if self._writing:
                raise RuntimeError("a transaction within a transaction")
            self._writing = True
            try:
                with told(self.place, self.backups), self._writer.begin() as connection:
                    yield connection
            finally:
                self._writing = False

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One transaction that sees the store as it is at its beginning, and cannot write."""
        with told(self.place, self.backups), self._readers.connect() as connection:
            if not self.is_sqlite:
                connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                yield connection

    def upgrade(self) -> None:
        """Brings the tables to this version of driftd; an older SQLite store is copied to `backups/` before."""
        upgrading.upgrade(self)

    def version(self) -> str:
        """The version of the tables; empty before the first upgrade."""
        with self.read() as connection:
            return upgrading.version(connection)

    def size_bytes(self) -> int:
        """What the store takes on the disk."""
        if self.path is not None:
            files = [self.path, Path(f"{self.path}-wal")]
            return sum(path.stat().st_size for path in files if path.exists())
        with self.read() as connection:
            return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())

    def backup(self, to: Path) -> None:
        """A whole copy of an SQLite store in a new file, while it is in use; checked, and durable when this returns."""
        if self.path is None:
            raise StoreError(f"store {self.place}: PostgreSQL is backed up by its own tools; use `pg_dump`")
        backups.copy(self.path, to)

    def close(self) -> None:
        """Puts the journal back into the file and lets go of it. A full disk loses nothing: the journal stays."""
        self._readers.dispose()
        if self._readers is not self._writer:
            with suppress(SQLAlchemyError, sqlite3.Error), self._turn, self._writer.connect() as connection:
                raw = connection.connection.driver_connection
                assert raw is not None
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._writer.dispose()
