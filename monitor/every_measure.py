"""How far a feature has moved, in every measure that people know, with intervals: beside what is violated."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from monitor.distance import expected_counts
from monitor.feature import Categorical, Feature, Floats, Numeric
from monitor.finding import Finding, Status
from monitor.measurement import Measurement
from monitor.profile import Profile
from monitor.stats.chi_squared import chi_squared, g_test
from monitor.stats.differences import RANK_ERROR, mean_difference, quantile_difference, variance_ratio, winsorised
from monitor.stats.divergence import hellinger, jensen_shannon, psi
from monitor.stats.energy import cramer_von_mises, energy
from monitor.stats.gaps import Gaps, widths
from monitor.stats.interval import Effects, Interval
from monitor.stats.kolmogorov import kolmogorov
from monitor.stats.l_infinity import l_infinity
from monitor.stats.quantiles import Quantiles
from monitor.stats.rosetta import MEASURES, in_deviations
from monitor.stats.shares import newcombe, wilson
from monitor.stats.total_variation import total_variation
from monitor.stats.wasserstein import robust_unit, wasserstein

MEASURED_RULES = ("drift", "skew")
HEAVY = (
    10.0  # kurtosis beyond which a few values decide a mean: those outside of the baseline's .5 to 99.5 % move there
)
ENDS = np.array([0.005, 0.995])
QUANTILES = (("quantile_05", 0.05), ("median", 0.5), ("quantile_95", 0.95))
SEED = 20261127  # of the redraws for one interval: the same counts give the same bytes
MOST = 50  # features told in every measure: each takes a millisecond or two, and a page holds no more
NON_CENTRAL = "cells, bias taken off, non-central chi-squared interval"
OF_TRAINING = "against the training baseline: "
"""Before the method of what production's learned cells do not tell."""


def with_measures(
    findings: Iterable[Finding], now: Profile, base: Profile, learned: Mapping[str, Feature] = MappingProxyType({})
) -> tuple[Finding, ...]:
    """The findings; those of `drift` and `skew` that are violated with every measure of their feature.

    `base` is what they were held against, and `learned` the features that drift was held against as production was
    learned: the base's, with other cells. Where nothing is violated, nothing is computed; of very many violated
    features the first fifty are told so.
    """
    findings = tuple(findings)
    if not any(_is_measured(finding) for finding in findings):
        return findings
    now = now.settled()
    base = base.settled() if base.is_dated else base
    first = frozenset([at for at, finding in enumerate(findings) if _is_measured(finding)][:MOST])
    return tuple(_measured(one, now, base, learned) if at in first else one for at, one in enumerate(findings))


def _is_measured(finding: Finding) -> bool:
    return finding.status is Status.VIOLATED and finding.rule in MEASURED_RULES and finding.feature is not None


def _measured(finding: Finding, now: Profile, base: Profile, learned: Mapping[str, Feature]) -> Finding:
    name = finding.feature or ""
    mine, theirs = (side.features.get(name) for side in (now, base))
    if mine is None or theirs is None:
        return finding
    as_learned = learned.get(name) if finding.rule == "drift" else None
    return replace(finding, measures=measures_of(mine, theirs, np.random.default_rng(SEED), as_learned))


def measures_of(
    now: Feature, base: Feature, rng: np.random.Generator, learned: Feature | None = None
) -> tuple[Measurement, ...]:
    """Every measure of one feature, settled, now against base; none where a side has no rows or another kind.

    Of a base that has nothing but cells those measures are told that cells give. `learned` is the base with the cells
    of production as it was learned: what cells give is told against these, the rest against the base, which its method
    says (and what the cuts may hide of KS is what they hide against the base). `rng` is for redraws: the same one gives
    the same numbers.
    """
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # one absurd value must not end a window
        return tuple(one for one in _all(now, base, rng, learned) if np.isfinite(one.value))


