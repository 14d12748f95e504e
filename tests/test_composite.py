"""Composite alarms: what holds over which states, who asks for whom, and circles."""

import pytest
from alarms import KINDS, NAMES, TREES
from hypothesis import given
from hypothesis import strategies as st

from monitor.alarm import State
from monitor.composing import parsed
from monitor.composite import (
    Both,
    Composite,
    Either,
    Not,
    all_combined,
    combined,
    cycle,
    kinds,
    references,
    strangers,
)

OK, ALARM, INSUFFICIENT = State.OK, State.ALARM, State.INSUFFICIENT_DATA
STATES = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(list(State)))
OCCASIONS = st.sets(st.sampled_from(KINDS))


def state(text: str, **states: State) -> State:
    return combined(parsed(text), states).state


@pytest.mark.parametrize("stands", list(State))
def test_a_state_holds_for_the_alarm_that_is_in_it_and_for_no_other(stands: State) -> None:
    texts = {OK: "OK(a)", ALARM: "ALARM(a)", INSUFFICIENT: "INSUFFICIENT_DATA(a)"}
    assert {asked for asked, text in texts.items() if state(text, a=stands, b=OK) is ALARM} == {stands}


def test_an_alarm_without_a_state_has_insufficient_data() -> None:
    assert state("INSUFFICIENT_DATA(a)") is ALARM
    assert state("OK(a) or ALARM(a)") is OK
    assert state("not ALARM(a)") is ALARM


@pytest.mark.parametrize(
    ("text", "raised"),
    [
        ("ALARM(a) and ALARM(b)", {(ALARM, ALARM)}),
        ("ALARM(a) or ALARM(b)", {(ALARM, ALARM), (ALARM, OK), (OK, ALARM)}),
        ("ALARM(a) and not ALARM(b)", {(ALARM, OK)}),
        ("not ALARM(a) and ALARM(b)", {(OK, ALARM)}),
        ("not (ALARM(a) and ALARM(b))", {(ALARM, OK), (OK, ALARM), (OK, OK)}),
        ("ALARM(a) or OK(a) and ALARM(b)", {(ALARM, ALARM), (ALARM, OK), (OK, ALARM)}),
        ("(ALARM(a) or OK(a)) and ALARM(b)", {(ALARM, ALARM), (OK, ALARM)}),
        ("TRUE", {(ALARM, ALARM), (ALARM, OK), (OK, ALARM), (OK, OK)}),
        ("FALSE or ALARM(a) and FALSE", set()),
    ],
)
def test_words_hold_as_they_do_in_logic(text: str, raised: set[tuple[State, State]]) -> None:
    both = [(a, b) for a in (ALARM, OK) for b in (ALARM, OK)]
    assert {(a, b) for a, b in both if state(text, a=a, b=b) is ALARM} == raised


def test_the_reason_tells_the_states_and_whether_the_condition_holds() -> None:
    found = combined(parsed("ALARM(b) and not OK(a)"), {"a": OK, "x": ALARM})
    assert (found.state, found.children) == (OK, {"b": INSUFFICIENT, "a": OK})
    assert found.reason == "its condition does not hold: b is insufficient_data, a is ok"
    assert combined(parsed("true"), {}).reason == "its condition holds, whatever other alarms say"
    many = combined(parsed(" or ".join(f"ALARM(n{i})" for i in range(25))), {})
    assert many.reason.endswith("n19 is insufficient_data and 5 more")
    assert len(many.children) == 25
    told = combined(parsed(" or ".join(f"ALARM(n{i})" for i in range(20))), {}).reason
    assert told.endswith("n19 is insufficient_data")


def test_an_occasion_holds_where_one_of_its_kind_touches_the_window() -> None:
    asked = parsed("ALARM(low) and not DURING(deploy)")
    assert combined(asked, {"low": ALARM}).state is ALARM
    assert combined(asked, {"low": ALARM}, ["holiday"]).state is ALARM
    found = combined(asked, {"low": ALARM}, ["holiday", "deploy"])
    assert (found.state, found.reason) == (OK, "its condition does not hold: low is alarm, during deploy")
    assert combined(asked, {"low": ALARM}).reason == "its condition holds: low is alarm, not during deploy"
    assert (kinds(asked), references(asked)) == (("deploy",), ("low",))


