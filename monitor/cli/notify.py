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
    """Where events go: try a route."""


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
