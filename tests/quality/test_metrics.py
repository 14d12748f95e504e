"""Every metric against scikit-learn, known numbers, and intervals that hold what they promise."""

from fractions import Fraction
from math import isnan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from outcomes import churn, of_cells, quality, random_scores, sdk
from sklearn import metrics as sk

from monitor.quality.metrics import metrics_of

EPS = 1e-9


def values(found):
    return {name: metric.value for name, metric in metrics_of(found).items()}


def test_the_published_numbers_of_201_customers():
    found = values(churn())
    exact = {
        "recall": Fraction(16, 28), "precision": Fraction(1), "accuracy": Fraction(189, 201), "f1": Fraction(32, 44),
        "f0_5": Fraction(20, 23), "f2": Fraction(5, 8),
    }  # fmt: skip
    for name, value in exact.items():
        assert found[name] == pytest.approx(float(value), abs=1e-12)
    assert found["auc"] == pytest.approx(0.9395127993393888, abs=1e-9)
    rounded = {"recall": 0.5714, "accuracy": 0.9403, "f1": 0.7273, "f0_5": 0.8696, "auc": 0.9395}
    assert {name: round(found[name], 4) for name in rounded} == rounded
    assert found["accuracy_best_constant_classifier"] == 173 / 201
    assert found["recall_best_constant_classifier"] == 0


def test_the_published_numbers_of_a_regression():
    found = values(sdk())
    published = {
        "mae": 0.5040653554420981, "mse": 0.33364933609800973, "rmse": 0.5776238707827177, "r2": -3.208758170289026,
    }  # fmt: skip
    for name, value in published.items():
        assert found[name] == pytest.approx(value, abs=1e-12, rel=1e-12)


def test_the_example_of_several_classes():
    truth, said = np.repeat([0, 0, 1, 1], [1180, 510, 268, 138]), np.repeat([0, 1, 0, 1], [1180, 510, 268, 138])
    found = values(quality("multiclass", truth, said))
    assert found["accuracy"] == found["weighted_recall"] == pytest.approx(0.6288167938931297, abs=1e-12)
    assert found["weighted_precision"] == pytest.approx(0.6983172269629505, abs=1e-12)
    share = 1690 / 2096
    assert found["weighted_precision_best_constant_classifier"] == pytest.approx(share**2)
    assert found["weighted_f1_best_constant_classifier"] == pytest.approx(share * 2 * share / (1 + share))


@settings(max_examples=40)
@given(st.integers(0, 2**32), st.integers(2, 400), st.sampled_from([1, 2, 16]))
def test_binary_metrics_are_scikit_learns(seed, rows, digits):
    rng = np.random.default_rng(seed)
    truth, chance = random_scores(rng, rows, digits)
    said = (chance >= 0.5).astype(int)
    found = values(quality("binary", truth, None, chance))
    assert found["accuracy"] == pytest.approx(sk.accuracy_score(truth, said))
    for name, beta in (("f0_5", 0.5), ("f1", 1), ("f2", 2)):
        if truth.any() or said.any():
            assert found[name] == pytest.approx(sk.fbeta_score(truth, said, beta=beta, zero_division=0))
        else:
            assert isnan(found[name])
    if truth.any():
        assert found["recall"] == pytest.approx(sk.recall_score(truth, said))
        assert found["precision"] == pytest.approx(sk.precision_score(truth, said, zero_division=0))
        assert found["au_prc"] == pytest.approx(sk.average_precision_score(truth, chance))
    assert found["log_loss"] == pytest.approx(sk.log_loss(truth, chance, labels=[0, 1]), rel=1e-6)
    assert found["brier"] == pytest.approx(sk.brier_score_loss(truth, chance))
    if 0 < truth.sum() < rows:
        assert found["auc"] == pytest.approx(sk.roc_auc_score(truth, chance), abs=EPS)
        assert found["balanced_accuracy"] == pytest.approx(sk.balanced_accuracy_score(truth, said))
        if 0 < said.sum() < rows:
            assert found["mcc"] == pytest.approx(sk.matthews_corrcoef(truth, said), abs=EPS)
    else:
        assert isnan(found["auc"])


