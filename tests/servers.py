"""Real servers for tests: private, on this machine only, gone afterwards."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text


def missing(name: str) -> None:
    """Skips a test whose server is not here; in the gate that is a failure."""
    if os.getenv("CI"):
        pytest.fail(f"{name} is not installed; the gate needs it")
    pytest.skip(f"{name} is not installed")


@dataclass
class Postgres:
    """A PostgreSQL cluster in a temporary folder, reached by a socket in it."""

    folder: Path
    binaries: Path
    user: dict[str, Any]
    process: subprocess.Popen[bytes] | None = None
    made: int = 0
    log: Path = field(init=False)

    def __post_init__(self) -> None:
        self.log = self.folder / "log"

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://driftd@/{database}?host={self.folder}"

    def database(self) -> str:
        """The address of a new, empty database."""
        self.made += 1
        name = f"d{self.made}"
        self.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def execute(self, statement: str, database: str = "postgres") -> None:
        engine = create_engine(self.url(database), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()

    def start(self) -> None:
        settings = ("listen_addresses=", f"unix_socket_directories={self.folder}", "fsync=off", "max_connections=60")
        command = [str(self.binaries / "postgres"), "-D", str(self.folder / "data")]
        for setting in settings:
            command += ["-c", setting]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, **self.user)
        until = time.monotonic() + 30
        while True:
            try:
                self.execute("SELECT 1")
                return
            except Exception:
                if time.monotonic() > until or self.process.poll() is not None:
                    raise RuntimeError(f"PostgreSQL did not start:\n{self.log.read_text()}") from None
                time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(30)
            self.process = None


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A private PostgreSQL server; the test is skipped where the programs are missing."""
    found = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))]
    on_path = shutil.which("initdb")
    binaries = found[-1] if found else Path(on_path).resolve().parent if on_path else None
    if binaries is None:
        missing("postgresql")
    assert binaries is not None
    folder = Path(tempfile.mkdtemp(prefix="driftd-postgres-"))
    user: dict[str, Any] = {"cwd": folder, "env": {"PATH": os.getenv("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}}
    if os.geteuid() == 0:  # the server refuses to run as root
        other = pwd.getpwnam("postgres" if any(each.pw_name == "postgres" for each in pwd.getpwall()) else "nobody")
        os.chown(folder, other.pw_uid, other.pw_gid)
        user |= {"user": other.pw_uid, "group": other.pw_gid, "extra_groups": []}
    server = Postgres(folder, binaries, user)
    try:
        initdb = [str(binaries / "initdb"), "-D", str(folder / "data"), "-U", "driftd", "-A", "trust"]
        subprocess.run([*initdb, "-E", "UTF8", "--no-sync"], check=True, capture_output=True, **user)
        server.start()
        yield server
    finally:
        server.stop(signal.SIGQUIT)  # at once: nothing is to be kept
        shutil.rmtree(folder)
