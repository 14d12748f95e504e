"""The model's errors among what is followed: their shares, what is looked for in them, and what is said."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from looks import Followed
from outcomes import of_cells
from outcomes import quality as outcomes

from monitor.finding import Finding
from monitor.model_quality import ModelQuality
from monitor.policy import quality
from monitor.policy.findings import findings_of
from monitor.policy.layout import layout_of, look_of, with_errors
from monitor.policy.look import Look
from monitor.policy.plan import Mark, Plan
from monitor.policy.telling import told
from monitor.problem import Problem
from monitor.profile import Profile
from monitor.testing import profile
from monitor.window import Window

START = datetime(2026, 1, 5, tzinfo=UTC)
DAY = timedelta(days=1)


def binary(rng: np.random.Generator, rows: int, wrong: float) -> ModelQuality:
    """A fifth of the rows are positive."""
    positive = int(rng.binomial(rows, 0.2))
    missed, called = int(rng.binomial(positive, wrong)), int(rng.binomial(rows - positive, wrong))
    return of_cells(rows - positive - called, called, missed, positive - missed)


def base_of(known: ModelQuality) -> Profile:
    return replace(profile({"x": list(range(100))}), quality=known)


def look(base: Profile, now: ModelQuality | None, number: int = 0) -> Look:
    window = Window(start=START + number * DAY, end=START + (number + 1) * DAY)
    return look_of(replace(profile({"x": list(range(100))}, base), quality=now), base, window)


def plan_of(base: Profile, **options: object) -> Plan:
    return Plan(layout=layout_of(base), interval=DAY, length=DAY, **options)  # type: ignore[arg-type]


def followed(plan: Plan, base: Profile, shares: Sequence[float | None], seed: int = 1, rows: int = 1000) -> Followed:
    """Daily windows whose model is wrong in these shares of rows; None: no labels."""
    rng = np.random.default_rng(seed)
    given = [None if share is None else binary(rng, rows, share) for share in shares]
    return Followed(plan).feed(*(look(base, one, number) for number, one in enumerate(given)))


def findings(found: Followed, at: int = -1) -> dict[tuple[str, str | None], Finding]:
    """What is said of a window, by rule and feature."""
    said = findings_of(told(found.steps[at], found.plan), lambda rule, _: "page" if rule == "model_quality" else "info")
    return {(one.rule, one.feature): one for one in said}


BASE = base_of(binary(np.random.default_rng(9), 20_000, 0.1))


# --- shares


def test_of_two_classes_rows_wrongly_predicted_are_counted_of_all_and_of_each() -> None:
    counts, totals = quality.shares(of_cells(70, 10, 5, 15), of_cells(1, 1, 1, 1))
    assert (counts.tolist(), totals.tolist()) == ([15, 5, 10], [100, 20, 80])
    assert quality.places(of_cells(1, 1, 1, 1)) == (
        ("wrongly predicted", "rightly predicted"),
        ("labelled '1' and wrongly predicted", "labelled '1' and rightly predicted"),
        ("labelled otherwise and wrongly predicted", "labelled otherwise and rightly predicted"),
    )


def test_of_several_classes_rows_wrongly_predicted_are_counted() -> None:
    now = outcomes("multiclass", list("aabbcd"), list("aabacd"))
    counts, totals = quality.shares(now, now)
    assert (counts.tolist(), totals.tolist()) == ([1], [6])


def test_of_numbers_rows_are_counted_that_are_further_off_than_the_baselines_were() -> None:
    base = outcomes("regression", [0.0] * 100, [float(n) * (-1) ** n for n in range(1, 101)])
    assert quality.places(base) == tuple((f"off by more than {n}", f"off by at most {n}") for n in (50, 80, 95))
    now = outcomes("regression", [0.0] * 4, [-50.0, 50.5, -90.0, 200.0])
    counts, totals = quality.shares(now, base)
    assert (counts.tolist(), totals.tolist()) == ([3, 2, 1], [4, 4, 4])


def test_counts_of_many_errors_are_within_a_thousandth_of_the_rows() -> None:
    rng = np.random.default_rng(3)
    errors = rng.normal(0, 1, 50_000)
    base, zeros = outcomes("regression", np.zeros(50_000).tolist(), errors.tolist()), np.zeros(40_000).tolist()
    later = rng.normal(0.2, 1, 40_000)
    counts, totals = quality.shares(outcomes("regression", zeros, later.tolist()), base)
    cuts = np.quantile(np.abs(errors), quality.LEVELS)
    exact = (np.abs(later) > cuts[:, None]).mean(axis=1)
    np.testing.assert_allclose(counts / totals, exact, atol=0.002)


def test_without_a_baselines_errors_those_of_numbers_cannot_be_followed_and_those_of_classes_can() -> None:
    empty = {kind: ModelQuality.empty(Problem(kind=kind)) for kind in ("regression", "binary", "multiclass")}  # type: ignore[arg-type]
    assert [len(quality.places(one)) for one in empty.values()] == [0, 3, 1]
    assert layout_of(base_of(empty["regression"])).errors == ""
    assert layout_of(base_of(empty["binary"])).totals[-3:].tolist() == [0, 0, 0]


# --- layout and look


def test_errors_stand_behind_the_features_under_a_name_that_none_has() -> None:
    layout = layout_of(BASE)
    assert (layout.features, layout.errors, layout.outputs.tolist()) == (("x", "errors"), "errors", [False, True])
    assert layout.rising.tolist() == [False] * (len(layout.owner) - 3) + [True] * 3
    assert layout.totals[-3] == 20_000
    assert layout.middle(np.full(len(layout.owner), 1.0))[-1] == len(layout.owner) - 3
    named = replace(profile({"errors": [1, 2, 3]}), quality=BASE.quality)
    assert layout_of(named).features == ("errors", "model errors")


def test_a_baseline_that_knows_no_problem_is_laid_out_as_it_always_was() -> None:
    layout = layout_of(replace(BASE, quality=None))
    assert (layout.features, layout.errors, layout.rising.any()) == (("x",), "", False)


def test_labels_that_come_later_change_the_errors_of_a_look_and_nothing_else() -> None:
    now = of_cells(700, 100, 50, 150)
    early = look(BASE, None)
    assert early.totals[-3:].tolist() == [0, 0, 0]
    late = with_errors(early, now, BASE)
    assert late.packed() == look(BASE, now).packed()
    assert late.counts[:-3].tolist() == early.counts[:-3].tolist()


# --- what is said


def test_a_model_that_errs_more_is_violated_in_the_name_of_the_rule_about_it() -> None:
    found = followed(plan_of(BASE), BASE, [0.1] * 16 + [0.2] * 3)
    assert found.said("drift") == [(18, "errors")]
    one = findings(found)["model_quality", "errors"]
    assert (one.status, one.severity) == ("violated", "page")
    assert 3_000 < one.n_base < 4_000, (
        "what 14 windows tell of it, less for how it wandered, and not the baseline's rows"
    )
    assert one.why == (
        "errs more since Wednesday 2026-01-21 00:00 UTC: rows wrongly predicted are 19.2 % now, 9.9 % as learned "
        "(band 7.1 to 13.1 %)"
    )
    assert one.since == START + 16 * DAY
    assert ("drift", "errors") not in findings(found)


def test_a_model_that_errs_less_is_told_and_no_violation() -> None:
    found = followed(plan_of(BASE), BASE, [0.1] * 16 + [0.01] * 40)
    assert found.said("drift") == []
    one = findings(found)["model_quality", "errors"]
    assert one.status == "ok"
    assert "rightly predicted are 9" in one.why


def test_a_rare_class_that_is_no_longer_found_is_seen_although_most_rows_are_right() -> None:
    base = base_of(of_cells(9700, 100, 20, 180))
    good, bad = of_cells(970, 10, 2, 18), of_cells(980, 0, 20, 0)
    found = Followed(plan_of(base)).feed(*(look(base, good if at < 16 else bad, at) for at in range(20)))
    assert [name for _, name in found.said("drift")] == ["errors"]
    assert "labelled '1' and wrongly predicted are 100 %" in findings(found)["model_quality", "errors"].why


def test_while_production_is_learned_errors_are_held_against_the_baselines_with_a_wide_tolerance() -> None:
    assert followed(plan_of(BASE), BASE, [0.13] * 10).said("skew") == []
    found = followed(plan_of(BASE), BASE, [0.4] * 3)
    assert found.said("skew")[0] == (0, "errors")
    assert findings(found)["model_quality", "errors"].status == "violated"


def test_what_production_errs_more_than_training_did_is_told_when_it_is_learned_and_less_is_not() -> None:
    worse = followed(plan_of(BASE), BASE, [0.14] * 15)
    assert list(worse.steps[13].after.skews) == ["errors"]
    told_then = findings(worse, 13)["model_quality", "errors"]
    assert told_then.status == "violated"
    assert re.search(r"wrongly predicted: 1\d(\.\d)? % in production, \d+(\.\d)? % in training", told_then.why)
    assert not followed(plan_of(BASE), BASE, [0.05] * 15).steps[13].after.skews


def test_without_labels_there_is_no_evidence() -> None:
    plan = plan_of(BASE)
    found = followed(plan, BASE, [0.1] * 16 + [None] * 8)
    assert found.life is not None
    before = followed(plan, BASE, [0.1] * 16).life
    assert before is not None
    here, then = (one.memory.levels[0][plan.layout.rising] for one in (found.life, before))
    np.testing.assert_array_equal(here, then)
    one = findings(found)["model_quality", "errors"]
    assert (one.status, one.reason, one.value) == ("unknown", "no_data", None)


def test_few_labels_say_little() -> None:
    many = followed(plan_of(BASE), BASE, [0.1] * 16 + [0.2])
    few = followed(plan_of(BASE), BASE, [0.1] * 16 + [0.2], rows=60)
    evidence = [findings(one)["model_quality", "errors"].evidence for one in (many, few)]
    assert evidence[0] is not None
    assert evidence[1] is not None
    assert evidence[0] > 4 * evidence[1]


def test_errors_of_which_no_learned_window_told_are_held_against_the_baselines_with_the_wide_tolerance() -> None:
    shares = [None] * 16
    assert followed(plan_of(BASE), BASE, [*shares, *[0.13] * 30]).said("drift") == []
    found = followed(plan_of(BASE), BASE, [*shares, *[0.3] * 3])
    assert [name for _, name in found.said("drift")] == ["errors"]


def test_with_a_history_that_has_no_outcomes_errors_are_learned_from_production() -> None:
    history = tuple(look(BASE, None, number) for number in range(-40, 0))
    plan = plan_of(BASE, history=history)
    rng = np.random.default_rng(5)
    shares = [float(share) for share in np.clip(rng.normal(0.15, 0.03, 34), 0.02, 0.5)]
    found = followed(plan, BASE, shares)
    assert found.life is not None
    learned = found.life.found
    rising = plan.layout.rising
    assert learned.spread[0][rising][0] > 0.03
    assert (learned.spread[0][~rising] == 0).all()
    assert (learned.tails[0] > 1).tolist() == [False, True]  # fewer windows told of them
    assert found.said("drift") == []
    worse = followed(plan, BASE, [*shares, *[0.4] * 3])
    assert [name for _, name in worse.said("drift")] == ["errors"]


def test_jump_does_not_look_at_errors_whose_wander_nobody_knows() -> None:
    history = tuple(look(BASE, None, number) for number in range(-200, 0))
    plan = plan_of(BASE, history=history, learn_for=timedelta(days=200))
    rng = np.random.default_rng(2)
    found = followed(plan, BASE, [float(share) for share in 0.1 + 0.025 * (rng.random(190) < 0.5)])
    assert found.life is not None
    assert found.life.memory.jump is not None
    assert found.said("skew") == []


def test_what_people_say_of_errors_holds() -> None:
    plan = plan_of(BASE, marks=(Mark(after=START + 20 * DAY, kind="expected", feature="errors"),))
    found = followed(plan, BASE, [0.1] * 16 + [0.2] * 8)
    assert [name for _, name in found.said("relearned")] == ["errors"]
    assert found.life is not None
    assert not found.life.memory.notes.open


@pytest.mark.parametrize("seed", range(4))
def test_left_out_they_say_nothing(seed: int) -> None:
    found = followed(plan_of(BASE, left_out=frozenset(["errors"])), BASE, [0.1] * 16 + [0.5] * 3, seed)
    assert found.said("drift") == []
    assert ("model_quality", "errors") not in findings(found)
