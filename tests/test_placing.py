"""Where each thing goes that fires for the first time."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from lives import FEW, SCORE, STOPPED, Life, drift, explain, keys, missing, told, window

from monitor.cause import Cause, Explanation
from monitor.incident import Verdict
from monitor.ladder import Firing, Rung
from monitor.placing import lowest
from monitor.routing import Route


def test_a_new_feature_joins_an_open_incident_of_the_same_cause_and_is_not_told() -> None:
    life = Life()
    life.step(drift("a"))
    assert told(life.step(drift("a"), drift("b"))) == [("grew", False)]
    (one,) = life.incidents
    assert (one.features, one.grown, one.first) == (("a", "b"), window(1), window(0))


def test_another_cause_is_another_incident() -> None:
    life = Life()
    life.step(missing("a"))
    assert told(life.step(missing("a"), drift("b"))) == [("opened", True)]
    assert [one.cause for one in life.incidents] == [Cause.PIPELINE, Cause.SHAPE]


TAILS = Firing(rule="range", feature="c", rung=Rung.DRIFT)


def of_units(firings: Sequence[Firing]) -> Explanation:
    """That of `c` is a unit, whatever else moved; without it shapes did."""
    found = explain(firings)
    return replace(found, cause=Cause.UNIT_OR_SCALE) if TAILS in firings else found


@pytest.mark.parametrize("is_first", [True, False])
def test_one_fault_that_is_seen_in_some_features_sooner_is_one_incident_with_the_cause_of_all(is_first: bool) -> None:
    life = Life(explain=of_units)
    first, second = (TAILS, drift("d")) if is_first else (drift("d"), TAILS)
    life.step(first)
    assert told(life.step(first)) == []
    assert told(life.step(first, second)) == [("grew", False)]
    (one,) = life.incidents
    assert one.cause is Cause.UNIT_OR_SCALE
    assert told(life.step(first, second, drift("e"))) == [("opened", True)], "three windows later it is another fault"


def test_outputs_that_move_at_last_belong_to_the_inputs_that_do() -> None:
    life = Life(explain=of_units)
    for _ in range(9):
        life.step(TAILS)
    assert [(change.what, change.route) for change in life.step(TAILS, SCORE).changes] == [("changed", Route.PAGE)]
    (one,) = life.incidents
    assert (one.cause, one.features) == (Cause.UNIT_OR_SCALE, ("c", "score"))


def test_outputs_that_move_when_inputs_no_longer_do_are_another_incident() -> None:
    life = Life(explain=of_units)
    for _ in range(4):
        life.step(TAILS)
    assert told(life.step(SCORE)) == [("opened", True)]


def test_outputs_that_move_while_inputs_were_meant_to_are_another_incident() -> None:
    life = Life(explain=of_units)
    life.step(TAILS)
    life.acknowledge(Verdict.EXPECTED)
    assert told(life.step(TAILS, SCORE)) == [("opened", True)]


def test_what_is_new_long_after_is_news() -> None:
    life = Life(joins=timedelta(hours=3))
    life.step(drift("a"))
    for _ in range(2):
        life.step(drift("a"))
    assert told(life.step(drift("a"), drift("b"))) == [("grew", False)]
    for _ in range(4):
        life.step(drift("a"), drift("b"))
    assert told(life.step(drift("a"), drift("b"), drift("c"))) == [("opened", True)]
    assert [keys(one) for one in life.incidents] == [{("drift", "a"), ("drift", "b")}, {("drift", "c")}]


def test_another_rule_on_a_feature_of_the_same_rung_is_one_thing_seen_twice() -> None:
    life = Life(joins=timedelta(0))
    life.step(drift("a"))
    for _ in range(3):
        life.step(drift("a"))
    twice = life.step(drift("a"), Firing(rule="range", feature="a", rung=Rung.DRIFT))
    assert (told(twice), len(twice.incidents)) == ([("grew", False)], 1)


def test_a_missing_column_does_not_hide_what_another_feature_does() -> None:
    life = Life()
    life.step(missing("a"), drift("a"), SCORE)
    (one,) = life.incidents
    assert (one.features, {part.firing.feature for part in one.inhibited}) == (("a",), {"a", "score"})
    assert told(life.step(missing("a"), drift("b"))) == [("opened", True)]


@pytest.mark.parametrize(("verdict", "opens"), [(Verdict.TRUE, False), (Verdict.FALSE, True), (Verdict.EXPECTED, True)])
def test_nothing_joins_what_was_called_no_fault(verdict: Verdict, opens: bool) -> None:
    life = Life()
    life.step(drift("a"))
    life.acknowledge(verdict)
    life.step(drift("a"), drift("b"))
    assert [keys(one) for one in life.incidents][-1] == (
        {("drift", "b")} if opens else {("drift", "a"), ("drift", "b")}
    )


def test_what_was_called_expected_hides_nothing_any_more() -> None:
    life = Life()
    life.step(missing("a"))
    life.acknowledge(Verdict.EXPECTED)
    found = life.step(missing("a"), SCORE)
    assert [(change.what, change.route) for change in found.changes] == [("opened", Route.PAGE)]
    assert [one.inhibited for one in found.incidents] == [(), ()]


def test_what_somebody_looked_at_is_not_taken_over() -> None:
    life = Life()
    life.step(drift("a"))
    life.acknowledge(Verdict.TRUE)
    found = life.step(drift("a"), STOPPED)
    assert told(found) == [("opened", True)]
    old, new = found.incidents
    assert (old.cause, new.cause) == (Cause.SHAPE, Cause.NO_DATA)
    assert [part.by for part in old.parts] == [("freshness", None)], "inhibited, and where by is known"


def test_the_latest_of_several_is_taken_over_and_the_others_are_inhibited() -> None:
    life = Life(joins=timedelta(0))
    for _ in range(3):
        life.step(drift("a"))
    life.step(drift("a"), drift("b"))
    found = life.step(drift("a"), drift("b"), FEW)
    assert told(found) == [("changed", True)]
    first, second = found.incidents
    assert (first.cause, second.cause) == (Cause.SHAPE, Cause.PIPELINE)
    assert first.parts[0].by == ("volume", None)


def test_two_incidents_of_one_window_have_two_numbers() -> None:
    life = Life()
    life.step(drift("a"))
    life.acknowledge(Verdict.EXPECTED)
    life.step(drift("b"), again=True)
    assert [one.id[-2:] for one in life.incidents] == [":1", ":2"]


def test_what_is_explained_by_something_that_is_explained_goes_with_it() -> None:
    life = Life()
    form = Firing(rule="data_type", feature="a", rung=Rung.SCHEMA)
    whole = Firing(rule="mine", rung=Rung.MISSING)
    found = life.step(drift("b"), whole, form)
    (one,) = found.incidents
    assert {part.firing.key: part.by for part in one.parts} == {
        form.key: None,
        whole.key: form.key,
        ("drift", "b"): whole.key,
    }


def test_the_lowest_rung_is_that_of_the_ladder_and_not_of_the_alphabet() -> None:
    assert lowest([drift("a"), missing("a"), STOPPED]) is Rung.FRESHNESS
    assert lowest([drift("a"), missing("a")]) is Rung.MISSING
