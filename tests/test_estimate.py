"""Estimates: intervals against references, what a window could have shown, and how often they are wrong."""

import math
from dataclasses import replace

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from monitor.estimate import (
    ANGLE_PER_SD,
    Estimate,
    mean_difference,
    metric_difference,
    share,
    share_difference,
    share_ratio,
)
from monitor.feature import Numeric, Share
from monitor.quality.metric import Metric
from monitor.stats.moments import Moments


def rows(count: int, total: int, design_effect: float = 1.0) -> Share:
    return Share(count=count, total=total, design_effect=design_effect)


def feature(values: np.ndarray, design_effect: float = 1.0, freedom: int = 0) -> Numeric:
    cells = np.zeros(4, dtype=np.int64)
    return Numeric(
        name="x",
        rows=len(values),
        cells=cells,
        moments=Moments.of(values),
        design_effect=design_effect,
        freedom=freedom,
    )


def binomial(n: int, p: float) -> tuple[np.ndarray, np.ndarray]:
    """Every count that may be seen, and its probability."""
    counts = np.arange(n + 1)
    chances = scipy.stats.binom.pmf(counts, n, p)
    likely = chances > 1e-9
    return counts[likely], chances[likely]


# Intervals


def test_walds_interval_on_the_angle_scale_by_hand() -> None:
    """50 of 100: angle pi/2, error 1/10; at 2.5 % a side the angles pi/2 -+ 0.196 and sin^2 of half of each."""
    low, high = share(rows(50, 100)).interval(0.025)
    assert low == pytest.approx(math.sin((math.pi / 2 - 0.1959964) / 2) ** 2)
    assert high == pytest.approx(math.sin((math.pi / 2 + 0.1959964) / 2) ** 2)


def test_rows_that_repeat_each_other_widen_the_interval_as_fewer_rows_would() -> None:
    repeated, fewer = share(rows(50, 1000, 5.0)), share(rows(10, 200))
    assert repeated.interval() == pytest.approx(fewer.interval())
    base = rows(300, 5000)
    assert share_difference(rows(0, 1000, 5.0), base).interval() == pytest.approx(
        share_difference(rows(0, 200), base).interval()
    )
    assert share_ratio(rows(0, 1000, 5.0), base).interval() == pytest.approx(share_ratio(rows(0, 200), base).interval())


def test_a_few_slices_widen_the_interval_by_students_quantile() -> None:
    normal, student = share(rows(50, 100)), share(rows(50, 100), freedom=9)
    assert normal.critical(0.025) == pytest.approx(1.959964)
    assert student.critical(0.025) == pytest.approx(2.262157)
    assert replace(student, looks=5).critical(0.125) == pytest.approx(2.262157)


def test_the_difference_of_shares_is_cohens_h_between_anscombes_angles() -> None:
    found = share_difference(rows(60, 200), rows(500, 2000))
    angles = [2 * math.asin(math.sqrt((k + 0.375) / (n + 0.75))) for k, n in ((60, 200), (500, 2000))]
    assert found.value == pytest.approx(0.05)
    assert found.centre == pytest.approx(angles[0] - angles[1])
    assert found.error == pytest.approx(math.sqrt(1 / 200 + 1 / 2000))


def test_the_difference_of_means_is_welchs_where_the_floor_does_not_bind() -> None:
    rng = np.random.default_rng(1)
    now, base = rng.normal(1, 3, 400), rng.normal(0, 2, 3000)
    welch = scipy.stats.ttest_ind(now, base, equal_var=False)
    found = mean_difference(feature(now, freedom=int(welch.df)), feature(base))
    unit = base.std()
    assert found.value * unit == pytest.approx(now.mean() - base.mean())
    assert found.value / found.error == pytest.approx(welch.statistic, rel=2e-3)
    assert found.interval(0.05) == pytest.approx([end / unit for end in welch.confidence_interval(0.95)], rel=5e-3)
    # two looks: against a limit of 0 the chance is that of the test with two sides
    assert found.chance_beyond(0, above=True) == pytest.approx(welch.pvalue, rel=0.05)


def test_a_window_of_equal_values_is_no_proof_of_certainty() -> None:
    base = feature(np.random.default_rng(1).normal(0, 2, 3000))
    found = mean_difference(feature(np.full(50, 1.0)), base)
    assert found.error == pytest.approx(math.sqrt(1 / 50 + 1 / 3000))


def test_a_constant_baseline_has_no_unit_and_no_difference() -> None:
    assert math.isnan(mean_difference(feature(np.arange(5.0)), feature(np.ones(9))).value)


