"""Formulas from their text: what they say, what is said of mistakes, and back to text."""

from datetime import timedelta

import pytest
from formula.fields import DAY, HOUR, KNOWN
from hypothesis import given
from hypothesis import strategies as st

from monitor.formula.parsing import LONGEST, parsed
from monitor.formula.words import (
    Absolute,
    Both,
    Chain,
    Change,
    Compare,
    Either,
    Fill,
    Formula,
    If,
    Lag,
    Negative,
    Not,
    Number,
    Over,
    Power,
    Rate,
    Reference,
    is_condition,
    references_of,
)
from monitor.formula.writing import text_of
from monitor.tokens import DEEPEST

X, Y, ONE, TWO = Reference("x"), Reference("y"), Number(1), Number(2)
MEAN = Reference("mean", "score")


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        (
            "mean(score) < 0.9 * avg(mean(score), 1d)",
            Compare(MEAN, "<", Chain(Number(0.9), (("*", Over("avg", MEAN, DAY)),))),
        ),
        ("10%", Number(0.1)),
        ("57%", Number(0.57)),
        ("2.5 % ", Number(0.025)),
        (".5e-1", Number(0.05)),
        ("1 - 2 - x", Chain(ONE, (("-", TWO), ("-", X)))),
        ("1 + 2 * x", Chain(ONE, (("+", Chain(TWO, (("*", X),))),))),
        ("(1 + 2) * x", Chain(Chain(ONE, (("+", TWO),)), (("*", X),))),
        ("1-2", Chain(ONE, (("-", TWO),))),
        ("-x^2", Negative(Power(X, TWO))),
        ("2^-x^1", Power(TWO, Negative(Power(X, ONE)))),
        ("--x", Negative(Negative(X))),
        ("not x < 1 and y or x", Either((Both((Not(Compare(X, "<", ONE)), Y)), X))),
        ("NOT x Or y AND 1", Either((Not(X), Both((Y, ONE))))),
        ("x<=1", Compare(X, "<=", ONE)),
        ("x != 1", Compare(X, "!=", ONE)),
        ("(x > 1) == (y >= 2)", Compare(Compare(X, ">", ONE), "==", Compare(Y, ">=", TWO))),
        ("mean('Day Mins')", Reference("mean", "Day Mins")),
        ('mean("it""s")', Reference("mean", 'it"s')),
        ("mean(`a``b`)", Reference("mean", "a`b")),
        ("mean(and)", Reference("mean", "and")),
        ("mean(custom.é_1)", Reference("mean", "custom.é_1")),
        ("min(x)", Reference("min", "x")),
        ("min(x, 3)", Over("min", X, 3)),
        ("MIN(min(x), 3, NOW)", Over("min", Reference("min", "x"), 3, True)),
        ("sum(x, 1d12h)", Over("sum", X, 36 * HOUR)),
        ("std(x, 90m)", Over("std", X, timedelta(minutes=90))),
        ("max(x, 1w2d3h4m5s)", Over("max", X, timedelta(days=9, hours=3, minutes=4, seconds=5))),
        ("count(x > 1, 24)", Over("count", Compare(X, ">", ONE), 24)),
        ("quantile(x, 90%, 7d)", Over("quantile", X, 7 * DAY, False, 0.9)),
        ("quantile(x, 0, 7, now)", Over("quantile", X, 7, True, 0.0)),
        ("lag(x, 1d)", Lag(X, DAY)),
        ("diff(x)", Change(X, 1)),
        ("diff(x, 1d)", Change(X, DAY)),
        ("rate(x)", Rate(X)),
        ("abs(x)", Absolute(X)),
        ("if(x, 1, y)", If(X, ONE, Y)),
        ("fill(x, 0)", Fill(X, 0.0)),
        ("fill(x, -2.5%)", Fill(X, -0.025)),
        ("FILL(x, REPEAT)", Fill(X, "repeat")),
        ("fill(x, linear)", Fill(X, "linear")),
    ],
)
def test_a_formula_says_what_its_text_says(text: str, formula: Formula) -> None:
    assert parsed(text, KNOWN) == formula


