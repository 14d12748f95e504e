"""Evaluation: what a formula is in each window.

What is missing stays missing, it is never 0: a side of a sum or a comparison, an exponent, the condition of an `if`.
So is a division by zero, a root of a negative number, and whatever is beyond the largest number. `and` and `or` are
told where one side alone decides: a false side makes `and` false, a true one `or` true, whatever the other is. A
function over many windows leaves out what is missing, and is missing where less than half is there; a count is never
missing. Only `fill` fills: `linear` no more than gaps whose two sides are known, so never the newest window.

No window's answer rests on a later window; but a gap that `linear` filled does, on its other side.
"""

from collections.abc import Mapping
from functools import reduce

import numpy as np

from monitor.formula.statistics import over
from monitor.formula.stretches import enough, lagged, stretches
from monitor.formula.words import (
    Absolute,
    Back,
    Both,
    Chain,
    Change,
    Compare,
    Either,
    Fill,
    Filling,
    Formula,
    If,
    Lag,
    Negative,
    Not,
    Number,
    Over,
    Power,
    Rate,
    Reference,
    references_of,
)  # fmt: skip
from monitor.series import Floats, Series, Windows

ARITHMETIC = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide}
COMPARED = {
    "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal, "==": np.equal, "!=": np.not_equal
}  # fmt: skip


def evaluated(formula: Formula, windows: Windows, series: Mapping[Reference, Series]) -> Series:
    """The formula in each of these windows; a series that is not there is missing in all.

    Its samples are the fewest of the series that it asks for in that window. `windows` begin `reach` before the first
    whose answer matters.
    """
    asked = {name: series[name].on(windows) for name in references_of(formula) if name in series}
    with np.errstate(all="ignore"):
        values = _Windows(windows, {name: each.finite for name, each in asked.items()}).of(formula)
    if len(asked) < len(references_of(formula)) or not asked:
        return Series.of(windows, values)
    return Series.of(windows, values, np.min([each.samples for each in asked.values()], axis=0))


class _Windows:
    """The series of the windows, nan where something is missing and never infinite; each answer is as they are."""

    def __init__(self, windows: Windows, columns: Mapping[Reference, Floats]) -> None:
        self.windows = windows
        self.columns = columns

    def of(self, formula: Formula) -> Floats:
        match formula:
            case Number(value):
                return np.full(len(self.windows), value)
            case Reference():
                return self.columns.get(formula, np.full(len(self.windows), np.nan))
            case Compare(left, sign, right):
                return _known(COMPARED[sign](one := self.of(left), other := self.of(right)), one + other)
            case Not(part):
                return _known((found := self.of(part)) == 0, found)
            case Both(parts):
                return reduce(_both, map(self.of, parts))
            case Either(parts):
                return 1 - reduce(_both, (1 - _true(self.of(part)) for part in parts))
            case If(condition, then, otherwise):
                holds = self.of(condition)
                return np.where(np.isnan(holds), np.nan, np.where(holds != 0, self.of(then), self.of(otherwise)))
            case Fill(part, by):
                return self._filled(self.of(part), by)
            case Over(what, part, back, with_now, share):
                at, least = stretches(self.windows, back, with_now=with_now), enough(back, self.windows.interval)
                return _finite(over(what, self.of(part), at, least, 0.5 if share is None else share))
            case _:
                return _finite(self._reckoned(formula))

    def _reckoned(self, formula: Formula) -> Floats:
        match formula:
            case Chain(first, rest):
                found = self.of(first)
                for sign, part in rest:
                    found = ARITHMETIC[sign](found, self.of(part))
                return found
            case Power(base, exponent):
                # Not numpy's nan ^ 0 = 1 and 1 ^ nan = 1: what is missing stays missing.
                one, other = self.of(base), self.of(exponent)
                return np.where(np.isnan(one) | np.isnan(other), np.nan, one**other)
            case Negative(part):
                return -self.of(part)
            case Absolute(part):
                return np.abs(self.of(part))
            case Lag(part, back):
                return self._lagged(self.of(part), back)
            case Change(part, back):
                return (now := self.of(part)) - self._lagged(now, back)
            case Rate(part):
                now, ends = self.of(part), self.windows.ends.astype(np.float64)
                return (now - self._lagged(now, 1)) / (ends - self._lagged(ends, 1))
        raise AssertionError(formula)

    def _lagged(self, values: Floats, back: Back) -> Floats:
        at = lagged(self.windows, back)
        return np.where(at >= 0, values[at], np.nan)

    def _filled(self, values: Floats, by: Filling) -> Floats:
        there = np.flatnonzero(np.isfinite(values))
        if by == "linear":
            if not len(there):
                return values
            ends = self.windows.ends
            return np.interp(ends, ends[there], values[there], left=np.nan, right=np.nan)
        if by == "repeat":
            latest = np.searchsorted(there, np.arange(len(values)), side="right") - 1
            return np.where(latest >= 0, values[there[latest]] if len(there) else np.nan, np.nan)
        return np.where(np.isnan(values), by, values)


def _finite(values: Floats) -> Floats:
    return np.where(np.isfinite(values), values, np.nan)


def _known(truth: np.ndarray, both: Floats) -> Floats:
    """1 and 0 for true and false, nan where a side is missing."""
    return np.where(np.isnan(both), np.nan, truth.astype(np.float64))


def _true(values: Floats) -> Floats:
    return _known(values != 0, values)


def _both(one: Floats, other: Floats) -> Floats:
    """False where a side is, whatever the other."""
    one, other = _true(one), _true(other)
    return np.where((one == 0) | (other == 0), 0.0, one * other)
