"""Coverage: whether intervals hold what they are to hold, and chances are chances. A13, A14, A16, A18 of the table.

`rows(seed, long)` is what the table asks for; each row has a function of its own. Everything is drawn on the product's
cells: cut at the baseline's own quantiles, values beyond its range in cells of their own.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from benchmarks.verdicts.table import Row
from monitor.cells import LEVELS
from monitor.sagemaker.distance import cumulated, numeric_distance, weighted
from monitor.sagemaker.keys import features_of
from monitor.sagemaker.kll import Kll
from monitor.sagemaker.taking_over import levels_of
from monitor.stats.chi_squared import chi_squared
from monitor.stats.divergence import hellinger, jensen_shannon, psi
from monitor.stats.interval import Interval
from monitor.stats.kolmogorov import kolmogorov, kolmogorov_chance

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
SIZES = ((10_000, 1_000), (2_000, 200), (10_000, 200), (100_000, 10_000))  # rows of baseline and window
MANY = 5_000  # draws from which on a share is taken as it is
SHIFTS = (0.0, 0.1, 0.25, 0.5)  # standard deviations


def rows(seed: int, long: bool) -> list[Row]:
    """The four rows; `long` draws 25 times as often, and more sizes of windows."""
    rng = np.random.default_rng(seed)
    sizes = SIZES if long else SIZES[:2]
    often = MANY if long else 200
    return [intervals(rng, often, sizes), gaps(rng, often, sizes), chances(rng, 3 * often), sketches(rng)]


def intervals(rng: np.random.Generator, often: int, sizes: tuple[tuple[int, int], ...] = SIZES) -> Row:
    """A13: how often the intervals of PSI, JS and Hellinger leave out the truth, on either side."""
    measures: tuple[tuple[str, Callable[..., Interval], Callable[[Floats, Floats], float]], ...] = (
        ("PSI", psi, lambda q, p: float(((q - p) * np.log(q / p)).sum())),
        ("JS", jensen_shannon, lambda q, p: float(np.sqrt(_to_middle(q, p) / np.log(2)))),
        ("Hellinger", hellinger, lambda q, p: float(np.sqrt(((np.sqrt(q) - np.sqrt(p)) ** 2).sum() / 2))),
    )
    worst = (0.0, "")
    for n_base, n_now in sizes:
        for shift in SHIFTS:
            missed = np.zeros((len(measures), 2))
            for now, base, q, p in _windows(rng, often, n_base, n_now, shift):
                for at, (_, measure, truth) in enumerate(measures):
                    found, true = measure(now, base), truth(q, p)
                    missed[at] += (found.low > true + 1e-12, found.high < true - 1e-12)
            for (name, _, _), shares in zip(measures, missed / often, strict=True):
                where = f"{name}, {shift} sd, {n_now:,} rows against {n_base:,}"
                worst = max(worst, *((float(share), where) for share in shares))
    return Row(
        "A13",
        "intervals of PSI, JS and Hellinger, shifts up to .5 sd, 200 rows and more, nominal 2.5 % on each side",
        "each side misses at most 4.5 %",
        f"at most {worst[0]:.1%} ({worst[1]})",
        worst[0] <= 0.045 + _luck(0.045, often),
    )


def gaps(rng: np.random.Generator, often: int, sizes: tuple[tuple[int, int], ...] = SIZES) -> Row:
    """A14: how often the lower bound of KS lies above the largest gap of the full distribution functions."""
    worst = (0.0, "")
    for n_base, n_now in sizes:
        for shift in (*SHIFTS, 1.0):
            truth = 2 * float(ndtr(shift / 2)) - 1
            drawn = _windows(rng, often, n_base, n_now, shift)
            missed = sum(kolmogorov(now, base).low > truth for now, base, _, _ in drawn)
            worst = max(worst, (missed / often, f"{shift} sd, {n_now:,} rows against {n_base:,}"))
    return Row(
        "A14",
        "lower bound of KS from counts at 11 cuts, 95 %",
        "misses at most 5.5 %",
        f"at most {worst[0]:.1%} ({worst[1]})",
        worst[0] <= 0.055 + _luck(0.055, often),
    )


def chances(rng: np.random.Generator, often: int) -> Row:
    """A16: how often the two-sample chi-squared and KS find at 5 % what is not there."""
    quantiles = np.diff(np.concatenate(([0.0], LEVELS, [1.0])))
    worlds = {"quantile cells": quantiles, "10 categories": np.full(10, 0.1), "two values": np.array([0.9, 0.1])}
    seen: dict[str, float] = {}
    for world, shares in worlds.items():
        for n_base, n_now in SIZES[:2]:
            sides = [(rng.multinomial(n_now, shares), rng.multinomial(n_base, shares)) for _ in range(often)]
            where = f"{world}, {n_now:,} rows"
            seen[f"chi-squared, {where}"] = float(np.mean([chi_squared(*side).chance <= 0.05 for side in sides]))
            seen[f"KS, {where}"] = float(np.mean([kolmogorov_chance(*side) <= 0.05 for side in sides]))
    least, most = min(seen, key=seen.__getitem__), max(seen, key=seen.__getitem__)
    return Row(
        "A16",
        "two-sample chi-squared and KS where nothing has changed, at 5 %",
        "find something in 4 to 6 % of windows",
        f"{seen[least]:.1%} ({least}) to {seen[most]:.1%} ({most})",
        all(abs(share - 0.05) <= 0.01 + _luck(0.05, often) for share in seen.values()),
    )


def sketches(rng: np.random.Generator, count: int = 200_000) -> Row:
    """A18: the sketch of a statistics.json gives back the distribution, repeated values included."""
    values = np.sort(rng.normal(size=count))
    held, below = cumulated(_imported(rng.permutation(values)))
    true = np.searchsorted(values, held, side="right")
    error = float(np.abs(below - true).max()) / count
    rare, common = (_imported(rng.permutation(np.arange(count) < share * count)) for share in (0.05, 0.95))
    distance = numeric_distance(common, rare, "Simple")
    return Row(
        "A18",
        f"sketch of a statistics.json, {count:,} rows; a 0/1 column from 5 % to 95 % ones",
        "rank error at most .0015; distance .90",
        f"rank error {error:.4f}; distance {distance:.3f}",
        error <= 0.0015 and abs(distance - 0.9) <= 0.0015,
    )


def _luck(share: float, often: int) -> float:
    """What so many draws may miss by chance: three standard errors of few, nothing of many."""
    return 0.0 if often >= MANY else 3 * float(np.sqrt(share * (1 - share) / often))


def _windows(
    rng: np.random.Generator, often: int, n_base: int, n_now: int, shift: float
) -> Iterator[tuple[Counts, Counts, Floats, Floats]]:
    """Counts of a shifted normal window and its baseline on the baseline's cells, and the true shares of both."""
    ranks = np.ceil(np.array(LEVELS) * n_base - 1e-9).astype(int) - 1
    for _ in range(often):
        base, now = np.sort(rng.standard_normal(n_base)), np.sort(rng.standard_normal(n_now) + shift)
        ends = np.concatenate(([np.nextafter(base[0], -np.inf)], base[ranks], base[-1:]))
        counts = (
            np.diff(np.searchsorted(side, ends, side="right"), prepend=0, append=len(side)) for side in (now, base)
        )
        shares = (np.diff(ndtr(ends - moved), prepend=0.0, append=1.0) for moved in (shift, 0.0))
        yield (*counts, *shares)


def _to_middle(q: Floats, p: Floats) -> float:
    middle = (q + p) / 2
    return float((q * np.log(q / middle) + p * np.log(p / middle)).sum()) / 2


def _imported(values: NDArray[Any]) -> tuple[Floats, Counts]:
    """The items and weights that are read from the file that Deequ would write of these values."""
    sketch = Kll()
    sketch.extend(values.astype(np.float64))
    kll = {"buckets": [], "sketch": {"parameters": {"c": sketch.c, "k": sketch.k}, "data": sketch.data}}
    feature = {
        "name": "x",
        "inferred_type": "Fractional",
        "numerical_statistics": {"distribution": {"kll": kll}},
    }
    return weighted(levels_of(features_of({"version": 0, "features": [feature]})["x"]))


if __name__ == "__main__":
    for row in rows(1, long=True):
        print(row)
