"""What a monitor's configuration asks for, in the words of evaluation."""

import hashlib
from datetime import timedelta
from pathlib import Path

from monitor import rulepath
from monitor.child.limits import Limits
from monitor.config.checks import checks_of
from monitor.config.grammar import Config, Monitor
from monitor.config.show import show
from monitor.evaluate import Order
from monitor.rulepath import RulePath
from monitor.scripts.script import Name, Script
from monitor.sources.listing import Listed, listed
from monitor.window import Window

MOST_CALL_SECONDS = 60.0
SLACK = timedelta(hours=2)
"""How far before its start a window's captures are looked for: folders are named by the hour of the upload, or the
hour of the request, and clocks differ."""


def order(
    monitor: Monitor, rules: RulePath, *, config_digest: str, window: Window | None = None, preprocess: bool = True
) -> Order:
    """What is to be judged, and how. `preprocess`: whether its script stands in the place of the format."""
    presets = {"driftd": rulepath.preset(rules.rules), "sagemaker": ()}
    return Order(
        monitor=monitor.name,
        checks=checks_of(monitor, rules.rules, presets),
        sagemaker="sagemaker" in monitor.presets,
        rules=rules,
        roles=monitor.columns.roles,
        where=monitor.condition,
        limits=limits(monitor),
        window=window,
        preprocess=script(monitor.preprocess, "preprocess_handler", limits(monitor)) if preprocess else None,
        config_digest=config_digest,
    )


def limits(monitor: Monitor) -> Limits:
    """What one call of the user's code may use: a third of the window's time, so that one that hangs is a finding."""
    seconds = min(MOST_CALL_SECONDS, monitor.limits.time.total_seconds() / 3)
    return Limits(memory_bytes=monitor.limits.memory, seconds=seconds)


def script(path: Path | None, name: Name, within: Limits) -> Script | None:
    """The script of a monitor, if it has one; whether it loads is seen when it is called."""
    return None if path is None else Script(path=path.absolute(), name=name, limits=within)


def files(monitor: Monitor, window: Window, *, again: bool = False) -> list[Listed]:
    """The captures that may hold records of a window, or late ones of those before it.

    `again`: it was judged before; what came late for it lies in folders of later hours.
    """
    late, delay = monitor.schedule.late.allowed, monitor.schedule.delay
    until = window.end + delay + (late if again else timedelta(0))
    return listed(monitor.captures.path, window.start - max(SLACK, late), until)


def digest(config: Config) -> str:
    """The digest of the configuration in effect."""
    return f"sha256:{hashlib.sha256(show(config).encode()).hexdigest()}"
