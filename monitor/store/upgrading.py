"""The version of the tables, and the steps from one to the next."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from monitor.errors import StoreError

if TYPE_CHECKING:
    from alembic.config import Config

    from monitor.store.database import Database

STEPS = Path(__file__).parent / "migrations"
LOCK = 0x64726674_0001  # of PostgreSQL's advisory locks: one upgrade at a time


def version(connection: Connection) -> str:
    """The version that the tables have; empty where there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""


def newest() -> str:
    """The version that this code knows."""
    return next(iter(_known()))


def upgrade(database: "Database") -> None:
    """All steps in one transaction; a version this code does not know is refused."""
    known = _known()
    at = database.version()
    if at and at not in known:
        raise StoreError(
            f"store {database.place}: its tables have version {at}, written by a later driftd; this one knows up to "
            f"{known[0]}. Install the later one again, or restore a backup made before it ran"
        )
    if at == known[0]:
        return
    if at and database.backups is not None:
        database.backup(_free(database.backups, f"{at}-before-{known[0]}"))
    from alembic import command

    with database.write() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _known() -> list[str]:
    """All versions, newest first."""
    from alembic.script import ScriptDirectory

    return [step.revision for step in ScriptDirectory.from_config(_config()).walk_revisions()]


def _config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(STEPS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _free(folder: Path, stem: str) -> Path:
    """A file name in the folder that is not taken."""
    number = 1
    while (path := folder / f"{stem}{'' if number == 1 else f'-{number}'}.db").exists():
        number += 1
    return path