def _all(now: Feature, base: Feature, rng: np.random.Generator, learned: Feature | None) -> Iterator[Measurement]:
    held = base if learned is None else learned
    if isinstance(now, Numeric) and isinstance(base, Numeric) and isinstance(held, Numeric):
        between, moments = _between(now, base), _of_moments(now, base)
        if learned is not None:
            moments = (replace(one, method=OF_TRAINING + one.method) for one in moments)
        found = [*_of_numbers(now, held, between), *_of_cells(now.cells, held.cells, now, held, rng), *moments]
    elif isinstance(now, Categorical) and isinstance(held, Categorical):
        counts = np.append(expected_counts(held), held.cells[-1])
        found = [_limit(now, held), *_of_cells(now.cells, counts, now, held, rng)]
    else:
        return
    yield from (*found, *_missing(now, held))


def _told(name: str, found: Interval, method: str, size: str | None = None) -> Measurement:
    """`size` is the measure of the table that tells what the value equals."""
    value, low, high = found
    deviations = None
    if size is not None and abs(value) < MEASURES[size].most:
        deviations = in_deviations(abs(value), size)
    return Measurement(name=name, value=value, low=low, high=high, deviations=deviations, method=method)


def _effects(now: Feature, base: Feature) -> Effects:
    return now.design_effect, base.design_effect


def _of_cells(
    now_cells: Sequence[int] | np.ndarray, base_cells: np.ndarray, now: Feature, base: Feature, rng: np.random.Generator
) -> Iterator[Measurement]:
    """Of all cells, that of rows without a value among them."""
    effects = _effects(now, base)
    measures: Sequence[tuple[str, Callable[..., Interval]]] = (
        ("psi", psi),
        ("js", jensen_shannon),
        ("hellinger", hellinger),
    )
    for name, measure in measures:
        yield _told(name, measure(now_cells, base_cells, effects), NON_CENTRAL, name)
    varied = total_variation(now_cells, base_cells, rng, effects)
    yield _told("tv", varied, "cells, bias taken off, 500 redraws", "tv")
    for name, test in (("chi2", chi_squared), ("g", g_test)):
        found = test(now_cells, base_cells, effects)
        told = f"by row: less its {found.freedom} degrees of freedom, over the rows; non-central chi-squared interval"
        yield _told(name, found.size, f"cells, statistic {found.statistic:.4g} {told}")


def _limit(now: Categorical, base: Categorical) -> Measurement:
    found = l_infinity(now.cells[:-1], expected_counts(base), _effects(now, base))
    return _told("linf", found, "largest difference of a share, angle interval over all cells")


def _missing(now: Feature, base: Feature) -> Iterator[Measurement]:
    """Rows without a value, or with one that is no number: the last cell."""
    if now.cells[-1] or base.cells[-1]:
        sides = (wilson(int(side.cells[-1]), int(side.cells.sum()), side.design_effect) for side in (now, base))
        yield _told("missing", newcombe(*sides), "difference of shares, Newcombe interval")


def _of_numbers(now: Numeric, base: Numeric, between: float | None) -> Iterator[Measurement]:
    """Gaps between the two distribution functions at the cuts, and `between` them."""
    effects = _effects(now, base)
    ordered = now.cells[:-1], base.cells[:-1]
    largest = kolmogorov(*ordered, effects, between=between)
    yield _told("ks", largest, "at the cuts, Dvoretzky-Kiefer-Wolfowitz interval", "ks")
    yield _told("cvm", cramer_von_mises(*ordered, effects), "at the cuts, by rows of both, bias taken off", "cvm")
    unit = _unit(base)
    if not unit > 0:
        return
    gaps, wide = Gaps.of(*ordered, effects), _widths(now, base) / unit
    name = "deviations" if base.is_discrete else "robust deviations"
    yield _told("w1", wasserstein(gaps, wide), f"at the cuts, in {name}, bias taken off", "w1")
    yield _told("energy", energy(gaps, wide), f"at the cuts, in {name}, bias taken off", "energy")


