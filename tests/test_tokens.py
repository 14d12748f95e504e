"""The pieces of a text, one after the other, and what is said of them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.tokens import DEEPEST, SHOWN, Grammar, Token, Tokens, refuse_size, shown

PATTERN = re.compile(
    r"""(?P<text>'(?:[^']|'')*')|(?P<word>[a-z]+)|(?P<sign>[<>])|(?P<mark>[(),])|(?P<end>\Z)""", re.IGNORECASE
)
GRAMMAR = Grammar(pattern=PATTERN, inside="brackets", odd=re.compile("[0-9]+"), opens={"'": "text"})


def tokens(text: str) -> Tokens:
    return Tokens(text, GRAMMAR)


def test_tokens_come_one_after_the_other_with_their_kind_and_place() -> None:
    here, found = tokens(" Ab < 'it''s' ,12"), []
    while here.token.kind != "end":
        found.append(here.next())
    assert found == [
        Token("word", "Ab", 1), Token("sign", "<", 4), Token("text", "'it''s'", 6), Token("mark", ",", 14),
        Token("odd", "12", 15),
    ]  # fmt: skip
    assert [(one.word, one.meant) for one in found[:3]] == [("ab", "Ab"), ("", "<"), ("", "it's")]
    assert (here.behind, here.next().kind, here.next().kind) == ("12", "end", "end")


def test_words_marks_and_signs_are_taken_and_texts_are_not() -> None:
    here = tokens("AND , < 'and'")
    assert [here.took(what) for what in ("or", "and", ",", "<", "and")] == [False, True, True, True, False]
    with pytest.raises(ValueError, match="has \"'and'\" at character 9; `and` would be right"):
        here.take("and", "`and`")


def test_what_is_repeated_is_read_as_long_as_a_word_stands_between() -> None:
    here = tokens("a or b OR c d")
    assert here.several("or", lambda: here.next().text) == ("a", "b", "c")
    with pytest.raises(ValueError, match="has 'd' at character 13; the end would be right"):
        here.end("the end")
    assert here.next().text == "d"
    here.end("the end")
    with pytest.raises(ValueError, match="'a or b OR c d' ends after 'd'; more would be right"):
        here.wrong("more")


def test_a_quote_that_is_never_closed_says_what_it_opens() -> None:
    with pytest.raises(ValueError, match=r"'a \"b' opens a .*"):
        Tokens('a "b', Grammar(pattern=PATTERN, inside="brackets")).next()
    with pytest.raises(ValueError, match="never closes") as caught:
        tokens("'a")
    assert str(caught.value) == "\"'a\" opens a text at character 1 and never closes it; a ' at its end would be right"


def test_depth_and_size_are_bounded() -> None:
    here = tokens("x")
    for _ in range(DEEPEST):
        here.deeper()
    with pytest.raises(ValueError, match=f"at most {DEEPEST} brackets inside each other would be right"):
        here.deeper()
    refuse_size("abc", 3, "x")
    with pytest.raises(ValueError, match="'abcd' has 4 characters; up to 3 would be right"):
        refuse_size("abcd", 3, "x")
    with pytest.raises(ValueError, match="' ' is empty; x would be right"):
        refuse_size(" ", 3, "x")
    assert len(shown("a" * 1000)) == SHOWN + 2


@given(st.text(alphabet="aB()<,1 \n", max_size=30))
def test_tokens_leave_nothing_out_but_blanks(text: str) -> None:
    here, found = tokens(text), []
    while here.token.kind != "end":
        found.append(here.next())
    ends = [0, *(one.after for one in found)]
    starts = [*(one.at for one in found), len(text)]
    assert all(not text[end:start].strip() for end, start in zip(ends, starts, strict=True))
