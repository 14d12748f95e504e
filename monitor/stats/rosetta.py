"""One size of a move in every measure: "0.1" is a quarter, a third or a tenth of a standard deviation.

`python -m monitor.stats.rosetta` prints the table.
"""

import math
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

LARGEST: Final = 12.0  # standard deviations; what is left beyond them no double can tell from nothing
MOST_TOLERATED: Final = 3.0
SHOWN: Final = (0.05, 0.1, 0.25, 0.5, 1.0)  # standard deviations of the table's rows
TOLERANCES: Final = (0.025, 0.1)  # shares of rows that have rows of their own: the shipped ones
_TOLD: Final = ("ks", "tv", "w1", "psi", "js", "js_e", "hellinger", "energy", "cvm", "auc")
_GRID: Final = np.concatenate(([0.0], np.geomspace(1e-5, LARGEST, 400)))
# The trapezoid rule is exact to rounding for smooth functions that vanish at both ends.
_Z: Final = np.linspace(-12.0, 12.0, 481)
_WEIGHT: Final = np.exp(-(_Z**2) / 2) / np.exp(-(_Z**2) / 2).sum()


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """How a shift by so many standard deviations of a unit normal shows: its `size`, which grows from 0 at no shift.

    `most` is what no shift reaches. `words` say what it is, `heading` is that of its column in the table.
    """

    heading: str
    words: str
    size: Callable[[float], float]
    most: float = math.inf
    rest: float = 0.0


def _js(shift: float) -> float:
    """Jensen-Shannon distance in nats: `JSD = E[ln 2 - ln(1 + exp(-(d Z + d^2 / 2)))]`, Z normal, by symmetry."""
    divergence = float((_WEIGHT * (math.log(2) - np.logaddexp(0.0, -(shift * _Z + shift**2 / 2)))).sum())
    return math.sqrt(max(0.0, divergence))


def _energy(shift: float) -> float:
    """`sqrt(2 E|X - Y| - E|X - X'| - E|Y - Y'|)`; X - Y is normal with mean d and variance 2 (folded normal)."""
    apart = 2 / math.sqrt(math.pi) * math.exp(-(shift**2) / 4) + shift * math.erf(shift / 2)
    return math.sqrt(max(0.0, 2 * apart - 4 / math.sqrt(math.pi)))


def _cramer_von_mises(shift: float) -> float:
    """`E (Phi(Z) - Phi(Z - d))^2`, Z of either side: by symmetry both give the same."""
    return float((_WEIGHT * (ndtr(_Z) - ndtr(_Z - shift)) ** 2).sum())


def _gap(shift: float) -> float:
    return math.erf(shift / math.sqrt(8))


# Formulas for N(0, 1) against N(d, 1); p and q are the two densities.
MEASURES: Final[Mapping[str, Measure]] = {
    "sd": Measure(heading="sd", words="standard deviations", size=lambda d: d),
    "rows": Measure(
        heading="rows at the median",
        words="share of rows that change sides at the median, Phi(d) - 1/2",
        size=lambda d: float(ndtr(d)) - 0.5,
        most=0.5,
    ),
    "angle": Measure(
        heading="largest angle",
        words="largest difference on the angle scale over all cuts, 2 asin(2 Phi(d/2) - 1)",
        size=lambda d: 2 * math.asin(_gap(d)),
        most=math.pi,
    ),
    "ks": Measure(heading="KS", words="Kolmogorov-Smirnov distance, 2 Phi(d/2) - 1", size=_gap, most=1.0),
    "linf": Measure(heading="L-infinity", words="largest gap at the cuts, as KS; 2 Phi(d/2) - 1", size=_gap, most=1.0),
    "tv": Measure(heading="TV", words="total variation distance, 2 Phi(d/2) - 1", size=_gap, most=1.0),
    "w1": Measure(heading="W1", words="Wasserstein-1 distance in standard deviations", size=lambda d: d),
    "psi": Measure(heading="PSI", words="population stability index (Jeffreys), d^2", size=lambda d: d * d),
    "js": Measure(
        heading="JS",
        words="Jensen-Shannon distance, base 2",
        size=lambda d: _js(d) / math.sqrt(math.log(2)),
        most=1.0,
    ),
    "js_e": Measure(
        heading="JS base e", words="Jensen-Shannon distance, base e", size=_js, most=math.sqrt(math.log(2))
    ),
    "hellinger": Measure(
        heading="Hellinger",
        words="Hellinger distance, sqrt(1 - exp(-d^2/8))",
        size=lambda d: math.sqrt(-math.expm1(-d * d / 8)),
        most=1.0,
    ),
    "energy": Measure(heading="energy", words="energy distance, as scipy.stats has it", size=_energy),
    "cvm": Measure(
        heading="Cramer-von Mises",
        words="mean squared gap of the distribution functions over the rows",
        size=_cramer_von_mises,
        most=1 / 3,
    ),
    "auc": Measure(
        heading="domain AUC",
        words="AUC of a classifier of now against base, Phi(d / sqrt 2)",
        size=lambda d: float(ndtr(d / math.sqrt(2))),
        most=1.0,
        rest=0.5,
    ),
}


def from_deviations(deviations: float, measure: str) -> float:
    """How a shift of a unit normal by so many standard deviations (0 or more) shows in a measure. nan stays nan.

    Reference: every row of `MEASURES` has its formula. No shift: 0 (AUC: 0.5).

    >>> round(from_deviations(0.5, "ks"), 3), from_deviations(0.5, "psi"), round(from_deviations(1.0, "js"), 3)
    (0.197, 0.25, 0.401)
    """
    return deviations if math.isnan(deviations) else _known(measure).size(abs(deviations))


