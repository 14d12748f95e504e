"""`driftd run`: the daemon."""

import os
from pathlib import Path

import click

from monitor.lean import keep_lean

LATER = 75


@click.command()
@click.option("--config", "file", required=True, type=click.Path(path_type=Path), help="The configuration.")
def run(file: Path) -> int:
    """Watch every monitor of a configuration, on its schedule, until SIGTERM or SIGINT.

    SIGHUP loads the configuration anew. Exit codes: 0 after a signal, 2 when it cannot start, 75 when a later start may
    do: another driftd holds the store, or the store does not answer or has no room.
    """
    keep_lean()
    from monitor.daemon.service import Service
    from monitor.errors import Held, StoreAway

    try:
        return Service(file, os.environ).run()  # noqa: TID251  the configuration may name variables of the environment
    except (Held, StoreAway) as error:
        click.echo(f"driftd: {error}", err=True)
        return LATER
