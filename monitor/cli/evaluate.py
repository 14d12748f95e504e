"""`driftd evaluate`: one monitor of a configuration, now."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from monitor.config.grammar import Config, Monitor
    from monitor.evaluate import Order
    from monitor.rulepath import RulePath

MOST_RULE_SECONDS = 60.0


@click.command()
@click.option("--config", "file", required=True, type=click.Path(path_type=Path), help="The configuration.")
@click.option("--monitor", "name", help="The monitor in it; the only one by default.")
@click.option("--json", "as_json", is_flag=True, help="The report as one JSON document, and nothing else.")
@click.option("--all", "everything", is_flag=True, help="List every finding.")
def evaluate(file: Path, name: str | None, as_json: bool, everything: bool) -> int:
    """Judge all captures of a monitor, as it is configured, and write the report below `state`.

    Exit codes as of check.
    """
    from monitor import evaluate as evaluation
    from monitor import formats
    from monitor.baselines import load
    from monitor.cli import scripts
    from monitor.cli.config import loaded, monitor_of
    from monitor.cli.progress import Bar
    from monitor.cli.show import show
    from monitor.reading import Reading
    from monitor.without_pandas import keep_pandas_out

    keep_pandas_out()
    config, rules = loaded(file)
    monitor = monitor_of(file, name)
    baseline = load(monitor.baseline)
    order = order_of(config, monitor, rules)
    after = scripts.found(monitor.postprocess, "postprocess", order.limits)
    with Bar("reading captures") as bar:
        paths = [monitor.captures.path]
        expected = evaluation.expected(baseline, monitor.captures.header, monitor.limits.sizes)
        reading = Reading(paths, expected, formats.chosen(monitor.captures.format), watch=bar.watch(paths))
        outcome = evaluation.evaluate(reading, baseline, order)
    span = outcome.report.window
    stretch = f"{span.start:%Y%m%dT%H%M%SZ}_{span.end:%Y%m%dT%H%M%SZ}" if span is not None else "undated"
    out = config.state / "reports" / monitor.name / f"{stretch}_r1"
    evaluation.write(outcome, out)
    show(outcome, as_json=as_json, everything=everything, out=out)
    return scripts.finish(outcome, after, out, source=monitor.captures.path, endpoint=monitor.endpoint.name)


def order_of(config: "Config", monitor: "Monitor", rules: "RulePath") -> "Order":
    """What a monitor's configuration asks for."""
    import hashlib

    from monitor import rulepath
    from monitor.child.limits import Limits
    from monitor.cli import scripts
    from monitor.config.checks import checks_of
    from monitor.config.show import show
    from monitor.evaluate import Order

    presets = {"driftd": rulepath.preset(rules.rules), "sagemaker": ()}
    checks = checks_of(monitor, rules.rules, presets)
    seconds = min(MOST_RULE_SECONDS, monitor.limits.time.total_seconds())
    limits = Limits(memory_bytes=monitor.limits.memory, seconds=seconds)
    return Order(
        monitor=monitor.name,
        checks=checks,
        sagemaker="sagemaker" in monitor.presets,
        rules=rules,
        roles=monitor.columns.roles,
        where=monitor.condition,
        limits=limits,
        preprocess=scripts.found(monitor.preprocess, "preprocess", limits),
        config_digest=f"sha256:{hashlib.sha256(show(config).encode()).hexdigest()}",
    )
