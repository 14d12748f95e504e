"""`driftd backtest`: what a configuration would have said of windows that are stored."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.backtesting import Timeline
    from monitor.policy.plan import Plan


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
    both configurations are replayed over the windows stored by the first, and told apart.
    """
    from monitor.backtesting import difference
    from monitor.cli.evaluate import moment_of
    from monitor.render import timeline as render

    stretch = (moment_of("--start", start), moment_of("--end", end))
    names = (str(file), str(against))
    found, plan = replay(file, name, stretch)
    if against is None:
        told = render.document(name, found, plan) if as_json else render.told(name, found, plan)
    else:
        other, others = replay(against, name, stretch, stored_by=file)
        apart = difference(found, other)
        told = render.compared(names, (found, other), apart)
        if as_json:
            told = {
                **render.document(name, found, plan),
                "against": render.document(name, other, others),
                "difference": render.differing(apart),
            }
    click.echo(told if isinstance(told, str) else render.dumped(told), nl=False)


def replay(
    file: Path, name: str, stretch: "tuple[datetime | None, datetime | None]", *, stored_by: Path | None = None
) -> "tuple[Timeline, Plan]":
    """What a configuration says of the stored windows of a stretch; `stored_by` is the one whose store they are in."""
    from monitor import configured
    from monitor.backtesting import timeline
    from monitor.cli.config import loaded, monitor_of
    from monitor.cli.looks import kept

    monitor = monitor_of(file, name)
    there = kept(loaded(stored_by or file)[0], monitor, *stretch)
    plan = configured.plan(monitor, there.layout, marks=there.marks)
    return timeline(there.looks, plan), plan
