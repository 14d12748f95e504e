"""Composite alarms from their text: what they say, and what is said of mistakes."""

import pytest
from alarms import TREES
from hypothesis import given
from hypothesis import strategies as st

from monitor.alarm import State
from monitor.composing import LONGEST, MOST, parsed
from monitor.composite import Both, Composite, Constant, During, Either, Not, Stands
from monitor.tokens import DEEPEST

A, B, C = Stands("a", State.ALARM), Stands("b", State.OK), Stands("c", State.INSUFFICIENT_DATA)
STATE = "a state such as ALARM(name) or OK(name)"
OTHERS = "INSUFFICIENT_DATA(name), DURING(deploy), TRUE, FALSE"


@pytest.mark.parametrize(
    ("text", "composite"),
    [
        ("ALARM(a)", A),
        ("alarm( a )", A),
        ("Ok (b)", B),
        ("insufficient_data(c)", C),
        ('ALARM("a")', A),
        ("ALARM('a')", A),
        ("ALARM(Low)", Stands("Low", State.ALARM)),
        ("ALARM(\"low (score) 'x'\")", Stands("low (score) 'x'", State.ALARM)),
        ('ALARM("say ""x""")', Stands('say "x"', State.ALARM)),
        ("ALARM(churn/score-low.v2:é)", Stands("churn/score-low.v2:é", State.ALARM)),
        ("ALARM(and) or OK(true)", Either((Stands("and", State.ALARM), Stands("true", State.OK)))),
        ("DURING(deploy)", During("deploy")),
        ("ALARM(a) and not during('bank holiday')", Both((A, Not(During("bank holiday"))))),
        ("ALARM(during) or DURING(ok)", Either((Stands("during", State.ALARM), During("ok")))),
        ("TRUE", Constant(True)),
        ("false", Constant(False)),
        ("ALARM(a) and not OK(b) or INSUFFICIENT_DATA(c)", Either((Both((A, Not(B))), C))),
        ("ALARM(a) AND (NOT OK(b) OR INSUFFICIENT_DATA(c))", Both((A, Either((Not(B), C))))),
        ("not(ALARM(a))and(OK(b))", Both((Not(A), B))),
        ("not not ALARM(a)", Not(Not(A))),
        ("ALARM(a)\n  or OK(b)\n  or TRUE", Either((A, B, Constant(True)))),
    ],
)
def test_a_composite_says_what_its_text_says(text: str, composite: Composite) -> None:
    assert parsed(text) == composite


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (" ", f"' ' is empty; {STATE} would be right"),
        ("a", f"'a' has 'a' at character 1; {STATE}, or {OTHERS}, would be right"),
        ("ALRM(a)", "has 'ALRM' at character 1; a state such as"),
        ("ALARM", "'ALARM' ends after 'ALARM'; `(` and the name of an alarm would be right"),
        ("ALARM a", "has 'a' at character 7; `(` and the name of an alarm would be right"),
        ("ALARM()", "has ')' at character 7; the name of an alarm, such as low or \"low score\", would be right"),
        ('ALARM("")', "has '\"\"' at character 7; the name of an alarm"),
        ("ALARM(", "'ALARM(' ends after '('; the name of an alarm"),
        ("DURING", "'DURING' ends after 'DURING'; `(` and a kind of occasion would be right"),
        ("DURING()", "has ')' at character 8; a kind of occasion, such as deploy or \"bank holiday\", would be right"),
        ("ALARM(low score)", "has 'score' at character 11; `)` (a name with spaces in quotes) would be right"),
        ("ALARM(a", "ends after 'a'; `)` (a name with spaces in quotes) would be right"),
        ("(ALARM(a)", "ends after ')'; `)`, `and` or `or` would be right"),
        ("ALARM(a))", "has ')' at character 9; `and`, `or` or the end would be right"),
        ("ALARM(a) OK(b)", "has 'OK' at character 10; `and`, `or` or the end would be right"),
        ("ALARM(a) && OK(b)", "has '&&' at character 10; `and`, `or` or the end would be right"),
        ("ALARM(a) and", f"ends after 'and'; {STATE} would be right"),
        ("or ALARM(a)", "has 'or' at character 1; a state such as"),
        ("ALARM('a)", "opens a name at character 7 and never closes it; a ' at its end would be right"),
        ("'a'", f"has \"'a'\" at character 1; {STATE} would be right"),
        ("TRUE(a)", "has '(' at character 5; `and`, `or` or the end would be right"),
    ],
)
def test_a_mistake_names_the_text_the_place_and_what_would_be_right(text: str, told: str) -> None:
    with pytest.raises(ValueError, match="would be right") as caught:
        parsed(text)
    assert told in str(caught.value)


def test_length_depth_and_the_number_of_alarms_are_bounded() -> None:
    deep = "(" * (DEEPEST - 1) + "ALARM(a)" + ")" * (DEEPEST - 1)
    assert parsed(deep) == A
    for text in (f"({deep})", "not " * DEEPEST + "ALARM(a)", f"not TRUE or ({deep})"):
        with pytest.raises(ValueError, match="at most 32 parentheses and nots inside each other would be right"):
            parsed(text)
    with pytest.raises(ValueError, match=r"has 10001 characters; up to 10000 would be right") as caught:
        parsed("a" * (LONGEST + 1))
    assert str(caught.value).startswith(f"'{'a' * 57}...' has")
    assert parsed("TRUE".ljust(LONGEST)) == Constant(True)
    with pytest.raises(ValueError, match=f"^'{'a' * 60}' has '{'a' * 60}' at character 1"):
        parsed("a" * 60)
    most = " or ".join(f"ALARM(a{at})" for at in range(MOST))
    assert parsed(f"{most} or ALARM(a0)")
    with pytest.raises(ValueError, match="asks for 101 alarms; up to 100 would be right"):
        parsed(f"{most} or ALARM(b)")


def written(composite: Composite) -> str:
    """A composite as a text, with every part in brackets."""
    match composite:
        case Stands(alarm, state):
            return f'{state}("{alarm}")'
        case During(kind):
            return f"DURING('{kind}')"
        case Constant(holds):
            return str(holds)
        case Not(part):
            return f"not ({written(part)})"
        case Both(parts) | Either(parts):
            word = " and " if isinstance(composite, Both) else " or "
            return word.join(f"({written(part)})" for part in parts)


@given(TREES)
def test_what_is_written_is_read_back(tree: Composite) -> None:
    assert parsed(written(tree)) == tree


@given(st.text(alphabet="ALRMOKan(otr)'\" \t", max_size=30))
def test_any_text_is_read_or_refused_with_what_would_be_right(text: str) -> None:
    said = "would be right"
    try:
        parsed(text)
    except ValueError as wrong:
        said = str(wrong)
    assert "would be right" in said