def test_composites_that_others_ask_for_know_the_occasions_too() -> None:
    composites = {"top": parsed("not ALARM(bottom)"), "bottom": parsed("DURING(deploy)")}
    assert all_combined(composites, {})["top"].state is ALARM
    assert all_combined(composites, {}, {"deploy"})["top"].state is OK


def test_composites_of_composites_are_judged_after_those_that_they_ask_for() -> None:
    composites = {
        "top": parsed("ALARM(middle) and OK(leaf2)"),
        "middle": parsed("ALARM(bottom) or ALARM(leaf2)"),
        "bottom": parsed("not OK(leaf)"),
    }
    found = all_combined(composites, {"leaf": ALARM, "leaf2": OK, "bottom": OK})
    assert list(found) == ["bottom", "middle", "top"]
    assert {name: one.state for name, one in found.items()} == dict.fromkeys(composites, ALARM)
    assert all_combined(composites, {"leaf": OK, "leaf2": OK})["top"].state is OK
    assert all_combined({}, {}) == {}


def test_a_long_chain_of_composites_is_judged() -> None:
    chain = {f"n{at}": parsed(f"ALARM(n{at + 1})") for at in range(3000)}
    assert all_combined(chain, {"n3000": ALARM})["n0"].state is ALARM
    assert len(cycle(chain | {"n3000": parsed("OK(n0)")})) == 3002


@pytest.mark.parametrize(
    ("texts", "circle"),
    [
        ({"a": "ALARM(a)"}, ("a", "a")),
        ({"a": "ALARM(b)", "b": "not OK(a)"}, ("a", "b", "a")),
        ({"z": "ALARM(b)", "b": "ALARM(x) or ALARM(c)", "c": "ALARM(d)", "d": "ALARM(b)"}, ("b", "c", "d", "b")),
        ({"a": "ALARM(b) and ALARM(c)", "b": "ALARM(d)", "c": "ALARM(d)", "d": "TRUE"}, ()),
        ({"a": "ALARM(b)"}, ()),
        ({}, ()),
    ],
)
def test_a_circle_is_named_in_the_order_of_asking(texts: dict[str, str], circle: tuple[str, ...]) -> None:
    composites = {name: parsed(text) for name, text in texts.items()}
    assert cycle(composites) == circle
    assert cycle(dict(reversed(composites.items()))) == circle
    if circle:
        with pytest.raises(ValueError, match=r"ask for each other: .* no alarm may ask for itself") as caught:
            all_combined(composites, {})
        assert " -> ".join(circle) in str(caught.value)


def test_names_that_nobody_knows_are_told_each_once_in_the_order_of_asking() -> None:
    asked = parsed("ALARM(x) or OK(a) and (ALARM(y) or not OK(x))")
    assert references(asked) == ("x", "a", "y")
    assert strangers(asked, {"a": OK}) == ("x", "y")
    assert strangers(asked, ["a", "x", "y"]) == ()


@given(TREES, STATES, OCCASIONS)
def test_a_composite_and_its_negation_never_agree(
    tree: Composite, states: dict[str, State], occasions: set[str]
) -> None:
    assert {combined(one, states, occasions).state for one in (tree, Not(tree))} == {OK, ALARM}


@given(TREES, TREES, STATES)
def test_not_turns_both_into_either(one: Composite, other: Composite, states: dict[str, State]) -> None:
    together, apart = Not(Both((one, other))), Either((Not(one), Not(other)))
    assert combined(together, states).state is combined(apart, states).state


@given(TREES, STATES, st.sampled_from(list(State)))
def test_alarms_that_are_not_asked_for_change_nothing(tree: Composite, states: dict[str, State], other: State) -> None:
    rest = {name: other for name in NAMES if name not in references(tree)}
    assert combined(tree, states) == combined(tree, states | rest)


@given(TREES, STATES, OCCASIONS)
def test_occasions_that_are_not_asked_for_change_nothing(
    tree: Composite, states: dict[str, State], occasions: set[str]
) -> None:
    asked = occasions & set(kinds(tree))
    assert combined(tree, states, occasions) == combined(tree, states, asked)
