"""`driftd suggest`: what to write for a monitor, from its own windows, with the alarms to be expected."""

from pathlib import Path

import click


@click.command()
@click.option("--config", "file", required=True, type=click.Path(path_type=Path), help="The configuration.")
@click.option("--monitor", "name", required=True, help="The monitor in it.")
@click.option("--out", type=click.Path(path_type=Path), help="The file to write the YAML to; it must not be there.")
def suggest(file: Path, name: str, out: Path | None) -> None:
    """Learn from the first half of what is stored of a monitor's windows, replay the second half, and write the YAML.

    Where no window is stored, the baseline's own rows are taken, if they had times. What it comes to, and why, is told
    besides: the alarms of drift to be expected in a month, tolerances that were widened, features that wander too much
    to be judged.
    """
    from monitor.cli.config import loaded, monitor_of
    from monitor.cli.looks import learnable
    from monitor.cli.progress import Bar
    from monitor.config.show import alarm, checks
    from monitor.errors import InputError
    from monitor.render.suggestion import reasons, yaml_text
    from monitor.suggesting import suggested

    if out is not None and out.exists():
        raise InputError(f"--out {out}: is there already; another name would be right")
    monitor = monitor_of(file, name)
    there = learnable(loaded(file)[0], monitor)
    try:
        with Bar("replaying windows") as bar:
            found = suggested(there.looks, there.plan, tell=bar.steps(len(there.looks)))
    except ValueError as error:
        raise InputError(f"monitor {name!r}: {error}") from None
    if there.is_dated:
        click.echo("no window is stored; these are the baseline's own rows, by their times", err=True)
    click.echo("\n".join(reasons(name, found)), err=True)
    text = yaml_text(found, checks(monitor), alarm(monitor))
    if out is None:
        click.echo(text, nl=False)
        return
    out.write_text(text, encoding="utf-8")
    click.echo(f"{out}: to be put into monitor {name!r}", err=True)
