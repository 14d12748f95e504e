"""`driftd notify`: whether events reach their receivers."""

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from monitor.event import Event


@click.group()
def notify() -> None:
    """Where events go: try a route, list what did not arrive, and send it once more."""


@notify.command()
@click.argument("name")
@click.option("--config", "file", required=True, type=click.Path(path_type=Path), help="The configuration.")
@click.option("--dry-run", is_flag=True, help="Print what would be sent, and send nothing.")
def test(name: str, file: Path, dry_run: bool) -> None:
    """Send an event of kind test.sent by the route NAME; exit 1 where the receiver does not take it."""
    from datetime import UTC, datetime

    from monitor.actions.cloudevents import body
    from monitor.cli.config import loaded
    from monitor.config.mistakes import meant
    from monitor.daemon.receivers import receiver
    from monitor.errors import ConfigError, InputError

    config, _ = loaded(file)
    route = next((route for route in config.routes if route.name == name), None)
    if route is None:
        right = meant(name, [route.name for route in config.routes]) if config.routes else "the file has no routes"
        raise InputError(f"{file}: route {name!r}: unknown; {right}")
    now = datetime.now(UTC)  # noqa: TID251  of the event
    event = sample(name, now)
    if dry_run:
        click.echo(json.dumps(body(event), indent=2, ensure_ascii=False))
        return
    try:
        outcome = receiver(route).send(event, now)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise ConfigError(f"{file}: routes: {name}: {error}") from None
    if outcome.kind != "delivered":
        click.echo(f"{name}: not taken: {outcome.why}", err=True)
        raise SystemExit(1)
    click.echo(f"{name}: taken by the {route.kind}")


@notify.command()
@click.option("--config", "file", required=True, type=click.Path(path_type=Path), help="The configuration.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document, and nothing else.")
def dead(file: Path, as_json: bool) -> None:
    """Dead letters: events that a receiver did not take, or for which it was away too long; the oldest first."""
    from monitor.cli.config import loaded
    from monitor.cli.storing import everything, reading
    from monitor.render.people import letters

    with reading(loaded(file)[0]) as people:
        rows = everything(lambda cursor: people.dead_letters(500, cursor))
    if as_json:
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
    else:
        click.echo(letters(rows) if rows else "no dead letters\n", nl=False)


@notify.command()
@click.argument("receiver")
@click.option("--config", "file", required=True, type=click.Path(path_type=Path), help="The configuration.")
def replay(receiver: str, file: Path) -> None:
    """Send the dead letters of a route once more, each under the id that it had.

    Where no daemon runs, they are sent when one is started; where one does, it is told, with the token in the variable
    DRIFTD_TOKEN (scope write).
    """
    from monitor.cli.config import loaded
    from monitor.cli.storing import done, written
    from monitor.wording import counted

    config, _ = loaded(file)
    told = done(
        config,
        lambda store: {"letters": written(config, store).replay(receiver)},
        "dead_letters/replay",
        {"receiver": receiver},
    )
    click.echo(f"{receiver}: {counted(told['letters'], 'dead letter')} to be sent once more")


def sample(name: str, now: datetime) -> "Event":
    """An event that says that it is a trial; with an id of its own each time."""
    from monitor.event import Event

    return Event(
        id=f"test-{name}-{now:%Y%m%dT%H%M%S%f}",
        kind="test.sent",
        time=now,
        monitor="driftd",
        severity="info",
        summary=f"a trial of route {name}: nothing is wrong",
        status="firing",
        since=now,
    )
