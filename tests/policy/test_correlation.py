"""The correlation channel: its bets at the band's edge, its budget, how soon it finds, and what it keeps."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.polynomial.hermite_e import hermegauss

from monitor import arrays
from monitor.policy.correlation import ALTERNATIVES, State, begun, log_bets, log_threshold, stepped
from monitor.policy.together import Together, learned, trained

PERIOD = 8736
PRECISION = 997.0


def flat(pairs: int, width: float = 0.03, noise: float = 1.0) -> Together:
    ones = np.ones(pairs)
    return Together(centre=0.2 * ones, error=0.001 * ones, width=width * ones, noise=noise * ones)


def played(found, z, *, precision=PRECISION, threshold=None, day=24, state=None):
    """The state after all windows, and what each came to; `z` is (windows, pairs)."""
    state = begun(z.shape[1]) if state is None else state
    limit = log_threshold(PERIOD) if threshold is None else threshold
    heard = []
    for number, row in enumerate(z):
        weights = np.full(len(row), precision)
        state, one = stepped(state, found, row, weights, at=1000 + number, day=day, threshold=limit)
        heard.append(one)
    return state, heard


def drawn(rng, shape, mean=0.2, precision=PRECISION):
    return mean + rng.normal(size=shape) / np.sqrt(precision)


@settings(max_examples=60, deadline=None)
@given(
    st.floats(0.001, 0.2), st.floats(5, 1e4), st.floats(-1, 1), st.sampled_from([1, -1]),
)  # fmt: skip
def test_no_bet_gains_while_the_truth_is_inside_the_band(width, precision, inside, direction):
    nodes, weights = hermegauss(60)
    away = direction * inside * width + nodes / np.sqrt(precision)
    ones = np.ones(len(away))
    bets = log_bets(away, precision * ones, width * ones)
    steep = precision * ALTERNATIVES**2 < 25  # where sixty nodes are enough for the integral
    means = (np.exp(np.minimum(bets, 600)) * (weights / weights.sum())[:, None, None]).sum(axis=0)
    assert (means[:, steep] <= 1 + 1e-6).all()


def test_at_the_edge_itself_a_bet_is_fair():
    rng = np.random.default_rng(1)
    away = 0.03 + rng.normal(size=200_000) / np.sqrt(200)
    bets = np.exp(log_bets(away, np.full(len(away), 200.0), np.full(len(away), 0.03)))
    np.testing.assert_allclose(bets[:, 0, :2].mean(axis=0), 1, atol=0.02)
    assert (bets[:, 1].mean(axis=0) < 1).all()


def test_at_the_edge_of_every_band_alarms_stay_within_the_budget():
    rng = np.random.default_rng(2)
    windows, period = 4000, 50.0
    found = flat(20)
    _, heard = played(found, drawn(rng, (windows, 20), mean=0.23), threshold=log_threshold(period, share=1.0), day=3)
    alarms = sum(bool(one.named) for one in heard)
    assert 2 <= alarms <= windows / period  # it can fire, and keeps to the budget


def test_inside_the_band_there_is_no_alarm_in_two_thousand_windows():
    rng = np.random.default_rng(3)
    past = drawn(rng, (336, 435))
    found = learned(past, np.full(past.shape, PRECISION), tolerance=0.025, period=PERIOD, scales=(1, 24, 168))
    _, heard = played(found, drawn(rng, (2000, 435)))
    assert not any(one.named for one in heard)


@pytest.mark.parametrize(("change", "within"), [(0.2, 3), (-0.2, 3), (0.1, 15), (1.5, 1)])
def test_a_change_of_one_pair_is_found_named_and_dated(change, within):
    rng = np.random.default_rng(4)
    past = drawn(rng, (336, 435))
    found = learned(past, np.full(past.shape, PRECISION), tolerance=0.025, period=PERIOD, scales=(1, 24, 168))
    z = drawn(rng, (60, 435))
    z[40:, 7] += change
    state, heard = played(found, z)
    first = next(number for number, one in enumerate(heard) if one.named)
    assert 40 <= first < 40 + within
    assert heard[first].named == (7,)
    assert abs(int(state.opened[7]) - 1040) <= 2
    assert sum(bool(one.named) for one in heard) == 1  # it is open, and silent
    state, _ = played(found, z[: first + 1])
    assert np.isneginf(state.evidence[7]).all()  # its evidence is spent at once


def test_an_open_pair_closes_after_a_day_inside_its_band_and_may_alarm_again():
    rng = np.random.default_rng(5)
    z = drawn(rng, (150, 3))
    z[10:40, 1] += 0.3
    z[100:, 1] -= 0.3
    state, heard = played(flat(3), z, day=10)
    closed = [number for number, one in enumerate(heard) if one.closed]
    assert len(closed) == 1
    assert 48 <= closed[0] <= 62
    again = [number for number, one in enumerate(heard) if one.named]
    assert len(again) == 2
    assert 100 <= again[1] <= 102
    assert state.opened.tolist()[::2] == [0, 0]


def test_many_pairs_that_move_at_once_are_one_alarm():
    rng = np.random.default_rng(6)
    z = drawn(rng, (12, 45))
    z[5:, :9] += 0.3
    _, heard = played(flat(45), z)
    named = [one.named for one in heard if one.named]
    assert len(named[0]) >= 7
    assert sorted(sum(named, ())) == list(range(9))


def test_a_pair_not_seen_keeps_its_evidence_and_one_not_followed_has_none():
    found = flat(3).without(np.array([False, False, True]))
    state, _ = played(found, np.full((1, 3), 0.3))
    weights = np.array([0.0, PRECISION, PRECISION])
    after, _ = stepped(state, found, np.array([np.nan, 0.3, 0.3]), weights, at=5, day=24, threshold=9.0)
    np.testing.assert_array_equal(after.evidence[0], state.evidence[0])
    assert (after.evidence[1, 0] > state.evidence[1, 0]).any()
    assert np.isneginf(after.evidence[2]).all()


def test_a_state_and_what_was_learned_come_back_from_their_bytes_and_go_on_alike():
    rng = np.random.default_rng(7)
    past = drawn(rng, (40, 10))
    fresh = learned(past, np.full(past.shape, PRECISION), tolerance=0.025, period=PERIOD, scales=(1, 24))
    found = Together.of(arrays.unpacked(arrays.packed({}, fresh.arrays()))[1])
    z = drawn(rng, (30, 10), mean=0.26)
    once, _ = played(found, z)
    half, _ = played(found, z[:15])
    back = State.of(arrays.unpacked(arrays.packed({}, half.arrays()))[1])
    after = begun(10)
    for number, row in enumerate(z):
        after = back if number == 15 else after
        after, _ = stepped(after, found, row, np.full(10, PRECISION), at=1000 + number, day=24,
                           threshold=log_threshold(PERIOD))  # fmt: skip
    for name in ("evidence", "started", "opened", "back"):
        np.testing.assert_array_equal(getattr(after, name), getattr(once, name))


def test_noise_that_is_larger_than_sampling_is_learned_and_costs_no_alarm():
    rng = np.random.default_rng(8)
    past = drawn(rng, (336, 45), precision=PRECISION / 4)  # ties, or rows that repeat each other
    weights = np.full(past.shape, PRECISION)
    found = learned(past, weights, tolerance=0.025, period=PERIOD, scales=(1, 24, 168))
    assert np.median(found.noise) == pytest.approx(4, rel=0.1)
    assert np.median(found.width) < 0.06  # taken as noise, not as wander
    _, heard = played(found, drawn(rng, (500, 45), precision=PRECISION / 4))
    assert not any(one.named for one in heard)


def test_slow_wander_is_learned_as_a_wider_band():
    rng = np.random.default_rng(9)

    def wander(windows):
        z = np.zeros((windows, 20))
        for t in range(1, windows):
            z[t] = 0.9 * z[t - 1] + rng.normal(size=20) * 0.03 * np.sqrt(1 - 0.81)
        return drawn(rng, z.shape) + z

    past = wander(336)
    found = learned(past, np.full(past.shape, PRECISION), tolerance=0.025, period=PERIOD, scales=(1, 24, 168))
    assert np.median(found.width) > 0.12
    _, heard = played(found, wander(1000))
    assert not any(one.named for one in heard)


def test_pairs_that_wander_too_widely_or_were_hardly_seen_are_not_followed():
    rng = np.random.default_rng(10)
    past = drawn(rng, (100, 3))
    past[:, 1] += np.repeat(rng.normal(size=20), 5) * 0.2
    weights = np.full(past.shape, PRECISION)
    weights[3:, 2] = 0
    found = learned(past, weights, tolerance=0.025, period=PERIOD, scales=(1,))
    assert found.is_followed.tolist() == [True, False, False]
    assert played(found, drawn(rng, (5, 3)))[0].evidence.shape == (3, 2, 4)


def test_before_learning_a_wide_tolerance_holds_around_training():
    rng = np.random.default_rng(11)
    found = trained(np.array([0.2, 0.2, np.nan]), np.array([2e4, 2e4, 0.0]))
    assert found.is_followed.tolist() == [True, True, False]
    z = drawn(rng, (40, 3))
    z[:, 0] += 0.25  # inside the wide tolerance
    z[20:, 1] += 0.6
    _, heard = played(found, z)
    assert [one.named for one in heard if one.named] == [(1,)]


def test_a_constant_offset_from_training_is_no_drift():
    rng = np.random.default_rng(12)
    past = drawn(rng, (336, 4), mean=np.array([0.2, 0.4, 0.2, 0.2]))
    found = learned(past, np.full(past.shape, PRECISION), tolerance=0.025, period=PERIOD, scales=(1, 24, 168))
    _, heard = played(found, drawn(rng, (300, 4), mean=np.array([0.2, 0.4, 0.2, 0.2])))
    assert not any(one.named for one in heard)


def test_marks_widen_a_band_and_restart_a_pair():
    found = flat(2).widened(np.array([1.5, 1.0]))
    assert found.width.tolist() == pytest.approx([0.045, 0.03])
    state = replace(begun(2), opened=np.array([5, 6]), evidence=np.zeros((2, 2, 4)))
    again = state.restarted(np.array([True, False]))
    assert again.opened.tolist() == [0, 6]
    assert np.isneginf(again.evidence[0]).all()
    assert np.isfinite(again.evidence[1]).all()


def test_no_pairs_at_all_are_no_trouble():
    state, heard = played(flat(0), np.zeros((3, 0)))
    assert heard[-1].total == 0
    assert state.evidence.shape == (0, 2, 4)
