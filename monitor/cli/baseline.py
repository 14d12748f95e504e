"""`driftd baseline`: make, show, compare, import and promote baselines."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.limits import OPTION, sizes_of
from monitor.cli.place import PLACE
from monitor.lean import keep_lean
from monitor.place import Place

if TYPE_CHECKING:
    from monitor.baseline import Baseline
    from monitor.config.grammar import Monitor
    from monitor.problem import Problem
    from monitor.roles import Roles


@click.group()
def baseline() -> None:
    """Make, show, compare, import and promote baselines."""


@baseline.command()
@click.argument("data", nargs=-1, required=True, type=PLACE)
@click.option("--out", required=True, type=PLACE, help="Baseline folder; a version is added to it.")
@click.option("--format", "form", default="auto", help="Format of the data; told from the files by default.")
@click.option("--header", type=click.Choice(["auto", "yes", "no"]), default="auto", help="Whether CSV tables have one.")
@click.option(
    "--preprocess", type=click.Path(path_type=Path), help="SageMaker preprocessor script, run on each record."
)
@click.option(
    "--config",
    "file",
    type=click.Path(path_type=Path),
    help="Configuration whose columns, rows (`where`) and windows are meant.",
)
@click.option("--monitor", "name", help="The monitor in it.")
@click.option("--time", help="The column of the data that holds the time of each row.")
@click.option("--where", help='Only rows for which this is true, such as "test_traffic is null".')
@click.option("--problem", type=click.Choice(["regression", "binary", "multiclass"]), help="What the model answers.")
@click.option("--prediction", help="The column that holds what it answered.")
@click.option("--probability", help="The column that holds the probability of the positive class (1).")
@click.option("--truth", help="The column that holds what came true.")
@click.option(
    "--sample",
    type=click.IntRange(0, 10_000),
    default=0,
    metavar="N",
    help="Keep up to N of the rows themselves, for checks that compare rows. They are your data, in plain text.",
)
@OPTION
def make(
    data: tuple[Place, ...],
    out: Place,
    form: str,
    header: str,
    preprocess: Path | None,
    file: Path | None,
    name: str | None,
    where: str | None,
    sample: int,
    limits: tuple[str, ...],
    **named: str | None,
) -> None:
    """Make a new version of a baseline from training data or captures.

    Where rows have times, how they went is kept besides, by hour or by the monitor's windows: it need not learn that.
    """
    keep_lean()
    from monitor.cli import scripts
    from monitor.cli.config import monitor_of
    from monitor.cli.progress import Bar
    from monitor.library import Form, made, together

    monitor = monitor_of(file, name) if file is not None else None
    problem, roles = named.pop("problem"), _roles(monitor, **named)
    script = scripts.found(preprocess, "preprocess")
    sizes = sizes_of(limits, monitor.limits.sizes if monitor is not None else None)
    with Bar("making a baseline", passes=3) as bar:
        found, notes = made(
            data,
            roles,
            together(monitor.condition if monitor is not None else None, where),
            name=out.name,
            form=Form(format=form, header=header, preprocess=script, watch=bar.watch(data), sizes=sizes),
            schedule=monitor.schedule.timetable if monitor is not None else None,
            sample=sample,
            problem=problem or _asked(monitor, roles),
        )
    _keep(out, found, notes)


def _asked(monitor: "Monitor | None", roles: "Roles") -> "Problem | None":
    return monitor.problem.of(roles) if monitor is not None and monitor.problem is not None else None


def _roles(monitor: "Monitor | None", **named: str | None) -> "Roles":
    """What columns are for: as the monitor says, but for those that the command names."""
    from dataclasses import replace

    from monitor.roles import Roles

    roles = monitor.columns.roles if monitor is not None else Roles()
    lists = ("prediction", "probability")
    given = {role: (name,) if role in lists else name for role, name in named.items() if name is not None}
    return replace(roles, **given)  # type: ignore[arg-type]  # a tuple where it is a tuple


def _keep(out: Place, found: "Baseline", notes: tuple[str, ...]) -> None:
    from monitor.baselines import add
    from monitor.render.baseline import told

    kept, history = add(out, found), found.history
    for note in notes:
        click.echo(f"driftd: {note}", err=True)
    volume = kept.profile.volume
    left_out = f", {volume.dropped} rows left out" if volume.dropped else ""
    click.echo(f"{out / kept.version}: {kept.profile.rows} rows, {len(kept.profile.features)} columns{left_out}")
    for reason, count in volume.rejected.items():
        click.echo(f"rejected: {count} ({reason})")
    if history is not None:
        click.echo(f"history: {told(history)}")
    if kept.sample_rows:
        click.echo(f"sample: {kept.sample_rows} rows in plain text; keep the folder as you keep your data")


@baseline.command()
@click.argument("folder", type=PLACE)
def show(folder: Place) -> None:
    """Show a baseline: where it came from, its versions and its columns."""
    from monitor.baselines import load
    from monitor.render.baseline import shown

    click.echo(shown(folder, load(folder, with_history=True)), nl=False)


@baseline.command()
@click.argument("first", type=PLACE)
@click.argument("second", type=PLACE)
def diff(first: Place, second: Place) -> None:
    """Show how the second baseline differs from the first."""
    from monitor.baselines import load
    from monitor.render.baseline import differences

    click.echo(differences(load(first), load(second)), nl=False)


@baseline.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", required=True, type=PLACE, help="Baseline folder; a version is added to it.")
def import_(files: tuple[Path, ...], out: Place) -> None:
    """Take over statistics.json and constraints.json as SageMaker Model Monitor wrote them."""
    from datetime import UTC, datetime

    from monitor.baselines import add
    from monitor.importing import imported

    made_at = datetime.now(UTC)  # noqa: TID251  provenance; no finding depends on it
    kept = add(out, imported(files, name=out.name, made_at=made_at))
    click.echo(f"{out / kept.version}: {kept.profile.rows} rows, {len(kept.profile.features)} columns")


@baseline.command()
@click.argument("folder", type=PLACE)
@click.argument("version")
def promote(folder: Place, version: str) -> None:
    """Make a version the current one; the beginning of its name will do."""
    from monitor import baselines

    click.echo(f"{folder}: current is {baselines.promote(folder, version)}")
