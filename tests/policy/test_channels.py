"""The channels: bets that cannot win inside the band, distances within Chernoff's bound, jumps told from wander."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from looks import Traffic, plan
from scipy.stats import binom

from monitor.policy import jump, level, spike
from monitor.policy.learning import learned
from monitor.stats.angle import angle, share_at

ONE = np.ones(1)


@given(
    n=st.integers(1, 40),
    ends=st.tuples(st.floats(0.02, 3.1), st.floats(0.02, 3.1)).map(sorted),
    inside=st.floats(0, 1),
)
def test_no_bet_wins_on_average_while_the_share_is_inside_the_band(n: int, ends: list[float], inside: float) -> None:
    low, high = ends
    share = float(share_at(low + inside * (high - low)))
    hits = np.arange(n + 1.0)
    bets = level.log_bets(hits, np.full(n + 1, float(n)), np.full(n + 1, low), np.full(n + 1, high))
    mean = (binom.pmf(hits, n, share)[:, None, None] * np.exp(bets)).sum(axis=0)
    assert (mean <= 1 + 1e-9).all()


def test_the_best_bet_outside_the_band_wins() -> None:
    n, share = 200, float(share_at(1.5 + 0.05 + 0.2))
    hits = np.arange(n + 1.0)
    bets = level.log_bets(hits, np.full(n + 1, float(n)), np.full(n + 1, 1.45), np.full(n + 1, 1.55))
    mean = (binom.pmf(hits, n, share)[:, None] * np.exp(bets[:, 0])).sum(axis=0)
    assert mean[3] > 100


def test_a_bet_is_the_likelihood_ratio_of_the_binomial() -> None:
    edge, beyond = 1.2, 1.2 + 0.1
    bets = level.log_bets(7 * ONE, 20 * ONE, 0.5 * ONE, edge * ONE)
    expected = binom.logpmf(7, 20, float(share_at(beyond))) - binom.logpmf(7, 20, float(share_at(edge)))
    assert bets[0, 0, 2] == pytest.approx(expected)


def test_downwards_is_upwards_of_the_other_rows() -> None:
    up = level.log_bets(30 * ONE, 100 * ONE, 0.8 * ONE, 1.0 * ONE)
    down = level.log_bets(70 * ONE, 100 * ONE, (np.pi - 1.0) * ONE, (np.pi - 0.8) * ONE)
    np.testing.assert_allclose(up[:, 0], down[:, 1])


def test_a_band_that_reaches_the_end_leaves_no_test_on_that_side() -> None:
    bets = level.log_bets(100 * ONE, 100 * ONE, -0.1 * ONE, 3.2 * ONE)
    assert (bets == level.NO_TEST).all()


def test_shares_without_rows_gain_and_lose_nothing() -> None:
    evidence = np.full((1, 2, 5), 3.0)
    np.testing.assert_array_equal(level.stepped(evidence, 0 * ONE, 0 * ONE, 1 * ONE, 2 * ONE), evidence)


@given(n=st.integers(1, 60), share=st.floats(0.01, 0.99), reach=st.floats(0, 0.2), z=st.floats(1, 5))
def test_a_spike_of_sampling_alone_keeps_to_chernoffs_bound(n: int, share: float, reach: float, z: float) -> None:
    hits, many = np.arange(n + 1.0), np.ones(n + 1)
    centre = float(angle(share))
    found = spike.distances(hits, n * many, (centre - reach) * many, (centre + reach) * many, 0 * many)
    chance = float(binom.pmf(hits, n, share)[found >= z].sum())
    assert chance <= 2 * np.exp(-z * z / 2) + 1e-12


def test_natural_spread_makes_a_spike_smaller() -> None:
    alone = spike.distances(700 * ONE, 1000 * ONE, 1.45 * ONE, 1.55 * ONE, 0 * ONE)
    spread = spike.distances(700 * ONE, 1000 * ONE, 1.45 * ONE, 1.55 * ONE, 0.01 * ONE)
    assert alone[0] > spread[0] > 0
    assert spike.distances(0 * ONE, 0 * ONE, 1.45 * ONE, 1.55 * ONE, 0 * ONE)[0] == 0


def test_a_jump_is_told_from_slow_wander_by_its_innovation() -> None:
    to_keep = plan(2)
    traffic = Traffic(to_keep, 4)
    rng, mean, looks = np.random.default_rng(9), np.zeros(2), []
    for _ in range(336):
        mean = 0.95 * mean + rng.normal(0, 0.1, 2) * np.sqrt(1 - 0.95**2)
        looks.append(traffic.look(mean))
    found = learned(looks, to_keep)
    assert found.model is not None
    middle = [5, 17]
    assert (found.model.rho[middle] > 0.7).all()
    assert (np.sqrt(found.model.wander[middle]) < 0.15).all()
    state = jump.begun(found.model)
    noise, reach = np.full(24, 1 / 1000), np.full(24, 0.05)
    slow = fast = state
    for _ in range(3):
        slow = jump.stepped(found.model, slow, np.full(24, 0.02), noise, reach)
        fast = jump.stepped(found.model, fast, np.full(24, 0.4), noise, reach)
    assert fast.evidence[middle].max() > 10 > 1 > slow.evidence[middle].max()


def test_too_few_windows_make_no_model_of_jumps() -> None:
    to_keep = plan(2)
    assert learned(Traffic(to_keep, 1).looks(100), to_keep).model is None
