"""A clock that is moved by hand."""

from datetime import UTC, datetime, timedelta

from monitor.daemon.clock import HandClock, machine_clock

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_a_clock_moved_by_hand_stands_until_it_is_moved_and_never_goes_back() -> None:
    clock = HandClock(NINE)
    assert (clock(), clock()) == (NINE, NINE)
    clock.move(NINE + timedelta(hours=1))
    clock.move(NINE - timedelta(hours=1))
    assert clock() == NINE + timedelta(hours=1)


def test_the_machines_clock_is_in_utc() -> None:
    assert machine_clock().utcoffset() == timedelta(0)
