"""`driftd config`: check and show a configuration, and make alert rules from it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from monitor.config.grammar import Config, Monitor
    from monitor.rulepath import RulePath


@click.group()
def config() -> None:
    """Check and show a configuration, and make alert rules from it."""


@config.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def check(files: tuple[Path, ...]) -> None:
    """Tell every mistake in FILES at once, with file, line and key; exit 2 where there is one.

    Of each monitor the next three windows are told, when they are judged, how many false alarms are to be expected, how
    long it learns, and its tolerance in every measure; its own alarms, and what is odd about them; of all together, how
    many false alarms a year.
    """
    from monitor import promise
    from monitor.config import overview
    from monitor.config.upcoming import lines, never
    from monitor.errors import ConfigError

    now = datetime.now(UTC)  # noqa: TID251  what comes next depends on it
    mistakes = []
    for file in files:
        try:
            found, _ = loaded(file)
            never(found, file, now)
        except ConfigError as error:
            mistakes.append(str(error))
            continue
        names = ", ".join(found.monitors)
        click.echo(f"{file}: good: {len(found.monitors)} monitor{'s' if len(found.monitors) != 1 else ''} ({names})")
        for monitor in found.monitors.values():
            click.echo("\n".join(lines(monitor, now)))
            promised = promise.lines(monitor) if monitor.enabled else ["is not judged: enabled is false"]
            for line in (*promised, *overview.lines(monitor)):
                click.echo(f"{'':{len(monitor.name) + 4}}{line}")
        if together := promise.in_all(found.monitors.values()):
            click.echo(f"  {together}")
    if mistakes:
        raise ConfigError("\n".join(mistakes))


@config.command()
@click.argument("file", type=click.Path(path_type=Path))
def show(file: Path) -> None:
    """The configuration in effect, every default filled in, secrets left out."""
    from monitor.config.show import show as shown

    click.echo(shown(loaded(file)[0]), nl=False)


@config.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--out", "folder", type=click.Path(path_type=Path), help="Folder for rules, their tests, and routes.")
@click.option(
    "--by", metavar="LABEL", help="The label that says whose a monitor is [default: team, owner, or the first]."
)
@click.option("--runbooks", metavar="URL", help="Where the runbooks are published.")
def rules(file: Path, folder: Path | None, by: str | None, runbooks: str | None) -> None:
    """Alert rules for Prometheus from FILE, on the standard output; with --out a folder of files.

    These are driftd.rules.yml (all rules, in the place of the shipped ones), driftd.rules.test.yml (their tests for
    promtool) and alertmanager.yml (routes, inhibition, and receivers for you to fill in). An alertmanager.yml that is
    there already is yours and stays: the new one is written beside it, as alertmanager.yml.new.
    """
    from monitor.alerting import pages, shipped
    from monitor.alerting.subject import left_out, subjects
    from monitor.errors import InputError

    found, known = loaded(file)
    for line in left_out(found):
        click.echo(f"driftd: {file}: {line}", err=True)
    watched = subjects(found, known)
    labels = sorted({name for one in watched for name in one.labels})
    if by is not None and by not in labels:
        raise InputError(f"--by {by!r}: no monitor has this label; {', '.join(labels) or 'none at all'} would be right")
    address = runbooks.rstrip("/") if runbooks is not None else shipped.runbooks()
    texts = pages.pages(watched, runbooks=address, by=by)
    if folder is None:
        click.echo(texts[pages.RULES], nl=False)
        return
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        path = folder / name
        is_yours = name == pages.ALERTMANAGER and path.exists() and path.read_text(encoding="utf-8") != text
        target = path.with_name(f"{name}.new") if is_yours else path
        target.write_text(text, encoding="utf-8")
        click.echo(f"{target}: written{f'; {path} stays as it is' if is_yours else ''}")


def loaded(file: Path) -> "tuple[Config, RulePath]":
    """The configuration and the rules it names; every mistake is raised at once."""
    from monitor import rulepath
    from monitor.config.load import load, rule_folders

    rules = rulepath.find(rule_folders(file))
    presets = {"driftd": rulepath.preset(rules.rules), "sagemaker": ()}
    return load(file, rules=rules.rules, presets=presets), rules


def monitor_of(file: Path, name: str | None) -> "Monitor":
    """A monitor of a configuration, by its name; the only one where none is given."""
    from monitor.errors import InputError

    found, _ = loaded(file)
    chosen = name if name is not None else next(iter(found.monitors)) if len(found.monitors) == 1 else None
    if chosen is None or chosen not in found.monitors:
        have = ", ".join(found.monitors)
        raise InputError(f"{file}: has no monitor {name!r}; name one of {have} with --monitor")
    return found.monitors[chosen]