def in_deviations(value: float, measure: str) -> float:
    """The shift of a unit normal, in standard deviations, that shows so in a measure; at most 12. nan stays nan.

    ValueError for what no shift shows as: below the measure's least, or at or above its most.

    >>> round(in_deviations(0.2, "psi"), 2), round(in_deviations(0.1, "js"), 2), in_deviations(0.0, "ks")
    (0.45, 0.24, 0.0)
    """
    known = _known(measure)
    if math.isnan(value):
        return value
    if not known.rest <= value < known.most:
        limit = "" if math.isinf(known.most) else f" and below {known.most:.4g}"
        raise ValueError(f"{measure} {value:g}: {known.words}; from {known.rest:g}{limit} would be right")
    return _inverse(value, measure)


@cache
def _table(measure: str) -> NDArray[np.float64]:
    """Sizes at the shifts of the grid."""
    size = MEASURES[measure].size
    return np.array([size(shift) for shift in _GRID.tolist()])


def _inverse(value: float, measure: str) -> float:
    """By false position between two neighbours of a grid, where every measure is nearly a line."""
    size, sizes = MEASURES[measure].size, _table(measure)
    at = int(np.searchsorted(sizes, value))
    if at in (0, len(sizes)):
        return 0.0 if at == 0 else LARGEST
    low, high = float(_GRID[at - 1]), float(_GRID[at])
    under, over = float(sizes[at - 1]), float(sizes[at])
    for _ in range(6):
        middle = low + (high - low) * (value - under) / (over - under)
        found = size(middle)
        if found == value or not low < middle < high:
            return middle
        low, high, under, over = (middle, high, found, over) if found < value else (low, middle, under, found)
    return middle


def in_measure(value: float, measure_from: str, measure_to: str) -> float:
    """A value of one measure in another: both are shown by the same shift of a unit normal. nan stays nan.

    >>> round(in_measure(0.1, "ks", "sd"), 2), round(in_measure(0.025, "rows", "angle"), 4)
    (0.25, 0.05)
    """
    return from_deviations(in_deviations(value, measure_from), measure_to)


def tolerance_of(told: float | Mapping[str, float]) -> float:
    """A tolerance as the share of rows at the median: told as that share, or in one measure by its name.

    ValueError, in words, for anything else.

    >>> tolerance_of(0.025), round(tolerance_of({"ks": 0.1}), 4), round(tolerance_of({"sd": 0.25}), 4)
    (0.025, 0.0992, 0.0987)
    """
    if isinstance(told, Mapping):
        if len(told) != 1:
            raise ValueError(
                f"tolerance {dict(told)}: one measure would be right, such as {{psi: 0.1}} or {{sd: 0.25}}"
            )
        ((measure, value),) = told.items()
    else:
        measure, value = "rows", told
    _known(measure)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"tolerance {measure} {value!r}: a number would be right, such as 2.5% or {{psi: 0.1}}")
    shift = in_deviations(float(value), measure)
    if shift > MOST_TOLERATED:
        most = from_deviations(MOST_TOLERATED, measure)
        raise ValueError(
            f"tolerance {measure} {value:g}: nothing would ever pass it; up to {most:.3g} (3 sd) would be right"
        )
    return float(value) if measure == "rows" else from_deviations(shift, "rows")


def _known(measure: str) -> Measure:
    known = MEASURES.get(measure)
    if known is None:
        raise ValueError(f"measure {measure!r}: unknown; one of {', '.join(MEASURES)} would be right")
    return known


def table() -> str:
    """The Rosetta table as Markdown: what one shift is called in every measure.

    >>> table().splitlines()[0].startswith("| a shift of | rows at the median | KS = TV | W1 |")
    True
    """
    names = ("rows", "ks", "w1", "psi", "js", "js_e", "hellinger", "energy", "auc", "angle")
    headings = [MEASURES[name].heading for name in names]
    headings[1] = "KS = TV"
    shifts = sorted((*SHOWN, *(in_deviations(share, "rows") for share in TOLERANCES)))
    lines = [["a shift of", *headings], ["---"] * (len(names) + 1)]
    for shift in shifts:
        cells = [_shown(name, from_deviations(shift, name)) for name in names]
        lines.append([f"{shift:.3g} sd", *cells])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def in_words(rows: float) -> str:
    """A tolerance, as a share of rows at the median, in the measures that people know.

    >>> in_words(0.025).split(" = ")[:5]
    ['2.5 % of rows at the median', '0.0627 sd', 'KS 0.025', 'TV 0.025', 'W1 0.063']
    >>> in_words(0.025).split(" = ")[5:9]
    ['PSI 0.0039', 'JS 0.027', 'JS base e 0.022', 'Hellinger 0.022']
    """
    shift = in_deviations(rows, "rows")
    others = (f"{MEASURES[name].heading} {_shown(name, from_deviations(shift, name))}" for name in _TOLD)
    return " = ".join([f"{_shown('rows', rows)} of rows at the median", f"{shift:.3g} sd", *others])


def _shown(name: str, value: float) -> str:
    if name == "rows":
        return f"{value * 100:.3g} %"
    return f"{value:.3f}" if value >= 0.0095 else f"{value:.4f}"


if __name__ == "__main__":
    sys.stdout.write(table() + "\n")
