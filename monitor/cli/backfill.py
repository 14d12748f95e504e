"""`driftd backfill`: windows of the past, judged again or for the first time."""

import os
from pathlib import Path

import click


@click.command()
@click.option("--config", "file", required=True, type=click.Path(path_type=Path), help="The configuration.")
@click.option("--monitor", "name", required=True, help="The monitor in it.")
@click.option("--start", required=True, help="From when on: 2026-01-05 or 2026-01-05T09:00:00Z.")
@click.option("--end", required=True, help="Until when.")
def backfill(file: Path, name: str, start: str, end: str) -> int:
    """Judge the windows of a stretch again, each under a new revision; the old ones stay.

    Where a daemon runs on this configuration it is asked to, with the token in the variable DRIFTD_TOKEN (scope
    write); otherwise the windows are judged here and now.
    """
    from monitor.cli.asking import asked
    from monitor.cli.config import loaded
    from monitor.cli.storing import who
    from monitor.config.values import moment
    from monitor.daemon.once import backfilled
    from monitor.errors import Held, InputError

    stretch = []
    for option, text in (("--start", start), ("--end", end)):
        try:
            stretch.append(moment(text))
        except ValueError as error:
            raise InputError(f"{option} {text!r}: {error}") from None
    if stretch[0] >= stretch[1]:
        raise InputError(f"--end {end!r}: is not after --start {start!r}")
    try:
        count, statuses = backfilled(file, os.environ, name, stretch[0], stretch[1], who())  # noqa: TID251
    except Held:
        body = {"start": stretch[0].isoformat(), "end": stretch[1].isoformat()}
        told = asked(loaded(file)[0].web, f"monitors/{name}/backfill", body)
        click.echo(f"{name}: {told['windows']} windows will be judged by the daemon that runs")
        return 0
    verdicts = ", ".join(f"{number} {status}" for status, number in statuses.items()) or "none judged"
    click.echo(f"{name}: {count} windows: {verdicts}")
    return 0
