"""The Rosetta table against the closed forms, a published library and the design's own figures."""

import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate
from scipy import stats as oracle

from monitor.stats.rosetta import MEASURES, from_deviations, in_deviations, in_measure, table, tolerance_of

# Section 1.2 of the design: shift, KS = TV, W1, PSI, JS base 2, JS base e, Hellinger, energy, AUC, angle.
DESIGN = [
    (0.05, 0.020, 0.05, 0.0025, 0.021, 0.018, 0.018, 0.038, 0.514, 0.040),
    (0.10, 0.040, 0.10, 0.010, 0.042, 0.035, 0.035, 0.075, 0.528, 0.080),
    (0.25, 0.100, 0.25, 0.063, 0.106, 0.088, 0.088, 0.188, 0.570, 0.199),
    (0.50, 0.197, 0.50, 0.25, 0.209, 0.174, 0.175, 0.374, 0.638, 0.397),
    (1.00, 0.383, 1.0, 1.0, 0.401, 0.334, 0.343, 0.736, 0.760, 0.786),
]
NAMES = ("ks", "w1", "psi", "js", "js_e", "hellinger", "energy", "auc", "angle")


@pytest.mark.parametrize("row", DESIGN, ids=lambda row: f"{row[0]} sd")
def test_the_designs_figures(row: tuple[float, ...]) -> None:
    for name, expected in zip(NAMES, row[1:], strict=True):
        assert from_deviations(row[0], name) == pytest.approx(expected, abs=7e-4), name


@pytest.mark.parametrize("shift", [0.1, 0.7, 2.0])
def test_integrals_over_the_two_densities_give_the_same(shift: float) -> None:
    p, q = oracle.norm(0, 1).pdf, oracle.norm(shift, 1).pdf

    def integral(f) -> float:
        return integrate.quad(f, -12, 14, epsabs=1e-12, limit=200)[0]

    def to_middle(x: float) -> float:
        m = (p(x) + q(x)) / 2
        return (p(x) * math.log(p(x) / m) + q(x) * math.log(q(x) / m)) / 2

    gap = integral(lambda x: (oracle.norm.cdf(x) - oracle.norm.cdf(x - shift)) ** 2)
    expected = {
        "tv": integral(lambda x: abs(p(x) - q(x))) / 2,
        "psi": integral(lambda x: (q(x) - p(x)) * math.log(q(x) / p(x))),
        "js_e": math.sqrt(integral(to_middle)),
        "hellinger": math.sqrt(1 - integral(lambda x: math.sqrt(p(x) * q(x)))),
        "energy": math.sqrt(2 * gap),
        "cvm": integral(lambda x: (oracle.norm.cdf(x) - oracle.norm.cdf(x - shift)) ** 2 * q(x)),
        "auc": oracle.norm.cdf(shift / math.sqrt(2)),
        "rows": oracle.norm.cdf(shift) - 0.5,
    }
    for name, value in expected.items():
        assert from_deviations(shift, name) == pytest.approx(value, rel=1e-6), name


@pytest.mark.parametrize("name", MEASURES)
@given(shift=st.floats(0.001, 4.0))
def test_there_and_back_is_the_same_shift(name: str, shift: float) -> None:
    assert in_deviations(from_deviations(shift, name), name) == pytest.approx(shift, rel=1e-5)


@pytest.mark.parametrize("name", MEASURES)
def test_every_measure_grows_with_the_shift_from_none_at_no_shift(name: str) -> None:
    sizes = [from_deviations(shift, name) for shift in np.linspace(0, 5, 51).tolist()]
    assert sizes[0] == pytest.approx(MEASURES[name].rest, abs=1e-15)
    assert sizes == sorted(set(sizes))
    assert in_deviations(MEASURES[name].rest, name) == 0.0


def test_a_tenth_means_something_else_in_every_measure() -> None:
    found = {name: round(in_deviations(0.1, name), 2) for name in ("ks", "psi", "js", "js_e", "w1")}
    assert found == {"ks": 0.25, "psi": 0.32, "js": 0.24, "js_e": 0.28, "w1": 0.1}
    assert round(in_deviations(0.2, "psi"), 2) == 0.45
    assert in_deviations(0.25, "psi") == pytest.approx(0.5)


def test_nan_stays_nan() -> None:
    assert math.isnan(in_measure(math.nan, "psi", "ks"))


@pytest.mark.parametrize(
    ("told", "share"),
    [(0.025, 0.025), ({"rows": 0.1}, 0.1), ({"sd": 0.25}, 0.0987), ({"ks": 0.1}, 0.0992), ({"psi": 0.0625}, 0.0987),
     ({"angle": 0.05}, 0.025), ({"w1": 0.25}, 0.0987), ({"js": 0.106}, 0.0989), ({"hellinger": 0.0882}, 0.0987),
     ({"auc": 0.5702}, 0.0988), (0, 0.0)],
)  # fmt: skip
def test_a_tolerance_may_be_told_in_any_measure(told: float | dict[str, float], share: float) -> None:
    assert tolerance_of(told) == pytest.approx(share, abs=1.5e-4)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"psy": 0.1}, "measure 'psy': unknown; one of sd, rows, angle, ks"),
        ({"psi": -0.1}, "psi -0.1: population stability index .* from 0 would be right"),
        ({"ks": 1.0}, "ks 1: Kolmogorov-Smirnov .* from 0 and below 1 would be right"),
        ({"auc": 0.4}, "auc 0.4: AUC .* from 0.5 and below 1 would be right"),
        (0.6, "rows 0.6: .* below 0.5 would be right"),
        ({"psi": 0.1, "ks": 0.1}, "one measure would be right, such as {psi: 0.1}"),
        ({}, "one measure would be right"),
        ({"psi": True}, "psi True: a number would be right"),
        ({"psi": "much"}, "psi 'much': a number would be right"),
        ({"psi": math.nan}, "psi nan: a number would be right"),
        ({"psi": 100.0}, "psi 100: nothing would ever pass it; up to 9 "),
        (0.4999, "rows 0.4999: nothing would ever pass it; up to 0.499"),
    ],
)
def test_a_tolerance_that_is_none_says_what_would_be_right(told: float | dict[str, float], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        tolerance_of(told)


def test_the_command_prints_the_table() -> None:
    command = [sys.executable, "-m", "monitor.stats.rosetta"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == table() + "\n"
