"""Model Monitor's files of model quality: its keys, its numbers, its words."""

import json

import numpy as np
import pytest
from outcomes import SDK, churn, of_cells, quality, random_scores, sdk

from monitor.errors import BaselineError
from monitor.finding import Status
from monitor.sagemaker.model_quality import Constraint, read, statistics, suggest
from monitor.sagemaker.quality_violations import text, violations, violations_document


def test_the_statistics_of_a_regression_are_those_that_were_published():
    published = json.loads((SDK / "statistics.json").read_text())
    ours = statistics(sdk())
    assert list(ours) == list(published)
    assert ours["dataset"] == published["dataset"]
    assert list(ours["regression_metrics"]) == list(published["regression_metrics"])
    for name, entry in ours["regression_metrics"].items():
        assert entry["value"] == pytest.approx(published["regression_metrics"][name]["value"], rel=1e-12)
        assert entry["standard_deviation"] is None  # older files say "NaN" of fewer than 200 rows


def test_its_own_constraints_hold_and_a_tighter_one_does_not():
    now = sdk()
    good, bad = (json.loads((SDK / f"{case}_cases" / "constraints.json").read_text()) for case in ("good", "bad"))
    ours = suggest(now)
    assert list(ours) == list(good)
    for name, entry in ours["regression_constraints"].items():
        assert entry["comparison_operator"] == good["regression_constraints"][name]["comparison_operator"]
    assert {f.status for f in violations(now, read(ours, "regression"))} == {Status.OK}
    found = [f for f in violations(now, read(bad, "regression")) if f.status is Status.VIOLATED]
    assert "mse" in [f.feature for f in found]


def test_binary_statistics_hold_that_products_metrics_and_curves():
    found = statistics(churn())
    section = found["binary_classification_metrics"]
    assert section["confusion_matrix"] == {"0": {"0": 173, "1": 0}, "1": {"0": 12, "1": 16}}
    assert section["f0_5"]["value"] == pytest.approx(20 / 23, abs=1e-12)
    assert section["accuracy_best_constant_classifier"]["value"] == pytest.approx(173 / 201)
    assert section["recall"]["standard_deviation"] > 0  # 201 rows
    curve = section["receiver_operating_characteristic_curve"]
    assert (curve["false_positive_rates"][0], curve["true_positive_rates"][-1]) == (0.0, 1.0)
    area = np.trapezoid(curve["true_positive_rates"], curve["false_positive_rates"])
    assert area == pytest.approx(section["auc"]["value"], abs=1e-9)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert statistics(churn()) == found


def test_without_probabilities_there_is_no_area_and_no_curve():
    found = statistics(of_cells(5, 1, 2, 3))["binary_classification_metrics"]
    assert not {"auc", "au_prc", "receiver_operating_characteristic_curve"} & set(found)
    assert "auc" not in suggest(of_cells(5, 1, 2, 3))["binary_classification_constraints"]


def test_what_has_no_value_is_null_and_never_evaluated():
    base = of_cells(0, 0, 3, 5)
    assert statistics(base)["binary_classification_metrics"]["true_negative_rate"]["value"] is None
    asked = suggest(base)["binary_classification_constraints"]
    assert asked["true_negative_rate"]["threshold"] is None
    found = {f.feature: f for f in violations(of_cells(5, 5, 3, 5), read(suggest(base), "binary"))}
    assert found["true_negative_rate"].status is Status.SKIPPED


def test_several_classes_are_named_as_labels_name_them():
    found = statistics(quality("multiclass", ["cat", "dog", "dog"], ["cat", "cat", "dog"]))
    section = found["multiclass_classification_metrics"]
    assert section["confusion_matrix"] == {"cat": {"cat": 1, "dog": 0}, "dog": {"cat": 1, "dog": 1}}
    assert list(section)[1:4] == ["accuracy", "weighted_recall", "weighted_precision"]
    many = statistics(quality("multiclass", [str(i) for i in range(150)], [str(i) for i in range(150)]))
    assert "(other)" in many["multiclass_classification_metrics"]["confusion_matrix"]
    assert many["multiclass_classification_metrics"]["accuracy"]["value"] == 1