def test_the_ratios_interval_is_that_of_katz() -> None:
    """Half a row added to each side; the variance of the logarithm is (1-p)/(pn) + (1-q)/(qN)."""
    found = share_ratio(rows(30, 200), rows(100, 2000))
    p, q = 30.5 / 201, 100.5 / 2001
    reach = 1.959964 * math.sqrt((1 - p) / (p * 200) + (1 - q) / (q * 2000))
    assert found.value == pytest.approx(3.0)
    assert found.interval(0.025) == pytest.approx([p / q * math.exp(-reach), p / q * math.exp(reach)])


# Scales


ESTIMATES = [
    share(rows(3, 100)),
    share_difference(rows(3, 100), rows(10, 1000)),
    share_difference(rows(90, 100), rows(990, 1000)),
    share_ratio(rows(3, 100), rows(10, 1000)),
    mean_difference(feature(np.arange(9.0)), feature(np.arange(90.0))),
]


@pytest.mark.parametrize("estimate", ESTIMATES, ids=lambda e: e.method)
@given(st.floats(-1.5, 1.5))
def test_a_value_is_found_again_from_its_place_on_the_scale(estimate: Estimate, at: float) -> None:
    value = estimate.value_at(at)
    assert estimate.value_at(estimate.on_scale(value)) == pytest.approx(value, abs=1e-9)


@pytest.mark.parametrize(("origin_share", "value"), [(0.98, 0.5), (0.02, -0.5)])
def test_a_difference_that_leaves_0_to_1_is_the_whole_way_to_the_end(origin_share: float, value: float) -> None:
    found = share_difference(rows(50, 100), rows(round(origin_share * 10_000), 10_000))
    whole = (1.0 if value > 0 else 0.0) - origin_share
    assert found.value_at(found.on_scale(value)) == pytest.approx(whole, abs=1e-4)


def test_a_ratio_of_nothing_lies_infinitely_far_down() -> None:
    assert share_ratio(rows(3, 100), rows(10, 1000)).on_scale(0) == -math.inf
    assert share_ratio(rows(3, 100), rows(10, 1000)).value_at(1e4) == math.inf


def test_deviations_are_those_of_a_normal_feature_that_shifts() -> None:
    """Half a deviation moves the share below the median from .5 to .3085: .39 on the angle scale, .4 by the rule."""
    moved = share_difference(rows(50, 100), rows(5000, 10_000))
    assert moved.in_deviations(scipy.stats.norm.cdf(-0.5) - 0.5) == pytest.approx(0.39 / ANGLE_PER_SD, abs=0.01)
    assert ESTIMATES[-1].in_deviations(-0.5) == 0.5


# What a window could have shown


@pytest.mark.parametrize(("n", "threshold"), [(200, 0.05), (1000, 0.01), (1000, 0.3)])
def test_what_is_called_detectable_is_found_four_times_in_five(n: int, threshold: float) -> None:
    """Exactly, from the binomial: the share at which the chance of a violation at this level is 80 %."""
    detectable = share(rows(0, n)).detectable(threshold, 0.01, above=True)
    counts, chances = binomial(n, detectable)
    found = [share(rows(k, n)).chance_beyond(threshold, above=True) <= 0.01 for k in counts.tolist()]
    assert chances @ np.array(found) == pytest.approx(0.8, abs=0.06)


def test_a_detectable_difference_of_means_is_found_four_times_in_five() -> None:
    rng = np.random.default_rng(4)
    drawn = rng.normal(0, 1, 20_000)
    base = feature((drawn - drawn.mean()) / drawn.std())
    by = mean_difference(feature(rng.normal(0, 1, 400)), base).detectable(0.25, 0.01, above=True)
    draws = (mean_difference(feature(rng.normal(by, 1, 400)), base) for _ in range(1000))
    assert np.mean([d.chance_beyond(0.25, above=True) <= 0.01 for d in draws]) == pytest.approx(0.8, abs=0.05)


@pytest.mark.parametrize("estimate", ESTIMATES, ids=lambda e: e.method)
@pytest.mark.parametrize("level", [0.05, 0.05 / 31])
def test_one_row_fewer_than_needed_would_not_do(estimate: Estimate, level: float) -> None:
    estimate = replace(estimate, fixed=1e-5)
    threshold = 2.0 if estimate.scale == "log" else 0.005
    above_threshold = estimate.in_deviations(threshold) + 0.25

    def notices(count: int) -> bool:
        return replace(estimate, n_now=count).noticeable(threshold, level, above=True) <= above_threshold

    needed = estimate.rows_needed(threshold, level, above_threshold, above=True)
    assert needed is not None
    assert notices(needed)
    assert not notices(needed - 1)


def test_no_number_of_rows_makes_up_for_a_small_baseline() -> None:
    assert share_difference(rows(3, 10), rows(3, 10)).rows_needed(0.01, 0.05, 0.5, above=True) is None


