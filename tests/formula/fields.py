"""Windows and series for the tests of formulas."""

from collections.abc import Sequence
from datetime import timedelta

import numpy as np

from monitor.formula.evaluation import evaluated
from monitor.formula.parsing import parsed
from monitor.formula.words import Reference
from monitor.series import Series, Windows

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KNOWN = {"mean": True, "min": True, "rows": False, "x": False, "y": False}
NAN = float("nan")
START = 1_767_225_600  # 2026-01-01, a Thursday


def windows(count: int, length: timedelta = HOUR, first: int = 0) -> Windows:
    """So many that meet, behind the first ones."""
    size = length // timedelta(seconds=1)
    starts = START + (first + np.arange(count, dtype=np.int64)) * size
    return Windows(starts=starts, ends=starts + size, interval=length)


def answers(text: str, on: Windows | None = None, **given: Sequence[float]) -> list[float]:
    """The formula in each window, where `x=` and the like are plain series, hourly if nothing else is said."""
    on = windows(len(next(iter(given.values())))) if on is None else on
    series = {Reference(name): Series.of(on, values) for name, values in given.items()}
    return evaluated(parsed(text, KNOWN), on, series).values.tolist()
