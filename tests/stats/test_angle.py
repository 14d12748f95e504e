"""The angle scale against numbers worked by hand, and its inverse."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.stats.angle import angle, observed_angle, share_at


@pytest.mark.parametrize(
    ("share", "expected"),
    [(0.0, 0.0), (0.25, math.pi / 3), (0.5, math.pi / 2), (0.75, 2 * math.pi / 3), (1.0, math.pi)],
)
def test_known_angles(share: float, expected: float) -> None:
    assert float(angle(share)) == pytest.approx(expected, abs=1e-15)


@given(st.floats(0, 1))
def test_the_share_at_its_angle_is_the_share(share: float) -> None:
    assert float(share_at(angle(share))) == pytest.approx(share, abs=1e-12)


@given(st.floats(0, math.pi))
def test_the_angle_of_a_share_at_an_angle_is_the_angle(at: float) -> None:
    assert float(angle(share_at(at))) == pytest.approx(at, abs=1e-7)


def test_what_lies_outside_is_clipped_and_nan_stays_nan() -> None:
    assert angle([-0.1, 1.1]).tolist() == [0.0, math.pi]
    assert share_at([-1.0, 4.0]).tolist() == [0.0, 1.0]
    assert np.isnan(angle(math.nan))
    assert np.isnan(share_at(math.nan))


def test_the_difference_of_two_angles_is_cohens_h() -> None:
    """The example of Cohen (1988), table 6.2.2: phi of .50 is 1.571 and of .40 is 1.369."""
    assert float(angle(0.5)) == pytest.approx(1.571, abs=5e-4)
    assert float(angle(0.4)) == pytest.approx(1.369, abs=5e-4)


def test_no_rows_have_no_angle_and_none_of_many_is_not_certainly_zero() -> None:
    assert np.isnan(observed_angle(0, 0))
    assert 0 < float(observed_angle(0, 1000)) < float(observed_angle(0, 10))
    assert float(observed_angle(10, 10)) == pytest.approx(math.pi - float(observed_angle(0, 10)))


@pytest.mark.parametrize("share", [0.02, 0.1, 0.5, 0.95])
def test_the_variance_of_an_observed_angle_is_near_one_over_n(share: float) -> None:
    """Exactly, from the binomial's own probabilities."""
    n = 200
    counts = np.arange(n + 1)
    logs = [math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) for k in range(n + 1)]
    weights = np.exp(np.array(logs) + counts * math.log(share) + (n - counts) * math.log(1 - share))
    angles = observed_angle(counts, n)
    mean = float((weights * angles).sum())
    assert float((weights * (angles - mean) ** 2).sum()) * n == pytest.approx(1.0, abs=0.1)
    assert mean == pytest.approx(float(angle(share)), abs=0.01)