@pytest.mark.parametrize(
    ("told", "metric", "value", "deviation", "operator", "threshold"),
    [
        (
            "Metric accuracy with 0.2537912578055308 +/- 6.962471778914953E-4 was LessThanThreshold "
            "'0.5964912280701754'",
            "accuracy", 0.2537912578055308, 6.962471778914953e-4, "LessThanThreshold", 0.5964912280701754,
        ),
        (
            "Metric falseNegativeRate with 0.8131868131868132 was GreaterThanThreshold '0.00497512437810943'",
            "false_negative_rate", 0.8131868131868132, None, "GreaterThanThreshold", 0.00497512437810943,
        ),
        (
            "Metric r2 with -53.790146743270654 +/- 4.829550001308316 was LessThanThreshold '-7.7419149776821'",
            "r2", -53.790146743270654, 4.829550001308316, "LessThanThreshold", -7.7419149776821,
        ),
    ],
)  # fmt: skip
def test_a_violation_is_told_in_that_products_words(told, metric, value, deviation, operator, threshold):
    assert text(metric, value, deviation, operator, threshold) == told


def test_violations_have_exactly_that_products_keys_and_there_is_no_slack():
    base, now = of_cells(80, 20, 10, 40), of_cells(80, 21, 11, 40)
    found = violations(now, read(suggest(base), "binary"))
    document = violations_document(found)
    names = [entry["metric_name"] for entry in document["violations"]]
    assert names == [
        "recall", "precision", "accuracy", "truePositiveRate", "trueNegativeRate", "falsePositiveRate",
        "falseNegativeRate", "f0_5", "f1", "f2",
    ]  # fmt: skip
    assert set(document["violations"][0]) == {"constraint_check_type", "description", "metric_name"}
    assert document["violations"][0]["constraint_check_type"] == "LessThanThreshold"
    assert document["violations"][0]["description"].startswith("Metric recall with 0.784313725490")
    asked = [one for one in read(suggest(base), "binary") if one.metric != "f0_5"]
    assert "f0_5" not in [f.feature for f in violations(now, asked)]


def test_without_a_label_nothing_is_judged():
    now = quality("binary", [None, None], [1, 0])
    found = violations(now, read(suggest(of_cells(8, 2, 1, 4)), "binary"))
    assert {(f.status, f.reason) for f in found} == {(Status.UNKNOWN, "truth_missing")}


def test_deviations_are_those_of_subsamples_without_replacement():
    rng = np.random.default_rng(4)
    truth, chance = random_scores(rng, 2000)
    spread = [
        (chance[at] >= 0.5).astype(int).__eq__(truth[at]).mean()
        for at in (rng.permutation(2000)[:1600] for _ in range(2000))
    ]
    drawn = statistics(quality("binary", truth, None, chance))["binary_classification_metrics"]
    assert drawn["accuracy"]["standard_deviation"] == pytest.approx(np.std(spread), rel=0.9)
    assert drawn["auc"]["standard_deviation"] > 0
    numbers = rng.normal(0, 1, 2000)
    errors = statistics(quality("regression", numbers, numbers + rng.normal(0, 1, 2000)))["regression_metrics"]
    half = 0.6 / np.sqrt(2000) / 2  # of |e|, whose deviation is 0.6
    assert errors["mae"]["standard_deviation"] == pytest.approx(half, rel=0.9)
    classes = rng.integers(0, 130, 2000)
    many = statistics(quality("multiclass", classes, np.where(rng.random(2000) < 0.7, classes, 1)))
    assert 0 < many["multiclass_classification_metrics"]["accuracy"]["standard_deviation"] < 0.02


def test_a_constraint_that_is_none_is_told_with_its_place():
    document = {"binary_classification_constraints": {"auc": {"threshold": 0.8, "comparison_operator": "Less"}}}
    with pytest.raises(BaselineError, match=r"auc\.comparison_operator: 'Less'; LessThanThreshold or Great"):
        read(document, "binary")
    assert read({}, "binary") == ()
    fine = {"regression_constraints": {"mae": {"threshold": 1, "comparison_operator": "GreaterThanThreshold"}}}
    assert read(fine, "regression") == (Constraint(metric="mae", threshold=1.0, operator="GreaterThanThreshold"),)
