"""The model's errors among what a daemon follows: which windows say something of them, and when they begin anew."""

from dataclasses import replace
from pathlib import Path

import pytest
from daemon.courses import BASE, baseline, hour, monitor
from daemon.parts import window
from outcomes import of_cells

from monitor import configured
from monitor.baseline import Baseline
from monitor.daemon.following import Following
from monitor.finding import Status
from monitor.judge import judge
from monitor.model_quality import ModelQuality
from monitor.policy.answer import Answer
from monitor.policy.look import Look
from monitor.problem import Problem
from monitor.profile import Profile
from monitor.rule import Check
from monitor.rulepath import shipped
from monitor.store.words import EvidenceRow

PROBLEM = ", problem: binary, columns: {prediction: score}"
LEARN = ", alarm: {learn: {for: 1h, at_least: 6 windows}"
MORE = "}" + PROBLEM + LEARN
GOOD = of_cells(300, 30, 5, 65)
CHECKS = [Check(rule=shipped()["drift"]), Check(rule=shipped()["model_quality"], severity="page")]


def known() -> Baseline:
    return replace(baseline(), profile=replace(BASE, quality=of_cells(3000, 300, 50, 650)))


def of_hour(number: int, quality: ModelQuality | None) -> Profile:
    return replace(hour(number), quality=quality)


def partly(labelled: int, predicted: int = 400) -> ModelQuality:
    """Labels for some of the predictions."""
    return replace(of_cells(labelled - labelled // 5, 0, 0, labelled // 5), rows=predicted, labelled=labelled)


def answer(folder: Path, quality: ModelQuality, more: str = MORE, **options: bool) -> tuple[Answer, EvidenceRow]:
    following = Following(monitor=monitor(folder, more), window=window(0), **options)  # type: ignore[arg-type]
    found = following(of_hour(0, quality), known())
    return found, following.rows[0]


@pytest.mark.parametrize(("labelled", "counted"), [(0, 0), (119, 0), (120, 120), (400, 400)])
def test_errors_are_counted_of_windows_with_labels_enough(tmp_path: Path, labelled: int, counted: int) -> None:
    _, row = answer(tmp_path, partly(labelled))
    assert Look.unpacked(row.look).totals[-3] == counted


def test_no_label_counts_before_they_are_due_or_below_what_is_asked_for(tmp_path: Path) -> None:
    for more, options in (
        (MORE, {"waits": True}),
        ("}, truth: {path: labels, min_coverage: 60%}" + PROBLEM + LEARN, {}),
        ("}, checks: [{preset: driftd}, {rule: model_quality, min_coverage: 0.6}]" + PROBLEM + LEARN, {}),
    ):
        _, row = answer(tmp_path, partly(200), more, **options)
        assert Look.unpacked(row.look).totals[-3:].tolist() == [0, 0, 0]


def test_too_few_labels_are_unknown_with_the_number(tmp_path: Path) -> None:
    said, _ = answer(tmp_path, partly(12))
    found = [
        f for f in judge(of_hour(0, partly(12)), known().profile, CHECKS, policy=said) if f.rule == "model_quality"
    ]
    assert [(f.feature, f.status, f.reason, f.severity) for f in found] == [
        ("errors", Status.UNKNOWN, "truth_missing", "page")
    ]
    assert found[0].why == "labels for 12 of 400 predictions: 3 %"


def test_single_metrics_are_told_as_numbers_beside_errors_that_are_followed(tmp_path: Path) -> None:
    bad = of_cells(165, 165, 35, 35)
    said, _ = answer(tmp_path, bad)
    now, base = of_hour(0, bad), known().profile
    alone = {f.feature for f in judge(now, base, CHECKS[1:]) if f.status is Status.VIOLATED}
    assert {"accuracy", "f1"} <= alone
    found = {f.feature: f for f in judge(now, base, CHECKS, policy=said) if f.rule == "model_quality"}
    assert found["errors"].status is Status.VIOLATED
    assert {f.status for name, f in found.items() if name != "errors"} == {Status.SKIPPED}
    assert found["accuracy"].value is not None
    assert found["accuracy"].why.endswith(
        "told as a number: the model's errors are followed over time, within the budget of false alarms"
    )


def test_metrics_that_the_check_names_are_judged_beside_them(tmp_path: Path) -> None:
    bad = of_cells(165, 165, 35, 35)
    said, _ = answer(tmp_path, bad)
    checks = [CHECKS[0], replace(CHECKS[1], options={"metrics": "recall"})]
    found = {f.feature: f.status for f in judge(of_hour(0, bad), known().profile, checks, policy=said)}
    assert found["recall"] is Status.VIOLATED


def test_without_the_rule_errors_are_not_followed(tmp_path: Path) -> None:
    off = "}, checks: [{preset: driftd}, {rule: model_quality, enabled: false}]" + PROBLEM + LEARN
    said, _ = answer(tmp_path, of_cells(10, 300, 80, 10), off)
    assert not said.follows_errors
    assert [one["feature"] for one in said.document["open"]] == []


def test_the_rules_tolerance_is_that_of_errors_and_they_have_the_outputs_part_of_the_budget(tmp_path: Path) -> None:
    one = monitor(tmp_path, "}, checks: [{preset: driftd}, {rule: model_quality, tolerance: 0.05}]" + PROBLEM + LEARN)
    layout = configured.layout(one, known())
    plan = configured.plan(one, layout, baseline=known())
    assert layout.features == (*BASE.features, "errors")
    assert plan.tolerances == {"errors": 0.05}
    assert plan.weights["errors"] == plan.weights["score"] == pytest.approx(0.125)


def test_another_question_or_labels_that_come_another_way_begin_anew(tmp_path: Path) -> None:
    texts = [
        MORE,
        "}, problem: {kind: binary, threshold: 0.3}, columns: {prediction: score}" + LEARN,
        "}, problem: {kind: binary, positive: b}, columns: {prediction: score}" + LEARN,
        "}, truth: labels" + PROBLEM + LEARN,
    ]
    digests = {configured.layout(monitor(tmp_path, text), known()).digest for text in texts}
    assert len(digests) == 4
    without = configured.layout(monitor(tmp_path), baseline())
    assert without.errors == ""


def test_a_baseline_of_another_question_has_no_errors_to_hold_them_against(tmp_path: Path) -> None:
    one = monitor(tmp_path, "}, problem: multiclass, columns: {prediction: score}" + LEARN)
    base = configured.followed_base(one, known())
    assert base.quality == ModelQuality.empty(Problem(kind="multiclass", prediction="score"))


def test_labels_that_come_late_are_followed_with_the_look_that_was_kept(tmp_path: Path) -> None:
    _, early = answer(tmp_path, partly(0))
    following = Following(monitor=monitor(tmp_path, MORE), window=window(0), own=early)
    following(of_hour(7, GOOD), known())  # the profile that is kept is not what the look was of
    late, straight = Look.unpacked(following.rows[0].look), Look.unpacked(answer(tmp_path, GOOD)[1].look)
    assert late.packed() == straight.packed()
    assert following.fits(known())
    assert not following.fits(replace(known(), digest="sha256:2"))
