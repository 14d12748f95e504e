"""The life of incidents, window by window."""

from functools import partial

import faults
import pytest
from faults import OUTPUT
from hypothesis import given
from hypothesis import strategies as st
from lives import FEW, HOUR, SCORE, START, STOPPED, WORSE, Life, drift, missing, told, window

from monitor.cause import Cause, explained
from monitor.incident import Incident, State, Verdict, muted
from monitor.incidents import Change, Step, stepped
from monitor.ladder import Fired, Firing, Rung
from monitor.profile import Profile
from monitor.routing import Route


def test_everything_that_fires_together_is_one_incident_told_once() -> None:
    life = Life(owner="growth")
    first = life.step(drift("a"), drift("b"), SCORE)
    (one,) = first.incidents
    assert told(first) == [("opened", True)]
    assert (one.id, one.owner, one.cause, one.first) == ("churn:20260302T100000Z:1", "growth", Cause.SHAPE, window(0))
    assert (one.features, one.severity, one.route) == (("a", "b", "score"), "warning", Route.PAGE)
    assert one.state(START) is State.NOTIFIED
    assert (one.notified, first.changes[0].key) == (
        window(0).end + HOUR / 4,
        "churn:20260302T100000Z:1:opened:20260302T100000Z",
    )
    for _ in range(5):
        assert told(life.step(drift("a"), drift("b"), SCORE)) == []
    assert life.incidents[0].last == window(5)


def test_it_is_over_when_a_window_answers_that_nothing_fires() -> None:
    life = Life()
    life.step(drift("a"), drift("b"))
    assert told(life.step(drift("b"))) == []
    over = life.step()
    assert told(over) == [("resolved", True)]
    (one,) = over.incidents
    assert (one.state(START), one.last, one.resolved) == (State.RESOLVED, window(1), window(2).end + HOUR / 4)
    assert life.step().changes == ()
    assert told(life.step(drift("a"))) == [("opened", True)], "what fires again later is another incident"
    assert len({incident.id for incident in life.incidents}) == 2


def test_what_is_not_damped_is_over_after_two_quiet_windows_in_a_row() -> None:
    life = Life()
    life.step(missing("a"))
    assert told(life.step()) == []
    assert life.incidents[0].rungs == (Rung.MISSING,), "it still stands there"
    assert told(life.step(missing("a"))) == []
    assert [told(life.step()) for _ in range(2)] == [[], [("resolved", True)]]


def test_a_window_that_cannot_answer_ends_nothing() -> None:
    life = Life()
    life.step(drift("a"))
    assert told(life.step(unanswered=[("drift", "a")])) == []
    opened = life.step(STOPPED, is_empty=True)
    assert told(opened) == [("opened", True)]
    assert [one.is_open for one in life.incidents] == [True, True]
    assert told(life.step(drift("a"))) == [], "captures came again, and may stop again"
    assert told(life.step(drift("a"))) == [("resolved", True)], "a has still moved"
    assert [one.is_open for one in life.incidents] == [True, False]


def test_a_lower_rung_takes_over_and_inhibits_and_is_told() -> None:
    life = Life()
    life.step(drift("a"), drift("b"))
    over = life.step(drift("a"), drift("b"), FEW)
    assert told(over) == [("changed", True)]
    (one,) = over.incidents
    assert (one.cause, one.rungs, one.why) == (Cause.PIPELINE, (Rung.VOLUME,), "because of ()")
    assert {part.firing.feature: part.by for part in one.inhibited} == {
        "a": ("volume", None),
        "b": ("volume", None),
    }


def test_what_is_left_when_the_lower_rung_is_well_again_is_what_it_was() -> None:
    life = Life()
    life.step(drift("a"))
    life.step(drift("a"), FEW)
    assert [told(life.step(drift("a"))) for _ in range(2)] == [[], []], "it was told before"
    (one,) = life.incidents
    assert (one.cause, one.rungs, one.inhibited) == (Cause.SHAPE, (Rung.DRIFT,), ())
    assert told(life.step()) == [("resolved", True)]


