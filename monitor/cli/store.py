"""`driftd store`: back the store up, and tell its version."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from monitor.store.database import Database


@click.group()
def store() -> None:
    """Back the store up, and tell its version."""


@store.command()
@click.option("--config", "file", required=True, type=click.Path(path_type=Path), help="The configuration.")
@click.option("--to", required=True, type=click.Path(path_type=Path), help="The file to make; it must not be there.")
def backup(file: Path, to: Path) -> None:
    """Copy an SQLite store, whole and checked, also while the daemon runs."""
    with _opened(file) as found:
        found.backup(to)
    click.echo(f"{to}: {to.stat().st_size} bytes")


@store.command()
@click.option("--config", "file", required=True, type=click.Path(path_type=Path), help="The configuration.")
def version(file: Path) -> None:
    """Tell where the store is, and the version of its tables."""
    with _opened(file) as found:
        click.echo(f"{found.place}: version {found.version() or 'none yet'}, {found.size_bytes()} bytes")


@contextmanager
def _opened(file: Path) -> "Iterator[Database]":
    """The store of a configuration, for reading only."""
    from monitor.config.load import load
    from monitor.daemon.leading import store_url
    from monitor.store.database import Database

    config = load(file, environment=os.environ)  # noqa: TID251  the configuration may name variables of it
    found = Database.open(store_url(config), config.state, read_only=True)
    try:
        yield found
    finally:
        found.close()
