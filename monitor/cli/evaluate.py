"""`driftd evaluate`: one monitor of a configuration, now."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.lean import keep_lean

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.window import Window


BY_HAND = 0
"""The revision of a window that was judged by hand: the daemon's begin at 1."""


@click.command()
@click.option("--config", "file", required=True, type=click.Path(path_type=Path), help="The configuration.")
@click.option("--monitor", "name", help="The monitor in it; the only one by default.")
@click.option("--start", metavar="TIME", help="Judge only what happened from here on, such as 2026-01-05T13:00:00Z.")
@click.option("--end", metavar="TIME", help="... and before here. Both or neither.")
@click.option("--json", "as_json", is_flag=True, help="The report as one JSON document, and nothing else.")
@click.option("--all", "everything", is_flag=True, help="List every finding.")
def evaluate(file: Path, name: str | None, start: str | None, end: str | None, as_json: bool, everything: bool) -> int:
    """Judge all captures of a monitor, or those of one window, as it is configured; write the report below `state`.

    Exit codes as of check.
    """
    keep_lean()
    from dataclasses import replace

    from monitor import configured, filing, formats
    from monitor import evaluate as evaluation
    from monitor.baselines import load
    from monitor.cli import scripts
    from monitor.cli.config import loaded, monitor_of
    from monitor.cli.progress import Bar
    from monitor.cli.show import show
    from monitor.reading import Reading
    from monitor.threads import usable

    window = window_of(start, end)
    config, rules = loaded(file)
    monitor = monitor_of(file, name)
    baseline = load(monitor.baseline)
    order = configured.order(monitor, rules, config_digest=configured.digest(config), window=window)
    order = replace(order, threads=usable())
    scripts.found(monitor.preprocess, "preprocess", order.limits)
    after = scripts.found(monitor.postprocess, "postprocess", order.limits)
    with Bar("reading captures") as bar:
        place = monitor.captures.path
        paths = [place] if window is None else configured.files(monitor, window, again=True)
        selection = evaluation.selection(order)
        expected = evaluation.expected(baseline, monitor.captures.header, monitor.limits.sizes, selection)
        reading = Reading(paths, expected, formats.chosen(monitor.captures.format), watch=bar.watch(paths))
        outcome = configured.evaluated_here(monitor, reading, baseline, order)
    span = outcome.report.window
    stretch = f"{span.start:%Y%m%dT%H%M%SZ}_{span.end:%Y%m%dT%H%M%SZ}" if span is not None else "undated"
    out = config.state / "reports" / monitor.name / f"{stretch}_r{1 if window is None else BY_HAND}"
    filing.write(outcome, out)
    show(outcome, as_json=as_json, everything=everything, out=out)
    return scripts.finish(outcome, after, out, source=monitor.captures.path, endpoint=monitor.endpoint.name)


def window_of(start: str | None, end: str | None) -> "Window | None":
    """The window between two moments, none where none is given. Raises InputError."""
    from monitor.errors import InputError
    from monitor.window import Window

    if start is None or end is None:
        if start == end:
            return None
        given, other = ("--start", "--end") if end is None else ("--end", "--start")
        raise InputError(f"{given} without {other}: both, or neither, would be right")
    begin, over = moment_of("--start", start), moment_of("--end", end)
    assert begin is not None
    assert over is not None
    try:
        return Window(start=begin, end=over)
    except ValueError:
        raise InputError(f"--end {end!r}: is not after --start {start!r}; a later time would be right") from None


def moment_of(option: str, text: str | None) -> "datetime | None":
    """The moment that an option names, None where it is not given. Raises InputError."""
    from monitor.config.values import moment
    from monitor.errors import InputError

    try:
        return None if text is None else moment(text)
    except ValueError as error:
        raise InputError(f"{option} {text!r}: {error}") from None
