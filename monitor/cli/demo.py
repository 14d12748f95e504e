"""`driftd demo`: the main job on shipped data with a planted fault."""

from pathlib import Path

import click


@click.command()
@click.option("--out", default="demo", type=click.Path(path_type=Path), help="Folder to put everything in.")
@click.option("--once", is_flag=True, help="End by itself (it does so far in any case).")
def demo(out: Path, once: bool) -> None:  # noqa: ARG001
    """Judge a clean window and one with planted faults; shipped data, no network."""
    from monitor import evaluate, rulepath
    from monitor.baselines import add
    from monitor.batch import Expected
    from monitor.cli.show import show
    from monitor.intake import Intake
    from monitor.making import make
    from monitor.reading import Reading
    from monitor.showcase import FAULTS, TRAINING, captures

    folder = out / "baselines" / "churn"
    kept = add(folder, make(Intake(Reading([TRAINING], Expected())), name="churn"))
    click.echo(f"baseline: {folder / kept.version}, {kept.profile.rows} training rows of {len(kept.columns)} columns")
    rules = rulepath.find()
    order = evaluate.Order(monitor="churn", checks=rulepath.preset(rules.rules), rules=rules)
    for name, faulty in (("clean", False), ("faulty", True)):
        path = captures(out / "captures" / name, faulty=faulty)
        reading = Reading([path], evaluate.expected(kept))
        outcome = evaluate.evaluate(reading, kept, order)
        report = out / "reports" / name
        evaluate.write(outcome, report)
        click.echo("")
        click.echo(f"== {name} window: {path}" + "".join(f"\n   planted: {fault}" for fault in FAULTS if faulty))
        show(outcome, out=report)
