"""Figures: what is counted of a report, and what is not there when it is not known."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from render import reports

from monitor import testing
from monitor.document import from_document, to_document
from monitor.feature import Numeric
from monitor.figures import Figures, Score, Standing, figures
from monitor.finding import Finding, Status, at_most, failed, skip, unknown
from monitor.profile import Profile, Volume

LAST = datetime(2026, 1, 1, 0, 59, tzinfo=UTC)


def feature(name: str, missing: int = 0, rows: int = 1000) -> Numeric:
    return Numeric(name=name, rows=rows, missing=missing, cells=np.zeros(4, dtype=np.int64))


def profile(*names: str, **others: object) -> Profile:
    return Profile(
        features={name: feature(name, missing=10 * i, **others) for i, name in enumerate(names)},  # type: ignore[arg-type]
        volume=Volume(records=1000, rows=1000, last=LAST),
    )


def told(*findings: Finding, names: tuple[str, ...] = ("a", "b", "c"), **others: object) -> Figures:
    return figures(reports.report(*findings, **others), profile(*names), profile(*names))


def about(finding: Finding, rule: str, name: str | None = None) -> Finding:
    return replace(finding, rule=rule, feature=name)


def test_a_window_is_told_in_numbers() -> None:
    found = told(
        about(at_most(0.2, 0.1), "drift", "a"),
        about(at_most(0.05, 0.1), "drift", "b"),
        about(unknown("too_few_rows"), "drift", "c"),
        about(at_most(2, 1), "range", "b"),
        about(at_most(0, 0), "missing_column"),
        about(failed("Zero", "timeout"), "mine", "a"),
        about(skip("no"), "outliers", "a"),
    )
    assert found == Figures(
        status="violated",
        judged=4,
        asked=6,
        records=1977,
        rows=1970,
        rejected={"not_json": 7},
        features=3,
        drift={"a": True, "b": False},
        violating=("a", "b"),
        violations={"drift": 1, "range": 1, "missing_column": 0, "mine": 0, "outliers": 0},
        failed={"mine": {"timeout": 1}},
        scores=(
            Score(feature="a", method="largest_shift", score=0.2, threshold=0.1),
            Score(feature="b", method="largest_shift", score=0.05, threshold=0.1),
        ),
        missing={"a": 0.0, "b": 0.01, "c": 0.02},
        last_record=LAST,
    )
    assert found.drifted == ("a",)


def test_what_was_not_judged_has_moved_as_little_as_it_is_steady() -> None:
    found = told(about(replace(unknown("too_few_rows"), value=0.3, threshold=0.1), "drift", "a"))
    assert (dict(found.drift), found.features) == ({}, 1)
    assert found.scores == (Score(feature="a", method="largest_shift", score=0.3, threshold=0.1),)


def test_features_that_the_baseline_does_not_have_are_nowhere() -> None:
    found = told(about(at_most(9, 1), "drift", "chosen by an attacker"))
    assert (found.drifted, found.scores, found.violating) == ((), (), ())
    assert found.violations == {"drift": 1}


def test_without_rows_no_share_of_them_is_missing() -> None:
    empty = profile("a", rows=0)
    assert figures(reports.report(), empty, empty).missing == {}


def test_without_a_drift_rule_every_feature_of_the_baseline_is_watched() -> None:
    assert told(about(at_most(0, 1), "range", "a")).features == 3


@pytest.mark.parametrize(("direction", "method"), [("at_most", "sagemaker_distance"), ("at_least", "sagemaker_chi2_p")])
def test_a_p_value_goes_by_another_name_than_a_distance(direction: str, method: str) -> None:
    finding = Finding(status=Status.OK, value=0.2, threshold=0.05, direction=direction)  # type: ignore[arg-type]
    assert [score.method for score in told(about(finding, "baseline_drift_check", "a")).scores] == [method]


def test_of_two_checks_of_one_feature_only_one_score_is_left() -> None:
    found = told(about(at_most(1, 2), "drift", "a"), about(at_most(3, 2), "drift", "a"))
    assert [score.score for score in found.scores] == [3.0]
    assert found.drift == {"a": True}


def test_figures_are_read_back_from_json_as_they_were() -> None:
    found = told(about(at_most(0.2, 0.1), "drift", "a"), about(failed("x"), "mine"))
    assert from_document(Figures, to_document(found)) == found


def standing(phase: str) -> dict[str, object]:
    band = {**reports.POLICY["bands"][0], "widened": 1.5}
    return {**reports.POLICY, "phase": phase, "bands": [band, reports.POLICY["bands"][0]]}


def test_while_production_is_learned_what_has_drifted_is_told_by_skew() -> None:
    found = (
        about(unknown("learning"), "drift"),
        about(at_most(0.2, 0.1), "skew", "a"),
        about(at_most(0.05, 0.1), "skew", "b"),
        about(unknown("too_few_rows"), "skew", "c"),
    )
    learning = told(*found, policy=standing("learning"))
    assert (learning.drift, learning.drifted, learning.features) == ({"a": True, "b": False}, ("a",), 3)
    armed = told(*found, about(at_most(0.0, 0.1), "drift", "a"), policy=standing("armed"))
    assert (armed.drift, armed.features) == ({"a": False}, 1), "then skew is another question"


def test_how_the_policy_stands_is_told_in_numbers_and_not_where_nothing_is_followed() -> None:
    found = told(policy=standing("armed"))
    assert found.policy == Standing(
        phase="armed", seen=336, needed=336, evidence=0.5, open=1, widened=1.5, promised=1.0
    )
    assert from_document(Figures, to_document(found)) == found
    assert told().policy is None


def test_metrics_are_told_with_their_coverage_and_not_while_labels_are_missing() -> None:
    metrics = [{"name": "auc", "value": 0.8}, {"name": "mcc", "value": None}]
    metrics += [{"name": "recall_best_constant_classifier", "value": 0.0}]
    quality = {"coverage": 0.5, "metrics": metrics}
    assert told(quality=quality).quality == {"label_coverage": 0.5, "auc": 0.8}
    few = about(unknown("truth_missing"), "model_quality")
    assert told(few, quality={**quality, "coverage": 0.03}).quality == {"label_coverage": 0.03}
    assert told(quality={**quality, "coverage": None}).quality == {"auc": 0.8}
    assert told().quality == {}


def test_how_a_feature_of_numbers_goes_is_kept_in_five_numbers() -> None:
    base = testing.profile({"x": [*range(101)], "t": ["a", "b"] * 50 + ["a"]})
    found = figures(reports.report(), testing.profile({"x": [*range(101)], "t": ["a"] * 101}, base), base)
    assert found.quantiles == {"x": (5.0, 25.0, 50.0, 75.0, 95.0)}
    assert from_document(Figures, to_document(found)) == found
    nothing = figures(reports.report(), testing.profile({"x": [None], "t": ["a"]}, base), base)
    assert nothing.quantiles == {}
