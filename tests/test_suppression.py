"""Suppression: the six documented situations, moment by moment, and what must hold of any course of events."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alarm import State
from monitor.document import from_document, to_document
from monitor.suppression import Hold, Release, Suppressor, Withheld, released

OK, ALARM, INSUFFICIENT = State.OK, State.ALARM, State.INSUFFICIENT_DATA
SIGNS = {"o": OK, "A": ALARM, "i": INSUFFICIENT}
FIRST, MINUTE = datetime(2026, 3, 1, tzinfo=UTC), timedelta(minutes=1)
DEPLOY = Suppressor(name="deploy", wait=2 * MINUTE, extension=3 * MINUTE)
QUIET = Hold(state=OK, told=OK, suppressor="deploy")


def course(own: Sequence[State], others: Sequence[State], suppressor: Suppressor = DEPLOY) -> Iterator[Release]:
    """A release each minute."""
    hold = QUIET
    for minute, (state, other) in enumerate(zip(own, others, strict=True)):
        found = released(FIRST + minute * MINUTE, state, other, suppressor, hold)
        hold = found.hold
        yield found


def drawn(own: str, other: str, suppressor: Suppressor = DEPLOY) -> str:
    """What is said at each minute: A or o actions go out, w s e withheld by, . nothing is due."""
    found = course([SIGNS[sign] for sign in own], [SIGNS[sign] for sign in other], suppressor)
    out = {OK: "o", ALARM: "A", INSUFFICIENT: "i"}
    return "".join(out[one.state] if one.goes_out else (one.withheld or ".")[0] for one in found)


@pytest.mark.parametrize(
    ("own", "other", "told"),
    [
        # minute 0123456789. The guide counts the same: wait 2, extension 3.
        ("ooAAAAAA", "oooooooo", "..wwA..."),  # 1: not suppressed after the wait
        ("ooAAAAAA", "oooAAAAA", "..wsssss"),  # 2: the suppressor comes before the wait is over
        ("ooAooooo", "oooooooo", "..wwwo.."),  # 3: a change during the wait begins it anew
        ("ooAAAooo", "AAAAAAAA", "..ssssss"),  # 4: a change while the suppressor is in alarm
        ("ooAAAAAAAAA", "oooAAAooooo", "..wsss" + "eee" + "A."),  # 5: after the extension actions go out, at 9
        ("ooAAAAAoooo", "oooAAAooooo", "..wsss" + "e" + "ww" + "o."),  # 6: a change in the extension waits, 7 to 9
    ],
)
def test_the_documented_situations(own: str, other: str, told: str) -> None:
    assert drawn(own, other) == told


@pytest.mark.parametrize(
    ("own", "other", "told"),
    [
        ("ooAAAAAAAA", "ooooAAAooo", "..wwsss" + "eee"),  # the suppressor comes just as the wait ends: it goes first
        ("ooAAoooo", "oooooooo", "..wwwwo."),  # so does a change
        ("oooooooo", "oAAAoooo", "........"),  # nothing has changed: nothing is due after the extension
        ("AAAAAAAAAA", "ooooAooooo", "wwA......."),  # nor a second time for what was told
        ("AAAAAoooooo", "ooooAAooooo", "wwA..s" + "eee" + "o."),
        ("ooAAAAAAAAAAA", "AAAooAooooooo", "..see" + "s" + "eee" + "A..."),  # the extension begins anew
        ("ooAAAAAAA", "AAAiiiiii", "..see" + "e" + "A.."),  # whatever state it leaves alarm for
        ("ooAAAAAA", "iiiiiiii", "..wwA..."),  # only alarm suppresses
        ("ooiiiiAAAA", "oooooooooo", "..wwi." + "wwA."),
        ("ooAAAAooAAAA", "AAAAoooooooo", "..ss" + "ee" + "ww" + "wwA."),
    ],
)
def test_other_situations_worked_out_by_hand(own: str, other: str, told: str) -> None:
    assert drawn(own, other) == told


def test_without_periods_actions_go_out_at_the_change_and_when_the_suppressor_is_over() -> None:
    at_once = Suppressor(name="deploy", wait=timedelta(0), extension=timedelta(0))
    assert drawn("ooAAAooAA", "oooooAAoo", at_once) == "..A..ssA."


def test_a_change_that_came_and_went_is_told_with_the_same_state_before() -> None:
    found = [one for one in course([OK, OK, ALARM, OK, OK, OK, OK], [OK] * 7) if one.goes_out]
    assert [(one.state, one.previous, one.hold.told) for one in found] == [(OK, OK, OK)]
    found = [one for one in course([OK, ALARM, ALARM, ALARM], [OK] * 4) if one.goes_out]
    assert [(one.state, one.previous, one.hold.told) for one in found] == [(ALARM, OK, ALARM)]


def test_it_is_said_why_and_until_when_actions_are_withheld() -> None:
    told = [(one.withheld, one.until, one.reason) for one in course([ALARM] * 6, [OK, ALARM, OK, OK, OK, OK])]
    assert told == [
        (
            Withheld.WAIT,
            FIRST + 2 * MINUTE,
            "actions are withheld until 2026-03-01T00:02:00Z, in case 'deploy' comes into alarm",
        ),
        (Withheld.SUPPRESSOR, None, "actions are withheld while 'deploy' is in alarm"),
        *[
            (
                Withheld.EXTENSION,
                FIRST + 5 * MINUTE,
                "actions are withheld until 2026-03-01T00:05:00Z, since 'deploy' was in alarm until lately",
            )
        ]
        * 3,
        (None, None, "actions go out: nothing withholds them"),
    ]
    quiet = released(FIRST, OK, ALARM, DEPLOY, QUIET)
    assert (quiet.goes_out, quiet.withheld, quiet.until, quiet.reason) == (False, None, None, "no actions are due")


def test_a_late_look_lets_out_what_was_due_meanwhile() -> None:
    waiting = released(FIRST, ALARM, OK, DEPLOY, QUIET).hold
    assert released(FIRST + timedelta(hours=5), ALARM, OK, DEPLOY, waiting).goes_out
    suppressed = released(FIRST + timedelta(hours=5), ALARM, ALARM, DEPLOY, waiting)
    assert (suppressed.goes_out, suppressed.withheld) == (False, Withheld.SUPPRESSOR)


def test_another_suppressor_ends_what_was_waited_for() -> None:
    other = Suppressor(name="holiday", wait=2 * MINUTE, extension=3 * MINUTE)
    waiting = released(FIRST, ALARM, OK, DEPLOY, QUIET).hold
    assert released(FIRST + MINUTE, ALARM, OK, other, waiting).goes_out
    assert released(FIRST + MINUTE, ALARM, ALARM, other, waiting).withheld is Withheld.SUPPRESSOR
    suppressed = released(FIRST, ALARM, ALARM, DEPLOY, QUIET).hold
    assert released(FIRST + MINUTE, ALARM, OK, other, suppressed).goes_out


def test_a_clock_that_went_back_or_a_shorter_period_withholds_no_longer_than_the_period() -> None:
    waiting = released(FIRST, ALARM, OK, DEPLOY, QUIET).hold
    back = released(FIRST - timedelta(days=30), ALARM, OK, DEPLOY, waiting)
    assert back.until == FIRST - timedelta(days=30) + DEPLOY.wait
    shorter = Suppressor(name="deploy", wait=timedelta(seconds=1), extension=MINUTE)
    assert released(FIRST, ALARM, OK, shorter, waiting).until == FIRST + timedelta(seconds=1)


def test_a_period_of_no_sense_is_refused() -> None:
    for what in ("wait", "extension"):
        for value in (timedelta(seconds=-1), timedelta(days=367)):
            with pytest.raises(ValueError, match="must be from 0 to 366 days") as caught:
                Suppressor(name="deploy", **{what: value})
            assert f"suppressor 'deploy': {what} {value} " in str(caught.value)
    longest = Suppressor(name="deploy", wait=timedelta(days=366), extension=timedelta(days=366))
    assert longest.wait == longest.extension


PERIODS = st.integers(0, 4).map(lambda minutes: minutes * MINUTE)
SUPPRESSORS = st.builds(Suppressor, name=st.just("deploy"), wait=PERIODS, extension=PERIODS)
EVENTS = st.lists(st.tuples(st.sampled_from(list(State)), st.sampled_from(list(State))), min_size=1, max_size=25)


@given(EVENTS, SUPPRESSORS)
def test_actions_go_out_once_for_what_changed_and_never_beside_the_suppressor(
    events: list[tuple[State, State]], suppressor: Suppressor
) -> None:
    own, others = [one for one, _ in events], [other for _, other in events]
    changed, last_change, last_suppressed = False, 0, -1
    for minute, found in enumerate(course(own, others, suppressor)):
        if own[minute] is not (own[minute - 1] if minute else OK):
            changed, last_change = True, minute
        if others[minute] is ALARM:
            last_suppressed = minute
        assert found.state is own[minute]
        assert found.goes_out <= (changed and others[minute] is not ALARM)
        assert (found.withheld is not None) == (changed and not found.goes_out)
        if found.goes_out:
            changed = False
            waited, extended = (minute - last_change) * MINUTE, (minute - last_suppressed) * MINUTE
            assert waited >= suppressor.wait or (last_suppressed >= last_change and extended >= suppressor.extension)


@given(EVENTS, SUPPRESSORS, st.sampled_from([OK, INSUFFICIENT]))
def test_once_all_is_quiet_the_last_change_is_told_and_nothing_more(
    events: list[tuple[State, State]], suppressor: Suppressor, rest: State
) -> None:
    own, others = [one for one, _ in events], [other for _, other in events]
    found = list(course(own + own[-1:] * 20, others + [rest] * 20, suppressor))
    out = [one for one in found if one.goes_out]
    assert found[-1].hold.is_due is False
    assert (out[-1].state if out else OK) is own[-1]
    assert not any(one.goes_out for one in found[len(events) + 10 :])


@given(EVENTS, SUPPRESSORS)
def test_what_is_kept_may_be_written_down_in_between(events: list[tuple[State, State]], suppressor: Suppressor) -> None:
    kept = QUIET
    for minute, ((own, other), straight) in enumerate(
        zip(events, course(*zip(*events, strict=True), suppressor), strict=True)
    ):
        found = released(FIRST + minute * MINUTE, own, other, suppressor, from_document(Hold, to_document(kept)))
        assert found == straight
        again = released(FIRST + minute * MINUTE, own, other, suppressor, found.hold)
        assert again.goes_out is False
        kept = found.hold
