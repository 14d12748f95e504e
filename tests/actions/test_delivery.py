"""When something is told again, when no more, and how much at once."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest
from actions.receivers import NOW
from hypothesis import given
from hypothesis import strategies as st

from monitor.actions.delivery import (
    JITTER,
    LONGEST_WAIT,
    OLDEST,
    WAITS,
    Breaker,
    Delivery,
    Line,
    Rate,
    expired,
    heard,
    open_at,
    stepped,
    taken,
)
from monitor.actions.outcome import Outcome

NEW = Delivery(made_at=NOW, next_at=NOW)
OK = Outcome(kind="delivered")
AWAY = Outcome(kind="again", why="connection refused")
WRONG = Outcome(kind="refused", why="answered 404")
GONE = Outcome(kind="gone", why="answered 410")
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
OUTCOMES = st.sampled_from([OK, AWAY, WRONG, GONE, replace(AWAY, wait=timedelta(minutes=3))])


def course(rng: Random, outcome: Outcome = AWAY) -> list[Delivery]:
    """Every state of a delivery that always ends like this."""
    found = [NEW]
    while found[-1].state == "waiting":
        found.append(stepped(found[-1], outcome, found[-1].next_at, rng))
    return found


def test_five_more_attempts_over_about_half_an_hour_then_dead_with_the_reason() -> None:
    states = course(Random(0))
    assert [one.attempts for one in states] == [0, 1, 2, 3, 4, 5, 6]
    assert (states[-1].state, states[-1].why) == ("dead", "connection refused (6 attempts)")
    assert sum(WAITS, timedelta(0)) == 30 * MINUTE
    waits = [after.next_at - before.next_at for before, after in pairwise(states[:-1])]
    for wait, usual in zip(waits, WAITS, strict=True):
        assert usual * (1 - JITTER) <= wait <= usual * (1 + JITTER)
    assert [one.next_at for one in course(Random(0))] == [one.next_at for one in states]
    assert [one.next_at for one in course(Random(1))] != [one.next_at for one in states]


def test_jitter_spreads_what_failed_together() -> None:
    rng = Random(3)
    times = {stepped(NEW, AWAY, NOW, rng).next_at for _ in range(100)}
    assert len(times) == 100
    assert max(times) - min(times) > 25 * SECOND


@pytest.mark.parametrize(("outcome", "state"), [(OK, "delivered"), (WRONG, "dead"), (GONE, "dead")])
def test_what_is_settled_is_not_tried_again(outcome: Outcome, state: str) -> None:
    found = stepped(NEW, outcome, NOW, Random(0))
    assert (found.state, found.attempts, found.why) == (state, 1, outcome.why)


def test_a_receiver_gets_the_time_that_it_asks_for_within_reason() -> None:
    asked = {hours: replace(AWAY, wait=timedelta(hours=hours)) for hours in (0, 2, 24 * 365)}
    waits = {hours: stepped(NEW, one, NOW, Random(0)).next_at - NOW for hours, one in asked.items()}
    assert 45 * SECOND <= waits[0] <= 75 * SECOND
    assert waits[2] == timedelta(hours=2)
    assert waits[24 * 365] == LONGEST_WAIT


def test_what_waits_for_a_day_is_dead() -> None:
    waiting = stepped(NEW, AWAY, NOW, Random(0))
    assert expired(waiting, NOW + OLDEST - SECOND) == waiting
    dead = expired(waiting, NOW + OLDEST)
    assert (dead.state, dead.why) == ("dead", "not delivered within a day; last: connection refused")
    told = replace(NEW, state="delivered")
    assert expired(told, NOW + 2 * OLDEST) == told


def test_a_breaker_opens_after_failures_in_a_row_and_lets_one_try() -> None:
    breaker, rate, line, now = Breaker(failures=3), Rate(burst=100), Line(), NOW
    for outcome in (AWAY, AWAY, WRONG, AWAY, AWAY):
        line = heard(taken(line, rate, now), outcome, breaker, now)
        assert open_at(line, rate, now) == now
    line = heard(taken(line, rate, now), AWAY, breaker, now)
    assert open_at(line, rate, now) == now + MINUTE
    now += MINUTE
    assert open_at(line, rate, now) == now
    trying = taken(line, rate, now)
    later = open_at(trying, rate, now)
    assert later is not None
    assert later > now, "one at a time"
    still = heard(trying, AWAY, breaker, now)
    assert open_at(still, rate, now) == now + 2 * MINUTE
    back = heard(trying, OK, breaker, now)
    assert open_at(back, rate, now) == now
    assert open_at(taken(back, rate, now), rate, now) == now


def test_an_attempt_that_was_lost_does_not_hold_the_line_for_ever() -> None:
    breaker, rate = Breaker(failures=1), Rate()
    line = taken(heard(Line(), AWAY, breaker, NOW), rate, NOW + MINUTE)
    assert open_at(line, rate, NOW + 10 * MINUTE) == NOW + 10 * MINUTE


def test_pauses_double_up_to_the_longest() -> None:
    breaker, line, now, pauses = Breaker(failures=1), Line(), NOW, []
    for _ in range(40):
        line = heard(line, AWAY, breaker, now)
        until = open_at(line, Rate(), now)
        assert until is not None
        pauses.append((until - now) / MINUTE)
        now = until
    assert pauses[:6] == [1, 2, 4, 8, 15, 15]
    assert set(pauses[5:]) == {15}


def test_who_asks_for_time_gets_it_for_all_that_is_to_be_sent() -> None:
    line = heard(Line(), replace(AWAY, wait=timedelta(minutes=3)), Breaker(), NOW)
    assert open_at(line, Rate(), NOW) == NOW + 3 * MINUTE
    for outcome in (AWAY, replace(AWAY, wait=SECOND)):
        assert open_at(heard(line, outcome, Breaker(), NOW), Rate(), NOW) == NOW + 3 * MINUTE


def test_who_is_gone_gets_nothing_any_more() -> None:
    line = heard(Line(), GONE, Breaker(), NOW)
    assert (line.stopped, open_at(line, Rate(), NOW + OLDEST)) == ("answered 410", None)


def test_a_rate_lets_a_burst_through_and_then_one_each_so_often() -> None:
    rate, line = Rate(burst=3, every=10 * SECOND), Line()
    for _ in range(3):
        assert open_at(line, rate, NOW) == NOW
        line = taken(line, rate, NOW)
    assert open_at(line, rate, NOW) == NOW + 10 * SECOND
    line = taken(line, rate, NOW + 10 * SECOND)
    assert open_at(line, rate, NOW + 10 * SECOND) == NOW + 20 * SECOND
    assert open_at(line, rate, NOW + 40 * SECOND) == NOW + 40 * SECOND


def test_a_clock_that_was_set_back_holds_nothing_up() -> None:
    line, earlier = taken(Line(), Rate(), NOW), NOW - timedelta(hours=1)
    assert open_at(line, Rate(), earlier) == earlier


@given(st.lists(st.integers(0, 30), min_size=1, max_size=60), st.integers(1, 5), st.integers(1, 20))
def test_no_more_is_sent_than_the_rate_allows(steps: list[int], burst: int, every: int) -> None:
    rate, line, now, sent = Rate(burst=burst, every=timedelta(seconds=every)), Line(), NOW, []
    for step in steps:
        now += timedelta(seconds=step)
        if open_at(line, rate, now) == now:
            line = taken(line, rate, now)
            sent.append(now)
    for place, first in enumerate(sent):
        for count, last in enumerate(sent[place:], 1):
            assert count <= burst + (last - first) / rate.every + 1e-6


@given(st.lists(st.tuples(OUTCOMES, st.integers(-600, 6000)), max_size=40), st.integers(0, 5))
def test_a_line_that_is_not_stopped_opens_within_a_day_and_a_delivery_ends(
    steps: list[tuple[Outcome, int]], seed: int
) -> None:
    line, delivery, now, rng = Line(), NEW, NOW, Random(seed)
    for outcome, step in steps:
        if delivery.state != "waiting":
            break
        now += timedelta(seconds=step)  # a clock may be set back
        line = heard(taken(line, Rate(), now), outcome, Breaker(), now)
        delivery = stepped(delivery, outcome, now, rng)
        until = open_at(line, Rate(), now)
        assert until is None if line.stopped else until is not None and now <= until <= now + LONGEST_WAIT
        assert delivery.attempts <= len(WAITS) + 1
    assert len(steps) <= len(WAITS) or delivery.state != "waiting"


@pytest.mark.parametrize("wrong", [{"burst": 0}, {"every": timedelta(0)}])
def test_a_rate_lets_something_through(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="must be 1 or more, and above 0"):
        Rate(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", [{"failures": 0}, {"shortest": timedelta(0)}, {"longest": SECOND}])
def test_a_breaker_has_sense(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="failures must be 1 or more, and 0 < shortest <= longest"):
        Breaker(**wrong)  # type: ignore[arg-type]
