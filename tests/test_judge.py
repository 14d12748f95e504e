"""Checks put to what they ask about, and the answers weighed together."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pytest

from monitor import rule
from monitor.estimate import share
from monitor.feature import Categorical, Feature, Numeric, Share
from monitor.finding import Finding, Reason, Status, at_least, at_most, decided, failed, skip
from monitor.judge import judge, weighed
from monitor.profile import Profile
from monitor.rule import Check, Rule
from monitor.rulepath import shipped
from monitor.testing import profile

RULES = shipped()
COLUMNS: dict[str, Sequence[Any]] = {
    "age": [20, 30, 40, 50] * 50,
    "pay": [1.5, 2.5, 3.5, 4.5] * 50,
    "plan": ["a", "b", "b", "c"] * 50,
}
BASE = profile(COLUMNS)


def made(function: Callable[..., Any]) -> Rule:
    found: Rule = rule(function).__rule__  # type: ignore[attr-defined]
    return found


@made
def limit(now: Feature, base: Feature, *, most: float = 1.0) -> Finding:
    return at_most(0.5, most)


@made
def numbers(now: Numeric, base: Numeric) -> Finding:
    return at_most(0, 1)


@made
def texts(now: Categorical, base: Categorical) -> Finding:
    return at_most(0, 1)


@made
def whole(now: Profile, base: Profile, *, most: float = 1.0) -> Iterator[Finding]:
    yield at_most(0, most)
    yield Finding(status=Status.VIOLATED, feature="age")


@made
def drift(now: Feature, base: Feature) -> Finding:
    return at_most(base.rows, 100)


@made
def skew(now: Feature, base: Feature) -> Finding:
    return at_most(base.rows, 100)


def told(*checks: Check, now: Profile = BASE, **more: Any) -> list[tuple[str, str | None, str]]:
    return [(f.rule, f.feature, f.status.value) for f in judge(now, BASE, checks, **more)]


def test_a_rule_is_asked_about_the_features_of_its_kind() -> None:
    assert told(Check(rule=numbers)) == [("numbers", "age", "ok"), ("numbers", "pay", "ok")]
    assert told(Check(rule=texts)) == [("texts", "plan", "ok")]
    assert [feature for _, feature, _ in told(Check(rule=limit))] == ["age", "pay", "plan"]


def test_a_rule_about_the_window_may_give_several_findings_and_name_features() -> None:
    assert told(Check(rule=whole)) == [("whole", None, "ok"), ("whole", "age", "violated")]


def test_findings_come_in_the_order_of_the_checks_and_the_baselines_columns() -> None:
    assert told(Check(rule=texts), Check(rule=whole), Check(rule=numbers)) == [
        ("texts", "plan", "ok"),
        ("whole", None, "ok"),
        ("whole", "age", "violated"),
        ("numbers", "age", "ok"),
        ("numbers", "pay", "ok"),
    ]


def test_the_last_check_that_names_a_feature_wins() -> None:
    checks = (
        Check(rule=limit),
        Check(rule=limit, features=("p*",), options={"most": 0.1}, severity="critical"),
        Check(rule=limit, features=("plan",), options={"most": 0.9}, severity="info"),
    )
    found = {f.feature: (f.status.value, f.severity) for f in judge(BASE, BASE, checks)}
    assert found == {"age": ("ok", "warning"), "pay": ("violated", "critical"), "plan": ("ok", "info")}


def test_names_are_matched_with_their_case() -> None:
    assert told(Check(rule=limit, features=("AGE", "p?y"))) == [("limit", "pay", "ok")]


def test_a_check_that_is_off_takes_its_features_out() -> None:
    off = Check(rule=limit, features=("age",), enabled=False)
    assert [feature for _, feature, _ in told(Check(rule=limit), off)] == ["pay", "plan"]
    assert [feature for _, feature, _ in told(off, Check(rule=limit))] == ["age", "pay", "plan"]
    assert told(Check(rule=limit, enabled=False)) == []
    assert told(Check(rule=whole), Check(rule=whole, enabled=False)) == []


def test_of_two_checks_of_the_window_the_last_holds() -> None:
    found = judge(BASE, BASE, (Check(rule=whole), Check(rule=whole, options={"most": -1.0})))
    assert [f.status for f in found] == [Status.VIOLATED, Status.VIOLATED]


# Rules that break


def test_a_rule_that_raises_on_one_feature_is_one_failed_finding_and_the_rest_is_unharmed() -> None:
    @made
    def fragile(now: Feature, base: Feature) -> Finding:
        if now.name == "pay":
            raise KeyError("total")
        return at_most(0, 1)

    assert told(Check(rule=fragile), Check(rule=texts)) == [
        ("fragile", "age", "ok"),
        ("fragile", "pay", "failed"),
        ("fragile", "plan", "ok"),
        ("texts", "plan", "ok"),
    ]
    assert judge(BASE, BASE, [Check(rule=fragile)])[1].why == "KeyError: 'total'"


def test_a_rule_that_breaks_on_every_feature_is_one_fault() -> None:
    @made
    def broken(now: Feature, base: Feature) -> Finding:
        raise ValueError("no")

    found = judge(BASE, BASE, [Check(rule=broken, severity="critical"), Check(rule=texts)])
    assert [(f.rule, f.feature, f.status.value) for f in found] == [
        ("broken", None, "failed"),
        ("texts", "plan", "ok"),
    ]
    assert (found[0].why, found[0].severity) == ("ValueError: no (3 features are not judged)", "critical")


def test_a_rule_that_breaks_half_way_through_its_findings_is_a_failed_one() -> None:
    @made
    def stops(now: Profile, base: Profile) -> Iterator[Finding]:
        yield at_most(0, 1)
        raise RuntimeError("stopped")

    assert told(Check(rule=stops)) == [("stops", None, "failed")]


@pytest.mark.parametrize("answer", [3, "ok", b"ok", {"status": "ok"}, [1], True])
def test_nonsense_for_an_answer_is_a_failed_finding_that_says_what_would_be_right(answer: object) -> None:
    @made
    def nonsense(now: Profile, base: Profile) -> Any:
        return answer

    (found,) = judge(BASE, BASE, [Check(rule=nonsense)])
    assert found.status is Status.FAILED
    assert found.why == f"the rule returned {answer!r}; a Finding, or a list of them, would be right"


@pytest.mark.parametrize("answer", [None, [], ()])
def test_no_answer_is_no_finding(answer: object) -> None:
    @made
    def silent(now: Feature, base: Feature) -> Any:
        return answer

    assert told(Check(rule=silent)) == []


# Many questions


def test_holm_is_put_to_each_rule_by_itself() -> None:
    """Shares of 1 % in truth at a limit of 1 %: one in thirty at p = .03 alone is a violation, among thirty is none."""
    alone = at_most(share(Share(count=17, total=1000)), 0.01)
    assert alone.status is Status.VIOLATED
    others = [at_most(share(Share(count=10, total=1000)), 0.01) for _ in range(29)]
    assert [f.status for f in weighed([alone, *others])] == [Status.OK] * 30
    assert weighed([alone])[0].status is Status.VIOLATED


def test_each_finding_is_told_at_the_level_it_was_tried_at() -> None:
    found = weighed([at_most(share(Share(count=k, total=1000)), 0.01) for k in (100, 50, 10)])
    assert [f.status for f in found] == [Status.VIOLATED, Status.VIOLATED, Status.OK]
    for finding, level in zip(found, (0.05 / 3, 0.05 / 2, 0.05), strict=True):
        assert finding.estimate is not None
        assert (finding.low, finding.high) == finding.estimate.interval(level)
        assert (finding.status is Status.VIOLATED) == (finding.low > 0.01)


def test_exact_findings_take_no_part_in_the_weighing() -> None:
    found = at_least(share(Share(count=400, total=1000)), 0.45)
    mixed = weighed([skip("no"), found, at_most(3, 2), failed("no")])
    assert [f.status.value for f in mixed] == ["skipped", "violated", "violated", "failed"]
    assert mixed[1] == decided(found)


# What cannot be asked


def test_a_column_that_no_row_has_is_unknown_and_missing_column_names_it() -> None:
    now = profile({"age": COLUMNS["age"], "plan": COLUMNS["plan"]}, BASE)
    found = judge(now, BASE, [Check(rule=RULES["drift"]), Check(rule=RULES["missing_column"])])
    assert [(f.rule, f.feature, f.status.value, f.reason) for f in found if f.feature == "pay"] == [
        ("drift", "pay", "unknown", Reason.COLUMN_MISSING),
        ("missing_column", "pay", "violated", None),
    ]


def test_no_rule_is_asked_about_the_features_of_an_empty_window() -> None:
    found = judge(profile({name: [] for name in COLUMNS}, BASE), BASE, [Check(rule=limit), Check(rule=whole)])
    assert {(f.status, f.reason) for f in found[:3]} == {(Status.UNKNOWN, Reason.NO_DATA)}
    assert [f.status for f in found[3:]] == [Status.OK, Status.VIOLATED]


def prediction(values: Sequence[Any], base: Profile | None = None) -> Profile:
    from dataclasses import replace

    found = profile({"answer": values}, base)
    return replace(found, features={"answer": replace(found.features["answer"], role="prediction")})


def test_scores_are_not_judged_against_labels() -> None:
    labels = prediction([0, 1, 1, 0] * 50)
    scores = prediction(np.linspace(0.01, 0.99, 200).tolist(), labels)
    (found,) = judge(scores, labels, [Check(rule=limit)])
    assert (found.status, found.reason) == (Status.UNKNOWN, Reason.SCORES_FOR_LABELS)
    assert "a baseline with scores would be judged" in found.why


@pytest.mark.parametrize(
    "now",
    [[0, 1] * 50, [0.5, 1.5] * 50, [-0.5, 0.5] * 50],
    ids=["labels again", "above one", "below zero"],
)
def test_what_is_no_score_is_judged_against_labels(now: list[float]) -> None:
    labels = prediction([0, 1, 1, 0] * 50)
    assert judge(prediction(now, labels), labels, [Check(rule=limit)])[0].status is Status.OK


def test_scores_against_scores_and_inputs_are_judged() -> None:
    scores = prediction(np.linspace(0.01, 0.99, 200).tolist())
    assert judge(scores, scores, [Check(rule=limit)])[0].status is Status.OK
    labels, inputs = profile({"x": [0, 1] * 50}), [0.25, 0.75] * 50
    assert judge(profile({"x": inputs}, labels), labels, [Check(rule=limit)])[0].status is Status.OK


# Skew


def test_without_learned_production_there_is_one_question_only() -> None:
    assert {rule for rule, _, _ in told(Check(rule=drift), Check(rule=skew))} == {"drift"}


def test_with_learned_production_drift_asks_it_and_skew_the_baseline() -> None:
    """The baseline has 200 rows and the learned production 80: the rules tell which one they were given."""
    learned = profile({name: values[:80] for name, values in COLUMNS.items()}, BASE)
    found = told(Check(rule=drift), Check(rule=skew), learned=learned)
    assert {(rule, status) for rule, _, status in found} == {("drift", "ok"), ("skew", "violated")}


def test_another_way_of_asking_may_be_given() -> None:
    def ask(check: Check, questions: Sequence[Any]) -> Sequence[Sequence[Finding]]:
        return [[at_most(1, 0, why=f"{check.rule.name} of {name}")] for name, _, _ in questions]

    assert [f.why for f in judge(BASE, BASE, [Check(rule=texts)], ask=ask)] == ["texts of plan"]