OPERAND = "a number, a series or a function such as avg(x, 1d) would be right"
BACK = "how far back, such as 1d, or a number of windows such as 24, would be right"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x <", f"'x <' ends after '<'; {OPERAND}"),
        ("x < * 2", f"'x < * 2' has '*' at character 5; {OPERAND}"),
        ("1 + not x", f"'1 + not x' has 'not' at character 5; {OPERAND}"),
        ("men(a) < 1", "has 'men' at character 1, which is no series and no function; did you mean 'mean'?"),
        ("averag(x, 1) < 1", "has 'averag' at character 1"),
        ("zzz", "no series and no function; one of mean, min, rows, x, y would be right"),
        ("Mean(a)", "has 'Mean' at character 1, which is no series and no function; did you mean 'mean'?"),
        ("avg(age, 1d)", "has 'age' at character 5, which is no series and no function"),
        ("mean < 1", "'mean < 1' has '<' at character 6; its feature, as in mean(age), would be right"),
        ("mean(3)", "has '3' at character 6; a feature such as age or 'Day Mins' would be right"),
        ("mean(a b)", "has 'b' at character 8; `)` (a name that is no plain word stands in quotes) would be right"),
        ("rows(a)", "has '(' at character 5; `rows` alone (it is no series of a feature) would be right"),
        ("avg(x)", f"has ')' at character 6; `,` and {BACK}"),
        ("avg(x, 0)", "has '0' at character 8; from 1 to 100000 windows would be right"),
        ("avg(x, 100001)", "from 1 to 100000 windows would be right"),
        ("avg(x, 1.5)", f"has '1.5' at character 8; {BACK}"),
        ("avg(x, 1h1d)", f"has '1h1d' at character 8; {BACK}"),
        ("avg(x, 0d)", "has '0d' at character 8; from 1s to 3660d would be right"),
        ("avg(x, 999999999w)", "from 1s to 3660d would be right"),
        ("avg(x, y)", f"has 'y' at character 8; {BACK}"),
        ("avg(x, 1d, 2)", "has '2' at character 12; `now` or `)` would be right"),
        ("quantile(x, 1d)", "has '1d' at character 13; a share from 0 to 1, such as 0.9 or 90%, would be right"),
        ("quantile(x, 90, 1d)", "has '90' at character 13; a share from 0 to 1, such as 0.9 or 90%, would be right"),
        ("quantile(x, 0.9)", f"has ')' at character 16; `,` and {BACK}"),
        ("fill(x)", "has ')' at character 7; `,` and a number, `repeat` or `linear` would be right"),
        ("fill(x, zero)", "has 'zero' at character 9; a number, `repeat` or `linear` would be right"),
        ("if(x, 1)", "has ')' at character 8; `,` and what is to stand where the condition does not hold"),
        ("if(x)", "has ')' at character 5; `,` and what is to stand where the condition holds would be right"),
        ("abs(x, 1)", "has ',' at character 6; `)` would be right"),
        ("x < 1d", "has '1d' at character 5; a number (a stretch of time stands in a function, as in avg(x, 1d))"),
        ("x = 1", "'x = 1' has '=' at character 3; `==` would be right"),
        ("x && y", "has '&&' at character 3; `and` would be right"),
        ("1 < x < 2", "has '<' at character 7; two comparisons with `and`, as in 1 < x and x < 3, would be right"),
        ("(x", "ends after 'x'; `)` or an operator such as + or < would be right"),
        ("x)", "has ')' at character 2; an operator such as + or <, `and`, `or` or the end would be right"),
        ("x 'y'", "has \"'y'\" at character 3; an operator"),
        ("x < 3abc", f"has '3abc' at character 5; {OPERAND}"),
        ("x < 1e999", "has '1e999' at character 5; a number up to 1e308 would be right"),
        ("x < 1e9999999%", "has '1e9999999%' at character 5; a number up to 1e308 would be right"),
        ("mean('x", "opens a name at character 6 and never closes it; a ' at its end would be right"),
        ("x; import os", "has ';' at character 2; an operator"),
        ("x.__class__", "no series and no function"),
        ("  ", "'  ' is empty; a formula such as `mean(score) < 0.5` would be right"),
    ],
)
def test_a_mistake_names_the_formula_the_place_and_what_would_be_right(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=r"would be right|did you mean") as caught:
        parsed(text, KNOWN)
    assert told in str(caught.value)


@pytest.mark.parametrize("opens", ["(", "abs(", "not ", "-", "2 ^ ", "if(x, y, "])
def test_depth_is_bounded(opens: str) -> None:
    closes = ")" if opens.endswith(("(", ", ")) else ""
    deep = opens * (DEEPEST - 1) + "x" + closes * (DEEPEST - 1)
    assert X in references_of(parsed(deep, KNOWN))
    with pytest.raises(ValueError, match="at most 32 brackets, functions, nots, minuses and powers inside each other"):
        parsed(opens + deep + closes, KNOWN)