def test_what_was_hidden_from_the_beginning_is_told_when_it_stands_alone_by_its_own_route() -> None:
    life = Life()
    outside = Firing(rule="range", feature="a", rung=Rung.DRIFT)
    first = life.step(STOPPED, outside)
    assert [(change.what, change.route) for change in first.changes] == [("opened", Route.PAGE)]
    left = life.step(outside)
    assert [(change.what, change.tells, change.route) for change in left.changes] == [("changed", True, Route.DIGEST)]


def test_what_may_only_remember_a_fault_that_is_mended_is_no_news_for_two_days_of_hours() -> None:
    life = Life()
    life.step(missing("a"), drift("a"))
    assert [told(life.step(drift("a"))) for _ in range(47)] == [[]] * 47
    (one,) = life.incidents
    assert (one.cause, one.rungs, [part.by for part in one.inhibited]) == (Cause.PIPELINE, (), [("completeness", "a")])
    assert told(life.step(drift("a"))) == [("changed", True)]
    (one,) = life.incidents
    assert (one.cause, one.rungs, one.inhibited) == (Cause.SHAPE, (Rung.DRIFT,), ())


def test_what_only_remembers_does_not_change_the_cause_and_ends_with_it() -> None:
    life = Life()
    life.step(missing("a"), drift("b"))
    assert told(life.step(missing("a"), drift("b"))) == []
    assert [told(life.step(drift("b"))) for _ in range(3)] == [[]] * 3
    assert (life.incidents[0].cause, life.incidents[0].rungs) == (Cause.PIPELINE, (Rung.DRIFT,))
    assert told(life.step()) == [("resolved", True)]


def test_what_was_called_no_fault_is_no_memory_of_one_either() -> None:
    life = Life()
    life.step(missing("a"), drift("a"))
    life.acknowledge(Verdict.EXPECTED)
    life.step(drift("a"))
    assert life.incidents[0].inhibited == ()


def test_an_alarm_of_three_windows_and_a_rule_that_begins_anew_remember_no_longer() -> None:
    low = Firing(rule="alarm low", rung=Rung.DRIFT, is_asked=True)
    life = Life()
    life.step(missing("a"), low, WORSE)
    kept = []
    for _ in range(3):
        life.step(low, WORSE)
        kept.append({part.firing.rule for part in life.incidents[0].inhibited})
    assert kept == [{"alarm low", "page_hinkley"}, {"alarm low", "page_hinkley"}, {"page_hinkley"}], (
        "the alarm explains"
    )
    alone = Life()
    alone.step(missing("a"), WORSE)
    alone.step(WORSE)
    assert alone.incidents[0].inhibited == ()


def test_the_cause_is_told_anew_while_an_incident_is_young() -> None:
    life = Life()
    life.step(drift("a"))
    for name, seen in (("b", True), ("c", True), ("d", False)):
        fires = [drift(one) for one in "abcd"[: "abcd".index(name) + 1]]
        assert told(life.step(*fires)) == [("grew", False)]
        assert (f"'{name}'" in life.incidents[0].why) is seen


def test_inhibited_outputs_make_it_as_urgent_as_they_are() -> None:
    life = Life()
    first = life.step(missing("a"))
    assert first.changes[0].route is Route.NOTIFY
    worse = life.step(missing("a"), SCORE)
    assert [(change.what, change.tells, change.route) for change in worse.changes] == [("changed", True, Route.PAGE)]
    assert len(worse.incidents) == 1


def test_inputs_page_when_quality_moves_with_them() -> None:
    life = Life()
    assert life.step(drift("a")).changes[0].route is Route.DIGEST
    worse = life.step(drift("a"), WORSE)
    assert [(change.what, change.tells, change.route) for change in worse.changes] == [("changed", True, Route.PAGE)]


