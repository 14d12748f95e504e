"""What formulas are in each window: by hand, against pandas, and what holds for any of them."""

import math
from collections.abc import Callable, Sequence
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from formula.fields import DAY, HOUR, KNOWN, NAN, START, answers, windows
from formula.test_parsing import formulas
from hypothesis import given
from hypothesis import strategies as st

from monitor.formula.evaluation import evaluated
from monitor.formula.parsing import parsed
from monitor.formula.words import Fill, Formula, Over, Reference, parts_of, references_of
from monitor.series import Series, Windows


def same(found: Sequence[float], right: Sequence[float]) -> bool:
    return found == pytest.approx(list(right), nan_ok=True, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("x", [1, NAN, 4, 0]),
        ("10%", [0.1] * 4),
        ("x + y", [3, NAN, NAN, 0]),
        ("y - x - 1", [0, NAN, NAN, -1]),
        ("2 * x / 4", [0.5, NAN, 2, 0]),
        ("y / x", [2, NAN, NAN, NAN]),
        ("1 / x", [1, NAN, 0.25, NAN]),
        ("x ^ 0", [1, NAN, 1, 1]),
        ("1 ^ x", [1, NAN, 1, 1]),
        ("x ^ -1", [1, NAN, 0.25, NAN]),
        ("(x - 2) ^ 0.5", [NAN, NAN, math.sqrt(2), NAN]),
        ("-x ^ 2", [-1, NAN, -16, 0]),
        ("abs(x - 2)", [1, NAN, 2, 2]),
        ("1e300 * 1e300 * x", [NAN] * 4),
        ("x / (1e300 * 1e300)", [NAN] * 4),
        ("x < 2", [1, NAN, 0, 1]),
        ("x <= 1", [1, NAN, 0, 1]),
        ("x > 1", [0, NAN, 1, 0]),
        ("x >= 1", [1, NAN, 1, 0]),
        ("x == 4", [0, NAN, 1, 0]),
        ("x != 4", [1, NAN, 0, 1]),
        ("not x", [0, NAN, 0, 1]),
        ("not x < 2", [0, NAN, 1, 0]),
        ("(x > 0) + (y > 0)", [2, NAN, NAN, 0]),
        ("x and y", [1, NAN, NAN, 0]),
        ("x > 0 and y > 1", [1, NAN, NAN, 0]),
        ("x > 9 and y > 9", [0, 0, 0, 0]),
        ("x or y", [1, 1, 1, 0]),
        ("x > 9 or y > 9", [0, NAN, NAN, 0]),
        ("if(x, 7, y)", [7, NAN, 7, 0]),
        ("if(y, x, 5)", [1, NAN, NAN, 5]),
        ("lag(x, 1)", [NAN, 1, NAN, 4]),
        ("diff(x)", [NAN, NAN, NAN, -4]),
        ("diff(x, 2h)", [NAN, NAN, 3, NAN]),
        ("rate(x) * 3600", [NAN, NAN, NAN, -4]),
        ("fill(x, 0)", [1, 0, 4, 0]),
        ("fill(x, -5%)", [1, -0.05, 4, 0]),
        ("fill(x, repeat)", [1, 1, 4, 0]),
        ("fill(x, linear)", [1, 2.5, 4, 0]),
        ("fill(lag(x, 1), repeat)", [NAN, 1, 1, 4]),
        ("fill(lag(x, 1), linear)", [NAN, 1, 2.5, 4]),
        ("fill(y, linear)", [2, 2, 1, 0]),
        ("fill(if(x < 1, x / 0, x), linear)", [1, 2.5, 4, NAN]),
        ("sum(x, 2)", [NAN, 1, 1, 4]),
        ("sum(x, 2, now)", [1, 1, 4, 4]),
        ("avg(x, 3)", [NAN, NAN, NAN, 2.5]),
        ("avg(x, 3, now)", [NAN, NAN, 2.5, 2]),
        ("min(x, 3, now)", [NAN, NAN, 1, 0]),
        ("max(x, 3h, now)", [NAN, NAN, 4, 4]),
        ("std(x, 3, now)", [NAN, NAN, math.sqrt(4.5), math.sqrt(8)]),
        ("std(x, 1, now)", [NAN] * 4),
        ("count(x, 3)", [0, 1, 1, 2]),
        ("count(x, 1w)", [0, 1, 1, 2]),
        ("quantile(x, 25%, 3, now)", [NAN, NAN, 1.75, 1]),
        ("quantile(x, 0, 3, now)", [NAN, NAN, 1, 0]),
        ("quantile(x, 1, 3, now)", [NAN, NAN, 4, 4]),
        ("avg(x, 10m)", [NAN] * 4),
        ("count(x, 10m)", [0] * 4),
        ("sum(x > 0, 3, now)", [NAN, NAN, 2, 1]),
    ],
)
def test_by_hand(text: str, right: list[float]) -> None:
    assert same(answers(text, x=[1, NAN, 4, 0], y=[2, 2, NAN, 0]), right)


