"""Peers: other tools' rules on the same traffic, at their defaults and with thresholds raised to driftd's budget."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from benchmarks.verdicts.stock import RULES, Reference, Rule, histogram
from benchmarks.verdicts.table import Row, quantile_of
from benchmarks.verdicts.traffic import BASE_HOURS
from benchmarks.verdicts.trial import Make, Outcome, Trial
from benchmarks.verdicts.worlds import WORLDS, Floats, Means

FEATURES, ROWS, BASE_ROWS = 30, 1000, 50_000
YEAR = 8736
DAY = 24
SHIFTS = (0.1, 0.15, 0.25, 0.35, 0.5, 1.0)
HORIZON, REPEATS = 504, 4


class Watch:
    """Rows of a world, and by rule a number that rises with its evidence: the largest over the features."""

    def __init__(self, world: str, rng: np.random.Generator) -> None:
        self.rng, self.means = rng, Means(WORLDS[world], FEATURES, rng)
        hours = self.means.next(BASE_HOURS)
        each = -(-BASE_ROWS // BASE_HOURS)
        self.reference = Reference.of(histogram(np.concatenate([self._rows(mean, each) for mean in hours])))
        seen = [self.reference.measures(histogram(self._rows(mean, ROWS)))["js"] for mean in hours]
        self.centre, self.spread = np.mean(seen, axis=0), np.std(seen, axis=0)

    def _rows(self, mean: Floats, rows: int) -> Floats:
        """Features correlated by 0.3."""
        shared = self.rng.normal(size=(rows, 1)) * np.sqrt(0.3)
        return self.rng.normal(size=(rows, FEATURES)) * np.sqrt(0.7) + shared + mean

    def scores(self, windows: int, shift: float = 0.0, feature: int = 0) -> Floats:
        """By window and rule: 1 where the rule's own threshold lies. One feature is shifted."""
        found = np.empty((windows, len(RULES)))
        for at, mean in enumerate(self.means.next(windows)):
            mean[feature] += shift
            measures = self.reference.measures(histogram(self._rows(mean, ROWS)))
            found[at] = [self._score(rule, measures[rule.measure]) for rule in RULES]
        return found

    def _score(self, rule: Rule, measure: Floats) -> float:
        if rule.learned:
            return float(((measure - self.centre) / self.spread).max()) / rule.threshold
        if rule.measure == "ks p":  # smaller is more: on a scale of which 1 is the threshold too
            level = rule.threshold / FEATURES if rule.split else rule.threshold
            return float(np.log(max(measure.min(), 1e-300)) / np.log(level))
        return float(measure.max()) / rule.threshold


def days(flagged: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> int:
    """Days on which some window is flagged: how often a person would be called who is called once a day.

    >>> days(np.array([True, True] + 22 * [False] + [True] + 23 * [False] + 24 * [False]))
    2
    """
    return int(flagged.reshape(-1, DAY).any(axis=1).sum())


def watched(world: str, rng: np.random.Generator, make: Make) -> Outcome:  # noqa: ARG001
    """A year without drift, then shifts: days with false alarms, raised thresholds, windows until found."""
    watch = Watch(world, rng)
    quiet = watch.scores(YEAR)
    raised = [budgeted(quiet[:, i]) for i in range(len(RULES))]
    found = [[_waits(watch, shift, raised) for _ in range(REPEATS)] for shift in SHIFTS]
    return {
        "flagged": (quiet > 1).mean(axis=0).tolist(),
        "days": [days(quiet[:, i] > 1) for i in range(len(RULES))],
        "raised": raised,
        "waits": found,
    }


def budgeted(scores: Floats) -> float:
    """The lowest threshold, as a multiple of the rule's own, with one day of false alarms in these windows."""
    return float(np.sort(scores.reshape(-1, DAY).max(axis=1))[-2])


def _waits(watch: Watch, shift: float, raised: Sequence[float]) -> list[list[int | None]]:
    """Windows until each rule alarms at its own threshold, and at the raised one."""
    levels = np.array([[1.0, level] for level in raised])
    found = np.zeros(levels.shape, dtype=np.int64)
    feature, shift = int(watch.rng.integers(FEATURES)), float(watch.rng.choice([-shift, shift]))
    for at in range(0, HORIZON, DAY):
        for number, scores in enumerate(watch.scores(DAY, shift, feature), start=at + 1):
            found[(found == 0) & (scores[:, None] > levels)] = number
        if found.all():
            break
    return [[int(windows) or None for windows in rule] for rule in found]


def waits(outcomes: Sequence[Outcome], shift: int, rule: int, raised: bool) -> list[float]:
    """Windows waited by a rule, infinite where it found nothing."""
    found = [wait[rule][raised] for outcome in outcomes for wait in outcome["waits"][shift]]
    return [float("inf") if windows is None else float(windows) for windows in found]


def _rows(world: str, outcomes: Sequence[Outcome]) -> list[Row]:
    rows = []
    for at, rule in enumerate(RULES):
        flagged = np.mean([o["flagged"][at] for o in outcomes])
        called = np.mean([o["days"][at] for o in outcomes])
        raised = np.median([o["raised"][at] for o in outcomes])
        told = ", ".join(
            f"{shift} sd {_told(outcomes, i, at, False)} / {_told(outcomes, i, at, True)}"
            for i, shift in enumerate(SHIFTS)
        )
        seen = (
            f"{100 * flagged:.3g} % of windows flagged, false alarms on {called:.3g} days a year; threshold for one: "
            f"{raised:.3g} x its own; windows to find a shift at its own / at that threshold: {told}"
        )
        rows.append(Row("P", f"{world}: {rule.name}", "another tool's rule", seen, None))
    return rows


def _told(outcomes: Sequence[Outcome], shift: int, rule: int, raised: bool) -> str:
    median = quantile_of(waits(outcomes, shift, rule, raised), 0.5)
    return f"{median:.0f}" if median < float("inf") else "never"


def trials() -> list[Trial]:
    """In the worlds where the budget is promised."""
    return [
        Trial(name=f"peers {world}", one=partial(watched, world), rows=partial(_rows, world), runs=3, short=1)
        for world in ("iid", "mild")
    ]