@pytest.mark.parametrize("silent", ["acknowledged", "muted"])
def test_what_somebody_knows_of_is_told_again_only_when_it_grows_worse(silent: str) -> None:
    life = Life()
    life.step(drift("a"))
    if silent == "muted":
        life.say(0, lambda one: muted(one, START + 99 * HOUR, who="ana", why="deploy", at=START))
    else:
        life.acknowledge(Verdict.TRUE)
    assert told(life.step(drift("a"), drift("b"))) == [("grew", False)]
    assert told(life.step(drift("a"), drift("b", severity="page"))) == [("changed", True)]
    assert told(life.step(drift("a", severity="page"), drift("b", severity="page"))) == []


def test_going_up_and_down_is_told_once() -> None:
    life = Life()
    life.step(drift("a"))
    ways = [told(life.step(drift("a", severity=severity))) for severity in ("page", "info", "page", "warning", "page")]
    assert ways == [[("changed", True)], [], [], [], []]


def test_an_incident_that_is_muted_ends_in_silence() -> None:
    life = Life()
    life.step(drift("a"))
    life.say(0, lambda one: muted(one, START + 99 * HOUR, who="ana", why="deploy", at=START))
    assert told(life.step()) == [("resolved", False)]


def test_the_newest_window_judged_again_adds_what_fires_now_and_ends_nothing() -> None:
    life = Life()
    life.step(missing("a"))
    assert told(life.step(missing("a"), again=True)) == []
    assert told(life.step(missing("b"), again=True)) == [("grew", False)]
    assert told(life.step(again=True)) == []
    life.step()
    assert told(life.step(again=True)) == [], "two windows must be quiet, and this is one"
    assert told(life.step()) == [("resolved", True)]


def test_a_window_of_the_past_changes_nothing() -> None:
    life = Life()
    life.step()
    life.step(drift("a"))
    before = life.incidents
    assert life.at(0, Fired(firings=(drift("b"), STOPPED))) == Step(incidents=before)


real = [
    (lambda: faults.nothing(), Cause.NO_DATA),
    (lambda: faults.unread(0.5), Cause.PIPELINE),
    (lambda: faults.window(faults.null("normal0")), Cause.PIPELINE),
    (lambda: faults.window(faults.null(*(f"normal{n}" for n in range(7)))), Cause.PIPELINE),
    (lambda: faults.window(faults.dropped("normal0", "five0")), Cause.SCHEMA),
    (lambda: faults.window(faults.worded("normal0")), Cause.SCHEMA),
    (lambda: faults.window(faults.times("normal0", 1000)), Cause.UNIT_OR_SCALE),
    (lambda: faults.window(faults.times("normal0", 1.8, 32)), Cause.UNIT_OR_SCALE),
    (lambda: faults.window(faults.renamed("five0", "b", "bee")), Cause.CATEGORY),
    (lambda: faults.window(faults.times("normal0", 1, 5)), Cause.SHAPE),
    (lambda: faults.window(faults.times(OUTPUT, 0.85)), Cause.SHAPE),
]


@pytest.mark.parametrize(("planted", "cause"), real)
def test_a_fault_in_real_traffic_is_one_incident_for_as_long_as_it_lasts(planted, cause: Cause) -> None:
    incidents: tuple[Incident, ...] = ()
    changes: list[Change] = []
    faulty, quiet = planted(), faults.window()
    for number, now in enumerate((quiet, faulty, faulty, quiet, quiet)):
        at = window(number)
        step = stepped(
            incidents,
            faults.firing(now),
            at,
            monitor="churn",
            now=at.end,
            explain=partial(explained, scene=faults.scene(now)),
        )
        incidents = step.incidents
        changes += step.changes
    (one,) = incidents
    assert (one.cause, one.first, one.last) == (cause, window(1), window(2))
    assert [change.what for change in changes] == ["opened", "resolved"]


