"""Plan: all trials in the order of the page, and the detectors they are put to."""

from benchmarks.verdicts import delays, edges, foolish, late, life, nulls, one_window, peers, power, preset
from benchmarks.verdicts.run import Make, Product
from benchmarks.verdicts.trial import Trial

DETECTORS: dict[str, Make] = {"driftd": Product, "never": foolish.Never, "always": foolish.Always}
FOOLISH = ("null A1 undated", "delay A7 iid", "first window")
"""What detectors that know nothing are put through, a few runs each: they must fail."""


def parts() -> dict[str, list[Trial]]:
    """By part of the page."""
    return {
        "budget": [*nulls.trials(), *edges.trials(), *late.trials(), *preset.trials()],
        "delays": delays.trials(),
        "life": [*life.trials(), *power.trials()],
        "one window": one_window.trials(),
        "peers": peers.trials(),
    }


def trials() -> dict[str, Trial]:
    """By name."""
    return {trial.name: trial for part in parts().values() for trial in part}
