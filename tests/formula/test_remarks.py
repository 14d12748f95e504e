"""What is odd about a formula, and how far back it looks."""

from datetime import timedelta

import numpy as np
import pytest
from formula.fields import DAY, HOUR, KNOWN, windows
from formula.test_parsing import formulas
from hypothesis import given
from hypothesis import strategies as st

from monitor.formula.evaluation import evaluated
from monitor.formula.parsing import parsed
from monitor.formula.reach import reach
from monitor.formula.remarks import remarks
from monitor.formula.words import Fill, Formula, parts_of, references_of
from monitor.series import Series


def told(text: str, interval: timedelta = HOUR, kept: timedelta | None = None) -> tuple[str, ...]:
    return remarks(parsed(text, KNOWN), interval, kept)


@pytest.mark.parametrize(
    "text",
    [
        "mean(score) < 0.9 * avg(mean(score), 1d)",
        "x < avg(fill(x, 0), 1d)",
        "lag(fill(x, repeat), 1) > 1",
        "fill(x, linear) < 1",
        "x > avg(x, 1d) + 3 * std(x, 2)",
        "count(x, 1h) < 1",
    ],
)
def test_of_what_is_meant_nothing_is_said(text: str) -> None:
    assert told(text, kept=2 * DAY) == ()


@pytest.mark.parametrize("text", ["fill(x, 0) > 1", "1 > 0.5 * fill(x, repeat)", "avg(fill(x, 0), 3, now) > 1"])
def test_a_fill_that_pins_the_newest_window_is_told(text: str) -> None:
    (found,) = told(text)
    assert found.startswith(("`fill(x, 0)` fills the newest window too", "`fill(x, repeat)` fills the newest window"))
    assert found.endswith("such as avg(fill(x, 0), 1d), would be right")


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("avg(x, 10m)", "`avg(x, 10m)` is shorter than a window (1 hour) and never has a value; 1 hour or more"),
        ("lag(x, 29m)", "`lag(x, 29m)` is shorter than a window (1 hour) and never has a value; 1 hour or more"),
        ("diff(x, 10s)", "`diff(x, 10s)` is shorter than a window (1 hour) and never has a value"),
        ("count(x, 10m)", "`count(x, 10m)` is shorter than a window (1 hour) and is always 0; 1 hour or more"),
        ("1 + std(x, 1h)", "`std(x, 1h)` needs two windows and never has a value; 2 hours or more would be right"),
        ("std(x, 1)", "`std(x, 1)` needs two windows and never has a value; 2 or more would be right"),
        ("1 < 2", "`1 < 2` asks for no series, so it is the same in every window; a series would be right"),
    ],
)
def test_what_never_has_an_answer_is_told(text: str, right: str) -> None:
    (found,) = told(text)
    assert right in found


def test_looking_back_further_than_windows_are_kept_is_told() -> None:
    assert told("avg(x, 30d) < 1", kept=timedelta(days=30)) == ()
    assert told("avg(x, 30d) < 1", kept=timedelta(days=14)) == (
        "`avg(x, 30d) < 1` looks back 30 days, and windows are kept for 2 weeks; "
        "looking back less far, or a longer retention would be right",
    )
    assert len(told("avg(x, 10m) + avg(x, 10m) + fill(x, 1)")) == 2


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("x < 1", timedelta(0)),
        ("avg(x, 1d) + avg(x, 2d)", 2 * DAY),
        ("avg(lag(x, 1d), 12)", 36 * HOUR),
        ("diff(rate(x))", 2 * HOUR),
        ("diff(x, 1d) - lag(x, 3)", DAY),
    ],
)
def test_reaches_add_up_inside_each_other(text: str, right: timedelta) -> None:
    assert reach(parsed(text, KNOWN), HOUR) == right


def repeats(formula: Formula) -> bool:
    return (isinstance(formula, Fill) and isinstance(formula.by, str)) or any(map(repeats, parts_of(formula)))


@given(formula=formulas(), values=st.lists(st.integers(-3, 3), min_size=80, max_size=80))
def test_what_lies_beyond_the_reach_changes_nothing(formula: Formula, values: list[int]) -> None:
    back = reach(formula, HOUR) // HOUR + 1
    if back > 60 or repeats(formula):
        return
    on = windows(len(values))
    asked = {name: Series.of(on, values) for name in references_of(formula)}
    other = {name: Series.of(on, np.where(np.arange(80) < 79 - back, 99, values)) for name in references_of(formula)}
    found, without = (evaluated(formula, on, series).values[-1] for series in (asked, other))
    assert found == pytest.approx(without, nan_ok=True)
