"""From how many rows on a threshold means anything, against what chance does there."""

import numpy as np
import pytest
from scipy import stats as oracle
from stats.sides import normal

from monitor.stats.enough import rows_for
from monitor.stats.rosetta import MEASURES, in_measure


def test_the_rule_of_the_design():
    """n_h >= chi2inv(1 - alpha, K - 1) / (c t)."""
    needed = oracle.chi2.isf(0.05, 9) / 0.1
    assert rows_for(0.1, "psi", 10, 1e12) == int(np.ceil(needed))
    assert rows_for(0.1, "hellinger", 10, 1e12) == int(np.ceil(oracle.chi2.isf(0.05, 9) / (8 * 0.01)))
    assert rows_for(0.1, "js", 10, 1e12) == int(np.ceil(oracle.chi2.isf(0.05, 9) / (8 * 0.01 * np.log(2))))


def test_an_index_at_its_smallest_window_fires_on_one_window_in_twenty():
    rng = np.random.default_rng(1)
    rows = rows_for(0.1, "psi", 10, 10_000)
    now, base = (rng.multinomial(n, [0.1] * 10, 4_000) + 0.5 for n in (rows, 10_000))
    q, p = now / now.sum(axis=1, keepdims=True), base / base.sum(axis=1, keepdims=True)
    assert (((q - p) * np.log(q / p)).sum(axis=1) > 0.1).mean() == pytest.approx(0.05, abs=0.015)


@pytest.mark.parametrize("measure", ["ks", "w1", "energy", "tv"])
def test_at_their_smallest_window_gaps_fire_on_few(measure):
    rng = np.random.default_rng(2)
    threshold = in_measure(0.25, "sd", measure)
    rows = rows_for(threshold, measure, 12, 10_000)
    fired = 0
    for _ in range(200):
        now, base, counted, held, _ = normal(rng, 10_000, rows, 0.0)
        seen = {
            "ks": lambda now=now, base=base: oracle.ks_2samp(now, base).statistic,
            "w1": lambda now=now, base=base: oracle.wasserstein_distance(now, base),
            "energy": lambda now=now, base=base: oracle.energy_distance(now, base),
            "tv": lambda a=counted, b=held: np.abs(a / a.sum() - b / b.sum()).sum() / 2,
        }[measure]()
        fired += seen > threshold
    assert fired <= 0.1 * 200


@pytest.mark.parametrize("measure", MEASURES)
def test_smaller_thresholds_and_smaller_baselines_need_more_rows(measure):
    small, large = (rows_for(in_measure(shift, "sd", measure), measure, 12, 1e6) for shift in (0.1, 0.3))
    assert 3 * large < small
    assert rows_for(in_measure(0.1, "sd", measure), measure, 12, 4 * small) > small
    assert rows_for(in_measure(0.1, "sd", measure), measure, 12, small / 2) is None


def test_no_threshold_has_no_number_of_rows_and_nonsense_says_what_would_be_right():
    assert rows_for(0.0, "psi", 10, 1_000) is None
    assert rows_for(0.1, "psi", 10, 0) is None
    with pytest.raises(ValueError, match="below 1 would be right"):
        rows_for(1.5, "ks", 10, 1_000)
