"""`driftd demo`: the whole product on shipped data with planted faults."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.lean import keep_lean

if TYPE_CHECKING:
    from monitor.daemon.replay import Replay

TOLD = """\
demo: the past is judged. Open {address} in a browser.
demo: what there is to be seen:
  every model in a row                     {address}
  a deploy that broke two features         {address}{incident}
  the feature that moved furthest          {address}monitors/{green}/feature?name=Day%20Mins
  labels that come days late               {address}monitors/{delivery}
  too few rows to say anything             {address}monitors/{new}
demo: buttons (acknowledge, mute, ...) ask for a name, any, and a password: {token}
demo: traffic goes on, and every hour labels come. Ctrl-C ends it."""


@click.command()
@click.option("--out", default="demo", type=click.Path(path_type=Path), help="Folder to put everything in.")
@click.option("--once", is_flag=True, help="End by itself once the past is judged.")
@click.option("--listen", default="127.0.0.1:9465", help="HOST:PORT of the web; port 0 takes any that is free.")
def demo(out: Path, once: bool, listen: str) -> int:
    """Run the daemon on three weeks of traffic, replayed as if live in about a minute, with faults planted in it.

    No network. Ctrl-C ends it.
    """
    keep_lean()
    from monitor.daemon.replay import Replay
    from monitor.showcase.churn import FAULTS
    from monitor.showcase.story import DAY, DAYS, FAULTY, GREEN

    replay = Replay(out, os.environ, listen)  # noqa: TID251  as `driftd run` does
    click.echo(f"demo: {DAYS} days of two models' traffic in {out}/captures, config {out}/driftd.yaml")
    for fault in FAULTS:
        click.echo(f"demo: planted in {GREEN}, in the last {FAULTY // DAY} days: {fault}")
    return replay.run(once=once, told=lambda: _told(replay, once=once))


def _told(replay: "Replay", *, once: bool) -> None:
    """What there is to be seen, once the past is judged."""
    from monitor.showcase.story import DELIVERY, GREEN, NEW

    found = replay.service.site.people.incidents(None, True, 10, "").items
    for row in found:
        click.echo(f"demo: found in {row.monitor}: {row.why} ({row.cause})")
    click.echo(f"demo: reports are in {replay.folder}/state/reports")
    if not once:
        keys = {row.monitor: f"incidents/{row.id}" for row in found}
        names = {"green": GREEN, "new": NEW, "delivery": DELIVERY, "token": replay.token}
        click.echo(TOLD.format(address=replay.service.address, incident=keys.get(GREEN, "incidents"), **names))
