"""An empty store in SQLite, and the same in PostgreSQL where it is installed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import servers

from monitor.store.database import Database


@pytest.fixture(scope="session")
def postgres() -> Iterator[servers.Postgres]:
    with servers.postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    url = "sqlite" if request.param == "sqlite" else request.getfixturevalue("postgres").database()
    database = Database.open(url, tmp_path / "state")
    database.upgrade()
    yield database
    database.close()
