"""`driftd rules`: list, show and test rules."""

from pathlib import Path

import click

FOLDER = click.option("--rules", "folder", type=click.Path(path_type=Path), help="Folder of your own rules.")


@click.group()
def rules() -> None:
    """List, show and test rules: the shipped ones and your own."""


@rules.command("list")
@FOLDER
@click.option("--markdown", is_flag=True, help="The shipped rules as the page docs/rules.md.")
def list_(folder: Path | None, markdown: bool) -> None:
    """Every rule in a line: its name, what it is asked about, what it says."""
    from monitor.render.rules import catalogue
    from monitor.rulepath import find

    found = find([folder] if folder else [])
    if markdown:
        click.echo(catalogue([found.rules[name] for name in found.shipped]), nl=False)
        return
    for name, rule in sorted(found.rules.items()):
        mark = " (yours)" if name in found.users else ""
        click.echo(f"{name:18} {rule.subject:12} {rule.doc.partition(chr(10))[0]}{mark}")
    for path, name in found.transforms:
        click.echo(f"{name:18} {'transform':12} {path}")


@rules.command()
@click.argument("name")
@FOLDER
def show(name: str, folder: Path | None) -> None:
    """The manual page of a rule."""
    from difflib import get_close_matches

    from monitor.errors import RuleError
    from monitor.render.rules import manual
    from monitor.rulepath import find

    found = find([folder] if folder else []).rules
    if name not in found:
        near = get_close_matches(name, found, n=1)
        cure = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(sorted(found))}"
        raise RuleError(f"rule {name!r}: unknown; {cure}")
    click.echo(manual(found[name]), nl=False)


@rules.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
def test(folder: Path | None) -> int:
    """Run each rule file's own examples and the law for all rules; the shipped rules where no FOLDER is given."""
    from monitor import builtin
    from monitor.rulepath import rule_files
    from monitor.testing import faults

    files = rule_files(folder if folder is not None else Path(builtin.__path__[0]))
    wrong = 0
    for path in files:
        found = faults(path)
        wrong += len(found)
        click.echo(f"{path.name}: {'ok' if not found else f'{len(found)} wrong'}")
        for fault in found:
            click.echo(f"  {fault}")
    click.echo(f"{len(files)} rule files, {wrong} faults")
    return 1 if wrong else 0
