"""What is usual of a series, and the band around it: learned from planted histories."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.series import Floats, Series, Windows
from monitor.usual import LEAST, Usual, medians_of_others, touching, usual
from monitor.window import Window

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
MONDAY = datetime(2026, 1, 5, tzinfo=UTC)


def windows(count: int, length: timedelta = HOUR, begin: datetime = MONDAY) -> Windows:
    return Windows.of([Window(start=begin + n * length, end=begin + (n + 1) * length) for n in range(count)], length)


def series(values: Floats, length: timedelta = HOUR) -> Series:
    return Series.of(windows(len(values), length), values)


def learned(values: Floats, length: timedelta = HOUR, **more: object) -> Usual:
    found = usual(series(values, length), **more)  # type: ignore[arg-type]
    assert found is not None
    return found


def at(moment: datetime, length: timedelta = HOUR) -> Window:
    return Window(start=moment, end=moment + length)


def noise(count: int, seed: int = 1) -> Floats:
    return np.random.default_rng(seed).normal(size=count)


def test_by_hand_of_twenty_one_days_without_a_rhythm() -> None:
    # One to 21, mixed, in windows too long for a weekday: the median is 11; that of the others is 11.5 for those up to
    # 10, 11 for 11, and 10.5 for those above. So values lie -10.5, -9.5, ... -1.5, 0, 1.5, ... 10.5 from it.
    values = np.random.default_rng(5).permutation(np.arange(1.0, 22.0))
    band = learned(values, 4 * DAY).band(at(MONDAY, 4 * DAY), k=1)
    assert band.centre == 11
    # The definition 8 of quantiles: place 0.8413 * (21 + 1/3) + 1/3 = 18.282 from one: between 7.5 and 8.5.
    assert band.high == pytest.approx(11 + 7.5 + 0.2820, abs=1e-3)
    assert band.low == pytest.approx(11 - 7.5 - 0.2820, abs=1e-3)
    twice = learned(values, 4 * DAY).band(at(MONDAY, 4 * DAY), k=2)
    assert (twice.high - 11, 11 - twice.low) == pytest.approx((2 * (band.high - 11), 2 * (11 - band.low)))


@pytest.mark.parametrize(
    ("length", "count", "rhythms"),
    [
        (HOUR, 71, ("all",)),
        (HOUR, 72, ("hour", "all")),
        (HOUR, 503, ("hour", "all")),
        (HOUR, 504, ("hour of the week", "hour", "all")),
        (12 * HOUR, 42, ("hour of the week", "hour", "all")),
        (13 * HOUR, 42, ("weekday", "all")),
        (DAY, 20, ("all",)),
        (DAY, 21, ("weekday", "all")),
        (4 * DAY, 30, ("all",)),
    ],
)
def test_a_rhythm_is_learned_from_three_of_its_cycles(length: timedelta, count: int, rhythms: tuple[str, ...]) -> None:
    assert learned(noise(count), length).rhythms == rhythms


def test_each_hour_of_a_weekday_has_its_own_centre() -> None:
    hours = np.arange(4 * 168)
    values = 10.0 * (hours % 24) + 1000.0 * (hours // 24 % 7 == 6) + 0.01 * noise(len(hours))
    found = learned(values)
    assert found.band(at(MONDAY + 5 * WEEK + 3 * HOUR)).centre == pytest.approx(30, abs=0.1)
    assert found.band(at(MONDAY + 5 * WEEK + 6 * DAY + 3 * HOUR)).centre == pytest.approx(1030, abs=0.1)
    assert found.band(at(MONDAY + 5 * WEEK + 3 * HOUR)).high < 31


def test_a_window_between_known_slots_has_the_centre_of_its_hour_or_of_all() -> None:
    days = [n for n in range(28) if n % 7 < 5]  # no weekends
    on = Windows.of([at(MONDAY + day * DAY + 9 * HOUR) for day in days], 12 * HOUR)
    found = usual(Series.of(on, [100.0 * (day % 7) for day in days]))
    assert found is not None
    assert found.band(at(MONDAY + 4 * DAY + 9 * HOUR)).centre == 400
    assert found.band(at(MONDAY + 5 * DAY + 9 * HOUR)).centre == 200
    assert found.band(at(MONDAY + 5 * DAY + 3 * HOUR)).centre == 200


def test_hours_are_those_of_the_zone_also_when_clocks_change() -> None:
    begin = datetime(2026, 3, 9, tzinfo=UTC)  # Berlin's clocks go forward on the 29th
    on = windows(28 * 24, begin=begin)
    local = [window.hour for window in (begin + n * HOUR + HOUR * (1 + (n >= 20 * 24 + 1)) for n in range(28 * 24))]
    values = [100.0 if hour == 9 else 0.0 for hour in local]
    found = usual(Series.of(on, values), timezone="Europe/Berlin")
    assert found is not None
    summer = datetime(2026, 4, 20, 7, tzinfo=UTC)
    assert found.band(at(summer)).centre == 100
    assert found.band(at(summer + HOUR)).centre == 0
    assert found.band(at(datetime(2026, 12, 7, 8, tzinfo=UTC))).centre == 100


def test_busy_hours_have_wide_bands_and_quiet_ones_narrow() -> None:
    hours = np.arange(4 * 168)
    values = noise(len(hours)) * np.where(hours % 24 < 12, 10.0, 1.0)
    found = learned(values)
    night, noon = (found.band(at(MONDAY + 5 * WEEK + hour * HOUR)) for hour in (15, 5))
    assert noon.high - noon.low > 4 * (night.high - night.low)
    assert set(found.widths) == {(), *((hour,) for hour in range(24))}
    assert set(learned(values[: 19 * 24]).widths) == {()}


PLANTED: dict[str, tuple[Callable[[np.random.Generator, int], Floats], float]] = {
    "normal": (lambda rng, count: rng.normal(size=count), 0.01),
    "skewed": (lambda rng, count: rng.exponential(size=count), 0.04),
    "counts that are mostly none": (lambda rng, count: rng.poisson(0.1, size=count).astype(float), 0.03),
    "a day and a week": (
        lambda rng, count: (
            rng.normal(size=count) + 10 * np.sin(np.arange(count) * np.pi / 12) + 5 * (np.arange(count) // 24 % 7 > 4)
        ),
        0.01,
    ),
}


@pytest.mark.parametrize("what", PLANTED)
def test_few_of_the_next_windows_lie_outside_three_widths(what: str) -> None:
    planted, most = PLANTED[what]
    rng, outside, total = np.random.default_rng(7), 0, 0
    for _ in range(20):
        values = planted(rng, 5 * 168)
        found = learned(values[: 4 * 168])
        on = windows(5 * 168)
        outside += sum(values[n] not in found.band(on.window(n)) for n in range(4 * 168, 5 * 168))
        total += 168
    assert outside / total < most
    assert outside > 0


def test_what_moved_by_eight_deviations_lies_outside() -> None:
    on = windows(5 * 168)
    values = noise(5 * 168) + 10 * np.sin(np.arange(5 * 168) * np.pi / 12)
    found = learned(values[: 4 * 168])
    for shift in (8, -8):
        moved = [values[n] + shift not in found.band(on.window(n)) for n in range(4 * 168, 5 * 168)]
        assert np.mean(moved) > 0.95


def test_a_skewed_history_has_a_skewed_band_within_its_limits() -> None:
    found = learned(np.random.default_rng(2).exponential(size=600), 4 * DAY)
    band = found.band(at(MONDAY, 4 * DAY))
    assert band.high - band.centre > 2 * (band.centre - band.low)
    limited = found.band(at(MONDAY), limits=(0.0, 1.0))
    assert (limited.low, limited.high) == (0.0, 1.0)
    assert 0.0 in limited
    assert found.band(at(MONDAY), limits=(100.0, 200.0)).centre == 100


def test_a_constant_has_a_band_without_width() -> None:
    band = learned(np.full(600, 0.1)).band(at(MONDAY))
    assert (band.low, band.centre, band.high) == (0.1, 0.1, 0.1)
    assert 0.1 in band
    assert 0.1000001 not in band


def test_too_little_history_is_none() -> None:
    assert usual(series(noise(LEAST))) is not None
    assert usual(series(noise(LEAST - 1))) is None
    assert usual(series(noise(LEAST - 1)), at_least=1) is None
    assert usual(series(noise(99)), at_least=100) is None
    values = noise(LEAST)
    values[3] = np.inf
    assert usual(series(values)) is None
    assert usual(series(np.full(100, np.nan))) is None
    assert usual(Series.nothing(windows(0))) is None


def test_excluded_periods_are_not_learned_from() -> None:
    values = noise(400)
    spoiled = values.copy()
    spoiled[100:150] += 1000
    period = Window(start=MONDAY + 100 * HOUR, end=MONDAY + 150 * HOUR)
    without = values.copy()
    without[100:150] = np.nan
    assert usual(series(spoiled), excluded=[period]) == usual(series(without))
    assert usual(series(spoiled)) != usual(series(without))
    assert usual(series(spoiled), excluded=[period]).values == 350  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("start", "end", "touched"),
    [(1, 2, [1]), (0.5, 1, [0]), (0.5, 1.5, [0, 1]), (-5, 0, []), (3.9, 9, [3]), (4, 5, []), (0.5, 1.0001, [0, 1])],
)
def test_a_window_touches_a_period_that_it_shares_a_moment_with(start: float, end: float, touched: list[int]) -> None:
    period = Window(start=MONDAY + start * HOUR, end=MONDAY + end * HOUR)
    assert np.flatnonzero(touching(windows(4), [period])).tolist() == touched


@given(st.lists(st.integers(-3, 3), min_size=2, max_size=12))
def test_medians_of_the_others_are_numpys(values: list[int]) -> None:
    right = [float(np.median(values[:n] + values[n + 1 :])) for n in range(len(values))]
    assert medians_of_others(np.array(values, float)).tolist() == right


HISTORY = st.lists(st.floats(-100, 100) | st.just(float("nan")), min_size=25, max_size=120)


@given(HISTORY, st.sampled_from([HOUR, 6 * HOUR, DAY]), st.sampled_from([2.0, 0.5]), st.integers(-5, 5))
def test_a_band_moves_with_its_series_and_holds_its_centre(
    values: list[float], length: timedelta, scale: float, shift: int
) -> None:
    found = usual(series(np.array(values), length))
    moved = usual(series(scale * np.array(values) + shift, length))
    assert (found is None) == (moved is None) == (np.isfinite(values).sum() < LEAST)
    if found is None or moved is None:
        return
    for n in range(10):
        one, other = (each.band(at(MONDAY + n * length, length)) for each in (found, moved))
        assert one.low <= one.centre <= one.high
        right = [scale * edge + shift for edge in (one.low, one.centre, one.high)]
        assert [other.low, other.centre, other.high] == pytest.approx(right, abs=1e-6)


@given(HISTORY, st.floats(0, 5), st.floats(0, 5))
def test_more_widths_are_wider_and_the_same_history_says_the_same(values: list[float], k: float, more: float) -> None:
    found = usual(series(np.array(values)))
    assert found == usual(series(np.array(values)))
    if found is None:
        return
    one, other = found.band(at(MONDAY), k=k), found.band(at(MONDAY), k=k + more)
    assert other.low <= one.low <= one.high <= other.high
