"""A monitor from its first window: never silent, armed, alarms that open and close, what people say of them."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from looks import HOUR, START, Followed, Traffic, layout, plan

from monitor.policy.findings import findings_of
from monitor.policy.look import Look
from monitor.policy.plan import Mark, Plan
from monitor.policy.returning import stretch_of
from monitor.policy.telling import told

DAY = timedelta(days=1)
SHORT = {"learn_for": 4 * DAY}  # in which tests learn, so that they are quick


def quiet(to_keep: Plan, seed: int = 1, windows: int = 0, offset: float = 0.0) -> tuple[Traffic, Followed]:
    """Armed, and some windows further."""
    traffic = Traffic(to_keep, seed)
    return traffic, Followed(to_keep).feed(*traffic.looks(to_keep.learning + windows, offset))


def test_a_whole_deviation_is_found_in_the_first_window_of_all() -> None:
    to_keep = plan(30)
    followed = Followed(to_keep).feed(Traffic(to_keep, 1).look([1.0] + [0.0] * 29))
    assert followed.said("skew") == [(0, "x0")]
    verdict = told(followed.steps[0], to_keep)
    assert verdict.question == "skew"
    assert [m.feature for m in verdict.movements if m.status == "violated"] == ["x0"]


def test_a_quiet_monitor_is_armed_after_two_weeks_and_says_nothing_else() -> None:
    to_keep = plan()
    _, followed = quiet(to_keep, windows=48)
    assert followed.said("armed") == [(335, None)]
    assert not any(followed.said(what) for what in ("skew", "drift", "refused", "heavy_tailed"))
    before, after = told(followed.steps[100], to_keep), told(followed.steps[-1], to_keep)
    assert (before.phase, before.seen, before.needed) == ("learning", 101, 336)
    assert after.phase == "armed"
    assert {m.status for m in after.movements} == {"ok"}


def test_half_a_deviation_is_found_at_once_and_closes_a_day_after_it_is_gone() -> None:
    to_keep = plan(**SHORT)
    traffic, followed = quiet(to_keep, windows=30)
    at = traffic.number
    followed.feed(*traffic.looks(12, [0, 0.5, 0, 0, 0]))
    assert followed.said("drift") == [(at, "x1")]
    verdict = told(followed.steps[-1], to_keep)
    one = verdict.movements[1]
    assert one.status == "violated"
    assert one.since == START + at * HOUR
    assert one.place.startswith("above")
    followed.feed(*traffic.looks(80))
    closed = followed.said("closed")
    assert [name for _, name in closed] == ["x1"]
    assert closed[0][0] - at == 2 * 24  # the first of the two days held eleven windows of the move
    assert told(followed.steps[-1], to_keep).movements[1].status == "ok"


def test_one_bad_window_closes_after_a_day() -> None:
    to_keep = plan(**SHORT)
    traffic, followed = quiet(to_keep, windows=7)
    at = traffic.number
    followed.feed(*traffic.looks(1, [0, 4, 0, 0, 0]), *traffic.looks(30))
    assert followed.said("drift") == [(at, "x1")]
    assert followed.said("closed") == [(at + 24, "x1")]


def test_an_open_feature_does_not_hide_another_one() -> None:
    to_keep = plan(**SHORT)
    traffic, followed = quiet(to_keep)
    followed.feed(*traffic.looks(30, [0.5, 0, 0, 0, 0]), *traffic.looks(10, [0.5, 0, 0, 0.5, 0]))
    assert [name for _, name in followed.said("drift")] == ["x0", "x3"]


@pytest.mark.parametrize("offset", [0.2, -0.3])
def test_an_offset_from_training_is_skew_told_once_and_hides_no_drift(offset: float) -> None:
    to_keep = plan()
    traffic, followed = quiet(to_keep, windows=10, offset=offset)
    verdict = told(followed.steps[to_keep.learning - 1], to_keep)
    assert len(verdict.skews) == 5
    assert not followed.said("drift")
    followed.feed(*traffic.looks(2, [offset + 0.5, *[offset] * 4]))
    assert followed.said("drift")[0][1] == "x0"


def test_a_change_while_learning_is_refused_and_learned_anew_from_there() -> None:
    to_keep = plan()
    traffic = Traffic(to_keep, 2)
    followed = Followed(to_keep).feed(*traffic.looks(240), *traffic.looks(240 + 336, [0.5, 0, 0, 0, 0]))
    refusals, arms = followed.said("refused"), followed.said("armed")
    assert refusals[0][1] == "x0"
    assert 240 <= refusals[0][0] <= 300
    assert arms[0][0] >= 240 + 300
    assert [m.feature for m in told(followed.steps[arms[0][0]], to_keep).skews] == ["x0"]


def test_noise_widens_the_band_at_most_twofold_and_only_by_a_mark() -> None:
    to_keep = plan(**SHORT)
    traffic, followed = quiet(to_keep)
    followed.feed(*traffic.looks(2, [0.5, 0, 0, 0, 0]))
    width = followed.steps[-1].band.reach[5]
    for number in range(4):
        mark = Mark(after=followed.past[-1].window.end if followed.past else traffic.look().window.end, kind="noise")
        followed.plan = replace(followed.plan, marks=(*followed.plan.marks, mark))
        followed.feed(*traffic.looks(3, [0.5 + number / 4, 0, 0, 0, 0]))
    assert followed.steps[-1].band.reach[5] == pytest.approx(2 * width)
    assert followed.steps[-1].band.reach[17] == pytest.approx(width)


def test_expected_centres_a_feature_on_where_it_is() -> None:
    to_keep = plan(**SHORT)
    traffic, followed = quiet(to_keep)
    followed.feed(*traffic.looks(24, [0.5, 0, 0, 0, 0]))
    followed.plan = replace(to_keep, marks=(Mark(after=followed.past[-1].window.end, kind="expected", feature="x0"),))
    followed.feed(*traffic.looks(48, [0.5, 0, 0, 0, 0]))
    assert len(followed.said("drift")) == 1
    assert told(followed.steps[-1], followed.plan).movements[0].status == "ok"
    followed.feed(*traffic.looks(2))
    assert len(followed.said("drift")) == 2


def test_a_known_skew_is_told_no_more() -> None:
    to_keep = plan(**SHORT)
    traffic, followed = quiet(to_keep, offset=0.3)
    assert len(told(followed.steps[-1], to_keep).skews) == 5
    followed.plan = replace(to_keep, marks=(Mark(after=followed.past[-1].window.end, kind="accepted", feature="x2"),))
    followed.feed(*traffic.looks(1, 0.3))
    assert [m.feature for m in told(followed.steps[-1], followed.plan).skews] == ["x0", "x1", "x3", "x4"]


def test_missing_values_are_a_share_like_any_other() -> None:
    to_keep = plan(**SHORT)
    traffic, followed = quiet(to_keep)
    followed.feed(*(traffic.look(missing=0.05) for _ in range(2)))
    assert followed.said("drift")
    assert told(followed.steps[-1], to_keep).movements[0].place == "without a value"


def test_features_left_out_are_not_followed() -> None:
    to_keep = plan(**SHORT, left_out=frozenset({"x0"}))
    traffic, followed = quiet(to_keep)
    followed.feed(*traffic.looks(3, [2.0, 0, 0, 0, 0]))
    assert not followed.said("drift")
    assert [m.feature for m in told(followed.steps[-1], to_keep).movements] == ["x1", "x2", "x3", "x4"]


def test_small_windows_are_unknown_with_the_rows_they_would_need() -> None:
    to_keep = plan(5, timedelta(days=1), learn_for=14 * DAY)
    traffic = Traffic(to_keep, 1, rows=60)
    followed = Followed(to_keep).feed(*traffic.looks(16))
    one = told(followed.steps[-1], to_keep).movements[0]
    assert (one.status, one.reason) == ("unknown", "too_few_rows")
    assert one.rows_needed is not None
    assert 100 < one.rows_needed < 1500


def test_rows_that_repeat_each_other_are_told_as_they_are_read() -> None:
    to_keep = plan(5, timedelta(days=1), learn_for=14 * DAY)
    looks = Traffic(to_keep, 1, rows=60).looks(16)
    alike = [replace(look, effect=np.full(5, 6.0)) for look in looks]
    one, repeated = (told(Followed(to_keep).feed(*each).steps[-1], to_keep).movements[0] for each in (looks, alike))
    assert (one.n_now, repeated.n_now) == (60, 60)
    assert one.rows_needed is not None
    assert repeated.rows_needed is not None
    assert repeated.rows_needed > 3 * one.rows_needed, "six alike are worth one"


def test_a_feature_that_wanders_widely_is_unknown_not_ok() -> None:
    to_keep = plan(2, timedelta(days=1))
    traffic = Traffic(to_keep, 1)
    swing = [1.0, -1.0, 0.5, -0.5, 0.0]
    followed = Followed(to_keep).feed(*(traffic.look([swing[number % 5], 0.0]) for number in range(20)))
    movements = told(followed.steps[-1], to_keep).movements
    assert (movements[0].status, movements[0].reason) == ("unknown", "too_variable")
    assert movements[1].status == "ok"


def test_absorbing_is_opt_in() -> None:
    for absorbs in (False, True):
        to_keep = plan(**SHORT, absorbs=absorbs)
        traffic, followed = quiet(to_keep)
        followed.feed(*traffic.looks(3, [0.6, 0, 0, 0, 0]), *traffic.looks(60))
        assert bool(followed.said("widened")) is absorbs


def test_two_features_that_no_longer_go_together_are_named_and_can_be_marked() -> None:
    joined = replace(layout(2), pairs=(("x0", "x1"),), joint=np.array([[0.5], [50_000.0]]))
    to_keep = plan(2, layout=joined, **SHORT)
    traffic, rng = Traffic(to_keep, 3), np.random.default_rng(4)

    def looks(number: int, z: float) -> list[Look]:
        error = 1 / np.sqrt(997)
        return [replace(traffic.look(), joint=np.array([[rng.normal(z, error)], [997.0]])) for _ in range(number)]

    followed = Followed(to_keep).feed(*looks(to_keep.learning + 10, 0.5))
    assert not followed.said("drift")
    followed.feed(*looks(3, 0.2))
    assert followed.said("drift")[0][1] == "x0 and x1"
    pair = told(followed.steps[-1], to_keep).pairs[0]
    assert (pair.first, pair.second) == ("x0", "x1")
    assert pair.centre == pytest.approx(np.tanh(0.5), abs=0.01)
    followed.plan = replace(to_keep, marks=(Mark(after=traffic.looks(1)[0].window.start, kind="expected"),))
    traffic.number -= 1
    followed.feed(*looks(3, 0.2))
    assert len(followed.said("drift")) == 1
    assert told(followed.steps[-1], followed.plan).pairs == ()


def test_a_move_that_came_and_went_is_told_once() -> None:
    to_keep = plan(**SHORT)
    traffic, followed = quiet(to_keep, windows=10)
    followed.feed(*traffic.looks(50, [0.4, 0, 0, 0, 0]), *traffic.looks(168))
    assert len(followed.said("drift")) == len(followed.said("closed")) == 1


def test_a_second_move_begins_later_than_the_first() -> None:
    to_keep = plan(**SHORT)
    traffic, followed = quiet(to_keep)
    followed.feed(*traffic.looks(24, [1.0, 0, 0, 0, 0]), *traffic.looks(72))
    at = traffic.number
    followed.feed(*traffic.looks(3, [0.6, 0, 0, 0, 0]))
    since = [word.since for step in followed.steps for word in step.words if word.what == "drift"]
    assert since == [START + to_keep.learning * HOUR, START + at * HOUR]


def test_a_monitor_of_days_closes_after_a_week() -> None:
    assert [stretch_of(plan(1, interval)) for interval in (HOUR, 6 * HOUR, DAY, 7 * DAY)] == [24, 4, 7, 3]


def test_a_baseline_without_a_distribution_is_unknown_while_production_is_learned() -> None:
    bare = replace(layout(2), counts=np.zeros(24, dtype=np.int64), totals=np.zeros(24, dtype=np.int64))
    to_keep = plan(2, layout=bare, **SHORT)
    traffic, followed = quiet(to_keep, windows=1)
    early, armed = told(followed.steps[20], to_keep), told(followed.steps[-1], to_keep)
    assert {(one.status, one.reason) for one in early.movements} == {("unknown", "no_baseline")}
    finding = findings_of(early, lambda rule, feature: "warning")[1]
    assert (finding.value, finding.why[:40]) == (None, "the baseline holds no distribution of th")
    assert {one.status for one in armed.movements} == {"ok"}
    followed.feed(*traffic.looks(2, [0.5, 0.0]))
    assert followed.said("drift")


def test_a_skew_is_one_finding_in_the_window_that_arms() -> None:
    to_keep = plan(3)
    _, followed = quiet(to_keep, offset=0.6)
    last = [told(followed.steps[at], to_keep) for at in (-2, -1)]
    assert [sum(one.status == "violated" for one in verdict.movements) for verdict in last] == [3, 3]
    for verdict in last:
        found = [one.feature for one in findings_of(verdict, lambda rule, feature: "warning") if one.rule == "skew"]
        assert sorted(map(str, found)) == ["x0", "x1", "x2"]
