"""One daemon at a time. It saves work only: that nothing is judged twice rests on the ledger."""

import fcntl
import os
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from monitor.errors import StoreError
from monitor.store import postgres
from monitor.store.failures import told

TAKE = text("SELECT pg_try_advisory_lock(hashtextextended('driftd/' || current_schema(), 0))")


class Leadership:
    """SQLite: a lock on the file LOCK in the state folder. PostgreSQL: an advisory lock on a session of its own.

    Both vanish with the process that holds them. Made from the same `url` and `state` as the store.
    """

    def __init__(self, url: str, state: Path) -> None:
        self._lock: _FileLock | _SessionLock = _FileLock(state) if url == "sqlite" else _SessionLock(url)

    def acquire(self) -> bool:
        """Takes the lead; False when another has it."""
        return self._lock.holds() or self._lock.acquire()

    def holds(self) -> bool:
        """Whether the lead is still here; a lost connection loses it."""
        return self._lock.holds()

    def release(self) -> None:
        """Gives the lead up."""
        self._lock.release()


class _FileLock:
    def __init__(self, state: Path) -> None:
        self._path = state / "LOCK"
        self._handle: int | None = None

    def acquire(self) -> bool:
        self.release()
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        except OSError as error:
            why = error.strerror or str(error)
            raise StoreError(f"lock {self._path}: {why}; `state` must be a folder that driftd may write to") from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        except OSError as error:
            os.close(handle)
            raise StoreError(f"lock {self._path}: {error.strerror}; `state` must lie on a local disk") from error
        self._handle = handle
        return True

    def holds(self) -> bool:
        """Held, and the file is still the one at that place."""
        if self._handle is None:
            return False
        try:
            there, held = os.stat(self._path), os.fstat(self._handle)
        except OSError:
            return False
        return (there.st_dev, there.st_ino) == (held.st_dev, held.st_ino)

    def release(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


class _SessionLock:
    def __init__(self, url: str) -> None:
        self._url = postgres.address(url)
        self._engine = postgres.engine(self._url, connections=1)
        self._session: Connection | None = None

    def acquire(self) -> bool:
        self.release()
        with told(postgres.named(self._url), None):
            session = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            if session.execute(TAKE).scalar_one():
                self._session = session
                return True
            session.close()
        return False

    def holds(self) -> bool:
        if self._session is None:
            return False
        try:
            self._session.execute(text("SELECT 1"))
        except SQLAlchemyError:
            self.release()
            return False
        return True

    def release(self) -> None:
        """Ends the session, and the lock with it."""
        if self._session is not None:
            self._session.invalidate()
            self._session.close()
            self._session = None
        self._engine.dispose()
