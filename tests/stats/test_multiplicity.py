"""Holm's step-down against an example worked by hand and the closed-testing principle it is short for."""

import itertools
import math

from hypothesis import given
from hypothesis import strategies as st

from monitor.stats.multiplicity import holm


def test_the_example_worked_by_hand() -> None:
    """.01 <= .05/4 is rejected; .02 > .05/3 is not, nor is anything after it."""
    rejected, levels = holm([0.02, 0.01, 0.04, 0.03], 0.05)
    assert rejected == [False, True, False, False]
    assert levels == [0.05 / 3, 0.05 / 4, 0.05 / 3, 0.05 / 3]


def test_all_may_be_rejected_each_at_its_own_level() -> None:
    rejected, levels = holm([0.001, 0.02, 0.05], 0.05)
    assert rejected == [True, True, True]
    assert levels == [0.05 / 3, 0.05 / 2, 0.05]


def test_nothing_in_is_nothing_out() -> None:
    assert holm([], 0.05) == ([], [])


def test_nan_is_never_rejected_and_counts_as_one_question() -> None:
    assert holm([math.nan, 0.02], 0.05)[0] == [False, True]
    assert holm([math.nan, 0.03], 0.05)[0] == [False, False]


@given(st.lists(st.sampled_from([0.0, 0.005, 0.01, 0.0125, 0.02, 0.03, 0.05, 0.2, 1.0]), min_size=1, max_size=6))
def test_holm_is_the_closed_test_of_bonferroni(p_values: list[float]) -> None:
    """Brute force: one is rejected when Bonferroni rejects every set of questions that it is in."""
    indices = range(len(p_values))
    sets = [s for size in range(1, len(p_values) + 1) for s in itertools.combinations(indices, size)]
    closed = [
        all(min(p_values[j] for j in chosen) <= 0.05 / len(chosen) for chosen in sets if i in chosen) for i in indices
    ]
    assert holm(p_values, 0.05)[0] == closed


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_the_rejected_are_those_within_their_levels(p_values: list[float]) -> None:
    rejected, levels = holm(p_values, 0.05)
    assert rejected == [p <= level for p, level in zip(p_values, levels, strict=True)]
