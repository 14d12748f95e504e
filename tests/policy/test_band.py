"""The band, how the budget is shared among what looks at it, and what would be noticed."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from looks import Followed, Traffic, plan

from monitor.policy import correlation, level
from monitor.policy.band import band_of
from monitor.policy.learning import learned
from monitor.policy.noticing import noticeable
from monitor.policy.telling import told

DAY = timedelta(days=1)


@pytest.mark.parametrize("interval", [timedelta(hours=1), DAY, 7 * DAY])
@pytest.mark.parametrize("jumps", [True, False])
@pytest.mark.parametrize("pairs", [True, False])
def test_what_the_channels_may_say_wrongly_adds_up_to_the_budget(interval: timedelta, jumps: bool, pairs: bool) -> None:
    to_keep = plan(3, interval, weights={"x0": 0.5})
    found = learned(Traffic(to_keep, 1).looks(14), to_keep)
    band = band_of(
        replace(found, spread=0 * found.spread), to_keep, np.ones(3), is_wide=False, jumps=jumps, pairs=pairs
    )
    total = correlation.SHARE * pairs + jumps * to_keep.period * np.exp(-band.log_jump)
    for number, scale in enumerate(to_keep.scales):
        looks = max(1.0, to_keep.period / scale)
        total += looks * np.exp(-band.log_thresholds[number])
        total += looks * (2 * np.exp(-(band.spikes[number] ** 2) / 2)).sum()  # Chernoff, two sides, over all shares
    assert total == pytest.approx(1.0)
    assert np.exp(level.LOG_WEIGHTS).mean() == pytest.approx(1.0)


def test_half_a_deviation_is_noticed_where_a_day_has_rows_enough_and_sooner_with_more() -> None:
    to_keep = plan(3)
    followed = Followed(to_keep).feed(*Traffic(to_keep, 1).looks(337))
    step = followed.steps[-1]
    totals = step.seen.totals
    smallest = [noticeable(step.memory, step.found, step.band, totals * times, to_keep) for times in (0.05, 1, 20)]
    assert (smallest[0] > smallest[1]).all()
    assert (smallest[1] > smallest[2]).all()
    assert smallest[1].max() < 0.2
    assert smallest[2].min() > to_keep.tolerance * np.sqrt(2 * np.pi)  # never what is tolerated
    nothing = noticeable(step.memory, step.found, step.band, 0 * totals, to_keep)
    assert np.isinf(nothing).all()


def test_what_jump_does_not_look_at_it_does_not_notice() -> None:
    to_keep = plan(3)
    rng, traffic, mean, looks = np.random.default_rng(2), Traffic(to_keep, 3), np.zeros(3), []
    for _ in range(337):
        mean = 0.9 * mean + np.sqrt(1 - 0.81) * 0.15 * rng.normal(size=3)
        looks.append(traffic.look(mean))
    step = Followed(to_keep).feed(*looks).steps[-1]
    heavy = np.array([True, False, False])
    before = noticeable(step.memory, step.found, step.band, step.seen.totals, to_keep)
    after = noticeable(step.memory, replace(step.found, heavy=heavy), step.band, step.seen.totals, to_keep)
    assert after[0] > 1.2 * before[0]
    np.testing.assert_array_equal(after[1:], before[1:])


def test_a_tolerance_wider_than_what_matters_can_be_kept_to() -> None:
    to_keep = plan(3, tolerances={"x0": 0.25})
    movements = told(Followed(to_keep).feed(*Traffic(to_keep, 1).looks(337)).steps[-1], to_keep).movements
    assert movements[0].noticeable > 0.7
    assert [movement.status for movement in movements] == ["ok"] * 3