@settings(max_examples=40)
@given(st.integers(0, 2**32), st.integers(1, 300), st.integers(1, 6))
def test_metrics_of_several_classes_are_scikit_learns(seed, rows, classes):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, classes, rows)
    said = np.where(rng.random(rows) < 0.6, truth, rng.integers(0, classes + 1, rows))
    found = values(quality("multiclass", truth, said))
    assert found["accuracy"] == pytest.approx(sk.accuracy_score(truth, said))
    for name, beta in (("weighted_f0_5", 0.5), ("weighted_f1", 1), ("weighted_f2", 2)):
        assert found[name] == pytest.approx(sk.fbeta_score(truth, said, beta=beta, average="weighted", zero_division=0))
    assert found["weighted_precision"] == pytest.approx(
        sk.precision_score(truth, said, average="weighted", zero_division=0)
    )
    expected = np.mean([(said[truth == c] == c).mean() for c in np.unique(truth)])
    assert found["balanced_accuracy"] == pytest.approx(expected)
    if len(set(truth)) > 1 and len(set(said)) > 1:
        assert found["mcc"] == pytest.approx(sk.matthews_corrcoef(truth, said), abs=EPS)
    else:
        assert isnan(found["mcc"])


@settings(max_examples=40)
@given(st.integers(0, 2**32), st.integers(2, 300), st.sampled_from([0.0, 10.0, 1e6]))
def test_metrics_of_numbers_are_scikit_learns(seed, rows, far):
    rng = np.random.default_rng(seed)
    truth = far + rng.gamma(2, 3, rows)
    said = np.abs(truth + rng.normal(0.3, 1, rows))
    found = values(quality("regression", truth, said))
    assert found["mae"] == pytest.approx(sk.mean_absolute_error(truth, said))
    assert found["rmse"] == pytest.approx(sk.root_mean_squared_error(truth, said))
    assert found["r2"] == pytest.approx(sk.r2_score(truth, said), rel=1e-9)
    assert found["mape"] == pytest.approx(sk.mean_absolute_percentage_error(truth, said))
    assert found["rmsle"] == pytest.approx(sk.root_mean_squared_log_error(truth, said), rel=1e-6)
    assert found["error_q50"] == pytest.approx(np.quantile(said - truth, 0.5, method="inverted_cdf"))


def test_what_has_no_answer_is_nan_and_raises_nothing():
    one_class = values(of_cells(10, 0, 0, 0))
    assert isnan(one_class["recall"])
    assert isnan(one_class["precision"])
    assert isnan(one_class["mcc"])
    assert one_class["true_negative_rate"] == 1
    assert values(of_cells(5, 0, 3, 0))["precision"] == 0
    for kind in ("binary", "multiclass", "regression"):
        assert all(isnan(value) for value in values(quality(kind, [], [])).values())
    assert isnan(values(quality("regression", [2.0, 2.0], [1.0, 2.0]))["r2"])
    assert values(quality("regression", [1.0, 2.0], [1.0, 2.0]))["r2"] == 1


@pytest.mark.parametrize("cells", [(0, 0, 0, 7), (9, 0, 0, 9), (0, 4, 3, 0), (1, 0, 0, 0), (30, 1, 2, 20)])
def test_bounds_hold_the_value_and_stay_within_what_is_possible(cells):
    for found in metrics_of(of_cells(*cells)).values():
        if found.is_known:
            assert found.low <= found.value <= found.high
            assert (-1 if found.name == "mcc" else 0) <= found.low
            assert found.high <= 1


def test_a_row_costs_what_its_cell_costs():
    costs = {"1": {"0": 100.0}, "0": {"1": 5.0}}
    found = metrics_of(of_cells(50, 10, 4, 36, costs=costs))["cost"]
    assert found.value == pytest.approx((10 * 5 + 4 * 100) / 100)
    assert found.low < found.value < found.high
    assert found.better == "lower"
    assert "cost" not in metrics_of(of_cells(50, 10, 4, 36))


def test_costs_of_several_classes_go_by_their_names():
    found = quality("multiclass", ["a", "b", "c"], ["b", "b", "a"], costs={"a": {"b": 6}, "c": {"a": 3}, "x": {"a": 9}})
    assert metrics_of(found)["cost"].value == pytest.approx(3.0)


def test_a_calibrated_model_may_have_no_calibration_error_and_an_overconfident_one_has():
    rng = np.random.default_rng(8)
    chance = rng.beta(1, 2, 4000)
    fair = metrics_of(quality("binary", rng.random(4000) < chance, None, chance))["expected_calibration_error"]
    bold = metrics_of(quality("binary", rng.random(4000) < 0.5 * chance, None, chance))["expected_calibration_error"]
    assert fair.low == 0
    assert bold.low > 0.1
    bins = np.minimum((chance * 10).astype(int), 9)
    truth = rng.random(4000) < chance
    by_hand = sum(abs(truth[bins == b].sum() - chance[bins == b].sum()) for b in range(10)) / 4000
    again = metrics_of(quality("binary", truth, None, chance))["expected_calibration_error"]
    assert again.value == pytest.approx(by_hand)