def test_a_score_a_tenth_below_the_day_before_is_told_and_does_not_make_itself_usual() -> None:
    scores = [0.5] * 24 + [0.46, 0.44, 0.44, 0.44]
    assert answers("x < 0.9 * avg(x, 1d)", x=scores)[-5:] == [0, 0, 1, 1, 1]
    assert answers("x < 0.9 * avg(x, 1d)", x=scores)[:12] == [pytest.approx(NAN, nan_ok=True)] * 12


@pytest.mark.parametrize("back", ["24", "1d"])
def test_less_than_half_of_a_stretch_is_missing(back: str) -> None:
    assert math.isnan(answers(f"avg(x, {back})", x=[*[1] * 11, *[NAN] * 13, 2])[-1])
    assert answers(f"avg(x, {back})", x=[*[1] * 12, *[NAN] * 12, 2])[-1] == 1


def test_a_repeated_value_has_that_mean_and_no_deviation_to_its_last_digit() -> None:
    for value in (0.1, 1 / 3, 1e-9, 123456.789):
        assert answers("x == avg(x, 7)", x=[value] * 9)[-1] == 1
        assert answers("std(x, 7)", x=[value] * 9)[-1] == 0


def test_what_is_beyond_the_largest_number_is_missing_and_infinite_values_are() -> None:
    huge = 1.7e308
    assert same(answers("avg(x, 2, now)", x=[huge, huge, -huge]), [huge, huge, NAN])
    assert same(answers("sum(x, 2, now)", x=[huge, huge, -huge]), [huge, NAN, 0])
    assert same(answers("std(x, 2, now)", x=[huge, huge, -huge]), [NAN, 0, NAN])
    assert same(answers("count(x, 2, now)", x=[math.inf, 1, -math.inf]), [0, 1, 1])
    assert same(answers("x > 0", x=[math.inf, 1, -math.inf]), [NAN, 1, NAN])


def test_rates_go_by_the_time_between_two_windows() -> None:
    ends = START + np.array([1, 2, 4], np.int64) * 3600
    on = Windows(starts=ends - 3600, ends=ends, interval=HOUR)
    assert same(answers("rate(x) * 3600", on, x=[1, 3, 9]), [NAN, 2, 3])
    assert same(answers("fill(x, linear)", on, x=[1, NAN, 7]), [1, 3, 7])


def test_a_series_that_is_not_there_is_missing_and_has_no_samples() -> None:
    on = windows(2)
    formula = parsed("x < 1 or mean(a) < 1", KNOWN)
    found = evaluated(formula, on, {Reference("x"): Series.of(on, [0, 2], [10, 20])})
    assert same(found.values.tolist(), [1, NAN])
    assert found.samples.tolist() == [0, 0]


def test_samples_are_the_fewest_and_series_lie_on_the_windows_asked_for() -> None:
    on, later = windows(3), windows(3, first=1)
    series = {
        Reference("x"): Series.of(on, [1, 2, 3], [10, 20, 30]),
        Reference("y"): Series.of(later, [5] * 3, [15] * 3),
    }
    found = evaluated(parsed("x + y", KNOWN), on, series)
    assert same(found.values.tolist(), [NAN, 7, 8])
    assert found.samples.tolist() == [0, 15, 15]
    assert evaluated(parsed("1 < 2", KNOWN), on, {}).values.tolist() == [1, 1, 1]
    assert len(evaluated(parsed("avg(x, 1d) + lag(fill(x, linear), 3)", KNOWN), windows(0), {})) == 0


def test_many_windows_are_answered_in_blocks_as_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.random.default_rng(3).normal(size=500)
    whole = answers("quantile(x, 0.9, 50)", x=values)
    monkeypatch.setattr("monitor.formula.statistics.BLOCK", 333)
    assert same(answers("quantile(x, 0.9, 50)", x=values), whole)


