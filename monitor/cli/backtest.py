"""`driftd backtest`: what a configuration would have said of windows that are stored."""

from pathlib import Path

import click


@click.command()
@click.option("--config", "file", required=True, type=click.Path(path_type=Path), help="The configuration.")
@click.option("--monitor", "name", required=True, help="The monitor in it.")
@click.option("--against", type=click.Path(path_type=Path), help="Another configuration with this monitor.")
@click.option("--start", metavar="TIME", help="Only windows from here on, which are learned from first.")
@click.option("--end", metavar="TIME", help="... and before here.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document, and nothing else.")
def backtest(file: Path, name: str, against: Path | None, start: str | None, end: str | None, as_json: bool) -> None:
    """Replay what is stored of a monitor's windows: what would have been an alarm of drift, when, and how often.

    No captures are needed. Production is learned from the first of these windows, as it would have been. With --against
    both configurations are replayed over the windows stored by the first, and told apart; a coarser schedule has them
    added up.
    """
    from monitor.backtesting import difference, timeline
    from monitor.cli import looks
    from monitor.cli.config import loaded, monitor_of
    from monitor.cli.evaluate import moment_of
    from monitor.cli.progress import Bar
    from monitor.render import timeline as render

    there = looks.kept(loaded(file)[0], monitor_of(file, name), moment_of("--start", start), moment_of("--end", end))
    with Bar("replaying windows") as bar:
        found = timeline(there.looks, there.plan, tell=bar.steps(len(there.looks)))
    if against is None:
        report = render.document(name, found, there.plan)
        click.echo(render.dumped(report) if as_json else render.told(name, found, there.plan), nl=False)
        return
    theirs = looks.against(monitor_of(against, name), there)
    with Bar("replaying windows") as bar:
        other = timeline(theirs.looks, theirs.plan, tell=bar.steps(len(theirs.looks)))
    apart = difference(found, other)
    if as_json:
        report = render.document(name, found, there.plan)
        report |= {"against": render.document(name, other, theirs.plan), "difference": render.differing(apart)}
        click.echo(render.dumped(report), nl=False)
    else:
        click.echo(render.compared((str(file), str(against)), (found, other), apart), nl=False)
