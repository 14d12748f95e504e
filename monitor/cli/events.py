"""`driftd events`: what goes on in the world outside: a deploy, a holiday, an outage."""

import json
from pathlib import Path

import click

CONFIG = click.option("--config", "file", required=True, type=click.Path(path_type=Path), help="The configuration.")


@click.group()
def events() -> None:
    """Tell deploys, holidays and outages, so that incidents show what else was going on.

    They are written into the store; where a daemon runs on this configuration, it is told, with the token in the
    variable DRIFTD_TOKEN (scope write).
    """


@events.command()
@click.argument("kind")
@CONFIG
@click.option("--monitor", "name", help="Of this monitor only; of all by default.")
@click.option("--start", metavar="TIME", help="Since when; now by default.")
@click.option("--end", metavar="TIME", help="Until when; without an end it is a moment.")
@click.option("--for", "length", metavar="DURATION", help="For how long instead: 90m, 1d.")
@click.option("--why", default="", help="What it is, for those who read it later.")
@click.option("--id", "key", help="An id of your own; told once more under it, the later word counts.")
def tell(
    kind: str,
    file: Path,
    name: str | None,
    start: str | None,
    end: str | None,
    length: str | None,
    why: str,
    key: str | None,
) -> None:
    """Tell of something of a KIND, a word in small letters: deploy, holiday, outage."""
    from monitor.cli.config import loaded
    from monitor.cli.evaluate import moment_of
    from monitor.cli.storing import done, duration_of, who, written
    from monitor.daemon.clock import machine_clock
    from monitor.errors import InputError

    config, _ = loaded(file)
    begin, over, ahead = moment_of("--start", start) or machine_clock(), moment_of("--end", end), None
    if (ahead := duration_of("--for", length)) is not None:
        if over is not None:
            raise InputError("--for and --end: one of the two would be right")
        over = begin + ahead
    body = {"kind": kind, "monitor": name, "start": begin.isoformat(), "why": why, "id": key}
    told = done(
        config,
        lambda store: written(config, store).tell(
            kind, monitor=name, start=begin, end=over, why=why, key=key, by=who()
        ),
        "occasions",
        {**body, "end": None if over is None else over.isoformat()},
    )
    click.echo(f"{told['id']}: told")


@events.command("list")
@CONFIG
@click.option("--monitor", "name", help="Those that concern this monitor.")
@click.option("--since", metavar="TIME", help="Without those that were over before.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document, and nothing else.")
def list_(file: Path, name: str | None, since: str | None, as_json: bool) -> None:
    """What was told, the latest first."""
    from monitor.cli.config import loaded, monitor_of
    from monitor.cli.evaluate import moment_of
    from monitor.cli.storing import everything, reading
    from monitor.render.people import occasions

    if name is not None:
        monitor_of(file, name)
    at = moment_of("--since", since)
    with reading(loaded(file)[0]) as people:
        rows = everything(lambda cursor: people.occasions(name, at, 500, cursor))
    if as_json:
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
    else:
        click.echo(occasions(rows) if rows else "nothing was told\n", nl=False)


@events.command()
@click.argument("key", metavar="ID")
@CONFIG
def withdraw(key: str, file: Path) -> None:
    """Forget what was told under an ID."""
    from urllib.parse import quote

    from monitor.cli.config import loaded
    from monitor.cli.storing import done, reading, written

    config, _ = loaded(file)
    with reading(config) as people:
        people.told(key)
    done(config, lambda store: {"was": written(config, store).withdraw(key)}, f"occasions/{quote(key)}", None, "DELETE")
    click.echo(f"{key}: withdrawn")
