"""Rows that may be there already: SQLite and PostgreSQL say it alike, SQLAlchemy has a word for each."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def added(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> int:
    """Inserts rows, leaving those alone that are there; how many were new."""
    if not rows:
        return 0
    statement = _insert(connection, table).on_conflict_do_nothing()
    return connection.execute(statement, rows, execution_options={"preserve_rowcount": True}).rowcount


def put(connection: Connection, table: Table, rows: list[dict[str, Any]], changed: Collection[str]) -> None:
    """Inserts rows; of those that are there the `changed` columns take the new values."""
    if not rows:
        return
    statement = _insert(connection, table)
    new = {name: statement.excluded[name] for name in changed}
    key = [column.name for column in table.primary_key]
    connection.execute(statement.on_conflict_do_update(index_elements=key, set_=new), rows)


def _insert(connection: Connection, table: Table) -> Any:
    """Any: the two dialects' inserts share no type."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
