"""`driftd backfill`: windows of the past, judged again or for the first time."""

import json
import os
from datetime import datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from monitor.config.service import Web

TOKEN = "DRIFTD_TOKEN"  # noqa: S105  the name of the variable that holds it
SECONDS = 30.0
TAKEN = (200, 202)


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
    from monitor.cli.config import loaded
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
        count, statuses = backfilled(file, os.environ, name, stretch[0], stretch[1])  # noqa: TID251
    except Held:
        count = _asked(loaded(file)[0].web, name, stretch[0], stretch[1])
        click.echo(f"{name}: {count} windows will be judged by the daemon that runs")
        return 0
    verdicts = ", ".join(f"{number} {status}" for status, number in statuses.items()) or "none judged"
    click.echo(f"{name}: {count} windows: {verdicts}")
    return 0


def _asked(web: "Web", name: str, start: datetime, end: datetime) -> int:
    """Ask the daemon that holds the store."""
    from monitor.errors import InputError

    token = os.environ.get(TOKEN, "")  # noqa: TID251
    if not token:
        raise InputError(
            f"a daemon holds the store, and {TOKEN} is not set; set it to a token of web.tokens with scope write"
        )
    host, _, port = web.listen.rpartition(":")
    body = json.dumps({"start": start.isoformat(), "end": end.isoformat()})
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    path = f"{web.prefix.rstrip('/')}/api/v1/monitors/{name}/backfill"
    connection = HTTPConnection(host.strip("[]") or "127.0.0.1", int(port), timeout=SECONDS)
    try:
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        told = json.loads(answer.read(1 << 20))
    except (OSError, HTTPException, ValueError) as error:
        raise InputError(f"a daemon holds the store, and does not answer at {web.listen}: {error}") from None
    finally:
        connection.close()
    if answer.status not in TAKEN:
        raise InputError(f"{web.listen} refused ({answer.status}): {told.get('error', told)}")
    return int(told["data"]["windows"])
