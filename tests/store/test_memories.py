"""Of the policy's memories few are kept, and enough."""

from datetime import UTC, datetime, timedelta

from ledgers import HOUR, ZERO, window

from monitor.store.memories import DAYS, kept
from monitor.window import Window


def test_the_newest_two_and_the_last_of_each_of_eight_days_are_kept() -> None:
    hours = [window(number) for number in range(24 * 20 + 5)]
    found = sorted(kept(hours), key=lambda each: each.end)
    last = [window(24 * (day + 1) - 1) for day in range(20 - DAYS + 1, 20)]
    assert found == [*last, window(24 * 20 + 3), window(24 * 20 + 4)]


def test_a_window_that_ends_at_midnight_is_the_last_of_the_day_before() -> None:
    assert window(23).end == datetime(2026, 1, 6, tzinfo=UTC)
    assert window(23) in kept(window(number) for number in range(30))


def test_of_days_without_windows_none_is_kept_and_old_ones_go() -> None:
    weeks = [Window(start=ZERO + n * timedelta(days=7), end=ZERO + (n + 1) * timedelta(days=7)) for n in range(5)]
    assert kept(weeks) == set(weeks[-2:])
    assert kept([]) == set()


def test_keeping_again_what_is_kept_lets_go_of_nothing() -> None:
    hours = [Window(start=ZERO + n * HOUR, end=ZERO + (n + 3) * HOUR) for n in range(24 * 12)]
    once = kept(hours)
    assert kept(once) == once
    step: set[Window] = set()
    for hour in hours:
        step = kept({*step, hour})
    assert step == once
