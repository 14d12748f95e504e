"""What learning yields: a centre of production's own, spread around it, rhythms, and refusals."""

from datetime import timedelta

import numpy as np
from looks import Followed, Traffic, plan

from monitor.policy.arming import skews_of
from monitor.policy.halves import moved
from monitor.policy.learning import effect_of, learned, recentred, unlearned
from monitor.policy.seen import Seen
from monitor.stats.angle import angle

MIDDLE = 5


def test_independent_windows_have_no_spread_of_their_own() -> None:
    to_keep = plan()
    found = learned(Traffic(to_keep, 1).looks(336), to_keep)
    assert (found.spread[0] < 0.02).all()
    assert found.blocks == (336, 14, 14)
    assert not found.heavy.any()
    np.testing.assert_allclose(found.centre[MIDDLE::12], np.pi / 2, atol=0.02)


def test_a_constant_offset_is_neither_spread_nor_season() -> None:
    to_keep = plan()
    here = learned(Traffic(to_keep, 1).looks(336), to_keep)
    there = learned(Traffic(to_keep, 1).looks(336, 0.5), to_keep)
    np.testing.assert_allclose(here.spread, there.spread, atol=0.02)
    assert np.abs(there.season.hours.mean(axis=0)).max() < 1e-12
    np.testing.assert_allclose(there.centre[MIDDLE::12], angle(0.3085), atol=0.02)


def test_a_daily_rhythm_is_learned_and_leaves_the_spread_alone() -> None:
    to_keep = plan(2)
    traffic = Traffic(to_keep, 3)
    looks = [traffic.look(0.4 * np.sin(2 * np.pi * (hour % 24) / 24)) for hour in range(336)]
    found = learned(looks, to_keep)
    assert found.season.names == ("day",)
    assert found.season.hours[6, MIDDLE] < -0.2 < 0.2 < found.season.hours[18, MIDDLE]
    assert (found.spread[0][[MIDDLE, MIDDLE + 12]] < 0.03).all()


def test_a_weekly_rhythm_needs_three_weeks() -> None:
    to_keep = plan(2)
    assert learned(Traffic(to_keep, 3).looks(21 * 24), to_keep).season.names == ("day", "week")


def test_a_monitor_of_days_learns_no_hours() -> None:
    to_keep = plan(2, timedelta(days=1))
    found = learned(Traffic(to_keep, 3).looks(14), to_keep)
    assert to_keep.scales == (1, 7)
    assert found.season.names == ()
    assert found.blocks == (14, 14)


def test_rows_that_repeat_each_other_are_worth_less_and_are_no_spread() -> None:
    to_keep = plan(2)
    looks = Traffic(to_keep, 3, rows=200).looks(336)
    five = [
        type(look)(
            window=look.window, rows=1000, counts=look.counts * 5, totals=look.totals * 5, effect=np.full(2, 5.0)
        )
        for look in looks
    ]
    found = learned(five, to_keep)
    np.testing.assert_array_equal(found.effect, 5.0)
    assert (found.spread[0] < 0.03).all()
    alone = learned(
        [type(x)(window=x.window, rows=1000, counts=x.counts, totals=x.totals, effect=np.ones(2)) for x in five],
        to_keep,
    )
    assert (alone.spread[0][[MIDDLE, MIDDLE + 12]] > 0.05).all()


def test_overlapping_windows_count_a_row_more_than_once() -> None:
    to_keep = plan(2)
    longer = type(to_keep)(layout=to_keep.layout, interval=timedelta(hours=1), length=timedelta(hours=3))
    assert (effect_of(Traffic(to_keep, 1).looks(3), longer) == 3).all()


def test_heavy_shocks_turn_jump_off_and_widen_the_bands() -> None:
    to_keep = plan(3)
    rng, traffic, mean, looks = np.random.default_rng(2), Traffic(to_keep, 3), np.zeros(3), []
    for _ in range(336):
        mean = 0.9 * mean + np.sqrt(1 - 0.81) * 0.1 * rng.standard_t(2.5, 3)
        looks.append(traffic.look(mean))
    found = learned(looks, to_keep)
    assert found.heavy.all()
    assert found.model is None
    assert found.tails[0].min() > 1.2


