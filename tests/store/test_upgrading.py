"""The steps make the tables that the code has, an older store is copied before, a newer one refused."""

from pathlib import Path

import ledgers
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

import monitor.store.after  # noqa: F401  its tables are among them
from monitor.errors import StoreError
from monitor.store import queries, upgrading
from monitor.store.database import Database
from monitor.store.ledger import Ledger
from monitor.store.tables import METADATA


def test_the_steps_make_exactly_the_tables_of_the_code(database: Database) -> None:
    with database.write() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, METADATA) == []
    assert database.version() == upgrading.newest()


def test_upgrading_twice_changes_nothing(database: Database) -> None:
    database.upgrade()
    assert database.backups is None or not database.backups.exists()


def test_a_store_of_a_later_driftd_is_refused(database: Database) -> None:
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(
        StoreError, match=f"version 9999, written by a later driftd; this one knows up to {upgrading.newest()}"
    ):
        database.upgrade()


def test_an_older_store_is_copied_before_it_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database.open("sqlite", tmp_path / "state")
    database.upgrade()
    Ledger(database, "one").plan("churn", ledgers.plan(0, 3), ledgers.after(3))
    steps = tmp_path / "steps"
    steps.mkdir()
    (steps / "versions").mkdir()
    for step in (upgrading.STEPS / "versions").glob("*.py"):
        (steps / "versions" / step.name).write_text(step.read_text())
    (steps / "env.py").write_text((upgrading.STEPS / "env.py").read_text())
    (steps / "versions" / "next.py").write_text(
        f"from alembic import op\nrevision = 'next'\ndown_revision = {upgrading.newest()!r}\n"
        "def upgrade():\n    op.execute('DELETE FROM window')\n    op.execute('DELETE FROM nowhere')\n"
    )
    before = upgrading.newest()
    monkeypatch.setattr(upgrading, "STEPS", steps)
    for number in ("", "-2"):
        with pytest.raises(StoreError, match="no such table: nowhere"):
            database.upgrade()
        assert (tmp_path / "state" / "backups" / f"{before}-before-next{number}.db").exists()
    assert database.version() == before
    assert Ledger(database, "one").pending() == {"churn": 3}
    database.close()


def test_a_backup_is_a_store(tmp_path: Path) -> None:
    database = Database.open("sqlite", tmp_path / "state")
    database.upgrade()
    Ledger(database, "one").plan("churn", ledgers.plan(0, 3), ledgers.after(3))
    database.backup(tmp_path / "restored" / "driftd.db")
    with pytest.raises(StoreError, match="is there already; name a file that is not"):
        database.backup(tmp_path / "restored" / "driftd.db")
    with pytest.raises(StoreError, match="name a place that can be written to"):
        database.backup(tmp_path / "restored" / "driftd.db" / "a.db")
    database.close()
    restored = Database.open("sqlite", tmp_path / "restored")
    restored.upgrade()
    with restored.read() as connection:
        assert len(queries.windows(connection, "churn")) == 3
    restored.close()
    assert [path.name for path in (tmp_path / "restored").iterdir()] == ["driftd.db"]


def test_a_version_is_empty_before_the_first_upgrade(tmp_path: Path) -> None:
    database = Database.open("sqlite", tmp_path)
    assert database.version() == ""
    database.close()