def test_one_row_shows_no_shift_even_where_no_large_one_is_possible() -> None:
    """From 99 % missing to all missing is a quarter of a deviation; seeing it takes rows all the same."""
    found = share_difference(rows(1, 1), rows(990, 1000))
    assert found.detectable(0.005, 0.05, above=True) == pytest.approx(0.01, abs=1e-3)
    assert found.noticeable(0.005, 0.05, above=True) > 2


def test_without_rows_nothing_is_beyond_anything() -> None:
    nothing = share(rows(0, 0))
    assert nothing.error == math.inf
    assert nothing.chance_beyond(0.01, above=True) == 1.0


# How often they are wrong


@pytest.mark.parametrize("n", [50, 200, 1000])
@pytest.mark.parametrize("p", [0.01, 0.02, 0.05, 0.2, 0.5])
@pytest.mark.parametrize("level", [0.05, 0.05 / 31])
@pytest.mark.parametrize("above", [True, False])
def test_a_truth_at_the_threshold_is_rarely_called_beyond_it(n: int, p: float, level: float, above: bool) -> None:
    """Exactly, from the binomial. Counts are whole: with few of them expected the level is passed by one count."""
    counts, chances = binomial(n, p)
    called = [share(rows(k, n)).chance_beyond(p, above=above) <= level for k in counts.tolist()]
    assert chances @ np.array(called) <= level * (1.4 if n * p > 10 else 2.0)


@pytest.mark.parametrize("n", [100, 1000])
@pytest.mark.parametrize("p", [0.002, 0.005, 0.02, 0.1, 0.5, 0.9])
def test_the_interval_of_a_share_holds_it_19_times_in_20(n: int, p: float) -> None:
    counts, chances = binomial(n, p)
    ends = np.array([share(rows(k, n)).interval(0.025) for k in counts.tolist()])
    assert chances @ ((ends[:, 0] <= p) & (p <= ends[:, 1])) >= (0.94 if n * p > 5 else 0.91)


@pytest.mark.parametrize(("p", "q"), [(0.002, 0.002), (0.01, 0.002), (0.05, 0.02), (0.5, 0.4)])
def test_the_interval_of_a_difference_of_shares_holds_it(p: float, q: float) -> None:
    rng = np.random.default_rng(8)
    draws = zip(rng.binomial(500, p, 2000).tolist(), rng.binomial(5000, q, 2000).tolist(), strict=True)
    ends = np.array([share_difference(rows(k, 500), rows(m, 5000)).interval(0.025) for k, m in draws])
    assert np.mean((ends[:, 0] <= p - q) & (p - q <= ends[:, 1])) >= (0.94 if 500 * p > 4 else 0.91)


@pytest.mark.parametrize(("p", "q"), [(0.02, 0.01), (0.05, 0.05), (0.4, 0.2)])
def test_the_interval_of_a_ratio_of_shares_holds_it(p: float, q: float) -> None:
    rng = np.random.default_rng(9)
    draws = zip(rng.binomial(500, p, 2000).tolist(), rng.binomial(5000, q, 2000).tolist(), strict=True)
    ends = np.array([share_ratio(rows(k, 500), rows(m, 5000)).interval(0.025) for k, m in draws])
    assert np.mean((ends[:, 0] <= p / q) & (p / q <= ends[:, 1])) >= 0.935


@pytest.mark.parametrize("draw", ["normal", "exponential", "lognormal"])
@pytest.mark.parametrize("n", [30, 300])
def test_the_interval_of_a_difference_of_means_holds_it(draw: str, n: int) -> None:
    rng = np.random.default_rng(10)
    base = feature(getattr(rng, draw)(size=50_000))
    truth = (getattr(rng, draw)(size=2_000_000).mean() - base.mean) / base.deviation
    ends = np.array([mean_difference(feature(getattr(rng, draw)(size=n)), base).interval(0.05) for _ in range(2000)])
    assert np.mean((ends[:, 0] <= truth) & (truth <= ends[:, 1])) >= 0.935


def test_a_difference_of_metrics_has_the_error_of_the_side_that_could_excuse_it() -> None:
    now = Metric(name="recall", value=0.8, low=0.6, high=0.84, n=100)
    base = Metric(name="recall", value=0.9, low=0.87, high=0.99, n=1000)
    z = 1.959964
    found = metric_difference(now, base)
    assert (found.value, found.n_now, found.n_base) == (pytest.approx(-0.1), 100, 1000)
    assert found.error == pytest.approx(np.hypot(0.04, 0.03) / z)
    lower = metric_difference(replace(now, better="lower"), base)
    assert lower.error == pytest.approx(np.hypot(0.2, 0.09) / z)
    assert metric_difference(now, base, unit=0.2).in_deviations(0.1) == pytest.approx(0.5)