def test_length_is_bounded_and_a_long_sum_is_not_deep() -> None:
    with pytest.raises(ValueError, match=r"has 2001 characters; up to 2000 would be right") as caught:
        parsed("x" * (LONGEST + 1), KNOWN)
    assert len(str(caught.value)) < 150
    assert len(parsed("x" + "+x" * 999, KNOWN).rest) == 999  # type: ignore[union-attr]


def test_a_function_hides_no_series_of_its_name_and_the_other_way_round() -> None:
    assert parsed("min(x) < min(x, 3)", KNOWN) == Compare(Reference("min", "x"), "<", Over("min", X, 3))
    with pytest.raises(ValueError, match="how far back"):
        parsed("min(x)", {"x": False})


def test_what_is_outermost_tells_a_condition() -> None:
    conditions = ["x < 1", "not x", "x and y", "x or y", "(x > 1)", "if(x, x < 1, y > 2)"]
    numbers = ["x", "1 + (x < 1)", "if(x, x < 1, 2)", "-(x < 1)", "avg(x < 1, 3)", "fill(x < 1, 0)"]
    assert all(is_condition(parsed(text, KNOWN)) for text in conditions)
    assert not any(is_condition(parsed(text, KNOWN)) for text in numbers)


def backs() -> st.SearchStrategy[object]:
    return st.integers(1, 100_000) | st.timedeltas(timedelta(seconds=1), 3660 * DAY).map(
        lambda time: timedelta(seconds=max(1, time // timedelta(seconds=1)))
    )


def numbers() -> st.SearchStrategy[Number]:
    return st.floats(0, 1e300).map(abs).map(Number)


def formulas() -> st.SearchStrategy[Formula]:
    features = st.text(min_size=1, max_size=5) | st.sampled_from(["a", "and", "Day Mins", "it's"])
    leaves = numbers() | st.sampled_from([X, Y]) | features.map(lambda name: Reference("mean", name))
    what = st.sampled_from(["avg", "min", "max", "sum", "std", "count"])

    def more(inner: st.SearchStrategy[Formula]) -> st.SearchStrategy[Formula]:
        several = st.lists(inner, min_size=2, max_size=3).map(tuple)
        sums = st.lists(st.tuples(st.sampled_from("+-"), inner), min_size=1, max_size=3).map(tuple)
        products = st.lists(st.tuples(st.sampled_from("*/"), inner), min_size=1, max_size=3).map(tuple)
        return st.one_of(
            st.builds(Chain, inner, sums | products),
            st.builds(Power, inner, inner),
            st.builds(Compare, inner, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), inner),
            st.one_of(several.map(Both), several.map(Either)),
            st.one_of(*(inner.map(kind) for kind in (Not, Negative, Absolute, Rate))),
            st.builds(If, inner, inner, inner),
            st.builds(Fill, inner, st.floats(-1e300, 1e300) | st.sampled_from(["repeat", "linear"])),
            st.one_of(st.builds(Lag, inner, backs()), st.builds(Change, inner, backs())),
            st.builds(Over, what, inner, backs(), st.booleans(), st.none()),
            st.builds(Over, st.just("quantile"), inner, backs(), st.booleans(), st.floats(0, 1).map(abs)),
        )

    return st.recursive(leaves, more, max_leaves=8)


@pytest.mark.parametrize(
    "text",
    [
        "(x ^ 2) ^ 2",
        "x ^ 2 ^ 2",
        "(-x) ^ -2",
        "-x ^ 2",
        "-(x * 2)",
        "x - (y - 1) + 2 * (3 / x)",
        "(x + 1) * 2",
        "not (x and y)",
        "(x or y) and not x < 1",
        "(x < 1) == (y < 1)",
        "mean('it''s') > quantile(x, 0.95, 1w, now)",
        "fill(diff(x, 1), -1.5) + if(x < 1e-07, 1e+22, abs(rate(y)))",
    ],
)
def test_it_is_written_with_no_more_brackets_than_needed(text: str) -> None:
    assert text_of(parsed(text, KNOWN)) == text


@given(formulas())
def test_a_formula_written_and_read_is_the_same(formula: Formula) -> None:
    text = text_of(formula)
    assert parsed(text, KNOWN) == formula
    assert text_of(parsed(text, KNOWN)) == text


@given(st.text(alphabet="xmean(), 0123456789.dhw+-*/^<>=!%'`and ", max_size=40))
def test_any_text_is_a_formula_or_a_mistake_that_is_told(text: str) -> None:
    told = "would be right"
    try:
        formula = parsed(text, KNOWN)
    except ValueError as error:
        told = str(error)
    else:
        assert parsed(text_of(formula), KNOWN) == formula
    assert "would be right" in told or "did you mean" in told
