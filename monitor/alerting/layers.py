"""Which features a check about drift has the last word on: as matchers, and as names to try them with."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from monitor.alerting.promql import example, like
from monitor.alerting.subject import LEVELS, Layer, Subject
from monitor.metrics.labels import clean

ALL = ("*",)
FILLERS = ("some feature", "another", "x", "0")
"""What stands in the place of `*` in a name that is tried; a later check may have the last word on one of them."""


def matchers(subject: Subject) -> dict[str, list[str]]:
    """By severity, the gravest first: matchers of `feature`, one text for each check; empty for all features."""
    found: dict[str, list[str]] = {}
    for layer, later in _ruling(subject):
        named = f", feature=~{like(layer.globs)}" if layer.globs != ALL else ""
        rest = "".join(f", feature!~{like(other.globs)}" for other in later)
        found.setdefault(layer.severity, []).append(named + rest)
    return {level: found[level] for level in LEVELS.values() if level in found}


def samples(subject: Subject) -> dict[str, str]:
    """Names of features with the severity of their alerts: one for each check that has the last word on any."""
    found = {}
    for layer, later in _ruling(subject):
        for name in _examples(layer):
            if not any(fnmatchcase(name, glob) for other in later for glob in other.globs):
                found[clean(name)] = layer.severity
                break
    return found


def _ruling(subject: Subject) -> Iterator[tuple[Layer, tuple[Layer, ...]]]:
    """Checks with those behind them, but for checks that one of those behind them leaves nothing."""
    for number, layer in enumerate(subject.drift):
        later = subject.drift[number + 1 :]
        if not any("*" in other.globs for other in later):
            yield layer, later


def _examples(layer: Layer) -> Iterator[str]:
    for glob in layer.globs:
        yield from (example(glob, filler) for filler in FILLERS if fnmatchcase(example(glob, filler), glob))
