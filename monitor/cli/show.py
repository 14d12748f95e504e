"""How the outcome of `check` and `evaluate` is shown."""

import shutil
import sys
from pathlib import Path

import click

from monitor.cli.scripts import show_said
from monitor.evaluate import Outcome
from monitor.render.json import report_json
from monitor.render.table import table
from monitor.render.untrusted import shown
from monitor.sagemaker.violations import TYPES, exit_message


def show(outcome: Outcome, *, as_json: bool = False, everything: bool = False, out: Path | None = None) -> None:
    """The report on the standard output; where it was written, and what was rejected, besides.

    What a script said, and columns that were asked for and not found, are told on the standard error.
    """
    show_said("preprocess", outcome.said)
    for note in outcome.notes:
        click.echo(f"driftd: {note}", err=True)
    if as_json:
        click.echo(report_json(outcome.report), nl=False)
        return
    width = shutil.get_terminal_size((120, 24)).columns
    color = sys.stdout.isatty()
    click.echo(table(outcome.report, width=width, color=color, all_findings=everything).rstrip("\n"))
    for reject in outcome.rejects[:5]:
        why = f" ({shown(reject.why, 200)})" if reject.why else ""
        click.echo(f"rejected: {shown(reject.path, 200)}:{reject.line}: {reject.reason}{why}")
    if outcome.report.judged and any(finding.rule in TYPES for finding in outcome.report.findings):
        click.echo(exit_message(outcome.report.findings))
    if out is not None:
        click.echo(f"report: {out / 'report.html'}, for programs {out / 'report.json'}")
