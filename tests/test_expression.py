"""Conditions from their text: what they say, and what is said of mistakes."""

import pytest

from monitor.condition import Among, Both, Compare, Either, Like, Not, Null, columns_of
from monitor.expression import LONGEST, parsed
from monitor.tokens import DEEPEST

A = Compare("a", "=", 1)


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("a = 1", A),
        ("a == 1", A),
        ("a <> 1", Compare("a", "!=", 1)),
        ("a<=-1.5e3", Compare("a", "<=", -1500.0)),
        ("a > .5", Compare("a", ">", 0.5)),
        ("a = 'it''s \"so\"'", Compare("a", "=", 'it\'s "so"')),
        ('a = "say ""x"""', Compare("a", "=", 'say "x"')),
        ("a = TRUE", Compare("a", "=", True)),
        ("`Day Mins` = 1", Compare("Day Mins", "=", 1)),
        ("`a``b` is null", Null("a`b")),
        ("custom.é_1 IS NOT NULL", Not(Null("custom.é_1"))),
        ("`null` is null", Null("null")),
        ("a in (1, 'x', false)", Among("a", (1, "x", False))),
        ("a not in (1)", Not(Among("a", (1,)))),
        ("a like 'x%'", Like("a", "x%")),
        ("a Not Like 'x_'", Not(Like("a", "x_"))),
        ("a between 1 and 2 and a = 1", Both((Both((Compare("a", ">=", 1), Compare("a", "<=", 2))), A))),
        ("a not between 'x' and 'y'", Not(Both((Compare("a", ">=", "x"), Compare("a", "<=", "y"))))),
        ("a = 1 or a = 1 and a = 1", Either((A, Both((A, A))))),
        ("(a = 1 or a = 1) and a = 1", Both((Either((A, A)), A))),
        ("not a = 1 and a = 1", Both((Not(A), A))),
        ("not not(a = 1)", Not(Not(A))),
    ],
)
def test_a_condition_says_what_its_text_says(text: str, condition: object) -> None:
    assert parsed(text) == condition


VALUE = "a value such as 3 or 'yes'"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("test_traffic == ", f"'test_traffic == ' ends after '=='; {VALUE} would be right"),
        ("a == = 3", f"'a == = 3' has '=' at character 6; {VALUE} would be right"),
        ("a = yes", f"'a = yes' has 'yes' at character 5; {VALUE} (a text in quotes) would be right"),
        ("a = 3abc", f"'a = 3abc' has '3abc' at character 5; {VALUE} would be right"),
        ("a = null", "has 'null' at character 5; `is null` or `is not null` in place of a comparison would be right"),
        ("a", "'a' ends after 'a'; a comparison such as = 3, is null, in ('a', 'b') or like 'ab%' would be right"),
        ("a = 1 and", "ends after 'and'; a column such as age or `Day Mins` would be right"),
        ("3 < a", "'3 < a' has '3' at character 1; a column such as age or `Day Mins` would be right"),
        ("a like 3", "has '3' at character 8; a text such as 'ab%' would be right"),
        ("a between 1", "ends after '1'; `and` with the other end would be right"),
        ("a in 3", "has '3' at character 6; a list such as ('a', 'b') would be right"),
        ("a in (1", "ends after '1'; `,` or `)` would be right"),
        ("(a = 1", "ends after '1'; `)`, `and` or `or` would be right"),
        ("a = 1)", "has ')' at character 6; `and`, `or` or the end would be right"),
        ("a is nul", "has 'nul' at character 6; `null` or `not null` would be right"),
        ("a not = 3", "has '=' at character 7; in, like or between would be right"),
        ("a = 'x", "opens a text at character 5 and never closes it; a ' at its end would be right"),
        ("`a = 1", "opens a name at character 1 and never closes it; a ` at its end would be right"),
        ("a < true", "has 'true' at character 5; a number or a text (true and false are neither less nor more)"),
        ("a = 1e999", "has '1e999' at character 5; a number up to 1e308 would be right"),
        ("a; import os", "has ';' at character 2; a comparison"),
        ("  ", "'  ' is empty; a condition such as `test_traffic is null` would be right"),
    ],
)
def test_a_mistake_names_the_expression_the_place_and_what_would_be_right(text: str, told: str) -> None:
    with pytest.raises(ValueError, match="would be right") as caught:
        parsed(text)
    assert told in str(caught.value)


def test_length_and_depth_are_bounded() -> None:
    deep = "(" * (DEEPEST - 1) + "a = 1" + ")" * (DEEPEST - 1)
    assert parsed(deep) == A
    with pytest.raises(ValueError, match="at most 32 parentheses and nots inside each other would be right"):
        parsed(f"({deep})")
    with pytest.raises(ValueError, match="at most 32"):
        parsed("not " * DEEPEST + "a = 1")
    with pytest.raises(ValueError, match=r"has 2001 characters; up to 2000 would be right") as caught:
        parsed("a" * (LONGEST + 1))
    assert len(str(caught.value)) < 150
    assert len(parsed(" or ".join(["a=1"] * 285)).parts) == 285  # type: ignore[union-attr]


def test_the_columns_are_named_once_each() -> None:
    assert columns_of(parsed("a = 1 and (`b c` is null or not a in (1)) and d like '%'")) == ("a", "b c", "d")
