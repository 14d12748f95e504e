"""The rule about model quality: worse beyond doubt, fine, or unknown, and always of how many labels."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from asking import RULES
from outcomes import of_cells, quality, random_scores

from monitor.finding import Finding, Reason, Status
from monitor.judge import judge
from monitor.model_quality import ModelQuality
from monitor.profile import Profile
from monitor.rule import Check


def asked(now: ModelQuality | None, base: ModelQuality | None, **options: Any) -> dict[str | None, Finding]:
    check = Check(rule=RULES["model_quality"], options=options)
    return {f.feature: f for f in judge(Profile(quality=now), Profile(quality=base), [check])}


def scored(seed: int, rows: int, flipped: float = 0.0) -> ModelQuality:
    rng = np.random.default_rng(seed)
    truth, chance = random_scores(rng, rows)
    return quality("binary", np.where(rng.random(rows) < flipped, 1 - truth, truth), None, chance)


def test_a_model_that_got_worse_is_found_and_told_with_its_labels() -> None:
    found = asked(scored(1, 4000, flipped=0.2), scored(2, 4000))
    assert list(found) == ["accuracy", "precision", "recall", "f1", "auc", "log_loss"]
    assert {f.status for f in found.values()} == {Status.VIOLATED}
    assert found["accuracy"].why == "accuracy 0.6843 -> 0.605; labels for 4000 of 4000 predictions"
    assert (found["accuracy"].direction, found["log_loss"].direction) == ("at_least", "at_most")
    assert found["accuracy"].low is not None
    assert found["accuracy"].low < found["accuracy"].value < found["accuracy"].high < -0.025  # type: ignore[operator]


def test_the_same_model_is_fine_and_a_better_one_too() -> None:
    assert {f.status for f in asked(scored(3, 6000), scored(4, 6000)).values()} == {Status.OK}
    assert asked(scored(3, 6000), scored(4, 6000, flipped=0.2))["accuracy"].status is Status.OK


def test_too_few_rows_are_unknown_with_how_many_would_do() -> None:
    found = asked(scored(5, 60), scored(4, 6000))["accuracy"]
    assert (found.status, found.reason) == (Status.UNKNOWN, Reason.TOO_FEW_ROWS)
    assert found.rows_needed is not None
    assert found.rows_needed > 60
    few = asked(quality("binary", [1, 0, 0], None, [0.9, 0.2, 0.1]), scored(4, 6000))["auc"]
    assert (few.status, few.reason) == (Status.UNKNOWN, Reason.TOO_FEW_ROWS)


@pytest.mark.parametrize("labelled", [0, 3, 29])
def test_little_coverage_is_unknown_with_the_number_and_never_ok(labelled: int) -> None:
    truth = [1, 0] * 500
    now = quality("binary", [t if i % 100 < labelled else None for i, t in enumerate(truth)], truth)
    found = asked(now, of_cells(500, 0, 0, 500))
    assert list(found) == [None]
    assert (found[None].status, found[None].reason) == (Status.UNKNOWN, "truth_missing")
    told = f"labels for {10 * labelled} of 1000 predictions: {labelled} % and 30 % are needed"
    assert (found[None].why, found[None].n_now) == (told, 10 * labelled)
    assert None not in asked(now, of_cells(500, 0, 0, 500), min_coverage=0.0) or not labelled


def test_without_a_problem_there_is_no_finding_and_without_a_baseline_none_is_judged() -> None:
    assert asked(None, None) == {}
    found = asked(scored(1, 3000), None)
    assert {(f.status, f.reason) for f in found.values()} == {(Status.UNKNOWN, Reason.NO_BASELINE)}
    other = replace(scored(2, 3000), problem=replace(scored(2, 10).problem, positive="0"))
    assert {f.reason for f in asked(scored(1, 3000), other).values()} == {Reason.NO_BASELINE}
    assert asked(quality("binary", [1], [None]), scored(2, 30))[None].reason == Reason.NO_DATA


def test_metrics_are_chosen_by_name_and_a_wrong_one_is_told() -> None:
    found = asked(scored(1, 4000), scored(2, 4000), metrics="brier, mcc")
    assert list(found) == ["brier", "mcc"]
    broken = asked(scored(1, 4000), scored(2, 4000), metrics="r2")[None]
    assert broken.status is Status.FAILED
    assert broken.why.startswith("metric 'r2' is none of this problem; one of recall, precision, accuracy")


def test_losses_have_a_tolerance_of_the_baselines_value() -> None:
    rng = np.random.default_rng(6)
    truth = rng.gamma(3, 2, 5000)

    def said(spread: float) -> ModelQuality:
        return quality("regression", truth, truth + rng.normal(0, spread, 5000))

    found = asked(said(1.5), said(1.0))
    assert {name: f.status for name, f in found.items()} == dict.fromkeys(("mae", "rmse", "r2"), Status.VIOLATED)
    assert found["mae"].threshold == pytest.approx(0.08, rel=0.05)
    assert {f.status for f in asked(said(1.0), said(1.0)).values()} == {Status.OK}
    assert asked(said(1.2), said(1.0), loss_tolerance=0.3)["mae"].status is Status.OK


def test_chance_alone_seldom_violates_and_never_often() -> None:
    loud = 0
    base = scored(100, 3000)
    for seed in range(200):
        loud += any(f.status is Status.VIOLATED for f in asked(scored(seed, 300), base).values())
    assert loud <= 10  # 5 % of windows, at the tolerance; here the truth lies within it
