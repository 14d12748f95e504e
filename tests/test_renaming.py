"""Categories that came, went and were renamed."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from traffic import baseline, window

from monitor.feature import Categorical
from monitor.renaming import Categories, Renamed, categories

ROWS = 2000


def column(**counts: int) -> np.ndarray:
    return np.repeat(np.array(list(counts), dtype=object), list(counts.values()))


BASE = {"card": 12_000, "cash": 6_000, "voucher": 1_900, "cheque": 100}


def found(base: dict[str, int] | None = None, **counts: int) -> Categories:
    made = baseline({"x": column(**(base or BASE))})
    now = window({"x": column(**counts)}, made).features["x"]
    held = made.features["x"]
    assert isinstance(now, Categorical)
    assert isinstance(held, Categorical)
    return categories(now, held)


def test_a_category_that_is_gone_and_a_new_one_of_its_share_are_one_renamed() -> None:
    got = found(card=1200, notes=610, voucher=190)
    assert got == Categories(renamed=(Renamed(before="cash", after="notes", share=0.305),))
    assert got.told == "'cash' is now 'notes' (30.5 % of values)"


def test_case_and_signs_go_before_shares() -> None:
    even = {"north east": 5000, "south": 5000, "west": 5000, "north": 5000}
    got = found(even, **{"North-East": 480, "SOUTH": 520, "west": 500, "north": 500})
    assert {(one.before, one.after) for one in got.renamed} == {("north east", "North-East"), ("south", "SOUTH")}


def test_of_several_the_nearest_share_is_the_same_category_and_each_is_used_once() -> None:
    got = found(coins=610, plastic=1190, voucher=200)
    assert {(one.before, one.after) for one in got.renamed} == {("card", "plastic"), ("cash", "coins")}


def test_a_new_category_of_another_share_is_no_other_name() -> None:
    got = found(card=1600, voucher=200, points=200)
    assert (got.renamed, got.gone, got.new) == ((), ("cash",), ("points",))
    assert got.told == "'cash' is gone; 'points' is new"


def test_a_rest_of_the_old_name_does_not_hide_a_renaming_and_half_of_it_does() -> None:
    assert found(card=1200, cash=30, notes=580, voucher=190).renamed[0].after == "notes"
    half = found(card=1200, cash=300, notes=300, voucher=200)
    assert (half.renamed, half.gone, half.new) == ((), (), ("notes",))


def test_one_new_category_is_not_the_name_of_two() -> None:
    got = found({"a": 5000, "b": 5000, "c": 10_000}, c=1500, x=500)
    assert ([(one.before, one.after) for one in got.renamed], got.gone) == ([("a", "x")], ("b",))


def test_nothing_came_or_went() -> None:
    got = found(card=1300, cash=500, voucher=190, cheque=10)
    assert got == Categories()
    assert got.told == ""


def test_what_is_rare_may_come_and_go() -> None:
    assert found(card=1205, cash=605, voucher=180, odd=10) == Categories()


def test_a_few_rows_show_that_nothing_is_gone() -> None:
    assert found(card=40, cash=20).gone == (), "six vouchers were to be expected"


def test_a_window_without_values_shows_nothing() -> None:
    made = baseline({"x": column(**BASE)})
    now = window({"x": np.full(100, None, dtype=object)}, made).features["x"]
    assert categories(now, made.features["x"]) == Categories()  # type: ignore[arg-type]


def test_long_lists_and_long_names_are_cut() -> None:
    many = {f"value {n} {'x' * 60}": 1000 for n in range(8)}
    told = found(many, other=2000).told
    assert told.count("...") == 3
    assert "and 5 more are gone" in told


@given(st.lists(st.integers(20, 400), min_size=2, max_size=6), st.integers(0, 5))
def test_a_renamed_category_is_found_at_any_share(counts: list[int], which: int) -> None:
    names = [f"c{n}" for n in range(len(counts))]
    which %= len(names)
    base = dict(zip(names, (count * 10 for count in counts), strict=True))
    now = {("fresh" if name == names[which] else name): count for name, count in zip(names, counts, strict=True)}
    got = found(base, **now)
    share = counts[which] / sum(counts)
    assert [(one.before, one.after) for one in got.renamed] == ([(names[which], "fresh")] if share >= 0.01 else [])
