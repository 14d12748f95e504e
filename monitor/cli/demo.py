"""`driftd demo`: the whole product on shipped data with a planted fault."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from monitor.daemon.replay import Replay

SHOWN = ("driftd_feature_drifted", "driftd_monitor_drifted_features")


@click.command()
@click.option("--out", default="demo", type=click.Path(path_type=Path), help="Folder to put everything in.")
@click.option("--once", is_flag=True, help="End by itself once the past is judged.")
@click.option("--listen", default="127.0.0.1:9465", help="HOST:PORT of the web; port 0 takes any that is free.")
def demo(out: Path, once: bool, listen: str) -> int:
    """Run the daemon on two days of shipped captures, replayed as if live, with two faults planted in the end.

    No network. Ctrl-C ends it.
    """
    from monitor.daemon.replay import FAULTY, FAULTY_HOURS, Replay
    from monitor.showcase import FAULTS
    from monitor.without_pandas import keep_pandas_out

    keep_pandas_out()
    replay = Replay(out, os.environ, listen)  # noqa: TID251  as `driftd run` does
    click.echo(f"demo: two days of a churn model's traffic in {out}/captures, config {out}/driftd.yaml")
    for fault in FAULTS:
        click.echo(f"demo: planted in {FAULTY}, in the last {FAULTY_HOURS} hours: {fault}")
    return replay.run(once=once, told=lambda: _told(replay, once=once))


def _told(replay: "Replay", *, once: bool) -> None:
    """What there is to be seen, once the past is judged."""
    body, _ = replay.service.metrics.exposition(names=SHOWN)
    moved = [line for line in body.decode().splitlines() if line.startswith(SHOWN) and not line.endswith(" 0.0")]
    click.echo("demo: the past is judged; what /metrics says has moved:")
    for line in moved:
        click.echo(f"  {line}")
    click.echo(f"demo: reports are in {replay.folder}/state/reports")
    if not once:
        click.echo(f"demo: open {replay.service.address} (and {replay.service.address}metrics); Ctrl-C ends it")
