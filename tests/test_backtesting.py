"""What a plan would have said of windows that are stored."""

from dataclasses import replace
from datetime import timedelta

import pytest
import streams
from streams import HOUR, START

from monitor.backtesting import Difference, Episode, Timeline, difference, timeline
from monitor.policy.plan import Plan

LAYOUT = streams.layout(["a", "b", "c"])
PLAN = Plan(layout=LAYOUT, learn_for=timedelta(days=4))
LEARNED = START + 96 * HOUR


def found(count: int, plan: Plan = PLAN, **options: streams.Moves) -> Timeline:
    return timeline(streams.looks(LAYOUT, count, **options), plan)  # type: ignore[arg-type]


def test_quiet_traffic_raises_nothing_and_the_time_that_was_followed_is_told() -> None:
    quiet = found(96 + 48)
    assert (quiet.windows, quiet.start, quiet.end) == (144, START, START + 144 * HOUR)
    assert (quiet.armed, quiet.quiet) == (LEARNED, timedelta(days=2))
    assert (quiet.alarms, quiet.a_month) == ((), 0)
    assert quiet.most_a_month == pytest.approx(3.0 * 15, rel=0.01), "the rule of three"


def test_a_move_is_an_alarm_with_its_features_and_an_end() -> None:
    both = found(210, moved={"a": [(120, 150, 0.6)], "b": [(120, 210, 0.6)]})
    ((first, second),) = both.alarms
    assert (first.feature, second.feature) == ("a", "b")
    assert START + 120 * HOUR <= first.at <= START + 124 * HOUR
    assert first.since == START + 120 * HOUR
    assert first.closed is not None
    assert START + 150 * HOUR < first.closed < START + 199 * HOUR
    assert second.closed is None
    assert both.a_month == pytest.approx(30 / ((210 - 96) / 24))


def test_windows_that_are_learned_from_raise_no_alarm_of_drift() -> None:
    early = found(90, moved={"a": [(0, 90, 1.0)]})
    assert early.alarms == ()
    assert [(one.feature, one.question) for one in early.episodes] == [("a", "skew")]
    assert (early.armed, early.a_month, early.most_a_month) == (None, None, None)


def test_what_learning_ended_with_is_told() -> None:
    apart = found(100, moved={"b": [(0, 100, 0.3)]})
    assert apart.skews == ("b",)
    assert [(at, word.what) for at, word in apart.told] == [(LEARNED, "armed")]
    assert [one.closed for one in apart.episodes] == [LEARNED], (
        "skew is told once, and then it is drift that is asked for"
    )


def test_features_that_cannot_be_judged_are_named_with_the_reason() -> None:
    looks = streams.looks(LAYOUT, 144)
    blind = [
        replace(one, totals=one.totals * (LAYOUT.owner != 1), counts=one.counts * (LAYOUT.owner != 1)) for one in looks
    ]
    assert timeline(blind, PLAN).unjudged == (("b", "no_data"),)


def test_every_window_is_told_of_while_it_is_replayed() -> None:
    ticks: list[int] = []
    timeline(streams.looks(LAYOUT, 5), PLAN, tell=lambda: ticks.append(1))
    assert len(ticks) == 5
    with pytest.raises(ValueError, match="no window to replay"):
        timeline([], PLAN)


def test_two_plans_differ_in_the_alarms_that_only_one_of_them_raises() -> None:
    moves = {"a": [(120, 150, 0.8)], "b": [(120, 200, 0.3)]}
    looks = streams.looks(LAYOUT, 200, moved=moves)
    narrow, wide = (timeline(looks, replace(PLAN, tolerance=share)) for share in (0.025, 0.15))
    apart = difference(narrow, wide)
    assert [(one.feature, other.feature) for one, other in apart.both] == [("a", "a")]
    assert [one.feature for one in apart.first] == ["b"]
    assert apart.second == ()
    assert difference(wide, narrow).second == apart.first


def test_alarms_at_other_times_are_others() -> None:
    one = Episode(feature="a", question="drift", at=START, since=START, closed=START + HOUR)
    late = Episode(feature="a", question="drift", at=START + 3 * HOUR, since=START + 2 * HOUR)
    over = replace(late, since=START)

    def of(*episodes: Episode) -> Timeline:
        return Timeline(windows=9, start=START, end=START + 9 * HOUR, quiet=HOUR, episodes=episodes)

    assert difference(of(one), of(late)) == Difference(both=(), first=(one,), second=(late,))
    assert difference(of(one), of(over)).both == ((one, over),)
    assert difference(of(one), of(replace(over, feature="b"))).both == ()
