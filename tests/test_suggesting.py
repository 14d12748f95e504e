"""What to write for a monitor, from its own windows."""

from datetime import timedelta

import numpy as np
import pytest
import streams

from monitor.policy.plan import Plan
from monitor.render.suggestion import reasons, yaml_text
from monitor.suggesting import Suggestion, suggested

LAYOUT = streams.layout(["score", "age", "zip"], outputs=["score"])
PLAN = Plan(layout=LAYOUT, learn_for=timedelta(days=4), weights={"score": 0.25})
HALF = 240
RESTLESS = [(start, start + 12, 0.14) for start in range(HALF + 20, 2 * HALF - 50, 90)]
"""Over and again a bit, and back for long enough to be over."""


def suggestion(**moves: list[tuple[int, int, float]]) -> Suggestion:
    return suggested(streams.looks(LAYOUT, 2 * HALF, moved=moves), PLAN)


def test_quiet_traffic_keeps_the_tolerance_and_learns_as_it_was_tried() -> None:
    quiet = suggestion()
    assert (quiet.plan.tolerance, dict(quiet.plan.tolerances), quiet.widened, quiet.moved) == (0.025, {}, (), ())
    assert quiet.plan.learn_for == timedelta(days=10)
    assert quiet.found.quiet == timedelta(days=10), "the second half, and no window of the first"
    assert yaml_text(quiet) == (
        "# to be expected: 0 alarms in 10 days: 0 a month, and below 9 with 95 % confidence\n"
        "checks:\n- driftd\n"
        "alarm:\n  tolerance: 2.5%\n  learn:\n    for: 10d\n  weights:\n    outputs: 25%\n"
    )
    assert list(reasons("churn", quiet)) == [
        "churn: 480 windows from 2026-01-05 00:00Z to 2026-01-25 00:00Z",
        "learned from until 2026-01-15 00:00Z; the rest replayed: "
        "0 alarms in 10 days: 0 a month, and below 9 with 95 % confidence",
        "tolerance 2.5 % is kept; learning takes 10 days, as was tried",
    ]


def test_a_feature_whose_alarms_come_and_go_is_given_a_wider_tolerance_and_that_is_said() -> None:
    found = suggestion(age=RESTLESS)
    ((widened),) = found.widened
    assert (widened.feature, widened.tolerance) == ("age", 0.05)
    assert widened.before >= 2 > widened.after
    assert len(found.found.alarms) < len(found.plain.alarms)
    assert "- rule: drift\n  features:\n  - age\n  tolerance: 5%\n" in yaml_text(found)
    (line,) = [line for line in reasons("churn", found) if line.startswith("age: ")]
    assert line == (
        f"age: its tolerance is 5 %, not 2.5 %: {widened.before} alarms came and went, {widened.after} would; "
        "leave it if they were good to know"
    )


def test_a_feature_that_moved_and_stayed_is_no_reason_to_look_away() -> None:
    found = suggestion(age=[(HALF + 50, 2 * HALF, 0.14)])
    assert (found.widened, found.moved) == ((), ("age",))
    assert any(line.startswith("moved, and not back at the end") for line in reasons("churn", found))


def test_what_no_tolerance_makes_quiet_keeps_its_own() -> None:
    found = suggestion(age=[(first, last, 0.8) for first, last, _ in RESTLESS])
    assert (found.widened, found.restless) == ((), ("age",))
    assert any("at every tolerance tried, which was left as it is: age" in line for line in reasons("churn", found))


def test_a_tolerance_is_never_narrower_than_it_was() -> None:
    wide = Plan(layout=LAYOUT, learn_for=timedelta(days=4), tolerance=0.08)
    found = suggested(streams.looks(LAYOUT, 2 * HALF, moved={"age": RESTLESS}), wide)
    assert (found.plan.tolerance, dict(found.plan.tolerances)) == (0.08, {})


def test_too_few_windows_are_told_with_how_many_would_do() -> None:
    with pytest.raises(ValueError, match=r"190 windows are too few .* 192 would be right, as learning takes 96"):
        suggested(streams.looks(LAYOUT, 190), PLAN)


def test_production_that_changed_in_the_first_half_is_told_and_nothing_is_promised() -> None:
    found = suggestion(age=[(0, 150, 0.0), (150, 2 * HALF, 1.0)])
    lines = list(reasons("churn", found))
    assert any("learning began again, age had changed" in line for line in lines)


def test_a_feature_that_wanders_too_much_to_be_judged_is_named() -> None:
    draw = np.random.default_rng(5)
    wild = [(number, number + 1, float(by)) for number, by in enumerate(draw.normal(0, 0.5, 2 * HALF))]
    found = suggestion(zip=wild)
    assert found.found.unjudged == (("zip", "too_variable"),)
    assert "wandering too much to be judged: zip" in reasons("churn", found)
