"""`driftd init`: a folder to start from."""

import shutil
from pathlib import Path

import click

START = Path(__file__).parent.parent / "shipped" / "start"


@click.command()
@click.argument("folder", default=".", type=click.Path(path_type=Path))
def init(folder: Path) -> None:
    """Write a configuration, an example of a rule and a README into FOLDER; nothing that is there is overwritten."""
    for source in sorted(path for path in START.rglob("*") if path.is_file() and path.suffix != ".pyc"):
        target = folder / source.relative_to(START)
        if target.exists():
            click.echo(f"{target}: is there already, and stays as it is")
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        click.echo(f"{target}: written")
    click.echo(f"next: see {folder / 'README.md'}")
