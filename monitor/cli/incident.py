"""`driftd incident`: what is open, what an incident is, and what people say of it."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from monitor.daemon.people import People

VERDICTS = ("true", "false", "expected")
CONFIG = click.option("--config", "file", required=True, type=click.Path(path_type=Path), help="The configuration.")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON document, and nothing else.")


@click.group()
def incident() -> None:
    """List and show incidents; acknowledge and mute them.

    A word is written into the store; where a daemon runs on this configuration, it is told, with the token in the
    variable DRIFTD_TOKEN (scope write).
    """


@incident.command("list")
@CONFIG
@click.option("--monitor", "name", help="Those of this monitor only.")
@click.option("--all", "is_all", is_flag=True, help="Those that are over, too.")
@AS_JSON
def list_(file: Path, name: str | None, is_all: bool, as_json: bool) -> None:
    """Open incidents, the newest first."""
    from monitor.cli.config import loaded, monitor_of
    from monitor.cli.storing import everything, reading
    from monitor.render.people import incidents

    if name is not None:
        monitor_of(file, name)
    with reading(loaded(file)[0]) as people:
        rows = everything(lambda cursor: people.incidents(name, not is_all, 500, cursor))
    if as_json:
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
    elif rows:
        click.echo(incidents(rows), nl=False)
    else:
        click.echo("no incidents" if is_all else "no open incidents")


@incident.command()
@click.argument("key", metavar="ID")
@CONFIG
@AS_JSON
def show(key: str, file: Path, as_json: bool) -> None:
    """An incident in full: what fires, since when, why, who said what, who was told, what else was going on."""
    from monitor.cli.config import loaded
    from monitor.cli.storing import reading
    from monitor.document import to_document
    from monitor.render import people as pages

    with reading(loaded(file)[0]) as people:
        page = to_document(people.known(key))
    click.echo(json.dumps(page, indent=2, ensure_ascii=False) if as_json else pages.incident(page), nl=as_json)


@incident.command()
@click.argument("key", metavar="ID")
@CONFIG
@click.option("--as", "verdict", required=True, type=click.Choice(VERDICTS), help="What it was.")
@click.option("--why", default="", help="Why, for those who read it later.")
def ack(key: str, file: Path, verdict: str, why: str) -> None:
    """Say that an incident was a fault (true), a false alarm (false), or a change that was meant to be (expected).

    From then on it is told only when it grows worse, and when it is over. Alert precision is counted from this.
    """
    from monitor.cli.storing import who

    body = {"verdict": verdict, "why": why}
    _said(file, key, "acknowledge", body, lambda people: people.acknowledge(key, verdict, why, who()))
    click.echo(f"{key}: acknowledged as {verdict}")


@incident.command()
@click.argument("key", metavar="ID")
@CONFIG
@click.option("--for", "length", metavar="DURATION", help="For how long: 8h, 2d.")
@click.option("--until", metavar="TIME", help="Until when instead: 2026-01-05T13:00:00Z.")
@click.option("--why", required=True, help="Why, for those who read it later.")
def mute(key: str, file: Path, length: str | None, until: str | None, why: str) -> None:
    """Tell nothing of an incident until then, its end neither; told all the same when it grows worse."""
    from monitor.cli.storing import who

    at = _until(length, until)
    _said(file, key, "mute", {"until": at.isoformat(), "why": why}, lambda people: people.mute(key, at, why, who()))
    click.echo(f"{key}: muted until {at:%Y-%m-%dT%H:%M:%SZ}")


def _said(file: Path, key: str, deed: str, body: Mapping[str, Any], change: "Callable[[People], Any]") -> None:
    """Have it kept; what incidents there are is told where this is none."""
    from urllib.parse import quote

    from monitor.cli.config import loaded
    from monitor.cli.storing import done, reading, written

    config, _ = loaded(file)
    with reading(config) as people:
        people.known(key)
    done(config, lambda store: change(written(config, store)), f"incidents/{quote(key)}/{deed}", body)


def _until(length: str | None, until: str | None) -> datetime:
    """When a mute ends. Raises InputError."""
    from monitor.cli.evaluate import moment_of
    from monitor.cli.storing import duration_of
    from monitor.daemon.clock import machine_clock
    from monitor.errors import InputError

    ahead, at = duration_of("--for", length), moment_of("--until", until)
    if ahead is not None and at is None:
        return machine_clock() + ahead
    if at is not None and ahead is None:
        return at
    raise InputError("--for and --until: one of the two would be right, such as --for 8h")