def test_normal_shocks_of_the_same_size_are_not_heavy() -> None:
    to_keep = plan(3)
    rng, traffic, mean, looks = np.random.default_rng(2), Traffic(to_keep, 3), np.zeros(3), []
    for _ in range(336):
        mean = 0.9 * mean + np.sqrt(1 - 0.81) * 0.2 * rng.normal(size=3)
        looks.append(traffic.look(mean))
    found = learned(looks, to_keep)
    assert not found.heavy.any()
    assert found.model is not None


def test_one_bad_hour_is_no_law_of_all_features() -> None:
    to_keep = plan(3)
    traffic = Traffic(to_keep, 3)
    looks = [*traffic.looks(200), traffic.look([0.0, 0.8, 0.0]), *traffic.looks(135)]
    assert learned(looks, to_keep).heavy.tolist() == [False, True, False]


def test_rare_counts_are_skewed_and_no_heavy_tails() -> None:
    to_keep = plan(5)
    found = learned(Traffic(to_keep, 3).looks(336, 5.8), to_keep)  # 0.3 rows of 1,000 at or below the last cut
    assert not found.heavy.any()


def test_all_shares_of_a_feature_have_one_persistence_and_one_lost_in_noise_that_of_the_others() -> None:
    to_keep = plan(6)
    rng, traffic, mean, looks = np.random.default_rng(4), Traffic(to_keep, 3, rows=200), np.zeros(6), []
    for _ in range(672):
        mean = 0.9 * mean + np.sqrt(1 - 0.81) * np.array([0.1] * 5 + [0.03]) * rng.normal(size=6)
        looks.append(traffic.look(mean))
    model = learned(looks, to_keep).model
    assert model is not None
    rho = model.rho.reshape(6, 12)
    assert (rho == rho[:, :1]).all()
    assert rho[:, 0].min() > 0.7
    assert (model.wander.reshape(6, 12)[:5, 2:9] > 0.0005).all()  # 0.1 sd is a variance of 0.0064 at the median


def test_without_any_wander_nothing_persists() -> None:
    to_keep = plan(6)
    model = learned(Traffic(to_keep, 8).looks(336), to_keep).model
    assert model is not None
    assert not model.rho.any()


def test_a_dated_baseline_gives_the_spread_and_production_the_centre() -> None:
    to_keep = plan(2)
    history = Traffic(to_keep, 1).looks(672)
    found = recentred(learned(history, to_keep), Traffic(to_keep, 2).looks(336, 0.3), to_keep)
    np.testing.assert_allclose(found.centre[MIDDLE::12], angle(0.382), atol=0.02)
    assert found.season.names == ("day", "week")


def test_a_step_within_the_learning_windows_is_found_where_it_began() -> None:
    to_keep = plan(3)
    traffic = Traffic(to_keep, 5)
    looks = traffic.looks(240) + [traffic.look([0, 0.5, 0]) for _ in range(96)]
    found = moved(Seen.of(looks, effect_of(looks, to_keep), to_keep), to_keep, 0.05)
    assert found is not None
    assert found.feature == "x1"
    assert abs(found.window - 240) <= 24


def test_quiet_halves_are_no_step() -> None:
    to_keep = plan(3)
    looks = Traffic(to_keep, 5).looks(336)
    assert moved(Seen.of(looks, effect_of(looks, to_keep), to_keep), to_keep, 0.05) is None


def test_a_distance_from_training_is_told_with_its_interval() -> None:
    to_keep = plan(3)
    looks = Traffic(to_keep, 5).looks(336, [0.0, 0.3, -0.3])
    skews = skews_of(learned(looks, to_keep), to_keep, "then")
    assert set(skews) == {"x1", "x2"}
    assert skews["x1"].size < 0 < skews["x2"].size
    for skew in skews.values():
        assert skew.low < skew.size < skew.high


def test_an_undated_baseline_is_its_own_centre_and_rows_may_repeat() -> None:
    found = unlearned(plan(2))
    assert (found.effect == 5).all()
    assert not found.spread.any()


def test_features_that_were_never_there_do_no_harm() -> None:
    to_keep = plan(2)
    looks = Traffic(to_keep, 5).looks(40)
    for look in looks:
        look.totals[:12] = 0
        look.counts[:12] = 0
    assert np.isfinite(learned(looks, to_keep).centre).all()
    assert not Followed(to_keep).feed(*looks).said("skew")
