"""Every measure of one feature, beside what is violated and nowhere else."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats as oracle

from monitor import every_measure
from monitor.every_measure import measures_of, with_measures
from monitor.finding import Finding, Status
from monitor.judge import judge
from monitor.rulepath import preset, shipped
from monitor.stats.moments import Moments
from monitor.stats.quantiles import Quantiles
from monitor.testing import profile

NUMBERS = [
    "ks", "cvm", "w1", "energy", "psi", "js", "hellinger", "tv", "chi2", "g",
    "mean", "variance", "quantile_05", "median", "quantile_95",
]  # fmt: skip


def features(now, base):
    base = profile({"x": base})
    return profile({"x": now}, base).settled().features["x"], base.features["x"]


def measured(now, base):
    return {one.name: one for one in measures_of(*features(now, base), np.random.default_rng(1))}


@pytest.fixture(scope="module")
def half():
    """Normal numbers, and as many that lie half a standard deviation higher."""
    rng = np.random.default_rng(5)
    return rng.normal(0.5, 1, 4_000), rng.normal(0, 1, 20_000)


def test_numbers_have_all_of_them_in_order(half):
    assert [one.name for one in measures_of(*features(*half), np.random.default_rng(1))] == NUMBERS


def test_every_one_of_them_tells_the_same_shift(half):
    for name, found in measured(*half).items():
        assert found.low <= found.value <= found.high, name
        assert found.method
        if name in ("variance", "chi2", "g"):
            assert found.deviations is None
        else:
            assert found.deviations == pytest.approx(0.5, abs=0.08), name


@pytest.mark.parametrize("law", ["normal", "lognormal", "far away", "zeros", "whole"])
def test_distances_are_those_of_the_values(law):
    rng = np.random.default_rng(6)
    base, now = {
        "normal": lambda: (rng.normal(0, 1, 20_000), rng.normal(0, 1.5, 5_000)),
        "lognormal": lambda: (rng.lognormal(0, 1.5, 20_000), 1.5 * rng.lognormal(0, 1.5, 5_000)),
        "far away": lambda: (rng.normal(0, 1, 20_000), rng.normal(12, 1, 5_000)),
        "zeros": lambda: (np.maximum(0, rng.normal(0, 1, 20_000)), np.maximum(0, rng.normal(0.4, 1, 5_000))),
        "whole": lambda: (rng.poisson(3, 20_000).astype(float), rng.poisson(4, 5_000).astype(float)),
    }[law]()
    found = measured(now, base)
    unit = base.std() if law == "whole" else np.diff(np.quantile(base, [0.05, 0.95]))[0] / 3.29
    w1, energy = oracle.wasserstein_distance(now, base) / unit, oracle.energy_distance(now / unit, base / unit)
    assert found["ks"].value - 1e-9 <= oracle.ks_2samp(now, base).statistic <= found["ks"].high + 1e-9
    assert found["ks"].value == pytest.approx(oracle.ks_2samp(now, base).statistic, rel=0.1)
    assert found["w1"].value == pytest.approx(w1, rel=0.12)
    assert found["energy"].value == pytest.approx(energy, rel=0.12)


def test_categories_have_their_largest_difference():
    rng = np.random.default_rng(7)
    base = rng.choice(["a", "b", "c"], 10_000, p=[0.5, 0.3, 0.2])
    found = measured(rng.choice(["a", "b", "c", "new"], 2_000, p=[0.4, 0.3, 0.2, 0.1]), base)
    assert list(found) == ["linf", "psi", "js", "hellinger", "tv", "chi2", "g"]
    assert found["linf"].value == pytest.approx(0.1, abs=0.02)
    assert found["tv"].value == pytest.approx(0.1, abs=0.02)
    assert found["psi"].low > 0.1


def test_chi_squared_and_g_by_row_are_near_psi_and_do_not_grow_with_the_rows(half):
    found, more = measured(*half), measured(np.tile(half[0], 4), half[1])
    for name in ("chi2", "g"):
        assert found[name].low < found["psi"].value < 1.2 * found[name].high
        assert more[name].value == pytest.approx(found[name].value, rel=0.1)
        assert "degrees of freedom" in found[name].method


def test_rows_without_a_value_are_cells_of_their_own():
    rng = np.random.default_rng(8)
    base, now = rng.normal(0, 1, 10_000), rng.normal(0, 1, 2_000)
    now[rng.random(2_000) < 0.2] = np.nan
    found = measured(now, base)
    assert found["missing"].value == pytest.approx(0.2, abs=0.03)
    assert found["missing"].low > 0.15
    assert found["psi"].low > 0.1
    assert found["ks"].low == 0.0


def test_values_out_of_range_are_cells_of_their_own():
    rng = np.random.default_rng(4)
    base, now = rng.random(5_000), np.where(rng.random(1_000) < 0.1, 1.5, rng.random(1_000))
    found = measured(now, base)
    assert found["tv"].low > 0.05
    assert found["psi"].low > 0.1


def test_of_a_base_that_has_only_cells_those_measures_are_told_that_cells_give(half):
    now, base = features(*half)
    only = replace(base, moments=Moments(), quantiles=Quantiles.empty())
    found = {one.name: one for one in measures_of(now, only, np.random.default_rng(1))}
    assert list(found) == ["ks", "cvm", "w1", "energy", "psi", "js", "hellinger", "tv", "chi2", "g"]
    assert found["w1"].deviations == pytest.approx(0.5, abs=0.1)
    assert found["ks"].high > measured(*half)["ks"].high


def test_rows_that_repeat_each_other_widen_every_interval(half):
    now, base = features(*half)
    five = replace(now, design_effect=5.0)
    rng = np.random.default_rng(1)
    for once, repeated in zip(measures_of(now, base, rng), measures_of(five, base, rng), strict=True):
        assert repeated.high - repeated.low > 1.3 * (once.high - once.low), once.name


def test_another_kind_or_no_rows_have_none():
    numbers, texts = features(np.ones(5), np.arange(50.0))[0], features(["a"] * 5, ["a", "b"] * 20)[0]
    assert measures_of(numbers, texts, np.random.default_rng(1)) == ()
    empty = features(np.full(5, np.nan), np.arange(50.0))
    assert {one.name for one in measures_of(*empty, np.random.default_rng(1))} <= {
        "psi",
        "js",
        "hellinger",
        "tv",
        "chi2",
        "g",
        "missing",
    }


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from([0.0, 1.0, 2.5, -3.0, 1e9, -1e300, 1e-300]), min_size=1, max_size=40),
    st.lists(st.sampled_from([0.0, 1.0, 2.5, 7.0, 1e9, 1e300]), min_size=1, max_size=40),
)
@pytest.mark.filterwarnings("ignore:overflow")
def test_no_numbers_are_too_odd(now, base):
    for one in measures_of(*features(np.array(now), np.array(base)), np.random.default_rng(1)):
        assert one.low <= one.value <= one.high or np.isnan([one.low, one.high]).any()


def tables():
    rng = np.random.default_rng(9)
    base = profile({"moved": rng.normal(0, 1, 5_000), "still": rng.normal(0, 1, 5_000)})
    return profile({"moved": rng.normal(0.7, 1, 1_500), "still": rng.normal(0, 1, 1_500)}, base), base


def test_only_what_is_violated_by_drift_or_skew_is_measured():
    now, base = tables()
    found = with_measures(judge(now, base, preset(shipped())), now, base)
    measured_ones = [(f.rule, f.feature) for f in found if f.measures]
    assert measured_ones == [("drift", "moved")]
    assert ("mean_shift", "moved") in [(f.rule, f.feature) for f in found if f.status is Status.VIOLATED]
    assert found == with_measures(judge(now, base, preset(shipped())), now, base)


def test_a_clean_window_costs_nothing(monkeypatch):
    now, base = tables()
    clean = (Finding(status=Status.OK, rule="drift", feature="moved"),)
    monkeypatch.setattr(every_measure, "measures_of", None)
    monkeypatch.setattr(type(now), "settled", None)
    assert with_measures(clean, now, base) == clean


def test_a_feature_that_is_not_there_any_more_has_none():
    now, base = tables()
    gone = (Finding(status=Status.VIOLATED, rule="skew", feature="gone"),)
    assert with_measures(gone, now, base) == gone


def test_of_drift_cells_are_held_against_production_as_learned_and_the_rest_says_that_it_is_not():
    now, base = features(np.random.default_rng(2).normal(0.8, 1, 4_000), np.random.default_rng(3).normal(0, 1, 20_000))
    learned = features(np.random.default_rng(4).normal(0.8, 1, 20_000), np.random.default_rng(3).normal(0, 1, 20_000))[
        0
    ]
    as_learned = replace(base, cells=learned.cells)
    found = {one.name: one for one in measures_of(now, base, np.random.default_rng(1), as_learned)}
    for name in ("ks", "w1", "energy", "psi", "js", "hellinger", "tv"):
        assert found[name].low == 0.0, name
        assert found[name].deviations < 0.1, name
    for name in ("mean", "median", "variance"):
        assert found[name].method.startswith("against the training baseline: "), name
    assert found["mean"].value == pytest.approx(0.8, abs=0.06)
    assert found["ks"].high < 0.1


def test_only_drift_is_held_against_production_as_learned():
    now, base = tables()
    learned = {"moved": replace(base.features["moved"], cells=now.features["moved"].cells)}
    drifted, skewed = (Finding(status=Status.VIOLATED, rule=rule, feature="moved") for rule in ("drift", "skew"))
    one, other = with_measures((drifted, skewed), now, base, learned)
    assert {m.name: m.value for m in one.measures}["psi"] == 0.0
    assert {m.name: m.value for m in other.measures}["psi"] > 0.3
