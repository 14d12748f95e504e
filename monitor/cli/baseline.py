"""`driftd baseline`: make, show, compare, import and promote baselines."""

from pathlib import Path

import click


@click.group()
def baseline() -> None:
    """Make, show, compare, import and promote baselines."""


@baseline.command()
@click.argument("data", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="Baseline folder; a version is added to it."
)
@click.option("--format", "form", default="auto", help="Format of the data; told from the files by default.")
@click.option("--header", type=click.Choice(["auto", "yes", "no"]), default="auto", help="Whether CSV tables have one.")
@click.option(
    "--preprocess", type=click.Path(path_type=Path), help="SageMaker preprocessor script, run on each record."
)
@click.option("--config", "file", type=click.Path(path_type=Path), help="Configuration whose columns are meant.")
@click.option("--monitor", "name", help="The monitor in it.")
def make(
    data: tuple[Path, ...],
    out: Path,
    form: str,
    header: str,
    preprocess: Path | None,
    file: Path | None,
    name: str | None,
) -> None:
    """Make a new version of a baseline from training data or captures."""
    from datetime import UTC, datetime

    from monitor.baselines import add
    from monitor.batch import Expected
    from monitor.cli import scripts
    from monitor.cli.config import monitor_of
    from monitor.cli.progress import Bar
    from monitor.cli.without_pandas import keep_pandas_out
    from monitor.making import make as made
    from monitor.reading import Reading

    keep_pandas_out()
    columns = monitor_of(file, name).columns if file is not None else None
    script = scripts.found(preprocess, "preprocess")
    with Bar("making a baseline", passes=3) as bar:
        found = made(
            Reading(data, Expected(header=header), form, watch=bar.watch(data)),
            name=out.name,
            made_at=datetime.now(UTC),  # noqa: TID251  provenance; no finding depends on it
            categorical=columns.categorical if columns is not None else (),
            predictions=(columns.prediction,) if columns is not None and columns.prediction else (),
            preprocess=script,
        )
    kept = add(out, found)
    click.echo(f"{out / kept.version}: {kept.profile.rows} rows, {len(kept.profile.features)} columns")
    for reason, count in kept.profile.volume.rejected.items():
        click.echo(f"rejected: {count} ({reason})")


@baseline.command()
@click.argument("folder", type=click.Path(path_type=Path))
def show(folder: Path) -> None:
    """Show a baseline: where it came from, its versions and its columns."""
    from monitor.baselines import load
    from monitor.render.baseline import shown

    click.echo(shown(folder, load(folder)), nl=False)


@baseline.command()
@click.argument("first", type=click.Path(path_type=Path))
@click.argument("second", type=click.Path(path_type=Path))
def diff(first: Path, second: Path) -> None:
    """Show how the second baseline differs from the first."""
    from monitor.baselines import load
    from monitor.render.baseline import differences

    click.echo(differences(load(first), load(second)), nl=False)


@baseline.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="Baseline folder; a version is added to it."
)
def import_(files: tuple[Path, ...], out: Path) -> None:
    """Take over statistics.json and constraints.json as SageMaker Model Monitor wrote them."""
    from datetime import UTC, datetime

    from monitor.baselines import add
    from monitor.importing import imported

    made_at = datetime.now(UTC)  # noqa: TID251  provenance; no finding depends on it
    kept = add(out, imported(files, name=out.name, made_at=made_at))
    click.echo(f"{out / kept.version}: {kept.profile.rows} rows, {len(kept.profile.features)} columns")


@baseline.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("version")
def promote(folder: Path, version: str) -> None:
    """Make a version the current one; the beginning of its name will do."""
    from monitor import baselines

    click.echo(f"{folder}: current is {baselines.promote(folder, version)}")
