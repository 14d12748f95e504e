"""Rules about the values of a column: completeness, constant, data_type, non_negative, outliers, range, unseen."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from asking import about, findings

from monitor.finding import Finding, Reason, Status
from monitor.stats.quantiles import Quantiles
from monitor.testing import profile

RNG = np.random.default_rng(1)
BASE = RNG.normal(50, 10, 2000).round(1).tolist()
FRESH = RNG.normal(50, 10, 1000).round(1).tolist()
GAPS = [None] * 500


def told(found: Finding) -> tuple[str, str]:
    return found.status.value, found.why


# completeness


def test_completeness_finds_new_gaps() -> None:
    assert told(about("completeness", [1, 2, 3, None] * 250, [1, 2, 3, 4] * 500)) == (
        "violated",
        "missing 0 % -> 25 %",
    )
    assert about("completeness", ["a", None] * 250, ["a", "b"] * 500).status is Status.VIOLATED
    assert about("completeness", GAPS, [1, 2] * 500).status is Status.VIOLATED


def test_completeness_leaves_old_gaps_and_fewer_gaps_alone() -> None:
    assert told(about("completeness", [1, 2, 3, 4] * 250, [1, 2, 3, None] * 500)) == ("ok", "missing 25 % -> 0 %")
    assert about("completeness", [1, None] * 500, [1, None] * 500).status is Status.OK
    assert about("completeness", GAPS, GAPS).status is Status.OK


def test_completeness_counts_an_empty_text_as_a_value() -> None:
    assert about("completeness", ["a", ""] * 300, ["a"] * 1000).status is Status.OK


def test_completeness_option_moves_the_limit() -> None:
    now, base = [1, 2, 3, None] * 250, [1, 2, 3, 4] * 500
    assert about("completeness", now, base, max_increase=0.3).status is Status.OK


# constant


def test_constant_finds_a_column_that_stands_still() -> None:
    assert told(about("constant", [3] * 200, [1, 2, 3] * 100)) == (
        "violated",
        "all 200 values are the same; in the baseline the commonest is at most 33.3 % of them",
    )
    assert about("constant", ["a"] * 200, ["a", "b"] * 100).status is Status.VIOLATED
    assert about("constant", [50.0] * 200, BASE).status is Status.VIOLATED


def test_constant_is_quiet_while_values_differ_and_where_they_never_did() -> None:
    assert told(about("constant", [1, 2] * 200, [1, 2] * 200)) == ("ok", "2 different values")
    assert told(about("constant", [1] * 200, [1] * 200)) == ("skipped", "the baseline is constant too")
    assert about("constant", ["a"] * 200, GAPS).status is Status.SKIPPED


def test_constant_does_not_wonder_at_the_absence_of_what_was_rare() -> None:
    assert about("constant", ["a"] * 200, ["a"] * 999 + ["b"]).status is Status.OK
    found = about("constant", ["a"] * 20, ["a"] * 999 + ["b"])
    assert (found.status, found.reason) == (Status.UNKNOWN, Reason.TOO_FEW_ROWS)


def test_constant_knows_that_repeated_rows_are_fewer_rows() -> None:
    """1,000 rows are 200 rows five times over, and one window in seven of those has no row of a share of 1 %."""
    rng = np.random.default_rng(6)
    columns: dict[str, Any] = {f"x{i}": rng.normal(0, 1, 5000).round(2).tolist() for i in range(3)}
    base = profile({"flag": [1] * 50 + [0] * 4950, **columns})
    drawn = {name: np.repeat(values[:200], 5).tolist() for name, values in columns.items()}
    found = findings("constant", profile({"flag": [0] * 1000, **drawn}, base), base)[0]
    assert found.status is not Status.VIOLATED
    plain = {name: values[:1000] for name, values in columns.items()}
    found = findings("constant", profile({"flag": [0] * 1000, **plain}, base), base)[0]
    assert found.status is Status.VIOLATED


def test_constant_says_nothing_of_a_column_without_values() -> None:
    found = about("constant", GAPS, [1, 2] * 500)
    assert (found.status, found.reason, found.why) == (Status.UNKNOWN, Reason.NO_DATA, "no value was read")


# data_type


@pytest.mark.parametrize(
    ("now", "base", "expected"),
    [
        (["x", 1, 2] * 300, [1, 2, 3] * 300, ("violated", "300 of 900 values are not Integral")),
        ([1.5, 2] * 300, [1, 2] * 300, ("violated", "300 of 600 values are not Integral")),
        (["true", 1.5] * 300, [1.5, 2.5] * 300, ("violated", "300 of 600 values are not Fractional")),
        ([1, 2] * 300, [1.5, 2.5] * 300, ("ok", "0 of 600 values are not Fractional")),
        ([1, 2] * 300 + ["x"], [1, 2] * 300, ("ok", "1 of 601 values are not Integral")),
    ],
)
def test_data_type_finds_other_types_and_takes_whole_numbers_for_fractions(
    now: list[Any], base: list[Any], expected: tuple[str, str]
) -> None:
    assert told(about("data_type", now, base)) == expected


def test_data_type_has_nothing_to_say_of_texts_and_of_no_values() -> None:
    base = profile({"x": ["a", "b"] * 200})
    assert list(findings("data_type", profile({"x": [1, 2] * 200}, base), base)) == []
    assert about("data_type", GAPS, [1, 2] * 300).reason == Reason.NO_DATA


# non_negative


def test_non_negative_finds_negative_numbers_where_there_were_none() -> None:
    assert told(about("non_negative", [1, -2] * 100, [0, 2] * 100)) == (
        "violated",
        "100 of 200 numbers are negative, down to -2",
    )


def test_non_negative_is_quiet_otherwise() -> None:
    assert told(about("non_negative", [1, 2] * 300, [1, 2] * 300)) == ("ok", "0 of 600 numbers are negative")
    assert told(about("non_negative", [1, -2] * 300, [1, -2] * 300)) == (
        "skipped",
        "the baseline has negative numbers too",
    )
    assert about("non_negative", [-1] + [1, 2] * 400, [1, 2] * 300).status is Status.OK
    assert about("non_negative", ["x", None] * 300, [1, 2] * 300).reason == Reason.NO_DATA


# outliers


def test_outliers_finds_numbers_far_out_on_either_side() -> None:
    found = about("outliers", [*FRESH[:960], *[200.0] * 20, *[-100.0] * 20], BASE)
    low, high = np.quantile(BASE, [0.001, 0.999], method="inverted_cdf")
    beyond = sum(not low <= value <= high for value in FRESH[:960]) + 40
    assert found.status is Status.VIOLATED
    assert found.why == f"{beyond} of 1000 numbers lie below {low:g} or above {high:g}: 0.25 % -> {beyond / 10:g} %"
    upper = FRESH[:950] + [200.0] * 50
    assert about("outliers", upper, BASE).status is Status.VIOLATED
    assert about("outliers", [-v for v in upper], [-v for v in BASE]).status is Status.VIOLATED


def test_outliers_is_quiet_otherwise() -> None:
    assert about("outliers", FRESH, BASE).status is Status.OK
    assert about("outliers", [50.0] * 1000, BASE).status is Status.OK
    assert about("outliers", [1, 2, 99] * 50, [1, 2] * 50).status is Status.SKIPPED
    few = about("outliers", FRESH[:40], BASE)
    assert (few.status, few.reason) == (Status.UNKNOWN, Reason.TOO_FEW_ROWS)
    assert about("outliers", GAPS, BASE).reason == Reason.NO_DATA


def test_outliers_are_not_hidden_by_a_wrong_number_in_the_baseline_as_they_are_from_range() -> None:
    now = [*FRESH[:950], *[200.0] * 50]
    assert about("range", now, [*BASE, 1e6]).status is Status.OK
    assert about("outliers", now, [*BASE, 1e6]).status is Status.VIOLATED


def test_outliers_of_a_baseline_without_a_distribution_are_unknown() -> None:
    base = profile({"x": BASE})
    bare = replace(base, features={"x": replace(base.features["x"], quantiles=Quantiles.empty())})
    (found,) = findings("outliers", profile({"x": FRESH}, base), bare)
    assert (found.status, found.reason) == (Status.UNKNOWN, Reason.NO_BASELINE)


# range


def test_range_finds_numbers_beyond_the_extremes() -> None:
    assert told(about("range", [1000.0, -1.0] * 20 + FRESH, BASE)) == (
        "violated",
        "40 of 1040 numbers lie outside 14.5 .. 87.5, as far as -1 .. 1000",
    )
    assert about("range", [6] * 500, [5] * 500).status is Status.VIOLATED


def test_range_allows_the_extremes_themselves_and_a_few_new_ones() -> None:
    assert told(about("range", [1, 5] * 300, [1, 3, 5] * 300)) == ("ok", "0 of 600 numbers lie outside 1 .. 5")
    assert about("range", [*FRESH, 1e6], BASE).status is Status.OK
    assert about("range", GAPS, BASE).reason == Reason.NO_DATA


# unseen_category


def test_unseen_category_names_the_commonest_new_values() -> None:
    now = ["a"] * 500 + ["new"] * 60 + ["newer"] * 30 + ["newest"] * 9 + ["rare"]
    assert told(about("unseen_category", now, ["a", "b"] * 500)) == (
        "violated",
        "100 of 600 values are new: 'new' 60, 'newer' 30, 'newest' 9",
    )


def test_unseen_category_is_quiet_about_one_new_value_and_about_none() -> None:
    assert told(about("unseen_category", ["a", "b"] * 300, ["a", "b"] * 500)) == ("ok", "0 of 600 values are new")
    assert about("unseen_category", ["a", "b"] * 400 + ["new"], ["a", "b"] * 500).status is Status.OK
    assert about("unseen_category", GAPS, ["a", "b"] * 500).reason == Reason.NO_DATA


def test_unseen_category_expects_new_values_where_the_baseline_is_full_of_rare_ones() -> None:
    base = [f"id {i}" for i in range(600)]
    found = about("unseen_category", [f"id {i}" for i in range(900, 1100)], base)
    assert found.status is Status.OK
    assert found.why.endswith("; 100 % are to be expected")


def test_unseen_category_finds_a_new_value_among_many_rare_ones() -> None:
    rng = np.random.default_rng(3)
    weights = 1 / np.arange(1, 301)
    drawn = [f"v{i}" for i in rng.choice(300, 3000, p=weights / weights.sum())]
    assert about("unseen_category", drawn[2000:], drawn[:2000]).status is not Status.VIOLATED
    assert about("unseen_category", drawn[2000:] + ["new"] * 100, drawn[:2000]).status is Status.VIOLATED


def test_unseen_category_shortens_long_values() -> None:
    found = about("unseen_category", ["x" * 100] * 300, ["a", "b"] * 500)
    assert "'" + "x" * 40 + "' 300" in found.why
