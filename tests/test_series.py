"""Series: values in windows, cut off and laid upon other windows."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.series import Series, Windows, moment, seconds
from monitor.window import Window

HOUR = timedelta(hours=1)
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
ENDS = st.lists(st.integers(1, 30), unique=True, max_size=20).map(sorted)


def hours(*ends: int, length: int = 1) -> Windows:
    return Windows.of([Window(start=BEGIN + (end - length) * HOUR, end=BEGIN + end * HOUR) for end in ends], HOUR)


def test_windows_go_in_and_come_out() -> None:
    found = hours(1, 2, 5)
    assert len(found) == 3
    assert found.window(-1) == Window(start=BEGIN + 4 * HOUR, end=BEGIN + 5 * HOUR)
    assert moment(seconds(BEGIN)) == BEGIN
    assert len(hours()) == 0


@pytest.mark.parametrize(
    ("starts", "ends", "interval", "told"),
    [
        ([0], [1, 2], HOUR, r"\(1,\) starts and \(2,\) ends: must be as many"),
        ([0, 1], [1, 1], HOUR, "a window that ends where it starts, or before: must be after"),
        ([0, 0], [2, 2], HOUR, "window ends that do not rise: must be in order, each once"),
        ([0], [1], timedelta(0), "interval 0:00:00: must be a second or more"),
    ],
)
def test_windows_that_are_none_are_refused(starts: list[int], ends: list[int], interval: timedelta, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Windows(starts=np.array(starts), ends=np.array(ends), interval=interval)


def test_a_value_too_many_is_refused() -> None:
    with pytest.raises(ValueError, match=r"\(2,\) values for 1 windows: must be one for each"):
        Series.of(hours(1), [1, 2])
    with pytest.raises(ValueError, match=r"\(2,\) samples for 1 windows: must be one for each"):
        Series.of(hours(1), [1], [1, 2])


def test_none_and_infinite_are_missing() -> None:
    found = Series.of(hours(1, 2, 3), [None, np.inf, 2])
    assert np.isnan(found.finite).tolist() == [True, True, False]
    assert found.values[1] == np.inf
    assert np.isnan(Series.nothing(hours(1, 2)).values).all()


def test_before_holds_what_had_ended_by_then() -> None:
    found = Series.of(hours(1, 2, 3), [1, 2, 3], [7, 8, 9])
    assert found.before(BEGIN + 2 * HOUR).values.tolist() == [1, 2]
    assert found.before(BEGIN + 2 * HOUR).samples.tolist() == [7, 8]
    assert len(found.before(BEGIN + 2 * HOUR - timedelta(seconds=1))) == 1
    assert len(found.before(BEGIN)) == 0


@given(ENDS, ENDS)
def test_laid_upon_other_windows_each_value_stays_with_its_window(mine: list[int], others: list[int]) -> None:
    found = Series.of(hours(*mine), mine, mine).on(hours(*others))
    assert found.values[~np.isnan(found.values)].tolist() == [end for end in others if end in mine]
    assert found.samples.tolist() == [end if end in mine else 0 for end in others]


def test_a_window_of_another_length_is_another_window() -> None:
    assert np.isnan(Series.of(hours(2), [1]).on(hours(2, length=2)).values).all()
    assert Series.of(hours(2), [1]).on(hours(2)).values.tolist() == [1]
