"""How often the rules about outliers are VIOLATED while nothing drifts, and how often once outliers are planted.

    python benchmarks/outliers.py [WINDOWS]        (default 200; needs scikit-learn; about two minutes)

One prediction of each shape; the baseline is 20,000 rows of four weeks, windows are hours in a row. Worlds are those of
`benchmarks/verdicts`: independent rows, or means that wander by the hour and the weekday. Planted: 3 % of the numbers
are moved by 8 standard deviations, 3 % of the rows get the rarest class. The isolation forest sees tables of eight
columns against 5,000 rows that were kept, the planted rows lie 4 standard deviations off in each column.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from scipy.special import ndtr

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.verdicts.worlds import WORLDS, Floats, Means
from monitor.builtin.isolation_forest import isolation_forest
from monitor.finding import Status
from monitor.judge import judge
from monitor.library import make_baseline
from monitor.measures.window import measure
from monitor.profile import Profile
from monitor.rule import Check
from monitor.rulepath import shipped
from monitor.tables import InMemory

RULES = ("outliers", "range", "prediction_outliers", "rare_class", "unseen_category")
BASE_ROWS, BASE_HOURS, KEPT, COLUMNS = 20_000, 672, 5_000, 8
PLANTED, FAR = 0.03, 8.0
Rows = Callable[[Floats, np.random.Generator], Sequence[Any]]


def classes(of: int, z: Floats, rng: np.random.Generator) -> list[str]:  # noqa: ARG001
    """Classes of falling frequency: the number of the cell, of equal width, that a normal number lies in."""
    return [f"c{at}" for at in np.digitize(np.abs(z), np.linspace(0, 3.5, of)[1:])]


SHAPES: dict[str, Rows] = {
    "normal": lambda z, _: z,
    "lognormal": lambda z, _: np.exp(z),
    "t(3)": lambda z, rng: z * np.sqrt(3 / rng.chisquare(3, len(z))),
    "exponential": lambda z, _: -np.log(ndtr(-z)),
    "probability": lambda z, _: 1 / (1 + np.exp(-2 * z)),
    "label 0/1, 2 %": lambda z, _: (z > 2.05).astype(int),
    "12 classes": partial(classes, 12),
    "100 classes": partial(classes, 100),
    "1,000 classes": partial(classes, 1000),
}


def planted(values: Sequence[Any], base: Sequence[Any]) -> Sequence[Any]:
    """The same with outliers in the first 3 % of the rows."""
    count = int(PLANTED * len(values))
    if isinstance(values[0], str):
        rarest = min(Counter(base).items(), key=lambda item: (item[1], item[0]))[0]
        return [*[rarest] * count, *values[count:]]
    far = np.array(values, dtype=float)
    far[:count] += FAR * np.std(base)
    return far


def profiled(values: Sequence[Any], base: Profile | None = None) -> Profile:
    """As a baseline, or as a window on its cells; the column is a prediction."""
    table = pa.table({"answer": pa.array(values)})
    if base is not None:
        return measure(InMemory(table), base)
    found = make_baseline(table).profile
    return replace(found, features={"answer": replace(found.features["answer"], role="prediction")})


def windows(shape: Rows, world: str, rows: int, count: int, *, plant: bool) -> dict[str, int]:
    """By rule: in how many windows it was VIOLATED, and in how many UNKNOWN."""
    rng = np.random.default_rng(20260105)
    means = Means(WORLDS[world], 1, rng)
    hours = means.next(BASE_HOURS)[:, 0]
    known = shape(np.repeat(hours, -(-BASE_ROWS // BASE_HOURS))[:BASE_ROWS] + rng.normal(size=BASE_ROWS), rng)
    base, rules, found = profiled(known), shipped(), Counter[str]()
    checks = [Check(rule=rules[name]) for name in RULES]
    for hour in means.next(count)[:, 0]:
        values = shape(hour + rng.normal(size=rows), rng)
        for finding in judge(profiled(planted(values, known) if plant else values, base), base, checks):
            found[f"{finding.rule} {finding.status}"] += 1
    return found


def forest(rows: int, count: int, *, plant: bool) -> dict[str, int]:
    """The same of the isolation forest; each window against the same rows that were kept."""
    rng, found = np.random.default_rng(20260105), Counter[str]()
    names = [f"x{at}" for at in range(COLUMNS)]
    base = pd.DataFrame(rng.normal(size=(KEPT, COLUMNS)), columns=names)
    for _ in range(count):
        values = rng.normal(size=(rows, COLUMNS))
        if plant:
            values[: int(PLANTED * rows)] += rng.choice([-4.0, 4.0], (int(PLANTED * rows), COLUMNS))
        finding = isolation_forest(pd.DataFrame(values, columns=names), base)
        assert not isinstance(finding, Iterator)
        found[f"isolation_forest {finding.status}"] += 1
    return found


def line(words: Sequence[str], found: dict[str, int], rules: Sequence[str]) -> str:
    """A row: windows VIOLATED, by rule, and those UNKNOWN in parentheses."""
    cells = []
    for rule in rules:
        violated, unknown = (found.get(f"{rule} {status}", 0) for status in (Status.VIOLATED, Status.UNKNOWN))
        judged = any(name.startswith(f"{rule} ") and not name.endswith(Status.SKIPPED) for name in found)
        cells.append(f"{violated}{f' ({unknown})' if unknown else ''}" if judged else "-")
    return f"| {' | '.join([*words, *cells])} |"


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    print(f"Windows VIOLATED of {count}; UNKNOWN in parentheses; -: does not apply\n")
    print(f"| prediction | world | rows | planted | {' | '.join(RULES)} |\n|{'---|' * (4 + len(RULES))}")
    for name, shape in SHAPES.items():
        for world, rows, plant in (
            ("iid", 200, False),
            ("iid", 1000, False),
            ("iid", 10_000, False),
            ("mild", 1000, False),
            ("strong", 1000, False),
            ("strong", 10_000, False),
            ("iid", 1000, True),
        ):
            found = windows(shape, world, rows, count, plant=plant)
            print(line([name, world, f"{rows:,}", "3 %" if plant else ""], found, RULES), flush=True)
    print("\n| rows | planted | isolation_forest |\n|---|---|---|")
    for rows, plant in ((200, False), (1000, False), (10_000, False), (1000, True)):
        found = forest(rows, count, plant=plant)
        print(line([f"{rows:,}", "3 %" if plant else ""], found, ["isolation_forest"]), flush=True)


if __name__ == "__main__":
    main()
