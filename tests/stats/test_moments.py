"""Moments against numpy and scipy, the law of merging, and offsets that sums of powers do not survive."""

import json
import math

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from monitor.stats.moments import Moments

VALUES = st.lists(st.floats(-1e3, 1e3), max_size=40)


def of(values: list[float]) -> Moments:
    return Moments.of(np.array(values, dtype=np.float64))


def close(a: Moments, b: Moments) -> None:
    assert (a.count, a.minimum, a.maximum, a.negatives) == (b.count, b.minimum, b.maximum, b.negatives)
    scale = max(1.0, abs(a.minimum), abs(a.maximum)) if a.count else 1.0
    for power, name in enumerate(("total", "mean", "m2", "m3", "m4")):
        most = scale ** max(1, power) * max(1, a.count)
        assert getattr(a, name) == pytest.approx(getattr(b, name), rel=1e-9, abs=1e-11 * most), name


def test_known_moments_of_one_two_three_six() -> None:
    """Mean 3; deviations -2 -1 0 3: squares 14, cubes 18, fourths 98."""
    found = of([1, 2, 3, 6])
    assert (found.mean, found.m2, found.m3, found.m4) == (3.0, 14.0, 18.0, 98.0)
    assert found.skewness == pytest.approx((18 / 4) / 3.5**1.5)
    assert found.kurtosis == pytest.approx((98 / 4) / 3.5**2)


@pytest.mark.parametrize("draw", ["normal", "lognormal", "poisson"])
def test_moments_are_those_of_numpy_and_scipy(draw: str) -> None:
    values = getattr(np.random.default_rng(5), draw)(size=5000).astype(np.float64)
    found = Moments.of(values)
    assert found.mean == pytest.approx(values.mean())
    assert found.variance == pytest.approx(values.var())
    assert found.deviation == pytest.approx(values.std())
    assert found.skewness == pytest.approx(scipy.stats.skew(values))
    assert found.kurtosis == pytest.approx(scipy.stats.kurtosis(values, fisher=False))
    assert (found.minimum, found.maximum) == (values.min(), values.max())
    assert found.negatives == np.count_nonzero(values < 0)


@given(VALUES, VALUES)
def test_the_sum_of_two_is_that_of_all(a: list[float], b: list[float]) -> None:
    close(of(a) + of(b), of(a + b))


@given(VALUES, VALUES, VALUES)
def test_neither_order_nor_grouping_changes_the_sum(a: list[float], b: list[float], c: list[float]) -> None:
    close((of(a) + of(b)) + of(c), of(c) + (of(b) + of(a)))


def test_a_small_spread_survives_a_huge_offset_and_many_merges() -> None:
    values = 1e9 + np.random.default_rng(3).normal(0, 1, 20_000)
    whole = sum((Moments.of(part) for part in np.array_split(values, 100)), Moments())
    assert whole.variance == pytest.approx((values - 1e9).var(), rel=1e-5)
    assert whole.kurtosis == pytest.approx(scipy.stats.kurtosis(values - 1e9, fisher=False), rel=1e-5)


def test_nothing_has_no_moments() -> None:
    nothing = of([])
    assert nothing == Moments() == nothing + nothing
    assert all(math.isnan(v) for v in (nothing.variance, nothing.deviation, nothing.skewness, nothing.kurtosis))
    assert of([1, 2]) + nothing == nothing + of([1, 2]) == of([1, 2])


def test_a_constant_has_a_variance_and_no_shape() -> None:
    assert of([7, 7, 7]).variance == 0
    assert math.isnan(of([7, 7, 7]).skewness)
    assert math.isnan(of([7, 7, 7]).kurtosis)


@given(VALUES)
def test_a_document_holds_all_of_it(values: list[float]) -> None:
    document = json.loads(json.dumps(of(values).to_document(), allow_nan=False))
    assert Moments.from_document(document) == of(values)


def test_one_value_has_no_deviation_whatever_its_mean_is_off_by():
    parts = [Moments.of(np.full(count, 0.414912)) for count in (7, 300, 1001, 3)]
    whole = parts[0] + parts[1] + parts[2] + parts[3]
    assert whole.deviation == 0
    assert Moments.of(np.full(2688, 0.422915)).deviation == 0
