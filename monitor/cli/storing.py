"""What is written into the store, or asked of the daemon that holds it; and what is read beside it."""

import getpass
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import timedelta

    from monitor.config.grammar import Config
    from monitor.daemon.people import People
    from monitor.store.database import Database


def done(
    config: "Config",
    change: "Callable[[Database], Any]",
    path: str,
    body: Mapping[str, Any] | None,
    method: str = "POST",
) -> dict[str, Any]:
    """What a change comes to, as a document: made in the store, or by the daemon that holds it, by its API."""
    from monitor.cli.asking import asked
    from monitor.document import to_document
    from monitor.errors import Held

    try:
        with held(config) as database:
            found: dict[str, Any] = to_document(change(database))
            return found
    except Held:
        return asked(config.web, path, body, method)


@contextmanager
def held(config: "Config") -> "Iterator[Database]":
    """The store, to be written to. Raises Held where a daemon holds it, and makes none where none is."""
    from monitor.daemon.leading import store_url
    from monitor.errors import Held
    from monitor.store.database import Database
    from monitor.store.leadership import Leadership

    url = store_url(config)
    Database.open(url, config.state, read_only=True).close()
    leadership = Leadership(url, config.state)
    if not leadership.acquire():
        raise Held(f"store {config.state}: a running driftd holds it")
    try:
        database = Database.open(url, config.state)
        try:
            database.upgrade()
            yield database
        finally:
            database.close()
    finally:
        leadership.release()


@contextmanager
def reading(config: "Config") -> "Iterator[People]":
    """Incidents and what belongs to them, to be read, also while a daemon runs."""
    from monitor.daemon.clock import machine_clock
    from monitor.daemon.leading import store_url
    from monitor.daemon.people import People
    from monitor.store.database import Database

    database = Database.open(store_url(config), config.state, read_only=True)
    try:
        yield People(database, config, machine_clock)
    finally:
        database.close()


def written(config: "Config", database: "Database") -> "People":
    """The same, to be written to."""
    from monitor.daemon.clock import machine_clock
    from monitor.daemon.people import People

    return People(database, config, machine_clock)


def everything(page: Callable[[str], Any]) -> list[Any]:
    """The rows of all pages, as documents."""
    from monitor.document import to_document

    found, cursor = [], ""
    while True:
        one = page(cursor)
        found += [to_document(row) for row in one.items]
        cursor = one.cursor
        if not cursor:
            return found


def duration_of(option: str, text: str | None) -> "timedelta | None":
    """How long an option says, None where it is not given. Raises InputError."""
    from monitor.config.values import positive_duration
    from monitor.errors import InputError

    try:
        return None if text is None else positive_duration(text)
    except ValueError as error:
        raise InputError(f"{option} {text!r}: {error}") from None


def who() -> str:
    """The name of the one who says it, as the machine knows it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in containers
        return str(os.getuid())