def test_a_broken_column_beside_a_model_that_falls_is_one_incident_that_pages() -> None:
    def both(drawn):
        return faults.null("normal0")(faults.times(OUTPUT, 0.85)(drawn))

    now: Profile = faults.window(both)
    step = stepped(
        (),
        faults.firing(now),
        window(0),
        monitor="churn",
        now=START,
        explain=partial(explained, scene=faults.scene(now)),
    )
    (one,) = step.incidents
    assert (one.cause, one.features, one.route) == (Cause.PIPELINE, ("normal0",), Route.PAGE)
    assert {part.firing.feature for part in one.inhibited} == {OUTPUT}


names = st.sampled_from(["a", "b", "score"])
some = st.one_of(
    st.builds(drift, names, severity=st.sampled_from(["info", "warning", "page"])),
    st.builds(missing, names),
    st.sampled_from([STOPPED, FEW, SCORE, WORSE]),
)
windows_of = st.lists(
    st.tuples(
        st.lists(some, max_size=5, unique_by=lambda firing: firing.key),
        st.sampled_from(["", "", "", "true", "expected", "mute"]),
        st.booleans(),
    ),
    max_size=12,
)


def lived(course) -> tuple[Life, list[Change]]:
    life, changes = Life(), []
    for firings, said, is_empty in course:
        step = life.step(*firings, is_empty=is_empty and STOPPED in firings)
        changes += step.changes
        held = [part for one in life.incidents if one.is_open for part in one.parts]
        assert sorted(str(part.firing) for part in held if part.last == window(life.number)) == sorted(
            map(str, firings)
        )
        assert len({part.firing.key for part in held}) == len(held), "each in one open incident"
        if said == "mute":
            until = window(life.number).end + 2 * HOUR
            if life.incidents and life.incidents[-1].is_open:
                life.say(-1, lambda one, until=until: muted(one, until, who="ana", why="deploy", at=until - HOUR))
        elif life.incidents and said:
            life.acknowledge(Verdict(said), -1)
    return life, changes


@given(windows_of)
def test_each_firing_is_in_exactly_one_incident_and_replaying_gives_the_same(course) -> None:
    life, changes = lived(course)
    again, others = lived(course)
    assert (life.incidents, changes) == (again.incidents, others)
    assert len({one.id for one in life.incidents}) == len(life.incidents)
    assert len({change.key for change in changes}) == len(changes)


@given(windows_of)
def test_no_incident_without_a_firing_and_none_without_an_opening_and_one_end(course) -> None:
    life, changes = lived(course)
    assert bool(life.incidents) == any(firings for firings, _, _ in course)
    for one in life.incidents:
        own = [change.what for change in changes if change.incident.id == one.id]
        assert one.parts
        assert own[0] == "opened"
        assert own.count("opened") == 1
        assert own.count("resolved") == (not one.is_open) == (own[-1] == "resolved")


@given(windows_of)
def test_an_incident_is_told_no_more_often_than_it_can_grow_worse(course) -> None:
    life, changes = lived(course)
    for one in life.incidents:
        tells = [change for change in changes if change.incident.id == one.id and change.what != "resolved"]
        assert sum(change.tells for change in tells) <= 1 + (len(Rung) - 1) + 2 + 2
        assert sum(change.tells for change in tells) == sum(change.what in ("opened", "changed") for change in tells)


@given(windows_of)
def test_the_newest_window_again_changes_nothing(course) -> None:
    life, _ = lived(course)
    before = life.incidents
    firings = course[-1][0] if course else []
    is_empty = bool(course) and course[-1][2] and STOPPED in firings
    excused = any(one.is_no_fault for one in before)
    said = bool(course) and course[-1][1] in ("true", "expected")  # which may change what explains what
    if course and not excused and not said:
        assert life.step(*firings, again=True, is_empty=is_empty) == Step(incidents=before)
