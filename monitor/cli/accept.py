"""`driftd accept`: say what an alarm was: expected, noise, or a difference that is known."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from monitor.config.grammar import Config
    from monitor.store.database import Database
    from monitor.store.words import MarkRow

KINDS = {
    "expected": "has moved for good, and is learned anew from where it moved",
    "noise": "wanders more than was learned: its band is half as wide again",
    "accepted": "is known to differ from the training baseline, and that is told no more",
}


@click.command()
@click.option("--config", "file", required=True, type=click.Path(path_type=Path), help="The configuration.")
@click.option("--monitor", "name", required=True, help="The monitor in it.")
@click.option("--feature", help="The feature; all that are open by default.")
@click.option("--as", "kind", required=True, type=click.Choice([*KINDS]), help="What it was.")
@click.option("--why", default="", help="Why, for those who read it later.")
def accept(file: Path, name: str, feature: str | None, kind: str, why: str) -> None:
    """Say what was found: a change that was expected, noise, or a known difference to the training baseline.

    It holds from the next window on. Where a daemon runs on this configuration it is told, with the token in the
    variable DRIFTD_TOKEN (scope write); otherwise it is written into the store.
    """
    from monitor.cli.config import loaded, monitor_of
    from monitor.cli.storing import done

    config, _ = loaded(file)
    monitor_of(file, name)
    known(config, name, feature)
    body = {"kind": kind, "feature": feature, "why": why}
    told = done(config, lambda store: written(store, name, feature, kind, why), f"monitors/{name}/marks", body)
    after = datetime.fromisoformat(told["after"])
    whose = "what is open" if feature is None else repr(feature)
    click.echo(f"{name}: {whose} {KINDS[kind]}; for windows that end after {after:%Y-%m-%dT%H:%M:%SZ}")


def known(config: "Config", name: str, feature: str | None) -> None:
    """Raise InputError where the baseline has no such feature: a mark of a misspelt one would never do anything."""
    from monitor import configured
    from monitor.baselines import load
    from monitor.config.mistakes import meant
    from monitor.errors import InputError

    if feature is None:
        return
    monitor = config.monitors[name]
    features = configured.layout(monitor, load(monitor.baseline, with_statistics=False)).features
    if feature not in features:
        raise InputError(f"monitor {name!r}: the baseline has no feature {feature!r}; {meant(feature, [*features])}")


def written(database: "Database", name: str, feature: str | None, kind: str, why: str) -> "MarkRow":
    """Keep the mark in the store."""
    from monitor.cli.storing import who
    from monitor.daemon.clock import machine_clock
    from monitor.daemon.leading import owner
    from monitor.errors import InputError
    from monitor.store.ledger import Ledger

    mark = Ledger(database, owner()).mark(name, kind, feature, who=who(), why=why, now=machine_clock())
    if mark is None:
        raise InputError(f"monitor {name!r}: no window was judged yet, so there is nothing to say anything of")
    return mark
