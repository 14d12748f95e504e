"""Texts inside of expressions: a pattern of features means there what it means in the configuration."""

import re
from fnmatch import fnmatchcase

from hypothesis import example, given
from hypothesis import strategies as st

from monitor.alerting import promql

LETTERS = st.text("ab.-]![^*?\\|(é1", max_size=8)


def matches(globs: list[str], name: str) -> bool:
    """As Prometheus would: the string without its quotes and escapes, anchored."""
    return re.fullmatch(promql.like(globs)[1:-1].replace("\\\\", "\\"), name) is not None


@given(LETTERS, LETTERS)
@example("[!]a]b", "cb")
@example("[b-a]", "a")
@example("[!b-a]", "a")
@example("[]-a]", "^")
@example("[a-]", "-")
@example("a[", "a[")
def test_a_pattern_matches_the_same_names_as_in_the_configuration(glob: str, name: str) -> None:
    assert matches([glob], name) == fnmatchcase(name, glob)


@given(LETTERS, st.sampled_from(["x", "some feature"]))
def test_an_example_is_matched_by_its_pattern_unless_it_has_a_set_of_characters(glob: str, filler: str) -> None:
    if "[" not in glob:
        assert fnmatchcase(promql.example(glob, filler), glob)


@given(st.lists(LETTERS, min_size=1, max_size=3), LETTERS)
def test_one_of_matches_these_texts_and_no_other(texts: list[str], other: str) -> None:
    pattern = promql.one_of(texts)[1:-1].replace("\\\\", "\\")
    assert all(re.fullmatch(pattern, text) for text in texts)
    assert bool(re.fullmatch(pattern, other)) == (other in texts)
