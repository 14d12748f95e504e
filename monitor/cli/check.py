"""`driftd check`: captures against a baseline, here and now."""

from dataclasses import replace
from pathlib import Path
from typing import Literal

import click

from monitor.cli.engine import Spelled, by_size, where_read
from monitor.cli.limits import OPTION, sizes_of
from monitor.cli.place import PLACE
from monitor.lean import keep_lean
from monitor.place import Place


@click.command()
@click.argument("captures", nargs=-1, required=True, type=PLACE)
@click.option("--baseline", required=True, type=PLACE, help="Baseline folder, or one version in it.")
@click.option("--format", "form", default="auto", help="Capture format; told from the files by default.")
@click.option("--header", type=click.Choice(["auto", "yes", "no"]), default="auto", help="Whether CSV tables have one.")
@click.option("--preset", type=click.Choice(["driftd", "sagemaker"]), default="driftd", help="Which checks.")
@click.option("--where", help='Only rows for which this is true, such as "test_traffic is null".')
@click.option("--rules", "folder", type=click.Path(path_type=Path), help="Folder of your own rules, all put besides.")
@click.option(
    "--preprocess", type=click.Path(path_type=Path), help="SageMaker preprocessor script, run on each record."
)
@click.option("--postprocess", type=click.Path(path_type=Path), help="SageMaker postprocessor script; needs --out.")
@click.option("--truth", multiple=True, type=PLACE, help="File or folder of labels, to be joined; may be repeated.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder to write the report's files to.")
@where_read
@OPTION
@click.option("--json", "as_json", is_flag=True, help="The report as one JSON document, and nothing else.")
@click.option("--all", "everything", is_flag=True, help="List every finding.")
def check(
    captures: tuple[Place, ...],
    baseline: Place,
    form: str,
    header: str,
    preset: Literal["driftd", "sagemaker"],
    where: str | None,
    folder: Path | None,
    preprocess: Path | None,
    postprocess: Path | None,
    truth: tuple[Place, ...],
    out: Path | None,
    engine: Spelled | None,
    limits: tuple[str, ...],
    as_json: bool,
    everything: bool,
) -> int:
    """Judge CAPTURES (files or folders, local or in an object store) against a baseline.

    Exit codes: 0 nothing is violated; 1 something is; 2 bad usage or input; 3 no row could be read or nothing could
    be judged; 4 a rule or script failed.
    """
    chosen = engine or by_size(() if truth else captures)  # what is joined with labels is read by this process
    keep_lean()
    from monitor import filing
    from monitor.cli import scripts
    from monitor.cli.progress import Bar
    from monitor.cli.show import show
    from monitor.library import Form, judged

    after = scripts.found_after(postprocess, out)
    how = Form(format=form, header=header, preprocess=scripts.found(preprocess, "preprocess"), engine=chosen)
    with Bar("reading captures") as bar:
        how = replace(how, sizes=sizes_of(limits), truth=truth, watch=bar.watch(captures))
        outcome = judged(captures, baseline, folder, None, where, preset, how)
    if out is not None:
        filing.write(outcome, out)
    show(outcome, as_json=as_json, everything=everything, out=out)
    return scripts.finish(outcome, after, out, source=captures[0])
