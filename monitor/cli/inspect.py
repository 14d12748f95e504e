"""`driftd inspect`: what is this file, can it be read, and how."""

import click

from monitor.cli.limits import OPTION, sizes_of
from monitor.cli.place import PLACE
from monitor.lean import keep_lean
from monitor.place import Place


@click.command()
@click.argument("files", nargs=-1, required=True, type=PLACE)
@click.option("--format", "form", default="auto", help="A format by name, or a YAML file with a mapped format.")
@click.option("--header", type=click.Choice(["auto", "yes", "no"]), default="auto", help="Whether CSV tables have one.")
@OPTION
def inspect(files: tuple[Place, ...], form: str, header: str, limits: tuple[str, ...]) -> int:
    """Say of each of FILES (files or folders) what it is, what its columns are, what cannot be read and why, and the
    YAML that reads it. Letters and digits of rejected records are shown as `a` and `0`.

    Exit codes: 0 rows were read from each; 2 bad usage; 3 no row could be read from one.
    """
    keep_lean()
    import yaml

    from monitor.inspecting import inspect as inspected
    from monitor.render.inspection import inspected as shown

    sizes = sizes_of(limits)
    found = [inspected(path, form, header, sizes) for path in files]
    for place, one in enumerate(found):
        text = yaml.safe_dump(dict(one.yaml), sort_keys=False, allow_unicode=True, width=100)
        click.echo(("\n" if place else "") + shown(one, text), nl=False)
    return 0 if all(one.volume.rows for one in found) else 3
