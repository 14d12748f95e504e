"""Roles of columns from a mapping in Python, held against the grammar as if it were written in a file."""

from collections.abc import Mapping
from typing import Any

from monitor.config.grammar import Columns
from monitor.config.mistakes import Key, Mistakes, Place
from monitor.config.validation import validated
from monitor.roles import Roles


def roles_of(columns: Mapping[str, Any]) -> Roles:
    """The roles; ConfigError with a line for every mistake."""
    data = {str(name): list(value) if isinstance(value, tuple) else value for name, value in columns.items()}
    places: dict[Key, Place] = {(): Place(file="columns")}
    places |= {(name,): Place(file="columns", key=(name,)) for name in data}
    mistakes = Mistakes("columns")
    found = validated(Columns, data, places, {}, mistakes)
    mistakes.raise_if_any()
    assert found is not None
    return found.roles
