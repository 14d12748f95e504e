"""Rules about how a distribution moved: drift, skew, mean_shift, prediction_drop."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from asking import RULES, about, findings

from monitor.feature import Categorical, Numeric
from monitor.finding import Reason, Status
from monitor.judge import judge
from monitor.profile import Profile, Volume
from monitor.rule import Check
from monitor.testing import profile

RNG = np.random.default_rng(1)
BASE = RNG.normal(50, 10, 2000).round(1).tolist()
FRESH = RNG.normal(50, 10, 1000).round(1).tolist()
UP = [value + 5 for value in FRESH]
PLANS = RNG.permutation(["free"] * 500 + ["plus"] * 400 + ["pro"] * 100).tolist()


@pytest.mark.parametrize("rule", ["drift", "skew"])
def test_drift_and_skew_find_a_shift_and_say_where(rule: str) -> None:
    found = about(rule, UP, BASE)
    assert found.status is Status.VIOLATED
    assert found.why == "median 49.8 -> 55.6, +12 % [+9.6, +13]; rows above 49.8: 49.9 % -> 70.7 %"
    assert found.threshold == pytest.approx(0.025, abs=1e-4)
    assert found.value == pytest.approx(0.2085)


@pytest.mark.parametrize("rule", ["drift", "skew"])
@pytest.mark.parametrize(
    "now",
    [
        [value * 1.5 - 25 for value in FRESH],
        [50 + abs(value - 50) for value in FRESH],
        FRESH[:800] + [200.0] * 200,
    ],
    ids=["spread", "folded", "mixture"],
)
def test_drift_and_skew_find_what_no_mean_or_median_alone_shows(rule: str, now: list[float]) -> None:
    assert about(rule, now, BASE).status is Status.VIOLATED


@pytest.mark.parametrize("rule", ["drift", "skew"])
def test_drift_and_skew_are_quiet_about_fresh_rows(rule: str) -> None:
    assert about(rule, FRESH, BASE).status is Status.OK
    assert about(rule, PLANS[::2], PLANS).status is Status.OK
    assert about(rule, [5] * 500, [5] * 500).status is Status.OK


@pytest.mark.parametrize("rule", ["drift", "skew"])
def test_drift_and_skew_find_categories_that_come_and_go(rule: str) -> None:
    found = about(rule, ["free", "plus", "plus", "pro", "pro"] * 200, PLANS)
    assert (found.status, found.why) == (Status.VIOLATED, "rows with 'pro': 10 % -> 40 %")
    found = about(rule, [plan for plan in PLANS if plan != "pro"], PLANS)
    assert (found.status, found.why) == (Status.VIOLATED, "rows with anything but 'pro': 90 % -> 100 %")
    found = about(rule, ["gratis" if i % 11 == 0 else PLANS[i] for i in range(1000)], PLANS)
    assert (found.status, found.why) == (Status.VIOLATED, "rows with values never seen before: 0 % -> 9.1 %")


@pytest.mark.parametrize("rule", ["drift", "skew"])
def test_drift_and_skew_compare_values_only_and_say_when_there_are_none(rule: str) -> None:
    assert about(rule, [*FRESH, *[None] * 1000], BASE).status is Status.OK
    found = about(rule, [None] * 500, BASE)
    assert (found.status, found.reason, found.why) == (Status.UNKNOWN, Reason.NO_DATA, "no value was read")
    found = about(rule, ["a"] * 500, [None] * 500)
    assert (found.status, found.reason) == (Status.UNKNOWN, Reason.NO_BASELINE)


def test_drift_tolerance_moves_the_limit() -> None:
    assert about("drift", UP, BASE, tolerance=0.2).status is Status.OK
    assert about("drift", UP, BASE, tolerance=0.1).status is Status.VIOLATED


def test_drift_of_few_rows_is_unknown_and_says_how_many_would_do() -> None:
    found = about("drift", FRESH[:60], BASE)
    assert (found.status, found.reason) == (Status.UNKNOWN, Reason.TOO_FEW_ROWS)
    assert found.rows_needed is not None
    assert 100 < found.rows_needed < 400


@pytest.mark.parametrize("rule", [name for name, rule in RULES.items() if rule.is_about_features])
@pytest.mark.parametrize("rows", [0, 500])
def test_no_rule_breaks_or_is_sure_of_drift_against_an_imported_baseline(rule: str, rows: int) -> None:
    """Constraints alone tell types and categories; a file of statistics may say that it rests on no row."""
    zeros = np.zeros(4, dtype=np.int64)
    listed = Categorical(
        name="plan", type="String", values=("free", "plus"), cells=np.zeros(5, dtype=np.int64), rows=rows, missing=rows
    )
    base = Profile(
        volume=Volume(rows=rows),
        features={
            "age": Numeric(name="age", type="Integral", cells=zeros, rows=rows, missing=rows),
            "plan": listed,
        },
    )
    now = profile({"age": [20, 30, 40] * 200, "plan": ["free", "plus", "pro"] * 200}, base)
    for finding in judge(now, base, [Check(rule=RULES[rule])], learned=base):
        assert finding.status is not Status.FAILED, finding.why
        if rule not in ("data_type", "unseen_category"):
            assert finding.status in (Status.UNKNOWN, Status.SKIPPED, Status.OK), finding
            assert finding.status is not Status.OK or (rule, rows) == ("completeness", 500)
        elif rule == "unseen_category":
            assert (finding.status, finding.why) == (Status.VIOLATED, "200 of 600 values are new: 'pro' 200")


# mean_shift


def test_mean_shift_finds_either_way() -> None:
    up, down = about("mean_shift", UP, BASE), about("mean_shift", [value - 5 for value in FRESH], BASE)
    assert (up.status, up.why) == (Status.VIOLATED, "mean 49.87 -> 55.2")
    assert (down.status, down.why) == (Status.VIOLATED, "mean 49.87 -> 45.2")
    assert up.value == pytest.approx((np.mean(UP) - np.mean(BASE)) / np.std(BASE))
    assert (down.value or 0) > 0


def test_mean_shift_is_quiet_otherwise() -> None:
    assert about("mean_shift", FRESH, BASE).status is Status.OK
    assert about("mean_shift", [50 + (v - 50) * 2 for v in FRESH], BASE).status is not Status.VIOLATED
    assert about("mean_shift", [None] * 500, BASE).reason == Reason.NO_DATA
    found = about("mean_shift", [6] * 300, [5] * 300)
    assert found.why == "the baseline is constant, so that it has no standard deviation to measure with"
    assert found.status is Status.SKIPPED


# prediction_drop


def answers(values: Sequence[Any], base: Profile | None = None, role: str = "prediction") -> Profile:
    found = profile({"answer": list(values)}, base)
    return replace(found, features={"answer": replace(found.features["answer"], role=role)})


def test_prediction_drop_finds_a_fallen_mean() -> None:
    base = answers(BASE)
    (found,) = findings("prediction_drop", answers([value * 0.8 for value in FRESH], base), base)
    assert (found.status, found.why) == (Status.VIOLATED, "mean 49.87 -> 40.16")
    assert found.direction == "at_least"


@pytest.mark.parametrize("factor", [1.0, 1.5, 0.95])
def test_prediction_drop_is_quiet_about_a_mean_that_stays_or_rises(factor: float) -> None:
    base = answers(BASE)
    (found,) = findings("prediction_drop", answers([value * factor for value in FRESH], base), base)
    assert found.status is Status.OK


def test_prediction_drop_of_negative_predictions_is_a_fall_too() -> None:
    base = answers([value - 100 for value in BASE])
    (fell,) = findings("prediction_drop", answers([value - 110 for value in FRESH], base), base)
    (stayed,) = findings("prediction_drop", answers([value - 100 for value in FRESH], base), base)
    (rose,) = findings("prediction_drop", answers([value - 90 for value in FRESH], base), base)
    assert (fell.status, stayed.status, rose.status) == (Status.VIOLATED, Status.OK, Status.OK)


def test_prediction_drop_asks_about_predictions_only_and_not_about_constants() -> None:
    base = answers(BASE, role="input")
    assert list(findings("prediction_drop", answers(BASE, base, role="input"), base)) == []
    base = answers([0.5] * 300)
    (found,) = findings("prediction_drop", answers([0.1] * 300, base), base)
    assert found.status is Status.SKIPPED
