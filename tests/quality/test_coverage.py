"""Intervals hold the truth as often as they say: many small windows of one law against a very large one."""

import numpy as np
import pytest
from outcomes import quality

from monitor.quality.metrics import metrics_of

RUNS, ROWS, MANY = 400, 300, 400_000
# 95 % of 400 has a standard error of 1.1 %; approximations may miss by some points more.
LEAST, MOST = 0.90, 0.99


def binary(rng, rows):
    chance = rng.beta(1, 3, rows)
    return quality(
        "binary", rng.random(rows) < np.clip(chance * 1.1, 0, 1), None, chance, costs={"1": {"0": 9}, "0": {"1": 1}}
    )


def multiclass(rng, rows):
    truth = rng.choice(4, rows, p=[0.5, 0.3, 0.15, 0.05])
    return quality("multiclass", truth, np.where(rng.random(rows) < 0.7, truth, rng.integers(0, 4, rows)))


def regression(rng, rows):
    truth = rng.gamma(3, 2, rows)
    return quality("regression", truth, truth + rng.normal(0.2, 1, rows) * (0.5 + 0.1 * truth))


@pytest.mark.parametrize("draw", [binary, multiclass, regression])
def test_intervals_hold_the_truth_at_their_nominal_rate(draw):
    rng = np.random.default_rng(2024)
    real = {name: found.value for name, found in metrics_of(draw(rng, MANY)).items() if "constant" not in name}
    held = dict.fromkeys(real, 0)
    for _ in range(RUNS):
        found = metrics_of(draw(rng, ROWS))
        for name, value in real.items():
            held[name] += found[name].low <= value <= found[name].high
    rates = {name: count / RUNS for name, count in held.items()}
    print(rates)
    too_sure = {name: rate for name, rate in rates.items() if rate < LEAST}
    assert too_sure == {}
    too_wide = {name: rate for name, rate in rates.items() if rate > MOST and name != "expected_calibration_error"}
    assert too_wide == {}