def _points(base: Numeric) -> Floats:
    """Where the cells end, but the last: the lowest value (below it), the cuts, the highest value."""
    return np.concatenate(([base.low], base.cuts, [base.high]))


def _unit(base: Numeric) -> float:
    """What a distance is told in: of a few different numbers their deviation, of others one that no far value moves."""
    robust = robust_unit(_points(base), np.cumsum(base.cells)[:-2])
    is_told = base.count > 0 and np.isfinite(base.deviation)
    return base.deviation if is_told and (base.is_discrete or not robust > 0) else robust


def _widths(now: Numeric, base: Numeric) -> Floats:
    """Widths of the points. Beyond the outermost the gap counts as far as the values there reach on average.

    So a tail is measured, and a window outside of the baseline's range, but not by its one farthest value.
    """
    points = _points(base)
    if not (now.quantiles.count and base.quantiles.count):
        return widths(points, is_discrete=base.is_discrete)
    first, last = (0, len(points) - 1) if base.is_discrete or not len(base.cuts) else (1, len(points) - 2)
    wide = np.zeros(len(points))
    wide[first : last + 1] = widths(points[first : last + 1], is_discrete=base.is_discrete)
    for at, sign in ((first, -1), (last, 1)):
        wide[at] += max(_reach(side.quantiles, points[at], sign) for side in (now, base))
    return wide


def _reach(values: Quantiles, point: float, sign: int) -> float:
    """Mean of what values beyond a point (above it: sign 1, below: -1) lie from it; 0 without any."""
    held, below = values.cdf()
    at = int(np.searchsorted(held, point, side="right" if sign > 0 else "left"))
    beyond = slice(at, None) if sign > 0 else slice(0, at)
    passed = below[at - 1] if sign > 0 and at else 0
    weights = np.diff(below[beyond], prepend=passed)
    total = int(weights.sum())
    return float((weights * np.abs(held[beyond] - point)).sum()) / total if total else 0.0


def _between(now: Numeric, base: Numeric) -> float | None:
    """How much larger the largest gap may be between the cuts, from the summaries of quantiles; None without them."""
    if not (now.quantiles.count and base.quantiles.count):
        return None
    error = sum(0.0 if side.quantiles.is_exact else RANK_ERROR for side in (now, base))
    at_cuts = float(np.abs(Gaps.of(now.cells[:-1], base.cells[:-1]).gap).max(initial=0.0))
    return max(0.0, _largest_gap(now.quantiles, base.quantiles) + error - at_cuts)


def _largest_gap(now: Quantiles, base: Quantiles) -> float:
    (values, below), (others, under) = now.cdf(), base.cdf()
    at = np.concatenate((values, others))
    shares = [
        np.concatenate(([0], weights))[np.searchsorted(held, at, side="right")] / weights[-1]
        for held, weights in ((values, below), (others, under))
    ]
    return float(np.abs(shares[0] - shares[1]).max())


def _of_moments(now: Numeric, base: Numeric) -> Iterator[Measurement]:
    """Means, variances and quantiles."""
    effects = _effects(now, base)
    mine, theirs, how = now.moments, base.moments, "in standard deviations, Welch interval"
    if base.quantiles.count and now.quantiles.count and theirs.kurtosis > HEAVY:
        low, high = base.quantiles.quantile(ENDS).tolist()
        mine, theirs = (winsorised(side.quantiles, low, high) for side in (now, base))
        how += ", values outside of the baseline's .5 to 99.5 % moved there"
    yield _told("mean", mean_difference(mine, theirs, effects), f"difference {how}", "sd")
    yield _told("variance", variance_ratio(mine, theirs, effects), "ratio, interval from the kurtosis")
    unit = _unit(base)
    if base.is_discrete or not unit > 0:
        return
    for name, share in QUANTILES:
        moved = quantile_difference(now.quantiles, base.quantiles, share, effects)
        inside = Interval(*(number / unit for number in moved))
        yield _told(name, inside, "difference in robust deviations, interval by ranks", "sd")