VALUES = st.lists(st.floats(-1e6, 1e6) | st.just(NAN), min_size=1, max_size=60)
ORACLES: dict[str, Callable[["pd.core.window.Rolling"], pd.Series]] = {  # type: ignore[type-arg]
    "avg(x, {back}{now})": lambda rolling: rolling.mean(),
    "min(x, {back}{now})": lambda rolling: rolling.min(),
    "max(x, {back}{now})": lambda rolling: rolling.max(),
    "sum(x, {back}{now})": lambda rolling: rolling.sum(),
    "std(x, {back}{now})": lambda rolling: rolling.apply(lambda values: np.nanstd(values, ddof=1)),
    "quantile(x, 0.9, {back}{now})": lambda rolling: rolling.quantile(0.9),
    "quantile(x, 0.5, {back}{now})": lambda rolling: rolling.median(),
}


@pytest.mark.parametrize("text", list(ORACLES))
@given(values=VALUES, count=st.integers(1, 30), by_time=st.booleans(), now=st.booleans())
def test_over_many_windows_it_is_what_pandas_says(
    text: str, values: list[float], count: int, by_time: bool, now: bool
) -> None:
    least = max(-(-count // 2), 2 if text.startswith("std") else 1)
    if least > count:
        return
    rolling = pd.Series(values, dtype=float).rolling(count, min_periods=least)
    right = ORACLES[text](rolling).shift(0 if now else 1)
    written = text.format(back=f"{count}h" if by_time else count, now=", now" if now else "")
    assert answers(written, x=values) == pytest.approx(right.tolist(), nan_ok=True, rel=1e-9, abs=1e-4)


def filled(formula: Formula) -> bool:
    return (isinstance(formula, Fill) and formula.by == "linear") or any(filled(part) for part in parts_of(formula))


SMALL = st.lists(st.integers(-3, 3).map(float) | st.just(NAN), min_size=2, max_size=30)


@given(formula=formulas(), values=SMALL, cut=st.integers(1, 30))
def test_no_window_rests_on_a_later_one_and_no_answer_is_infinite(
    formula: Formula, values: list[float], cut: int
) -> None:
    on = windows(len(values))
    asked = {name: Series.of(on, np.roll(values, at)) for at, name in enumerate(references_of(formula))}
    found = evaluated(formula, on, asked).values
    assert not np.isinf(found).any()
    if filled(formula):
        return
    shorter = Windows(starts=on.starts[:cut], ends=on.ends[:cut], interval=HOUR)
    earlier = evaluated(formula, shorter, asked).values
    assert earlier.tolist() == pytest.approx(found[:cut].tolist(), nan_ok=True)


def leaves_out(formula: Formula) -> bool:
    """Whether something in it tells missing from there, or goes by what is there alone."""
    return isinstance(formula, Fill | Over) or any(map(leaves_out, parts_of(formula)))


@given(formula=formulas(), values=SMALL, others=st.lists(st.integers(-3, 3), min_size=30, max_size=30))
def test_what_is_answered_though_something_is_missing_is_so_whatever_that_is(
    formula: Formula, values: list[float], others: list[int]
) -> None:
    if leaves_out(formula):
        return
    on, complete = windows(len(values)), np.where(np.isnan(values), others[: len(values)], values)
    known, sure = (
        evaluated(
            formula, on, {name: Series.of(on, np.roll(each, at)) for at, name in enumerate(references_of(formula))}
        )
        for each in (values, complete)
    )
    told = ~np.isnan(known.values)
    assert known.values[told].tolist() == pytest.approx(sure.values[told].tolist(), nan_ok=True)


@given(values=SMALL, shift=st.integers(-5, 5), scale=st.sampled_from([0.5, 2.0, -1.0]))
def test_averages_and_medians_move_with_their_values(values: list[float], shift: int, scale: float) -> None:
    for text in ("avg(x, 5)", "quantile(x, 0.5, 5h, now)", "lag(x, 2h)", "fill(x, linear)", "fill(x, repeat)"):
        moved = answers(text, x=[scale * value + shift for value in values])
        assert same(moved, [scale * value + shift for value in answers(text, x=values)])


def test_a_day_of_days_of_berlin_is_the_day_before() -> None:
    assert answers("lag(x, 1d)", windows(4, DAY), x=[1, 2, 3, 4])[1:] == [1, 2, 3]
    assert answers("avg(x, 1w)", windows(9, timedelta(days=1)), x=range(9))[-1] == 4
