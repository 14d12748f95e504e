"""prediction_outliers and rare_class: what the model hardly ever said before."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from asking import findings

from monitor.finding import Finding, Reason, Status
from monitor.profile import Profile
from monitor.stats.quantiles import Quantiles
from monitor.testing import profile

RNG = np.random.default_rng(1)
RULES = ("prediction_outliers", "rare_class")
BASE = RNG.normal(50, 10, 4000).tolist()
FRESH = RNG.normal(50, 10, 1000).tolist()
WRONG = [1000.0] * 30
CLASSES = RNG.permutation(["yes"] * 1500 + ["no"] * 1450 + ["maybe"] * 48 + ["never"] * 2).tolist()


def answers(values: Sequence[Any], base: Profile | None = None, role: str = "prediction") -> Profile:
    found = profile({"answer": list(values)}, base)
    return replace(found, features={"answer": replace(found.features["answer"], role=role)})


def about(now: Sequence[Any], base: Sequence[Any], rule: str = "prediction_outliers", **options: float) -> Finding:
    known = answers(base)
    (found,) = findings(rule, answers(now, known), known, **options)
    return found


def classes(now: Sequence[Any], base: Sequence[Any], **options: float) -> Finding:
    return about(now, base, "rare_class", **options)


# prediction_outliers


def test_planted_outliers_among_numbers_are_found_and_counted() -> None:
    found = about([*FRESH[:970], *WRONG], BASE)
    median = np.median(BASE)
    reach = 3.5 * 1.4826 * np.median(np.abs(BASE - median))
    before, after = (np.mean(np.abs(side - median) > reach) for side in (BASE, np.array([*FRESH[:970], *WRONG])))
    assert found.status is Status.VIOLATED
    assert found.value == pytest.approx(after - before, abs=1e-3)
    assert found.why.startswith(f"{round(1000 * after)} of 1000 predictions lie below ")


@pytest.mark.parametrize("now", [FRESH, [value + 3 for value in FRESH], [50.0] * 1000, [*FRESH, 1e9]])
def test_numbers_without_outliers_and_with_a_single_one_are_ok(now: list[float]) -> None:
    assert about(now, BASE).status is Status.OK


def test_outliers_in_the_baseline_hide_none_and_are_subtracted() -> None:
    spoilt = [*BASE, *[1000.0] * 200]
    assert about([*FRESH[:850], *[1000.0] * 150], spoilt).status is Status.VIOLATED
    assert about([*FRESH[:955], *[1000.0] * 45], spoilt).status is Status.OK


def test_the_limits_are_options() -> None:
    now = [*FRESH[:970], *[95.0] * 30]
    assert about(now, BASE).status is Status.VIOLATED
    assert about(now, BASE, max_score=5).status is Status.OK
    assert about(now, BASE, max_increase=0.05).status is Status.OK


def test_few_predictions_are_unknown_and_say_how_many_would_do() -> None:
    for found in (about(FRESH[:20], BASE), classes(CLASSES[:20], CLASSES)):
        assert (found.status, found.reason) == (Status.UNKNOWN, Reason.TOO_FEW_ROWS)
        assert found.rows_needed is not None
        assert 20 < found.rows_needed < 300
    assert about([None] * 500, BASE).reason == Reason.NO_DATA


def test_numbers_without_a_deviation_or_a_distribution_are_not_judged() -> None:
    found = about(FRESH, [0.0] * 3000 + BASE[:1000])
    assert (found.status, found.why.split(",")[0]) == (Status.SKIPPED, "half of the baseline's predictions are equal")
    base = answers(BASE)
    bare = replace(base, features={"answer": replace(base.features["answer"], quantiles=Quantiles.empty())})
    (found,) = findings("prediction_outliers", answers(FRESH, base), bare)
    assert (found.status, found.reason) == (Status.UNKNOWN, Reason.NO_BASELINE)


# rare_class


def test_rare_and_new_classes_that_come_often_are_found_and_the_known_ones_named() -> None:
    found = classes(["yes", "no"] * 450 + ["never"] * 60 + ["odd"] * 40, CLASSES)
    assert found.status is Status.VIOLATED
    assert found.why == (
        "100 of 1000 predictions are of classes that the baseline hardly ever or never had: 'never' 60; "
        "0.067 % are to be expected"
    )


@pytest.mark.parametrize("values", [CLASSES, [row % 7 for row in range(3000)], [0, 0, 0, 1] * 750])
def test_the_classes_of_the_baseline_itself_are_ok(values: list[Any]) -> None:
    assert classes(values[::2], values).status is Status.OK


def test_a_class_that_is_not_rare_may_grow_which_is_for_drift_to_say() -> None:
    assert classes(["maybe", "maybe", "maybe", "yes"] * 250, CLASSES).status is Status.OK


def test_labels_as_numbers_are_classes() -> None:
    found = classes([0] * 950 + [1] * 30 + [7] * 20, [0] * 2998 + [1] * 2)
    assert found.status is Status.VIOLATED
    assert found.why.startswith(
        "50 of 1000 predictions are of classes that the baseline hardly ever or never had: '1' 30"
    )


def test_fresh_rows_of_many_rare_classes_bring_as_many_as_are_to_be_expected() -> None:
    """Those that were rare by chance come more often than they did: a hundred classes, one in a thousand each."""
    rng = np.random.default_rng(3)
    known = answers([f"c{min(i, 100)}" for i in rng.integers(0, 1000, 4000)])
    statuses = []
    for _ in range(20):
        now = answers([f"c{min(i, 100)}" for i in rng.integers(0, 1000, 10_000)], known)
        (found,) = findings("rare_class", now, known)
        statuses.append(found.status)
    assert statuses.count(Status.VIOLATED) <= 1


def test_of_more_than_a_hundred_and_twenty_classes_the_rarer_ones_are_one() -> None:
    base = RNG.permutation([f"c{i}" for i in range(200) for _ in range(15)]).tolist()
    assert classes(RNG.permutation(base)[:1000].tolist(), base).status is Status.OK
    found = classes([*base[:960], *["new"] * 40], base)
    assert (found.status, found.why.split(" are")[0]) == (Status.VIOLATED, "40 of 1000 predictions")


def test_each_rule_asks_about_its_kind_of_prediction_and_about_no_input() -> None:
    for values in (BASE, CLASSES, [0, 1] * 500):
        base = answers(values)
        asked = [rule for rule in RULES if list(findings(rule, answers(values, base), base))]
        assert asked == (["prediction_outliers"] if values is BASE else ["rare_class"])
        base = answers(values, role="input")
        assert not [rule for rule in RULES if list(findings(rule, answers(values, base, role="input"), base))]
